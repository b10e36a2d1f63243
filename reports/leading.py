"""一页看全: what a company leader reads in two minutes and prints on one sheet."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Q, Sum

from achievements.models import Achievement
from core.calendar import Period
from members.models import Unit
from projects.models import Problem, Topic
from projects.problem_board import LONG
from reports import links, overview, tables
from studios.models import Activity, Membership, Studio

#: So many achievements are shown, the most verified benefit first.
BEST = 8
#: As many units as one sheet of paper holds beside the rest.
MOST_UNITS = 24


def one_page(unit: Unit, *, on: date) -> dict[str, Any]:
    """The totals of a unit with all below it, its units ranked, and what came of it this year.

    A fixed number of queries. Benefit is in 10,000 yuan.
    """
    year = Period.of_year(on.year)
    studios = Studio.objects.active().within(unit)
    here = Q(studio__in=studios)
    # Rates are those of the last whole month: what the year still plans is not late for not being done.
    month = Period.containing(on).previous
    of_year = overview.of_units(year.year, on=on, period=year.key)
    of_month = overview.of_units(month.year, on=on, period=month.key)
    this_year = Achievement.objects.filter(here, achieved_on__year=year.year)
    benefit = this_year.aggregate(
        count=Count("pk"), claimed=Sum("benefit_claimed"), verified=Sum("benefit_verified")
    )
    stuck = Problem.objects.filter(here).older_than(LONG, on=on)
    people = Membership.objects.current(on=on).filter(here)
    activities = Activity.objects.standing().filter(here)
    levels = dict(studios.order_by().values_list("level").annotate(Count("pk")))
    below = list(Unit.objects.filter(parent=unit)) or [unit]
    return {
        "unit": unit,
        "year": year,
        "month": month,
        "figure": of_year[unit.pk].get(year.key, overview.NOBODY),
        "figure_of_month": of_month[unit.pk].get(month.key, overview.NOBODY),
        "overview": tables.of_unit(year, unit),
        "overview_of_month": tables.of_unit(month, unit),
        "behind": {
            "studios": links.studios(unit=unit.pk),
            "people": links.narrowed("people", unit=unit.pk),
            "topics": links.narrowed("topics", unit=unit.pk, state="open"),
            "activities": links.narrowed("activities", unit=unit.pk, year=year.year, when="past"),
            "achievements": links.narrowed("achievements", unit=unit.pk, year=year.year),
            "long": links.narrowed("problems", unit=unit.pk, long=1),
        },
        "levels": [
            (label, levels.get(level, 0), links.studios(unit=unit.pk, level=level))
            for level, label in reversed(Studio.Level.choices)
        ],
        "studio_count": sum(levels.values()),
        "person_count": people.aggregate(count=Count("person", distinct=True))["count"],
        "topic_count": Topic.objects.running().filter(here).count(),
        "activity_count": activities.filter(held_on__range=(year.starts_on, on)).count(),
        "achievement_count": benefit["count"],
        "claimed": benefit["claimed"],
        "verified": benefit["verified"],
        "units": _ranked(below, of_month, of_year, month, year, _verified_by_unit(below, this_year))[
            :MOST_UNITS
        ],
        "long_problems": list(stuck.select_related("studio__unit").order_by("raised_on", "pk")[:BEST]),
        "long_count": stuck.count(),
        "best": this_year.filter(benefit_verified__gt=0)
        .select_related("studio__unit")
        .order_by("-benefit_verified", "pk")[:BEST],
    }


def _ranked(units, of_month, of_year, month: Period, year: Period, verified) -> list[dict[str, Any]]:
    """The units by their on-time rate of the month, the best first; those without one last."""
    known = {unit.name: unit for unit in units}
    return [
        {
            "row": row,
            "year": of_year[known[row.name].pk].get(year.key, overview.NOBODY),
            "overview": tables.of_unit(year, known[row.name]),
            "verified": verified.get(known[row.name].pk),
            "achievements": links.narrowed("achievements", unit=known[row.name].pk, year=year.year),
        }
        for row in tables.unit_rows(units, of_month, month, order="-on_time_rate")
    ]


def _verified_by_unit(units: list[Unit], achievements) -> dict[int, Any]:
    """The verified benefit of each unit with all below it."""
    totals: dict[int, Any] = {}
    by_place = (
        achievements.order_by().values_list("studio__unit__path").annotate(total=Sum("benefit_verified"))
    )
    for path, total in by_place:
        for unit in units:
            if total and path.startswith(unit.path):
                totals[unit.pk] = totals.get(unit.pk, 0) + total
    return totals
