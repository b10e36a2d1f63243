"""Trends of a unit: its months against last year's, its units ranked, its studios by progress.

Every chart is a table first and drawn from the same numbers; a sentence says what there is to see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.calendar import MONTH, Period
from members.models import Unit
from projects.models import Plan
from reports import heat, overview
from reports.overview import Total
from studios.models import Studio

LINE, BAR, COLUMN = "line", "bar", "column"
#: Bounds of the distribution in per cent; a whole stands alone.
BOUNDS = ((0, 20), (20, 40), (40, 60), (60, 80), (80, 100))


@dataclass(frozen=True)
class Series:
    """One line, or the bars, of a chart: a value for each of its labels, None where there is none."""

    name: str
    values: Sequence[float | int | None]
    dashed: bool = False

    @property
    def shown(self) -> list[str]:
        return ["—" if value is None else str(int(value)) for value in self.values]


@dataclass(frozen=True)
class Chart:
    """``kind`` is LINE, BAR (lying) or COLUMN (standing); ``unit`` is written behind the numbers."""

    key: str
    title: str
    kind: str
    labels: Sequence[str]
    series: Sequence[Series]
    sentence: str
    unit: str = "%"
    head: str = ""

    @property
    def id(self) -> str:
        return f"chart-{self.key}"

    @property
    def rows(self) -> list[tuple[str, list[str]]]:
        """(label, a number of each series) for the table."""
        return [(label, list(row)) for label, row in zip(self.labels, self._by_label(), strict=True)]

    def _by_label(self):
        return zip(*(series.shown for series in self.series), strict=True)

    @property
    def data(self) -> dict:
        """What the script draws."""
        return {
            "kind": self.kind,
            "labels": [str(label) for label in self.labels],
            "unit": self.unit,
            "title": self.title,
            "series": [
                {"name": one.name, "values": list(one.values), "dashed": one.dashed} for one in self.series
            ],
        }


def charts(unit: Unit, year: int, *, on: date) -> list[Chart]:
    """The four charts of a unit and a year, as of a day. A fixed number of queries."""
    this = overview.of_units(year, on=on)
    before = overview.of_units(year - 1, on=on) if Plan.objects.filter(year=year - 1).exists() else {}
    below = list(Unit.objects.filter(parent=unit))
    month = last_begun(year, on=on)
    plans = Plan.objects.of(month).filter(
        studio__state__in=Studio.WORKING, studio__unit__path__startswith=unit.path
    )
    figures = list(plans.order_by().values_list("progress", "complete"))
    ours, then = this[unit.pk], before.get(unit.pk, {})
    return [
        months("progress", _("Progress of the months"), ours, then, year, on=on),
        months("on_time", _("On-time rate of the months"), ours, then, year, on=on),
        distribution(figures, month, active=ours.get(month.key, overview.NOBODY).active),
        ranking({one.name: this[one.pk] for one in below}, year, on=on),
    ]


def last_begun(year: int, *, on: date) -> Period:
    """The month of the year that is now; of a year that is over its last, of one to come its first."""
    now = Period.containing(on, MONTH)
    if now.year == year:
        return now
    return Period.of_month(year, 12 if year < on.year else 1)


def months(key: str, title: str, this: Mapping, before: Mapping, year: int, *, on: date) -> Chart:
    """The months of a year beside those of the year before; months to come have no value. Pure."""
    spans = heat.months_of(year)
    values = [_value(this.get(span.key), key) if span.starts_on <= on else None for span in spans]
    earlier = [_value(before.get(span.shift(-12).key), key) for span in spans]
    lines = [Series(str(year - 1), earlier, dashed=True)] if any(earlier) else []
    now = last_begun(year, on=on)
    return Chart(
        key,
        title,
        LINE,
        [str(span.number) for span in spans],
        [Series(str(year), values), *lines],
        _beside_last_year(now, values[now.number - 1], earlier[now.number - 1]),
        head=_("Month"),
    )


def _value(total: Total | None, key: str) -> float | None:
    if total is None or total.progress is None:
        return None
    return round(float(total.progress * 100), 2) if key == "progress" else total.on_time_percent


def _beside_last_year(month: Period, value: float | None, earlier: float | None) -> str:
    if value is None:
        return _("Nothing that counts is planned for %(month)s.") % {"month": month}
    said = {"month": month, "value": int(value)}
    if earlier is None:
        return _("%(month)s stands at %(value)d%%; there is no figure of a year before.") % said
    points = int(value) - int(earlier)
    said["points"] = abs(points)
    if not points:
        return _("%(month)s stands at %(value)d%%, as a year before.") % said
    if points > 0:
        sentence = ngettext(
            "%(month)s stands at %(value)d%%, %(points)d point more than a year before.",
            "%(month)s stands at %(value)d%%, %(points)d points more than a year before.",
            abs(points),
        )
    else:
        sentence = ngettext(
            "%(month)s stands at %(value)d%%, %(points)d point less than a year before.",
            "%(month)s stands at %(value)d%%, %(points)d points less than a year before.",
            abs(points),
        )
    return sentence % said


def ranking(units: Mapping[str, Mapping[str, Total]], year: int, *, on: date) -> Chart:
    """The units by what was done on time in the months that are over, best first. Pure."""
    over = [span.key for span in heat.months_of(year) if span.ends_on <= on]
    rates = []
    for name, figures in units.items():
        counted = sum(figures[key].counted for key in over if key in figures)
        done = sum(figures[key].on_time for key in over if key in figures)
        if counted:
            rates.append((name, overview.percent(done / counted)))
    rates.sort(key=lambda pair: (-(pair[1] or 0), pair[0]))
    title = _("Units by on-time rate, months that are over")
    values = [rate for _name, rate in rates]
    sentence = _("No unit below this one has a month that is over.")
    if len(rates) == 1:
        sentence = _("%(first)s stands at %(best)d%%.") % {"first": rates[0][0], "best": rates[0][1]}
    elif rates:
        sentence = _("%(first)s leads with %(best)d%%; %(last)s is last with %(least)d%%.") % {
            "first": rates[0][0],
            "best": rates[0][1],
            "last": rates[-1][0],
            "least": rates[-1][1],
        }
    names = [name for name, _rate in rates]
    return Chart("ranking", title, BAR, names, [Series(_("On-time rate"), values)], sentence, head=_("Unit"))


def distribution(plans: Sequence[tuple], month: Period, *, active: int) -> Chart:
    """How many studios have come how far in a month; ``plans`` are (progress, complete). Pure."""
    figures = [
        100 if complete else min(float(progress) * 100, 99.99)
        for progress, complete in plans
        if progress is not None
    ]
    labels = [
        pgettext("distribution", "not planned"),
        *(f"{low}–{high - 1}%" for low, high in BOUNDS),
        "100%",
    ]
    counts = [
        max(active - len(figures), 0),
        *(sum(low <= figure < high for figure in figures) for low, high in BOUNDS),
        sum(figure == 100 for figure in figures),
    ]
    far = counts[-1] + counts[-2]
    said = {"count": far, "all": max(active, len(figures)), "month": month, "none": counts[0]}
    sentence = ngettext(
        "%(month)s: %(count)d of %(all)d studios has come to 80%% or more; %(none)d planned nothing.",
        "%(month)s: %(count)d of %(all)d studios have come to 80%% or more; %(none)d planned nothing.",
        far,
    )
    title = _("Studios by progress, %(month)s") % {"month": month}
    series = [Series(_("Studios"), counts)]
    return Chart("distribution", title, COLUMN, labels, series, sentence % said, unit="", head=_("Progress"))
