"""Planning periods: a year, one of its quarters, one of its months."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from core.shown import is_chinese

YEAR, QUARTER, MONTH = "year", "quarter", "month"
_KEY = re.compile(r"(?P<year>[12][0-9]{3})(-Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?")


@dataclass(frozen=True, order=True)
class Period:
    """A year (``2026``), a quarter (``2026-Q3``) or a month (``2026-09``); ``number`` is 0, 1-4 or 1-12.

    Periods of one kind sort by time.
    """

    year: int
    kind: str
    number: int = 0

    @classmethod
    def of_year(cls, year: int) -> Period:
        return cls(year, YEAR)

    @classmethod
    def of_quarter(cls, year: int, quarter: int) -> Period:
        return cls(year, QUARTER, quarter)

    @classmethod
    def of_month(cls, year: int, month: int) -> Period:
        return cls(year, MONTH, month)

    @classmethod
    def containing(cls, day: date, kind: str = MONTH) -> Period:
        """The month, quarter or year in which a day lies."""
        return cls(day.year, kind, {YEAR: 0, QUARTER: (day.month + 2) // 3, MONTH: day.month}[kind])

    @classmethod
    def parse(cls, key: str) -> Period:
        """The period written as ``2026``, ``2026-Q3`` or ``2026-09``; ValueError for anything else."""
        match = _KEY.fullmatch(key)
        if not match:
            raise ValueError(f"not a period: {key!r}")
        year = int(match["year"])
        if match["quarter"]:
            return cls.of_quarter(year, int(match["quarter"]))
        if match["month"]:
            return cls.of_month(year, int(match["month"]))
        return cls.of_year(year)

    @property
    def key(self) -> str:
        return {
            YEAR: f"{self.year}",
            QUARTER: f"{self.year}-Q{self.number}",
            MONTH: f"{self.year}-{self.number:02d}",
        }[self.kind]

    @property
    def months(self) -> range:
        """The numbers of the months in it."""
        if self.kind == YEAR:
            return range(1, 13)
        if self.kind == QUARTER:
            return range(3 * self.number - 2, 3 * self.number + 1)
        return range(self.number, self.number + 1)

    @property
    def starts_on(self) -> date:
        return date(self.year, self.months[0], 1)

    @property
    def ends_on(self) -> date:
        month = self.months[-1]
        return date(self.year, month, monthrange(self.year, month)[1])

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on

    @property
    def parent(self) -> Period | None:
        """The quarter of a month, the year of a quarter."""
        if self.kind == MONTH:
            return Period.of_quarter(self.year, (self.number + 2) // 3)
        return Period.of_year(self.year) if self.kind == QUARTER else None

    @property
    def line(self) -> list[Period]:
        """The period and those above it, the smallest first."""
        line = [self]
        while above := line[-1].parent:
            line.append(above)
        return line

    def split(self) -> list[Period]:
        """The quarters of a year, the months of a quarter; a month is not split."""
        if self.kind == YEAR:
            return [Period.of_quarter(self.year, quarter) for quarter in range(1, 5)]
        if self.kind == QUARTER:
            return [Period.of_month(self.year, month) for month in self.months]
        return []

    def shift(self, steps: int) -> Period:
        """The period so many steps later (earlier if negative), of the same kind."""
        count = {YEAR: 1, QUARTER: 4, MONTH: 12}[self.kind]
        years, index = divmod(max(self.number - 1, 0) + steps, count)
        return Period(self.year + years, self.kind, 0 if self.kind == YEAR else index + 1)

    @property
    def previous(self) -> Period:
        return self.shift(-1)

    @property
    def next(self) -> Period:
        return self.shift(1)

    def __str__(self) -> str:
        values = {"year": self.year, "number": self.number}
        if self.kind == YEAR:
            return _("%(year)d") % values
        if self.kind == QUARTER:
            return _("Q%(number)d %(year)d") % values
        return f"{self.year}年{self.number}月" if is_chinese() else self.key


def periods_of_year(year: int) -> list[Period]:
    """The year, its quarters and its months, in this order."""
    whole = Period.of_year(year)
    quarters = whole.split()
    return [whole, *quarters, *(month for quarter in quarters for month in quarter.split())]
