"""What is on record of the members' year, beside what the lead says of it. A fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, F, Q, Sum
from django.urls import reverse

from core.calendar import Period
from projects.models import Indicator, PlanItem, PointEntry
from projects.models.consequence import signed
from studios import rhythm
from studios.models import Studio

State = PlanItem.State


@dataclass
class Facts:
    """A member's year in a studio. ``attendance`` is None where he was asked to nothing."""

    attendance: str | None = None
    hours: Decimal = Decimal(0)
    items: int = 0
    done: int = 0
    on_time: int = 0
    indicators: int = 0
    reached: int = 0
    points: str = "0"
    #: Addresses of the rows behind them, for one studio and year.
    behind: dict[str, str] = field(default_factory=dict, compare=False)


def of_year(studio: Studio, year: int) -> defaultdict[int, Facts]:
    """The facts by the person's id; items are those of its month plans, indicators of all."""
    found: defaultdict[int, Facts] = defaultdict(Facts)
    for share in rhythm.attendance_of(studio, Period.of_year(year)):
        found[share.person_id].attendance, found[share.person_id].hours = share.rate, share.hours
    items = PlanItem.objects.filter(plan__studio=studio, plan__year=year, plan__kind="month").planned()
    counted = items.filter(owner__isnull=False).order_by().values("owner")
    for row in counted.annotate(
        items=Count("pk"),
        done=Count("pk", filter=Q(state=State.DONE)),
        on_time=Count("pk", filter=Q(state=State.DONE, done_on__lte=F("due_on"))),
    ):
        facts = found[row["owner"]]
        facts.items, facts.done, facts.on_time = row["items"], row["done"], row["on_time"]
    carried = Indicator.objects.filter(item__plan__studio=studio, item__plan__year=year)
    carried = carried.exclude(item__state=State.CANCELLED)
    for indicator in carried.prefetch_related("milestones"):
        found[indicator.person_id].indicators += 1
        found[indicator.person_id].reached += indicator.share == 1
    points = PointEntry.objects.filter(studio=studio, at__year=year, person__isnull=False).order_by()
    for person, total in points.values_list("person").annotate(Sum("points")):
        found[person].points = signed(total)
    for person, facts in found.items():
        facts.behind = _behind(studio, year, person)
    return found


def _behind(studio: Studio, year: int, person: int) -> dict[str, str]:
    where = f"?studio={studio.pk}&year={year}"
    attended = f"{reverse('activities')}{where}&person={person}"
    points = f"{reverse('studio-points', args=[studio.pk])}?person={person}#ledger"
    done = f"{reverse('items')}{where}&owner={person}&level=month&state=done"
    return {
        "asked": f"{attended}&came=asked",
        "came": f"{attended}&came=came",
        "done": done,
        "points": points,
    }
