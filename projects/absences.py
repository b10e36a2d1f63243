"""Days away: asked for, decided, and what they touch: items due, activities, reminders, what waits for him.

The verbs of the absence itself stand at its model; here is who is told, and what becomes of each item.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.errors import NotAllowedNow
from core.workdays import Workdays
from members.models import Absence, LeftAsIs, Person, Role, Unit, User
from members.models.absence import speaking_for_a_union
from notifications.sending import reference, tell
from projects import bulk, reminders
from projects.models import Plan, PlanItem
from studios.models import Activity, Application, LeaveRequest, Membership

DEPUTY, AS_IS, MOVE = "deputy", "as_is", "move"
ACTS = {
    DEPUTY: pgettext_lazy("item of the absent", "deputy"),
    AS_IS: pgettext_lazy("item of the absent", "leave as is"),
    MOVE: pgettext_lazy("item of the absent", "move to"),
}


@dataclass(frozen=True)
class Touched:
    """An item that falls due while he is away; ``act`` is what is settled about it so far."""

    item: PlanItem
    act: str
    may_move: bool


@transaction.atomic
def ask(absence: Absence, *, by: User, at: datetime) -> None:
    """Ask for days away. Who decides about this person enters them: then they are approved at once."""
    open_ones = Absence.objects.filter(person=absence.person, state__in=Absence.OPEN)
    if open_ones.touching(absence.starts_on, absence.ends_on).exists():
        raise NotAllowedNow(_("%s is away on some of these days already.") % absence.person)
    absence.asked_by, absence.asked_at = by, at
    absence.save()
    if by.has_perm("members.decide_absence", absence):
        approve(absence, deputy=absence.deputy, by=by, at=at)
    else:
        _tell(deciders(absence), "absence_to_decide", absence, by=by)


@transaction.atomic
def approve(absence: Absence, *, deputy: Person | None, by: User, at: datetime, opinion: str = "") -> None:
    """He may be away; he and his deputy are told."""
    absence.approve(by=by, at=at, deputy=deputy, opinion=opinion)
    _tell(_users(absence.person), "absence_approved", absence, by=by)
    if deputy:
        _tell(_users(deputy), "absence_deputy", absence, by=by)


@transaction.atomic
def refuse(absence: Absence, *, by: User, at: datetime, opinion: str) -> None:
    """He is needed, and is told why."""
    absence.refuse(by=by, at=at, opinion=opinion)
    _tell(_users(absence.person), "absence_refused", absence, by=by)


@transaction.atomic
def end(absence: Absence, *, by: User, on: date) -> None:
    """He does not go, or is back before the last day; the deputy is told."""
    was_approved = absence.state == Absence.State.APPROVED
    absence.end(on=on)
    if was_approved and absence.deputy:
        _tell(_users(absence.deputy), "absence_ended", absence, by=by)


def deciders(absence: Absence) -> list[User]:
    """Who is asked: the leads of his studios; his union where he leads, speaks for it, or is in none."""
    memberships = list(absence.person.memberships.filter(left_on=None).select_related("studio__unit"))
    led_by_others = [row.studio_id for row in memberships if row.role != Membership.Role.LEAD]
    if speaking_for_a_union(on=timezone.localdate(absence.asked_at)).filter(pk=absence.person_id).exists():
        led_by_others = []
    leads = Membership.objects.filter(
        studio__in=led_by_others, role=Membership.Role.LEAD, left_on=None
    ).exclude(person=absence.person)
    if found := list(User.objects.filter(is_active=True, person__in=leads.values("person"))):
        return found
    unit: Unit | None = memberships[0].studio.unit if memberships else absence.person.unit
    for role in (Role.UNIT_CONTACT, Role.GROUP_STAFF) if unit else ():
        held = User.objects.holding_today(role, at=unit).exclude(person=absence.person)
        if found := list(held.distinct()):
            return found
    return []


def possible_deputies(person: Person):
    """Those who could stand in: people of his studios, and of his unit's union, who can sign in."""
    studios = person.memberships.filter(left_on=None).values("studio")
    beside = Membership.objects.filter(studio__in=studios, left_on=None).values("person")
    found = Person.objects.filter(pk__in=beside)
    if person.unit_id:
        contacts = User.objects.filter(grants__unit=person.unit_id, grants__role=Role.UNIT_CONTACT)
        if contacts.filter(person=person).exists():
            found |= Person.objects.filter(unit=person.unit_id)
    return found.filter(user__is_active=True).exclude(pk=person.pk).order_by("name", "pk")


