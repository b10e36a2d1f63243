"""Working days in China: weekends, public holidays, make-up days, and what the union itself decided.

The public calendar comes from the ``holidays`` package; the State Council publishes the make-up days of a
year only in the autumn before, so the rows of ``WorkdayOverride`` add to it and win over it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from hashlib import blake2s

import holidays

ONE_DAY = timedelta(days=1)

#: One for the process: it works a year out when it is first asked for it, and that takes its time.
PUBLIC = holidays.country_holidays("CN")

LANGUAGES = {"zh-hans": "zh_CN", "en": "en_US"}
"""The site's languages as the package calls them."""


class Workdays:
    """A calendar that knows which days are worked.

    ``overrides`` maps a day to True (worked) or False (rest) and wins over the public calendar.
    """

    def __init__(self, overrides: Mapping[date, bool] | None = None) -> None:
        self._overrides = dict(overrides or {})
        self._known: dict[date, bool] = {}

    @cached_property
    def edition(self) -> str:
        """What tells this calendar from every other: what was worked out by it holds as long as it does."""
        known = [holidays.__version__, sorted(self._overrides.items())]
        return blake2s(repr(known).encode(), digest_size=8).hexdigest()

    def is_workday(self, day: date) -> bool:
        """Whether people work on that day."""
        if day not in self._known:
            public = PUBLIC.is_working_day(day)
            self._known[day] = self._overrides.get(day, public)
        return self._known[day]

    def shift(self, day: date, n: int) -> date:
        """The n-th working day after ``day``, before it if n is negative; ``day`` itself if n is 0.

        ``day`` need not be worked: one working day after a Saturday is usually the Monday.
        """
        step = ONE_DAY if n > 0 else -ONE_DAY
        for _ in range(abs(n)):
            day += step
            while not self.is_workday(day):
                day += step
        return day

    def on_or_before(self, day: date) -> date:
        """The day itself if it is worked, otherwise the last working day before it."""
        return day if self.is_workday(day) else self.shift(day, -1)

    def last_workday_of_month(self, year: int, month: int) -> date:
        """The last day of the month that is worked."""
        return self.on_or_before(date(year, month, monthrange(year, month)[1]))

    def count_between(self, a: date, b: date) -> int:
        """How many working days lie after ``a`` up to and including ``b``; negative if ``b`` is earlier.

        So the day after is 1 day away, today is 0 days away, and ``shift(a, count_between(a, b))`` is
        ``b`` whenever ``b`` is worked.
        """
        if b < a:
            # Counted the other way round, with the far end included, so that shift() still leads back.
            return -sum(self.is_workday(a - i * ONE_DAY) for i in range(1, (a - b).days + 1))
        return sum(self.is_workday(a + i * ONE_DAY) for i in range(1, (b - a).days + 1))

    def elapsed_share(self, first: date, last: date, *, on: date) -> Fraction:
        """Which part of the working days from ``first`` to ``last`` is over at the end of a day, 0..1."""
        total = self.count_between(first - ONE_DAY, last)
        if on < first or not total:
            return Fraction(on >= last)
        return Fraction(self.count_between(first - ONE_DAY, min(on, last)), total)


def makeup_days(year: int) -> set[date]:
    """The weekend days of a year that are worked instead of a holiday (调休), as far as they are published.

    Empty for a year whose make-up days the package does not know yet.
    """
    china = holidays.country_holidays("CN", years=year)
    return {day for day in china.weekend_workdays if day.year == year}


def holiday_names(year: int, language: str) -> dict[date, str]:
    """The public days of rest of a year with their names; ``language`` is "zh-hans" or "en"."""
    china = holidays.country_holidays("CN", years=year, language=LANGUAGES.get(language, "en_US"))
    return {day: name for day, name in china.items() if day.year == year}


def load() -> Workdays:
    """The calendar with the overrides stored now. One query; load it once per job or page."""
    from core.models import WorkdayOverride

    return Workdays(dict(WorkdayOverride.objects.values_list("day", "works")))


def of_page(request) -> Workdays:
    """The calendar of the page a request is answered with: loaded once, whoever asks and however often."""
    if not hasattr(request, "workdays"):
        request.workdays = load()
    return request.workdays
