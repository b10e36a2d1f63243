"""As of when the figures of a unit hold, and who last changed what they sum, of what a person may see."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max

from core.as_of import AsOf
from core.calendar import Period
from members.models import Unit
from reports.models import UnitFigure
from studios.models import Studio


def of_unit(unit: Unit, period: Period, *, user, at: datetime, stored_at: datetime | None = None) -> AsOf:
    """What the working studios of a unit, with all below it, come to in a period. Two queries.

    ``stored_at`` is when the figures shown were added up; None where they are read as they are.
    """
    studios = Studio.objects.visible_to(user).active().within(unit)
    return AsOf(at, studios.plans_of(period).last_change(naming=True), stored_at)


def stored_at(unit: Unit, year: int) -> datetime | None:
    """When the figures of a unit and year were last added up. One query."""
    return UnitFigure.objects.filter(unit=unit, year=year).aggregate(last=Max("at"))["last"]
