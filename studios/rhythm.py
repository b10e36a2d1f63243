"""How often a studio meets beside what its house rule asks for, and who took part in a year.

Held are those that were not called off and whose day has come. A studio whose rule has no such setting is
asked for nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from core.calendar import Period
from studios.models import Activity, Attendance, LeaveRequest, RuleVersion, Studio

Status = Attendance.Status

#: The hours of study made up by leave requests: as they were entered, else those of the activity.
MADE_UP = Sum(Coalesce("made_up_hours", "activity__hours"))


@dataclass(frozen=True)
class Rhythm:
    """A month of a studio: how many were held and are still to come, and how many the rule asks for."""

    held: int
    to_come: int
    asked: int | None

    @property
    def lacking(self) -> int:
        """How many have to be held yet."""
        return max((self.asked or 0) - self.held, 0)


def asked_for(studios: Iterable[int] | None, *, on: date) -> dict[int, int]:
    """How many activities a month the rules in force on a day ask for, by the studio's id."""
    versions = RuleVersion.objects.settling("activities", on=on).select_related("rule")
    if studios is not None:
        versions = versions.filter(rule__studio__in=studios)
    # The newest comes first in the order of settling, so it is written last here.
    return {version.rule.studio_id: version.kept.a_month for version in reversed(versions)}


def of_month(studio: Studio, month: Period, *, on: date) -> Rhythm:
    """How a studio stands in a month. Two queries."""
    counts = studio.activities.in_period(month).aggregate(
        held=Count("pk", filter=Q(held_on__lte=on)), to_come=Count("pk", filter=Q(held_on__gt=on))
    )
    asked = asked_for([studio.pk], on=min(max(on, month.starts_on), month.ends_on))
    return Rhythm(**counts, asked=asked.get(studio.pk))


def lacking(month: Period, *, on: date) -> list[tuple[Studio, int, int]]:
    """(studio, asked for, held) of the working studios that have held fewer than their rule asks for.

    Three queries, however many there are.
    """
    asked = asked_for(None, on=on)
    done = Activity.objects.in_period(month).filter(held_on__lte=on).order_by()
    held = dict(done.values_list("studio").annotate(Count("pk")))
    short = {pk: count for pk, count in asked.items() if held.get(pk, 0) < count}
    studios = Studio.objects.active().filter(pk__in=short).select_related("unit").order_by("pk")
    return [(studio, short[studio.pk], held.get(studio.pk, 0)) for studio in studios]


@dataclass(frozen=True)
class Share:
    """A member's year: of how many he was asked to, he came to how many, and what he learnt, in hours."""

    name: str
    person_id: int
    asked: int
    came: int
    late: int
    on_leave: int
    absent: int
    hours: Decimal

    @property
    def rate(self) -> str | None:
        """The share of what he came to, as it is shown; None where he was asked to nothing."""
        return str(round(100 * self.came / self.asked)) if self.asked else None


def attendance_of(studio: Studio, year: Period) -> list[Share]:
    """Everybody with a row in the year's held activities, by name. Two queries.

    What was made up after leave counts as hours of study, not as coming.
    """
    held = studio.activities.in_period(year).filter(state=Activity.State.HELD).order_by()
    rows = Attendance.objects.filter(activity__in=held).exclude(status__in=[Status.NOT_ASKED, Status.INVITED])
    came = Q(status__in=Attendance.CAME)
    counted = rows.values("person_id", "person__name").annotate(
        asked=Count("pk"),
        came=Count("pk", filter=came),
        late=Count("pk", filter=Q(status=Status.LATE)),
        on_leave=Count("pk", filter=Q(status=Status.ON_LEAVE)),
        absent=Count("pk", filter=Q(status=Status.ABSENT)),
        hours=Sum("activity__hours", filter=came),
    )
    made_up = LeaveRequest.objects.filter(activity__in=held, made_up_on__isnull=False).order_by()
    later = dict(made_up.values_list("person_id").annotate(learnt=MADE_UP))
    return [
        Share(
            name=row["person__name"],
            person_id=row["person_id"],
            asked=row["asked"],
            came=row["came"],
            late=row["late"],
            on_leave=row["on_leave"],
            absent=row["absent"],
            hours=(row["hours"] or Decimal(0)) + (later.get(row["person_id"]) or Decimal(0)),
        )
        for row in counted.order_by("person__name", "person_id")
    ]


def together(shares: Iterable[Share]) -> Share:
    """All of them as one."""
    shares = list(shares)
    names = ("asked", "came", "late", "on_leave", "absent")
    sums = {name: sum(getattr(share, name) for share in shares) for name in names}
    return Share(name="", person_id=0, hours=sum((share.hours for share in shares), Decimal(0)), **sums)
