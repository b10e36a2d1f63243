"""Applying for a studio to be named and deciding about it: the whole life of an application, verb by verb.

Each verb is one conditional UPDATE: it names the states it may start from and who may not do it, and whoever
comes second finds no row and gets NotAllowedNow. Nothing is looked at first and changed afterwards.
"""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q
from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowedNow
from core.jobs import want
from members.models import Person, Role, User, without_spaces
from notifications.sending import tell
from studios import criteria
from studios.changes import PORTFOLIO_JOB
from studios.models import Application, LevelGrant, Membership, Studio, StudioEvent

State = Application.State


class OpinionMissing(NotAllowedNow):
    sentence = _("Please write an opinion; the applicant has to know why.")


@transaction.atomic
def submit(application: Application, *, by: User, at: datetime) -> None:
    """Hand an application in, or in again. NotAllowedNow while something is missing, or twice."""
    application.refresh_from_db()
    if criteria.missing(application):
        raise NotAllowedNow(_("The application is not complete yet."))
    _move(application, State.SUBMITTED, by=by, own=True, submitted_at=at, returned_fields=[])
    _tell(checkers(application), "application_to_check", application, by=by)


@transaction.atomic
def withdraw(application: Application, *, by: User, opinion: str = "") -> None:
    """Take one's own application back; it stays in the list as withdrawn."""
    _move(application, State.WITHDRAWN, by=by, own=True, opinion=opinion)


@transaction.atomic
def check(application: Application, *, by: User, opinion: str, seen: int | None = None) -> None:
    """The union of the unit has checked it, as it was in version ``seen``, and recommends it to the group."""
    _move(application, State.UNIT_CHECKED, by=by, opinion=opinion, seen=seen)
    _tell(deciders(application), "application_to_decide", application, by=by)


@transaction.atomic
def return_(
    application: Application, *, by: User, opinion: str, fields: list[str], in_state: str | None = None
) -> None:
    """Give it back for correction: why, and the names of the fields to be corrected."""
    if not opinion.strip():
        raise OpinionMissing
    _move(
        application,
        State.RETURNED,
        by=by,
        opinion=opinion,
        fields=fields,
        in_state=in_state,
        returned_fields=fields,
    )
    _tell([application.applicant], "application_returned", application, by=by)


@transaction.atomic
def refuse(application: Application, *, by: User, opinion: str, in_state: str | None = None) -> None:
    """Decide that the studio is not named (不予命名)."""
    if not opinion.strip():
        raise OpinionMissing
    _move(application, State.REFUSED, by=by, opinion=opinion, in_state=in_state, decided_by=by)
    _tell([application.applicant], "application_refused", application, by=by)


@transaction.atomic
def approve(
    application: Application,
    *,
    by: User,
    on: date,
    opinion: str = "",
    doc_no: str = "",
    seen: int | None = None,
) -> Studio:
    """Name the studio: with its people, its lead and its first level, all or nothing.

    Of two who approve at once the second gets NotAllowedNow, as does whoever read another version than
    ``seen``: meanwhile it may have been returned, rewritten and handed in again. Its plans are laid out by
    whoever first looks at them. NotAllowedNow also where the name is taken or a staff number belongs to
    somebody else.
    """
    # This UPDATE decides who is first: it holds the row until the end of the transaction.
    waiting = Application.objects.filter(pk=application.pk, state=State.UNIT_CHECKED, decided_by=None)
    if not _as_seen(waiting, seen).exclude(applicant=by).update(decided_by=by):
        raise NotAllowedNow
    application.refresh_from_db()
    studio = _founded(application, by=by, on=on, doc_no=doc_no)
    _move(application, State.APPROVED, by=by, opinion=opinion, studio=studio)
    want(PORTFOLIO_JOB, key=f"{PORTFOLIO_JOB}:{on.year}", year=on.year)
    _tell([application.applicant], "application_approved", application, by=by, url=studio.get_absolute_url())
    return studio


def lead_has_account(application: Application) -> bool:
    """Whether whoever would lead can sign in already: found among the people as the naming would find him."""
    name, staff_no = without_spaces(application.lead_name), without_spaces(application.lead_staff_no)
    by_name = Q(unit=application.unit, name=name)
    his = Q(staff_no=staff_no) | by_name & Q(staff_no=None) if staff_no else by_name
    return Person.objects.filter(his, user__isnull=False).exists()


