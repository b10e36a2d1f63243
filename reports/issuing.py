"""Issuing reports: which ones are at hand, which are still to be issued, and freezing one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from core.calendar import MONTH, QUARTER, YEAR, Period
from core.workdays import Workdays
from members.models import Unit
from reports.drawing_up import draw_up
from reports.models import Report

#: So many working days a new month is begun with the report on the last one.
DAYS_TO_ISSUE = 10


@dataclass(frozen=True)
class Offer:
    """A report that can be issued: what it is called, and the newest version there is (None: none yet)."""

    label: str
    period: Period
    href: str
    issued: Report | None


def presets(unit: Unit, *, on: date) -> list[Offer]:
    """The reports that are asked for again and again. One query."""
    month = Period.containing(on)
    named = [
        (_("Last month"), month.previous),
        (_("This month so far"), month),
        (_("Last quarter"), Period.containing(on, QUARTER).previous),
        (_("Last year"), Period.containing(on, YEAR).previous),
    ]
    rows = Report.objects.issued().filter(unit=unit, period__in=[period.key for _label, period in named])
    newest = {report.period: report for report in rows.order_by("number")}
    return [Offer(label, period, address(unit, period), newest.get(period.key)) for label, period in named]


def of_units_below(unit: Unit, period: Period) -> list[Offer]:
    """The reports of the units directly below on a period. Two queries."""
    units = list(Unit.objects.filter(parent=unit))
    rows = Report.objects.issued().filter(unit__in=units, period=period.key)
    newest = {report.unit_id: report for report in rows.order_by("number")}
    return [Offer(below.name, period, address(below, period), newest.get(below.pk)) for below in units]


def address(unit: Unit, period: Period) -> str:
    """Where the report of a unit on a period is written and issued."""
    return reverse("report-draft", args=[unit.pk, period.key])


def due(unit: Unit, *, on: date, calendar: Workdays) -> Offer | None:
    """The report on the last month, in the first working days after it and while it is not issued."""
    month = Period.containing(on).previous
    if calendar.count_between(month.ends_on, on) > DAYS_TO_ISSUE:
        return None
    if Report.objects.issued().filter(unit=unit, period=month.key, kind=MONTH).exists():
        return None
    return Offer(_("Last month"), month, address(unit, month), None)


@transaction.atomic
def issue(draft: Report, *, by, at: datetime, on: date, calendar: Workdays) -> None:
    """Freeze the figures as they stand beside the text of a draft."""
    contents = draw_up(draft.unit, draft.span, on=on, calendar=calendar)
    draft.issue(contents.as_data(), by=by, at=at)
