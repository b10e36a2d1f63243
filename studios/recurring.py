"""The days of a series: every week, every second week, or on one weekday of each month. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from core.calendar import Period
from core.workdays import Workdays
from studios.models import Series

Every, OnRest = Series.Every, Series.OnRest

#: No series is longer than this.
MOST = 60
WEEK = timedelta(days=7)


class Slot(NamedTuple):
    """A day of the series, and the day it is held on instead of it: None where it is left out."""

    on: date
    held_on: date | None


def days(first: date, every: str, *, until: date | None = None, times: int = MOST) -> list[date]:
    """The days from the first on, up to a day or so many, whichever ends sooner; never more than ``MOST``."""
    found: list[date] = []
    while len(found) < min(times, MOST):
        day = _nth(first, every, len(found))
        if until and day > until:
            break
        found.append(day)
    return found


def slots(days: list[date], on_rest: str, *, calendar: Workdays) -> list[Slot]:
    """The days with what becomes of those on which nobody works; no day is held on twice."""
    taken = {day for day in days if calendar.is_workday(day)}
    found = []
    for day in days:
        held_on = day
        if not calendar.is_workday(day):
            held_on = placed(day, on_rest, calendar=calendar)
            if held_on in taken:
                held_on = None
            taken.add(held_on)
        found.append(Slot(day, held_on))
    return found


def placed(day: date, on_rest: str, *, calendar: Workdays) -> date | None:
    """The day on which it is held where that one may be a day of rest; None where it is left out."""
    if calendar.is_workday(day) or on_rest == OnRest.KEEP:
        return day
    return {OnRest.BEFORE: calendar.shift(day, -1), OnRest.AFTER: calendar.shift(day, 1)}.get(on_rest)


def _nth(first: date, every: str, number: int) -> date:
    if every == Every.MONTH:
        return _same_weekday(first, Period.containing(first).shift(number))
    return first + number * (2 * WEEK if every == Every.FORTNIGHT else WEEK)


def _same_weekday(first: date, month: Period) -> date:
    """The day of a month that is the same n-th weekday as ``first``; the fifth is the last of each month."""
    week = (first.day - 1) // 7
    start = month.starts_on + timedelta(days=(first.weekday() - month.starts_on.weekday()) % 7)
    day = start + week * WEEK
    return day if day <= month.ends_on else day - WEEK