def checkers(application: Application) -> list[User]:
    """Who checks an application today: the contacts of its unit, else the union staff of the group."""
    contacts = User.objects.contacts(application.unit)
    above = User.objects.holding_today(Role.GROUP_STAFF, Role.GROUP_ADMIN, at=application.unit)
    return _others(contacts, application) or _others(above, application)


def deciders(application: Application) -> list[User]:
    """Who decides about an application today."""
    return _others(User.objects.holding_today(Role.GROUP_ADMIN, at=application.unit), application)


def _others(users, application: Application) -> list[User]:
    """Those who neither filed the application nor would lead the studio."""
    return [
        user
        for user in users.select_related("person").exclude(pk=application.applicant_id)
        if not application.would_be_led_by(user)
    ]


def _as_seen(applications, seen: int | None):
    return applications if seen is None else applications.filter(version=seen)


def _move(
    application, to, *, by, opinion="", fields=(), own=False, in_state=None, seen=None, **stored
) -> None:
    """The one conditional UPDATE: from a state that leads there, by the applicant or by anybody but him."""
    if not own and application.would_be_led_by(by):
        raise NotAllowedNow(_("Nobody decides about the studio he would lead."))
    origins = [state for state, nexts in Application.NEXT.items() if to in nexts]
    waiting = Application.objects.filter(pk=application.pk, state__in=[in_state] if in_state else origins)
    waiting = waiting.filter(applicant=by) if own else waiting.exclude(applicant=by)
    if not _as_seen(waiting, seen).update(state=to, version=F("version") + 1, **stored):
        raise NotAllowedNow
    application.refresh_from_db()
    application.save(update_fields=["state"])  # leaves a line in its history
    application.steps.create(state=to, opinion=opinion.strip(), fields=list(fields), by=by)


def _tell(people, kind, application, *, by, url="") -> None:
    tell(
        people,
        kind,
        about=application,
        url=url or application.get_absolute_url(),
        once=str(application.version),
        by=by,
        params={"applicant": str(application.applicant)},
    )


def _founded(application, *, by, on, doc_no) -> Studio:
    last = Studio.objects.aggregate(last=Max("position"))["last"] or 0
    studio = Studio(
        name=application.name,
        type=application.type,
        unit=application.unit,
        trade=application.trade,
        naming_doc_no=doc_no,
        named_on=on,
        founded_on=application.founded_on,
        address=application.address,
        area=application.area,
        annual_funds=application.annual_funds,
        phone=application.phone,
        position=last + 1,
    )
    try:
        with transaction.atomic():
            studio.save()
    except IntegrityError:
        raise NotAllowedNow(_("There is a studio of this name already.")) from None
    LevelGrant.objects.create(studio=studio, level=studio.level, doc_no=doc_no, granted_on=on)
    _take_in(studio, application, on=on)
    StudioEvent.objects.create(studio=studio, kind=StudioEvent.Kind.NAMED, on=on, after=studio.name, by=by)
    return studio


def _take_in(studio, application, *, on) -> None:
    """The lead and the team become members; whoever is named twice belongs once."""
    lead = _person(application, application.lead_name, application.lead_staff_no)
    for name in ("post", "title", "skill_grade", "honours"):
        if not getattr(lead, name):
            setattr(lead, name, getattr(application, f"lead_{name}"))
    lead.save()
    belongs = {lead.pk}
    Membership.objects.create(studio=studio, person=lead, role=Membership.Role.LEAD, joined_on=on)
    for row in application.team:
        person = _person(application, row["name"], row.get("staff_no", ""))
        if person.pk in belongs:
            continue
        belongs.add(person.pk)
        role = row.get("role") or Membership.Role.MEMBER
        studio.memberships.create(person=person, role=role, duty=row.get("duty", ""), joined_on=on)


def _person(application, name, staff_no) -> Person:
    """Somebody of the roster: by staff number, else by name among those of the unit without one; or new."""
    name, staff_no = without_spaces(name), without_spaces(staff_no)
    if staff_no and (known := Person.objects.filter(staff_no=staff_no).first()):
        if known.name != name:
            raise NotAllowedNow(criteria.other_owner(staff_no, known.name))
        return known
    alike = Person.objects.filter(unit=application.unit, name=name)
    if staff_no:
        alike = alike.filter(staff_no=None)
    if len(found := list(alike[:2])) == 1:
        (person,) = found
        if staff_no:
            person.staff_no = staff_no
            person.save()
        return person
    return Person.objects.create(name=name, staff_no=staff_no or None, unit=application.unit)
