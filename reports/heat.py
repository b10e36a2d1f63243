"""The heat map: studios and units against the months of a year, by progress or by what was done on time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.urls import reverse

from core.calendar import Period, periods_of_year
from core.workdays import Workdays
from members.models import Unit
from projects.expected import Standing, standing
from projects.models import Plan
from reports import overview, pace
from reports.overview import Record
from studios.models import Studio

PROGRESS, ON_TIME = MEASURES = ("progress", "on_time")
#: The percentages from which a cell is one step warmer; a whole is the last.
STEPS = (0, 20, 40, 60, 80, 100)
SORTS = ("name", "unit", "level", "deviation")


@dataclass(frozen=True)
class Cell:
    """One month. ``shown`` None is not planned; ``step`` None is without warmth: nothing to judge yet."""

    period: Period
    shown: str | None
    step: int | None
    href: str = ""


@dataclass(frozen=True)
class Row:
    """A studio or a unit. ``standing`` is that of its year's plan on the day."""

    name: str
    href: str
    cells: list[Cell]
    unit: str = ""
    level: str = ""
    year: str | None = None
    standing: Standing | None = None
    #: When the figures of a unit were added up; a studio's are those of its plans.
    stored_at: datetime | None = None


def months_of(year: int) -> list[Period]:
    return [period for period in periods_of_year(year) if period.kind == "month"]


def cell(record: Record | None, period: Period, *, by: str, on: date, href: str = "") -> Cell:
    """The cell of a month. A month that has not begun has a number, if any, but no warmth. Pure."""
    if record is None or record.progress is None:
        return Cell(period, None, None, href)
    if by == PROGRESS:
        shown = record.shown
        percent: Decimal | float | None = record.progress * 100
    else:
        percent = record.on_time_percent
        shown = None if percent is None else str(int(percent))
    if percent is None or shown is None or period.starts_on > on:
        return Cell(period, shown, None, href)
    whole = 100 if shown == "100" else min(float(percent), 99)
    return Cell(period, shown, max(step for step, least in enumerate(STEPS) if whole >= least), href)


def studio_ids(
    studios: QuerySet[Studio], order: str, year: int, *, on: date, calendar: Workdays
) -> list[int]:
    """The studios in an order: a key of ``SORTS``, downwards with a minus; else by unit."""
    if order.lstrip("-") != "deviation":
        month = Period.of_month(year, 1)
        chosen = order if order.lstrip("-") in SORTS else "unit"
        return list(studios.in_order(chosen, period=month).values_list("pk", flat=True))
    plans = Plan.objects.of(Period.of_year(year)).filter(studio__in=studios)
    beside = plans.brought_to(on, calendar=calendar).with_points().exclude(points=None).order_by()
    points = dict(beside.values_list("studio", "points"))
    down = -1 if order.startswith("-") else 1
    listed = studios.order_by("position", "pk").values_list("pk", flat=True)
    return sorted(listed, key=lambda pk: (pk not in points, down * points.get(pk, 0)))


def studio_rows(ids: Iterable[int], year: int, *, by: str, on: date, calendar: Workdays) -> list[Row]:
    """A row for each of these studios, in this order. Five queries."""
    ids = list(ids)
    studios = Studio.objects.select_related("unit").in_bulk(ids)
    figures = overview.of_studios(year, on=on, studios=ids)
    whole = Period.of_year(year)
    plans = Plan.objects.of(whole).filter(studio__in=ids)
    standings = plans.standings(on=on, calendar=calendar)
    of_year = {studio: standings.get(plan) for plan, studio in plans.values_list("pk", "studio")}
    return [
        Row(
            name=studios[pk].name,
            unit=studios[pk].unit.name,
            level=studios[pk].get_level_display(),
            href=studios[pk].get_absolute_url(),
            cells=[
                cell(
                    figures.get(pk, {}).get(month.key),
                    month,
                    by=by,
                    on=on,
                    href=reverse("month", args=[pk, month.key]),
                )
                for month in months_of(year)
            ],
            year=figures.get(pk, {}).get(whole.key, overview.NOTHING).shown,
            standing=of_year.get(pk),
        )
        for pk in ids
    ]


def unit_rows(units: Iterable[Unit], year: int, *, by: str, on: date, calendar: Workdays) -> list[Row]:
    """A row for each of the units, with all below it."""
    figures = overview.of_units(year, on=on)
    whole = Period.of_year(year)
    expected = pace.of_units(whole, on=on, calendar=calendar)
    return [_unit_row(unit, figures[unit.pk], expected.get(unit.pk), year, by=by, on=on) for unit in units]


def _unit_row(unit: Unit, figures: Mapping, expected: float | None, year: int, *, by: str, on: date) -> Row:
    here = f"?unit={unit.pk}"
    total = figures.get(Period.of_year(year).key, overview.NOBODY)
    return Row(
        name=unit.name,
        href=f"{reverse('heatmap', args=[year])}{here}",
        cells=[
            cell(
                figures.get(month.key),
                month,
                by=by,
                on=on,
                href=f"{reverse('overview', args=[month.key])}{here}",
            )
            for month in months_of(year)
        ],
        year=total.shown,
        stored_at=total.at,
        standing=standing(total.progress, expected, complete=total.complete),
    )
