"""How far something should have come by a day, and how it stands beside that. Pure.

An item should have come as far as its own window of working days is over, from its start to its due day; a
missing date is that of its period. A plan should have come as far as its counted items, by their weights;
units and the group are the mean of their plans, each one voice, like the figures they are held against.
Shares are 0..1. What is expected of a plan is stored beside its figure, with the day and the calendar it
holds for (``PlanQuerySet.brought_to``); what is expected of an item is worked out where it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from core.shown import working_days_away
from core.workdays import Workdays
from projects import rollup

AHEAD, ON_TRACK, BEHIND = "ahead", "on_track", "behind"
WORDS: dict[str, str | Promise] = {
    AHEAD: pgettext_lazy("progress", "ahead"),
    ON_TRACK: pgettext_lazy("progress", "on track"),
    BEHIND: pgettext_lazy("progress", "behind"),
}
TONES = {AHEAD: "good", ON_TRACK: "info", BEHIND: "warn"}

#: Free of the crumbs of binary fractions, so that ten points less are ten points less.
PLACES = 9
#: The same of points of a hundred.
POINT_PLACES = PLACES - 2

#: What is stored of a plan of which nothing is expected, or not known yet.
NOTHING: dict[str, Any] = {"expected": None, "expected_on": None, "expected_by": ""}


class Pace:
    """What is expected at the end of the day ``on``. Windows are counted once each, however many ask."""

    def __init__(self, on: date, calendar: Workdays) -> None:
        self.on = on
        self._calendar = calendar
        self._shares: dict[tuple[date, date], float] = {}

    def away(self, day: date | None) -> str:
        """How many working days a deadline is away, in words; "" for none."""
        return working_days_away(day, on=self.on, calendar=self._calendar)

    def of_window(self, first: date, last: date) -> float:
        """The elapsed part of the working days from ``first`` to ``last``."""
        share = self._shares.get((first, last))
        if share is None:
            share = float(self._calendar.elapsed_share(first, last, on=self.on))
            self._shares[first, last] = share
        return share

    def of_item(self, starts_on: date | None, due_on: date | None, begin: date, end: date) -> float:
        """What is expected of an item of a period from ``begin`` to ``end``."""
        return self.of_window(*window(starts_on, due_on, begin, end))

    def of_plan(
        self, rows: Iterable[tuple[float, date | None, date | None]], begin: date, end: date
    ) -> float | None:
        """What is expected of a plan with counted items (weight, start, due day); None without any."""
        total = weights = 0.0
        for weight, starts_on, due_on in rows:
            total += weight * self.of_item(starts_on, due_on, begin, end)
            weights += weight
        return round(total / weights, PLACES) if weights else None

    def stored(
        self, rows: Iterable[tuple[float, date | None, date | None]], begin: date, end: date
    ) -> dict[str, Any]:
        """The fields of a plan with these items, by their names."""
        rows = list(rows)
        share = self.of_plan(rows, begin, end)
        if share is None:
            return NOTHING
        over = all(window(starts_on, due_on, begin, end)[1] <= self.on for _, starts_on, due_on in rows)
        return {
            "expected": Decimal(f"{share:.{PLACES}f}"),
            "expected_on": self.on,
            "expected_by": "" if over else self._calendar.edition,
        }


def window(starts_on: date | None, due_on: date | None, begin: date, end: date) -> tuple[date, date]:
    """From the start to the due day; a missing date is the period's, as far as the other one allows."""
    first = starts_on or (min(begin, due_on) if due_on else begin)
    last = due_on or max(end, first)
    return first, last


@dataclass(frozen=True)
class Standing:
    """A figure beside what was expected; both 0..1. Within ``slack`` points of a hundred is on track."""

    actual: float
    expected: float
    slack: int
    complete: bool = False

    @property
    def points(self) -> float:
        """Actual less expected in points of a hundred: negative is behind."""
        return round((self.actual - self.expected) * 100, POINT_PLACES)

    @property
    def state(self) -> str:
        if self.points < -self.slack:
            return BEHIND
        return AHEAD if self.points > self.slack else ON_TRACK

    @property
    def is_behind(self) -> bool:
        return self.state == BEHIND

    @property
    def tone(self) -> str:
        return TONES[self.state]

    @property
    def percent(self) -> float:
        """What was expected, 0..100, for the tick on a bar."""
        return round(self.expected * 100, POINT_PLACES)

    @property
    def apart(self) -> int:
        """The points between the two whole numbers that are shown: whoever subtracts them finds it right."""
        here = rollup.shown(Decimal(str(self.actual)), complete=self.complete)
        return abs((0 if here is None or here == "<1" else int(here)) - int(self.percent))

    @property
    def word(self) -> str:
        """ "12 points behind", "on track"."""
        if self.state == ON_TRACK:
            return str(WORDS[ON_TRACK])
        if self.state == BEHIND:
            said = ngettext("%(count)d point behind", "%(count)d points behind", self.apart)
        else:
            said = ngettext("%(count)d point ahead", "%(count)d points ahead", self.apart)
        return said % {"count": self.apart}

    @property
    def sentence(self) -> str:
        """The word with what was expected."""
        return _("%(word)s, expected %(expected)d%%") % {"word": self.word, "expected": int(self.percent)}


def standing(actual, expected, *, complete: bool) -> Standing | None:
    """How a figure (0..1) stands beside what was expected of it; None where one of them is missing.

    ``complete`` is that of the figure: whether it may be shown as 100 %.
    """
    if actual is None or expected is None:
        return None
    return Standing(round(float(actual), PLACES), float(expected), settings.PROGRESS_SLACK, complete)