def items_touched(absence: Absence, *, by: User) -> list[Touched]:
    """His open items that fall due on these days, in what the reader may see."""
    mine = PlanItem.objects.visible_to(by).open().in_open_plans().filter(owner=absence.person)
    due = mine.filter(due_on__range=(absence.starts_on, absence.ends_on), complete=False)
    kept = set(absence.left_as_is.values_list("about", flat=True))
    usual = DEPUTY if absence.deputy_id else AS_IS
    return [
        Touched(
            item,
            AS_IS if reference(item) in kept else usual,
            item.plan.state == Plan.State.DRAFT and by.has_perm("projects.change_item", item),
        )
        for item in due.select_related("plan__studio__unit").order_by("due_on", "pk")
    ]


def reminders_touched(absence: Absence, calendar: Workdays) -> int:
    """How many reminders of his own items fall on these days."""
    near = (absence.starts_on - timedelta(days=14), absence.ends_on + timedelta(days=14))
    mine = PlanItem.objects.open().in_open_plans().filter(owner=absence.person, complete=False)
    return sum(
        absence.starts_on <= day <= absence.ends_on
        for due_on in mine.filter(due_on__range=near).values_list("due_on", flat=True)
        for day in reminders.owner_days(due_on, calendar)
    )


def activities_touched(absence: Absence, *, by: User):
    """The activities of his studios on these days; he counts as excused."""
    studios = absence.person.memberships.filter(left_on=None).values("studio")
    held = Activity.objects.visible_to(by).standing().filter(studio__in=studios)
    held = held.filter(held_on__range=(absence.starts_on, absence.ends_on))
    return held.select_related("studio").order_by("held_on", "starts_at", "pk")


def waiting_for(person: Person) -> int:
    """How many decisions wait for him at present: leave, applications, plans to confirm."""
    user = User.objects.filter(person=person, is_active=True).first()
    if user is None:
        return 0
    applications = Application.objects.waiting_for(user).count()
    return LeaveRequest.objects.waiting_for(user).count() + applications


@transaction.atomic
def settle(
    absence: Absence, chosen: Mapping[PlanItem, tuple[str, date | None]], *, by: User, at: datetime, on: date
) -> None:
    """What becomes of each item: told to the deputy, kept by himself, or due on another day."""
    for item, (act, due_on) in chosen.items():
        if act == AS_IS:
            LeftAsIs.objects.get_or_create(absence=absence, about=reference(item))
            continue
        absence.left_as_is.filter(about=reference(item)).delete()
        if act == MOVE:
            _move(item, due_on, by=by, at=at, on=on)


def _move(item: PlanItem, due_on: date | None, *, by: User, at: datetime, on: date) -> None:
    change = bulk.Change(bulk.DUE, due_on)
    fates, _way_back = bulk.carry_out({item.pk: item.version}, change, by=by, at=at, on=on, token=uuid4())
    if why_not := fates[0].why_not if fates else _("It is no longer there."):
        raise NotAllowedNow(f"{item}: {why_not}")


def _users(person: Person):
    return User.objects.filter(is_active=True, person=person)


def _tell(people, kind: str, absence: Absence, *, by: User) -> None:
    tell(
        people,
        kind,
        about=absence,
        url=absence.get_absolute_url(),
        once=absence.state,
        params={
            "person": absence.person.name,
            "first_on": absence.starts_on.isoformat(),
            "last_on": absence.ends_on.isoformat(),
        },
        by=by,
    )
