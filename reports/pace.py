"""How units stand beside what is expected of them: the mean of their studios' plans, each one voice."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from core.calendar import Period
from core.workdays import Workdays
from members.models import Unit
from projects.expected import mean
from projects.models import Plan
from studios.models import Studio


def of_units(period: Period, *, on: date, calendar: Workdays) -> dict[int, float]:
    """What is expected (0..1) of each unit with all below it in a period; three queries, one pass.

    Only plans with a figure have a voice, as in the figures themselves. Thousands of studios take a few
    tenths of a second, so nothing of this is stored.
    """
    plans = Plan.objects.of(period).with_figure().filter(studio__state__in=Studio.WORKING)
    expected = plans.expected(on=on, calendar=calendar)
    lines = {unit.pk: unit.line for unit in Unit.objects.all()}
    voices: dict[int, list[float]] = defaultdict(list)
    for plan, unit in plans.order_by().values_list("pk", "studio__unit"):
        for above in lines[unit] if plan in expected else ():
            voices[above].append(expected[plan])
    return {unit: share for unit, shares in voices.items() if (share := mean(shares)) is not None}
