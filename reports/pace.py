"""How units stand beside what is expected of them: the mean of their studios' plans, each one voice."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db.models import Count, Sum

from core.calendar import Period
from core.workdays import Workdays
from members.models import Unit
from projects.expected import PLACES
from projects.models import Plan
from studios.models import Studio


def of_units(period: Period, *, on: date, calendar: Workdays) -> dict[int, float]:
    """What is expected (0..1) of each unit with all below it in a period, from what is stored of the plans.

    Only plans with a figure have a voice, as in the figures themselves. Three queries.
    """
    plans = Plan.objects.of(period).with_figure().filter(studio__state__in=Studio.WORKING)
    sums = plans.brought_to(on, calendar=calendar).order_by().values_list("studio__unit")
    lines = {unit.pk: unit.line for unit in Unit.objects.all()}
    totals: dict[int, float] = defaultdict(float)
    voices: dict[int, int] = defaultdict(int)
    for unit, total, count in sums.annotate(Sum("expected"), Count("pk")):
        for above in lines[unit]:
            totals[above] += float(total)
            voices[above] += count
    return {unit: round(totals[unit] / voices[unit], PLACES) for unit in totals}
