"""The year of a studio in one picture, and a month of it as a calendar. Pure: both lay out what they get."""

from __future__ import annotations

from calendar import Calendar
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from core.calendar import MONTH, QUARTER, YEAR, Period
from core.workdays import Workdays
from projects.expected import Standing
from projects.models import Plan, PlanItem

#: So many items are named in a part of the strip, so that a year stays on one sheet; the rest is counted.
MOST = {YEAR: 9, QUARTER: 5, MONTH: 6}


@dataclass(frozen=True)
class Part:
    """One period of the strip: its plan, how it stands, and the first of its items."""

    period: Period
    plan: Plan | None
    standing: Standing | None
    items: list[PlanItem]
    more: int
    now: bool


def strip(
    year: int,
    plans: Mapping[str, Plan],
    items: Iterable[PlanItem],
    standings: Mapping[int, Standing],
    *,
    on: date,
) -> list[Part]:
    """The year, its quarters and its months, in this order; cancelled items are left out."""
    of_plan = defaultdict(list)
    for item in items:
        if item.state != PlanItem.State.CANCELLED:
            of_plan[item.plan_id].append(item)
    whole = Period.of_year(year)
    quarters = whole.split()
    months = [month for quarter in quarters for month in quarter.split()]
    return [
        _part(period, plans.get(period.key), of_plan, standings, on) for period in (whole, *quarters, *months)
    ]


def _part(period, plan, of_plan, standings, on) -> Part:
    own = of_plan[plan.pk] if plan else []
    most = MOST[period.kind]
    standing = standings.get(plan.pk) if plan and period.starts_on <= on else None
    return Part(
        period, plan, standing, own[:most], max(0, len(own) - most), on in period and period.kind != YEAR
    )


@dataclass(frozen=True)
class Event:
    """Something of a day: a deadline (with whether it is done or late) or an activity."""

    day: date
    text: str
    href: str
    icon: str
    tone: str = "plain"
    word: str = ""


@dataclass(frozen=True)
class Day:
    """A day of the grid; ``is_ours`` tells those of the month from those that fill its weeks."""

    day: date
    works: bool
    is_ours: bool
    is_today: bool
    events: list[Event] = field(default_factory=list)


def month_grid(month: Period, events: Iterable[Event], *, on: date, calendar: Workdays) -> list[list[Day]]:
    """The weeks of a month from Monday to Sunday, each day with its events."""
    of_day = defaultdict(list)
    for event in events:
        of_day[event.day].append(event)
    return [
        [
            Day(day, calendar.is_workday(day), day in month, day == on, of_day[day] if day in month else [])
            for day in week
        ]
        for week in Calendar().monthdatescalendar(month.year, month.number)
    ]


def agenda(weeks: Iterable[Iterable[Day]]) -> list[Day]:
    """The days on which something is, in order: for a phone."""
    return [day for week in weeks for day in week if day.events]
