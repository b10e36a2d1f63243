"""What studios, units and the group come to in a period: stored figures beside what is overdue on a day.

The stored figures are read, never computed; only overdue depends on the day it is asked for and is counted by
one grouped query. Means are taken over studios, rates over sums of counts, never over rates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count

from members.models import Unit
from projects import rollup
from projects.models import Plan, PlanItem
from reports import portfolio
from studios.models import Studio

#: The counts of a record, in the order in which people read them.
COUNTS = ("planned", "done", "on_time", "overdue", "carried", "tolerated", "cancelled")


@dataclass(frozen=True, kw_only=True)
class Record:
    """A studio's plan of a period. ``progress`` is 0..1, None where nothing is planned."""

    progress: Decimal | None = None
    complete: bool = False
    planned: int = 0
    done: int = 0
    on_time: int = 0
    overdue: int = 0
    carried: int = 0
    tolerated: int = 0
    cancelled: int = 0

    @property
    def shown(self) -> str | None:
        return rollup.shown(self.progress, complete=self.complete)

    @property
    def counted(self) -> int:
        """What the rates are measured against."""
        return self.planned - self.tolerated

    @property
    def completion_rate(self) -> float | None:
        """Done of what counts, 0..1; None where nothing counts."""
        return self.done / self.counted if self.counted else None

    @property
    def on_time_rate(self) -> float | None:
        """Done by the due day of what counts, 0..1; None where nothing counts."""
        return self.on_time / self.counted if self.counted else None

    @property
    def completion_percent(self) -> float | None:
        return percent(self.completion_rate)

    @property
    def on_time_percent(self) -> float | None:
        return percent(self.on_time_rate)


@dataclass(frozen=True, kw_only=True)
class Total(Record):
    """What the working studios of a unit, or of the group, come to together."""

    active: int = 0
    with_plan: int = 0
    at: Any = None

    @property
    def not_planned(self) -> int:
        return self.active - self.with_plan

    @property
    def coverage(self) -> float | None:
        """Studios with a figure of those that work, 0..1."""
        return self.with_plan / self.active if self.active else None


NOTHING, NOBODY = Record(), Total()


def percent(rate: float | None) -> float | None:
    """A rate as 0..100, free of the crumbs of binary fractions (0.29 x 100 is 29, not 28.999…)."""
    return None if rate is None else round(rate * 100, 9)


def of_units(year: int, *, on: date, period: str | None = None) -> Mapping[int, Mapping[str, Total]]:
    """The figures of every unit with all below it, for a year and its periods, or for one of them."""
    stored_figures, overdue = portfolio.figures(year), _overdue(year, on)
    if period:
        stored_figures, overdue = stored_figures.filter(period=period), overdue.filter(plan__period=period)
    late: dict[tuple[int, str], int] = defaultdict(int)
    paths = dict(Unit.objects.values_list("pk", "path"))
    counted = overdue.values_list("plan__studio__unit", "plan__period").annotate(Count("pk"))
    for unit, key, count in counted:
        for above in paths[unit].strip("/").split("/"):
            late[int(above), key] += count
    figures: dict[int, dict[str, Total]] = defaultdict(dict)
    for stored in stored_figures:
        figures[stored.unit_id][stored.period] = Total(
            progress=stored.progress,
            complete=stored.complete,
            active=stored.active,
            with_plan=stored.with_plan,
            overdue=late[stored.unit_id, stored.period],
            at=stored.at,
            **{name: getattr(stored, name) for name in Plan.COUNTS},
        )
    return figures


def of_studios(year: int, *, on: date, studios=None, period: str | None = None) -> Mapping:
    """The figures of studios by id and period: of all that work, or of the ones given. Two queries."""
    studios = Studio.objects.active() if studios is None else studios
    plans = Plan.objects.filter(year=year, studio__in=studios)
    overdue = _overdue(year, on).filter(plan__studio__in=studios)
    if period:
        plans, overdue = plans.filter(period=period), overdue.filter(plan__period=period)
    late = {
        (studio, key): count
        for studio, key, count in overdue.values_list("plan__studio", "plan__period").annotate(Count("pk"))
    }
    figures: dict[int, dict[str, Record]] = defaultdict(dict)
    fields = ("progress", "complete", *Plan.COUNTS)
    for studio, key, *stored in plans.order_by().values_list("studio_id", "period", *fields):
        figures[studio][key] = Record(
            overdue=late.get((studio, key), 0), **dict(zip(fields, stored, strict=True))
        )
    return figures


def _overdue(year: int, on: date):
    return (
        PlanItem.objects.overdue(on=on)
        .filter(plan__year=year, plan__studio__state__in=Studio.WORKING)
        .order_by()
    )
