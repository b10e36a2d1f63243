"""Who comes to an activity: recorded by name, or signed in by oneself. The counts follow from the rows.

Every verb takes the activity's row first, so of two at once the second sees what the first has written.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.core.signing import BadSignature, TimestampSigner
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowedNow
from core.versions import ChangedMeanwhile
from members.models import Absence, Person
from studios.models import Activity, Attendance, Membership

Status = Attendance.Status

#: So long after the beginning nobody is late yet.
GRACE = timedelta(minutes=5)
#: A code that is read later than this after it was drawn opens nothing.
CODE_LIFE = timedelta(minutes=10)
#: So many days an activity without a record is asked for.
ASKED_FOR_DAYS = 30

_signer = TimestampSigner(salt="studios.attending")


class Mark(NamedTuple):
    """What was chosen for a person, and the version of his row when the page was opened (0: none yet)."""

    status: str
    seen: int


def to_record(studios: Iterable[int], *, on: date):
    """Today's activities of some studios, and earlier ones of which nobody has recorded who came."""
    open_ones = Q(state=Activity.State.PLANNED) | Q(held_on=on)
    since = on - timedelta(days=ASKED_FOR_DAYS)
    found = Activity.objects.standing().filter(open_ones, studio__in=studios, held_on__range=(since, on))
    return found.order_by("-held_on", "starts_at", "pk")


def people_of(activity: Activity):
    """The memberships of its day, with their people."""
    of_day = activity.studio.memberships.current(on=activity.held_on)
    begun = Q(joined_on=None) | Q(joined_on__lte=activity.held_on)
    return of_day.filter(begun).select_related("person")


def preset(activity: Activity) -> list[Attendance]:
    """A row for everybody of the day as it would be saved if nothing is changed; nothing is stored.

    All are present who are not away and did not ask for leave; where people signed in by the code, the others
    are absent.
    """
    away = _away(activity)
    stored = {row.person_id: row for row in activity.attendance.select_related("person")}
    by_code = any(row.signed_at for row in stored.values())
    rows = []
    for membership in people_of(activity):
        row = stored.pop(membership.person_id, None)
        if row is None:
            row = Attendance(activity=activity, person=membership.person, version=0)
            row.status = _at_first(membership, away)
        if row.status == Status.INVITED:
            here = Status.ABSENT if by_code else Status.PRESENT
            row.status = Status.ON_LEAVE if row.person_id in away else here
        rows.append(row)
    return [*rows, *stored.values()]


@transaction.atomic
def record(activity: Activity, marks: Mapping[int, Mark], *, on: date) -> list[Person]:
    """Record who came. Gives those whose row somebody else changed meanwhile: theirs stays as it is now."""
    activity = taken(activity)
    if activity.held_on > on:
        raise NotAllowedNow(_("Its day has not come yet."))
    _invite(activity)
    overtaken = []
    for row in activity.attendance.select_related("person"):
        mark = marks.get(row.person_id)
        if mark is None or mark.status == row.status:
            continue
        row.status = mark.status
        try:
            row.save_if_unchanged(seen=mark.seen or 1, fields=["status"])
        except ChangedMeanwhile:
            overtaken.append(row.person)
    _count(activity, held=True)
    return overtaken


@transaction.atomic
def name(activity: Activity, people: Iterable[Person]) -> None:
    """Say who is asked to come; of the others nobody is asked. Who is recorded already stays as he is."""
    activity = taken(activity)
    _invite(activity)
    going = {person.pk for person in people}
    for row in activity.attendance.filter(status__in=[Status.INVITED, Status.NOT_ASKED]):
        status = Status.INVITED if row.person_id in going else Status.NOT_ASKED
        if status != row.status:
            row.status = status
            row.save_if_unchanged(seen=row.version, fields=["status"])
    _count(activity, held=activity.state == Activity.State.HELD)


@transaction.atomic
def sign_in(activity: Activity, person: Person, *, at: datetime) -> Attendance:
    """The person is there; late if it has begun. A second time changes nothing."""
    activity = taken(activity)
    if timezone.localdate(at) != activity.held_on:
        raise NotAllowedNow(_("One signs in on the day of the activity."))
    _invite(activity)
    row = activity.attendance.filter(person=person).first()
    if row is None:
        raise NotAllowedNow(_("You are not on the list of this activity; its lead can add you."))
    if row.signed_at is None:
        row.signed_at = at
        if row.status not in Attendance.CAME:
            late = activity.starts_at and at > activity.begins + GRACE
            row.status = Status.LATE if late else Status.PRESENT
        row.save_if_unchanged(seen=row.version, fields=["status", "signed_at"])
        _count(activity, held=True)
    return row


def mark(activity: Activity, person: Person, status: str, *, instead_of: str = "") -> None:
    """Set how a person stands, from whatever it was or from one status alone; the numbers follow."""
    activity = taken(activity)
    _invite(activity)
    row = activity.attendance.filter(person=person).first()
    if row and row.status != status and row.status == (instead_of or row.status):
        row.status = status
        row.save_if_unchanged(seen=row.version, fields=["status"])
        _count(activity, held=activity.state == Activity.State.HELD)


def code_for(activity: Activity) -> str:
    """What the link on the screen carries; it opens for ``CODE_LIFE``."""
    return _signer.sign(str(activity.pk)).partition(":")[2]


def check_code(activity: Activity, code: str) -> None:
    """NotAllowedNow unless the code was drawn for this activity a short while ago."""
    try:
        _signer.unsign(f"{activity.pk}:{code}", max_age=CODE_LIFE)
    except BadSignature:
        raise NotAllowedNow(_("This code has run out. Scan the one that is on the screen now.")) from None


def taken(activity: Activity) -> Activity:
    """The activity as it is now, its row kept from others until the transaction ends."""
    taken = Activity.objects.select_for_update(of=("self",)).select_related("studio").get(pk=activity.pk)
    if taken.is_cancelled:
        raise NotAllowedNow(_("This activity was called off."))
    return taken


def _invite(activity: Activity) -> None:
    """A row for everybody of the day who has none yet."""
    have, away = set(activity.attendance.values_list("person_id", flat=True)), _away(activity)
    Attendance.objects.bulk_create(
        Attendance(activity=activity, person=membership.person, status=_at_first(membership, away))
        for membership in people_of(activity)
        if membership.person_id not in have
    )


def _away(activity: Activity) -> set[int]:
    """The people who are away on its day, and so excused."""
    away = Absence.objects.in_force(on=activity.held_on)
    of_studio = away.filter(person__memberships__studio=activity.studio_id)
    return set(of_studio.values_list("person_id", flat=True))


def _at_first(membership: Membership, away: set[int]) -> str:
    """Advisers come when they are asked; everybody else who is not away is expected."""
    if membership.role == Membership.Role.ADVISER:
        return Status.NOT_ASKED
    return Status.ON_LEAVE if membership.person_id in away else Status.INVITED


def _count(activity: Activity, *, held: bool) -> None:
    """Bring the numbers of an activity in line with its rows."""
    came = Q(status__in=Attendance.CAME)
    counts = activity.attendance.exclude(status=Status.NOT_ASKED).aggregate(
        expected=Count("pk"),
        present=Count("pk", filter=came),
        on_leave=Count("pk", filter=Q(status=Status.ON_LEAVE)),
        absent=Count("pk", filter=Q(status=Status.ABSENT)),
    )
    if held:
        counts["state"] = Activity.State.HELD
    Activity.objects.filter(pk=activity.pk).update(**counts)
