"""The two tables of an overview: the units below a unit, and its studios, sorted as the reader likes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, FilteredRelation, FloatField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, NullIf
from django.urls import reverse

from core.calendar import Period
from core.workdays import Workdays
from members.models import Unit
from projects.expected import Standing, standing
from projects.models import Plan, PlanItem
from reports import links, overview
from studios.models import Studio


@dataclass(frozen=True)
class Row:
    """One unit or studio: its figure, where its name leads, and the list behind each count."""

    name: str
    href: str
    why: str
    figure: overview.Record
    behind: dict[str, str]
    sub: str = ""
    standing: Standing | None = None


#: The columns that both tables can be sorted by.
SORTS = ("name", "progress", "completion_rate", "on_time_rate", *overview.COUNTS)


def unit_rows(
    units: Iterable[Unit],
    figures,
    period: Period,
    *,
    order: str,
    expected: Mapping[int, float] | None = None,
) -> list[Row]:
    """A row for each unit, in the order given unless ``order`` names a column (minus: downwards).

    ``expected`` is what ``reports.pace.of_units`` expects of each.
    """
    expected = expected or {}
    rows = [
        Row(
            name=unit.name,
            href=(here := of_unit(period, unit)),
            why=f"{here}&planned=yes#studios",
            figure=(figure := figures[unit.pk].get(period.key, overview.NOBODY)),
            standing=standing(figure.progress, expected.get(unit.pk), complete=figure.complete),
            behind=links.counts(period=period.key, unit=unit.pk),
        )
        for unit in units
    ]
    key, down = order.removeprefix("-"), order.startswith("-")
    if key not in SORTS:
        return rows
    known = [row for row in rows if _value(row, key) is not None]
    known.sort(key=lambda row: _value(row, key), reverse=down)
    return known + [row for row in rows if _value(row, key) is None]


def _value(row: Row, key: str):
    return row.name if key == "name" else getattr(row.figure, key)


def of_unit(period: Period, unit: Unit) -> str:
    """The overview of a unit for a period."""
    return f"{reverse('overview', args=[period.key])}?unit={unit.pk}"


def studios_of(unit: Unit, period: Period, *, planned: str = "") -> QuerySet[Studio]:
    """The working studios of a unit with all below it: all, or those with (yes) or without (no) a figure."""
    studios = Studio.objects.active().within(unit)
    if planned not in ("yes", "no"):
        return studios
    return studios.planned_in(period, planned=planned == "yes")


def in_order(studios: QuerySet[Studio], order: str, period: Period, *, on: date) -> QuerySet[Studio]:
    """The studios sorted by a column of the table, those without a figure last; else as in the register."""
    key, down = order.removeprefix("-"), order.startswith("-")
    if key not in SORTS:
        return studios.order_by("position", "pk")
    if key == "name":
        column = F("initials")
    else:
        studios = studios.annotate(
            plan=FilteredRelation("plans", condition=Q(plans__period=period.key)),
        )
        counted = NullIf(F("plan__planned") - F("plan__tolerated"), 0)
        column = {
            "completion_rate": Cast("plan__done", FloatField()) / counted,
            "on_time_rate": Cast("plan__on_time", FloatField()) / counted,
            "overdue": _overdue(period, on),
        }.get(key, F(f"plan__{key}"))
        studios = studios.annotate(column=column)
        column = F("column")
    ordered = column.desc(nulls_last=True) if down else column.asc(nulls_last=True)
    return studios.order_by(ordered, "position", "pk")


def _overdue(period: Period, on: date) -> Subquery:
    late = PlanItem.objects.overdue(on=on).filter(plan__studio=OuterRef("pk"), plan__period=period.key)
    return Subquery(late.order_by().values("plan__studio").annotate(late=Count("pk")).values("late"))


def studio_rows(ids: Iterable[int], period: Period, *, on: date, calendar: Workdays) -> list[Row]:
    """A row for each of these studios, in this order. Six queries."""
    ids = list(ids)
    studios = Studio.objects.select_related("unit").in_bulk(ids)
    figures = overview.of_studios(period.year, on=on, studios=ids, period=period.key)
    plans = Plan.objects.of(period).filter(studio__in=ids).order_by()
    found = plans.standings(on=on, calendar=calendar)
    standings = {studio: found.get(plan) for plan, studio in plans.values_list("pk", "studio")}
    page = "month" if period.kind == "month" else "plan"
    return [
        Row(
            name=studios[pk].name,
            sub=studios[pk].unit.name,
            href=reverse(page, args=[pk, period.key]),
            why=reverse("plan-why", args=[pk, period.key]),
            figure=figures.get(pk, {}).get(period.key, overview.NOTHING),
            behind=links.counts(period=period.key, studio=pk),
            standing=standings.get(pk),
        )
        for pk in ids
        if pk in studios
    ]
