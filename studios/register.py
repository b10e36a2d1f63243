"""The register: what a row shows, gathered for the rows on the screen alone, in a fixed number of queries."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from typing import Any

from django.db.models import Count, Max, Q
from django.utils import timezone

from core.calendar import Period
from core.workdays import Workdays
from studios.models import Activity, Studio

#: How much less than the elapsed part of the month's working days counts as behind.
SLACK = Fraction(1, 10)
#: Rows gathered at a time for an export.
BATCH = 200


@dataclass(frozen=True)
class Pace:
    """How far the plans of a month should have come by a day: ``expected`` 0..1, less than ``under`` is
    behind."""

    period: Period
    expected: Fraction

    @classmethod
    def of(cls, day: date, workdays: Workdays) -> "Pace":
        period = Period.containing(day)
        return cls(period, workdays.elapsed_share(period.starts_on, period.ends_on, on=day))

    @property
    def under(self) -> Decimal:
        threshold = max(self.expected - SLACK, Fraction(0))
        return Decimal(threshold.numerator) / Decimal(threshold.denominator)

    @property
    def percent(self) -> int:
        return int(self.expected * 100)


@dataclass(frozen=True)
class Row:
    """One studio as the register shows it."""

    studio: Studio
    plan: Any
    overdue: int
    reported_at: datetime | None
    met_on: date | None
    behind: bool

    @property
    def reported_on(self) -> date | None:
        return timezone.localdate(self.reported_at) if self.reported_at else None

    @property
    def shown(self) -> str | None:
        """This month's progress as people see it, None where nothing is planned."""
        return self.plan.shown if self.plan else None


def rows(ids: Iterable[int], *, pace: Pace, on: date) -> list[Row]:
    """The rows of these studios, in this order."""
    ids = list(ids)
    studios = Studio.objects.filter(pk__in=ids).with_lead().select_related("unit").in_bulk()
    plans = Studio.plans.rel.related_model.objects.filter(studio__in=ids).order_by()
    of_month = {plan.studio_id: plan for plan in plans.of(pace.period)}
    overdue, reported = _over_the_plans(plans, on=on)
    held = Activity.objects.filter(Q(held_on__lte=on), studio__in=ids).order_by()
    met = dict(held.values_list("studio").annotate(Max("held_on")))
    return [
        Row(
            studio=studios[pk],
            plan=(plan := of_month.get(pk)),
            overdue=overdue.get(pk, 0),
            reported_at=reported.get(pk),
            met_on=met.get(pk),
            behind=plan is not None and plan.progress is not None and plan.progress < pace.under,
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


def all_rows(ids: Iterable[int], *, pace: Pace, on: date) -> Iterator[Row]:
    """The rows of any number of studios, a batch at a time."""
    ids = iter(ids)
    while batch := list(islice(ids, BATCH)):
        yield from rows(batch, pace=pace, on=on)
