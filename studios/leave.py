"""Leave from an activity: asked for before it begins, decided by whom the house rule names, then made up.

Each verb is one conditional UPDATE of the request, after the activity's row was taken: whoever comes second
gets NotAllowedNow. Nobody decides about himself.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowedNow
from members.models import Person, Role, User
from notifications.sending import tell
from studios import attending, house_rules
from studios.house_rules import Post
from studios.models import Activity, Attendance, LeaveRequest, RuleVersion, Studio

State = LeaveRequest.State
Status = Attendance.Status

#: So many requests are shown at once.
MOST = 50
#: Where no house rule says anything about leave.
USUAL = house_rules.Leave(approver=Post.LEAD, hours_before=0)


def rule_of(studio: Studio, *, on: date) -> house_rules.Leave:
    """What the house rule of the studio says about leave on a day."""
    version = RuleVersion.objects.settled_by(studio, "leave", on=on)
    return (version and version.kept) or USUAL


def last_moment(activity: Activity, *, on: date) -> datetime:
    """Until when leave can be asked for."""
    return activity.begins - timedelta(hours=rule_of(activity.studio, on=on).hours_before)


@transaction.atomic
def ask(activity: Activity, person: Person, *, reason: str, by: User, at: datetime) -> LeaveRequest:
    """Ask to stay away. Not after the last moment, and not twice."""
    on = activity.held_on
    rule = rule_of(activity.studio, on=on)
    if activity.state != Activity.State.PLANNED or at >= last_moment(activity, on=on):
        raise NotAllowedNow(_("It is too late to ask for leave from this activity."))
    approver = _approver(activity.studio, person, rule.approver)
    try:
        with transaction.atomic():
            request = activity.leave.create(person=person, reason=reason, approver=approver, asked_at=at)
    except IntegrityError:
        raise NotAllowedNow(_("You have asked for leave from this activity already.")) from None
    _tell(deciders(request), "leave_to_decide", request, by=by, person=person.name)
    return request


@transaction.atomic
def approve(request: LeaveRequest, *, by: User, at: datetime) -> None:
    """The person may stay away and counts as on leave."""
    _decide(request, State.APPROVED, by=by, at=at)
    attending.mark(request.activity, request.person, Status.ON_LEAVE)
    _tell_person(request, "leave_approved", by=by)


@transaction.atomic
def refuse(request: LeaveRequest, *, opinion: str, by: User, at: datetime) -> None:
    """The person is expected all the same, and is told why."""
    _decide(request, State.REFUSED, by=by, at=at, opinion=opinion)
    _tell_person(request, "leave_refused", by=by, opinion=opinion)


@transaction.atomic
def withdraw(request: LeaveRequest, *, by: User, at: datetime) -> None:
    """Whoever asked comes after all; while the activity has not begun."""
    activity = attending.taken(request.activity)
    if at >= activity.begins:
        raise NotAllowedNow(_("The activity has begun."))
    _move(request, LeaveRequest.OPEN, person=by.person, to={"state": State.WITHDRAWN})
    attending.mark(activity, request.person, Status.INVITED, instead_of=Status.ON_LEAVE)


def make_up(
    request: LeaveRequest, *, made_up_on: date, made_up: str, made_up_hours: Decimal | None = None
) -> None:
    """What was missed was learnt afterwards; without hours of its own it counts as those of the activity."""
    to = {"made_up_on": made_up_on, "made_up": made_up, "made_up_hours": made_up_hours}
    _move(request, [State.APPROVED], person=request.person, to=to)


def waiting_for(user: User) -> list[LeaveRequest]:
    """The requests that somebody is to decide, as pages show them."""
    waiting = LeaveRequest.objects.waiting_for(user)
    return list(waiting.select_related("person", "activity__studio")[:MOST])


def deciders(request: LeaveRequest) -> list[User]:
    """The users who are asked to decide."""
    studio = request.activity.studio
    if request.approver == Post.UNIT_CONTACT:
        return list(User.objects.contacts(studio.unit))
    if request.approver == Post.GROUP_STAFF:
        return list(User.objects.holding_today(Role.GROUP_STAFF, at=studio.unit))
    people = studio.memberships.filter(left_on=None, role=request.approver).values("person")
    return list(User.objects.filter(is_active=True, person__in=people))


def _approver(studio: Studio, person: Person, post: str) -> str:
    """The post that decides; the unit's union where the person holds it himself or nobody does."""
    if post in (Post.LEAD, Post.LIAISON):
        held = studio.memberships.filter(left_on=None, role=post).exclude(person=person)
        return post if held.exists() else Post.UNIT_CONTACT
    return post


def _decide(request: LeaveRequest, state: str, *, by: User, at: datetime, opinion: str = "") -> None:
    attending.taken(request.activity)
    if by.person_id == request.person_id:
        raise NotAllowedNow(_("Nobody decides about his own leave."))
    _move(
        request,
        [State.WAITING],
        person=request.person,
        to={"state": state, "decided_by": by, "decided_at": at, "opinion": opinion},
    )


def _move(request: LeaveRequest, before: list | tuple, *, person: Person, to: dict) -> None:
    unmoved = LeaveRequest.objects.filter(pk=request.pk, state__in=before, person=person)
    if not unmoved.update(**to):
        raise NotAllowedNow
    request.refresh_from_db()


def _tell_person(request: LeaveRequest, kind: str, *, by: User, **params: str) -> None:
    _tell(User.objects.filter(is_active=True, person=request.person), kind, request, by=by, **params)


def _tell(people, kind: str, request: LeaveRequest, *, by: User, **params: str) -> None:
    activity = request.activity
    tell(
        people,
        kind,
        about=request,
        url=request.get_absolute_url(),
        once=request.state,
        params={"activity": activity.subject, "held_on": activity.held_on.isoformat(), **params},
        by=by,
    )
