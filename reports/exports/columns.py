"""The columns of the monthly summary (月报汇总表), the same in Excel and in Word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.shown import DASH, wan
from reports.contents import Contents, Line
from reports.overview import Record
from reports.sentences import handed_in, reasons

Value = str | int | Decimal | date | None


@dataclass(frozen=True)
class Column:
    """A column: its name, its head, its width in characters, the value of a studio and of all together.

    ``form`` is how Excel shows a number or a day.
    """

    key: str
    head: Promise
    width: int
    value: Callable[[Line], Value]
    whole: Callable[[Contents], Value] = lambda contents: None
    form: str = "General"

    @property
    def is_number(self) -> bool:
        return self.form in (COUNT, RATE, MONEY)


COUNT, RATE, MONEY, DAY = "0", "0%", "#,##0.00", "yyyy-mm-dd"


def _rate(figure: Record) -> Decimal | None:
    """The completion rate 0..1 in whole per cent, rounded down as on every page."""
    percent = figure.completion_percent
    return None if percent is None else Decimal(int(percent)) / 100


def _day(line: Line) -> date | None:
    return timezone.localdate(line.closed_at) if line.closed_at else None


def _counted(name: str) -> dict:
    """The same count of a studio's figure and of all together."""
    return {
        "value": lambda line: getattr(line.figure, name),
        "whole": lambda contents: getattr(contents.total, name),
        "form": COUNT,
    }


def _summed(name: str, form: str = COUNT) -> dict:
    """What the lines hold, and the contents sum up under the same name."""
    return {"value": attrgetter(name), "whole": attrgetter(name), "form": form}


COLUMNS = (
    Column("unit", gettext_lazy("Unit"), 16, lambda line: line.unit, lambda contents: _("Total")),
    Column("studio", gettext_lazy("Studio"), 28, lambda line: line.studio),
    Column("planned", pgettext_lazy("report", "Planned"), 8, **_counted("planned")),
    Column("done", pgettext_lazy("report", "Done"), 8, **_counted("done")),
    Column(
        "rate",
        pgettext_lazy("report", "Rate"),
        9,
        lambda line: _rate(line.figure),
        lambda contents: _rate(contents.total),
        RATE,
    ),
    Column("activities", pgettext_lazy("report", "Activities"), 8, **_summed("activities")),
    Column("studies", pgettext_lazy("report", "Studies"), 8, **_summed("studies")),
    Column("achievements", pgettext_lazy("report", "Achievements"), 8, **_summed("achievements")),
    Column("benefit", pgettext_lazy("report", "10,000 yuan"), 11, **_summed("benefit", MONEY)),
    Column("why", gettext_lazy("Why not done"), 36, reasons),
    Column("closed", gettext_lazy("Handed in on"), 12, _day, form=DAY),
    Column("in_time", gettext_lazy("In time?"), 12, lambda line: handed_in(line)[0]),
)


def shown(column: Column, value: Value) -> str:
    """A value as it stands in a text."""
    if value is None:
        return DASH if column.is_number else ""
    if column.form == RATE:
        return f"{int(value * 100)}%"  # type: ignore[operator]  # a rate is a number
    if column.form == MONEY:
        return wan(value)
    return value.isoformat() if isinstance(value, date) else str(value)
