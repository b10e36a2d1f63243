"""A year as it hangs on the wall: which days are worked, which are not, and why."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.calendar import Period
from core.models import WorkdayOverride
from core.workdays import holiday_names, makeup_days


@dataclass(frozen=True)
class Day:
    """A square of the calendar. Days as they are every week have no ``mark`` and no ``why``."""

    date: date
    works: bool
    mark: str = ""
    why: str = ""
    is_ours: bool = False
    is_today: bool = False
    href: str = ""

    @property
    def number(self) -> int:
        return self.date.day


@dataclass(frozen=True)
class Month:
    """``weeks`` begin on Monday and are filled up with None; ``remarks`` are (days, why, day)."""

    label: str
    weeks: list[list[Day | None]]
    remarks: list[tuple[str, str, Day]]


def months(
    year: int,
    exceptions: Iterable[WorkdayOverride],
    *,
    language: str,
    today: date,
    href: Callable[[date], str] = lambda day: "",
) -> list[Month]:
    """The twelve months of a year; ``href`` gives the address that a day leads to, if any."""
    names, worked_instead = holiday_names(year, language), makeup_days(year)
    ours = {exception.day: exception for exception in exceptions}
    rest, work = pgettext("mark in the calendar", "off"), pgettext("mark in the calendar", "work")

    def drawn(day: date) -> Day:
        more = {"is_today": day == today, "href": href(day)}
        if exception := ours.get(day):
            why = exception.note or _("our exception")
            return Day(day, exception.works, work if exception.works else rest, why, is_ours=True, **more)
        if day in worked_instead:
            return Day(day, True, work, _("make-up working day"), **more)
        if day in names:
            return Day(day, False, rest, names[day], **more)
        return Day(day, day.weekday() < 5, **more)

    drawer = Calendar()
    result = []
    for number in range(1, 13):
        weeks = [
            [drawn(day) if day.month == number else None for day in week]
            for week in drawer.monthdatescalendar(year, number)
        ]
        days = [day for week in weeks for day in week if day]
        result.append(Month(str(Period.of_month(year, number)), weeks, list(_remarks(days))))
    return result


def _remarks(days: list[Day]):
    """Days of one cause that follow each other are named once."""
    for mark, same in groupby(days, key=lambda day: (day.mark, day.why, day.is_ours)):
        if any(mark):
            run = list(same)
            span = {"first": run[0].number, "last": run[-1].number}
            numbers = _("%(first)d–%(last)d") % span if len(run) > 1 else _("%(first)d") % span
            yield numbers, run[0].why, run[0]


def not_published(years: Iterable[int], exceptions: Iterable[WorkdayOverride]) -> list[int]:
    """Those of the years whose make-up days neither the public calendar nor the union's own entries know."""
    entered = {exception.day.year for exception in exceptions if exception.works}
    return [year for year in years if year not in entered and not makeup_days(year)]
