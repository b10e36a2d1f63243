"""The register: what a row shows, gathered for the rows on the screen alone, in a fixed number of queries."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db.models import Count, Max, Q
from django.utils import timezone

from core.calendar import Period
from core.workdays import Workdays
from studios.models import Activity, Studio

#: Rows gathered at a time for an export.
BATCH = 200


@dataclass(frozen=True)
class Row:
    """One studio as the register shows it."""

    studio: Studio
    plan: Any
    overdue: int
    reported_at: datetime | None
    met_on: date | None

    @property
    def reported_on(self) -> date | None:
        return timezone.localdate(self.reported_at) if self.reported_at else None

    @property
    def shown(self) -> str | None:
        """This month's progress as people see it, None where nothing is planned."""
        return self.plan.shown if self.plan else None

    @property
    def standing(self) -> Any:
        """How this month stands beside what is expected by the day of the rows."""
        return self.plan.standing if self.plan else None


def rows(ids: Iterable[int], *, month: Period, on: date, calendar: Workdays) -> list[Row]:
    """The rows of these studios on a day of a month, in this order."""
    ids = list(ids)
    studios = Studio.objects.filter(pk__in=ids).with_lead().select_related("unit").in_bulk()
    plans = Studio.plans.rel.related_model.objects.filter(studio__in=ids).order_by()
    of_month = {plan.studio_id: plan for plan in plans.of(month).brought_to(on, calendar=calendar)}
    overdue, reported = _over_the_plans(plans, on=on)
    held = Activity.objects.filter(Q(held_on__lte=on), studio__in=ids).order_by()
    met = dict(held.values_list("studio").annotate(Max("held_on")))
    return [
        Row(
            studio=studios[pk],
            plan=of_month.get(pk),
            overdue=overdue.get(pk, 0),
            reported_at=reported.get(pk),
            met_on=met.get(pk),
        )
        for pk in ids
        if pk in studios
    ]


def _over_the_plans(plans, *, on):
    """By the studio's id: how many items are overdue, and when the last report came."""
    owners, reported = {}, {}
    for plan, studio, at in plans.values_list("pk", "studio", "reported_at"):
        owners[plan] = studio
        if at:
            reported[studio] = max(at, reported.get(studio, at))
    # Asked by the plans and not through them: else a database may walk through all that is overdue anywhere.
    items = plans.model.items.rel.related_model.objects.filter(plan__in=list(owners)).order_by()
    overdue = Counter()
    for plan, count in items.overdue(on=on).values_list("plan").annotate(Count("pk")):
        overdue[owners[plan]] += count
    return overdue, reported


def all_rows(ids: Iterable[int], *, month: Period, on: date, calendar: Workdays) -> Iterator[Row]:
    """The rows of any number of studios, a batch at a time."""
    ids = iter(ids)
    while batch := list(islice(ids, BATCH)):
        yield from rows(batch, month=month, on=on, calendar=calendar)
