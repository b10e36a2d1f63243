"""Every figure of a year on a day, as plain data: what the union publishes, and what others can check."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count

from achievements.models import Achievement
from core.calendar import periods_of_year
from members.models import Unit
from projects.models import PlanItem, Topic
from reports import overview
from reports.ledger import sheets
from studios.models import Activity, Membership, Studio

FORMAT = "ledger-expected/1"

#: Our codes in the words of the ledger, which are the same in every language of the screen.
TYPES = {code: word for word, code in sheets.TYPES.items()}
LEVELS = {code: word for word, code in sheets.LEVELS.items()}
TOPIC_STATES = {code: word for word, code in sheets.TOPIC_STATES.items()}


def statement(year: int, *, on: date) -> dict[str, Any]:
    """The figures of the group, of its units and of its working studios. A fixed number of queries.

    Shares and rates are rounded to six places; benefit is in 10,000 yuan.
    """
    studios = list(Studio.objects.active().select_related("unit"))
    units = {unit.pk: unit for unit in Unit.objects.all()}
    group = next((pk for pk, unit in units.items() if unit.parent_id is None), None)
    below_group = {studio.pk: _subsidiary(units[studio.unit_id], group) for studio in studios}
    of_unit: dict[int, list[int]] = defaultdict(list)  # in the order of the register
    for studio in studios:
        of_unit[below_group[studio.pk]].append(studio.pk)

    count = Counts(on)
    periods = [period.key for period in periods_of_year(year)]
    unit_figures = overview.of_units(year, on=on)
    studio_figures = overview.of_studios(year, on=on)
    everybody = [studio.pk for studio in studios]
    return {
        "format": FORMAT,
        "on": on.isoformat(),
        "plan_year": year,
        "periods": periods,
        "totals": count.totals(everybody),
        "group": {
            "periods": {key: total(unit_figures.get(group, {}).get(key, overview.NOBODY)) for key in periods}
        },
        "units": [
            {
                "name": units[pk].name,
                "totals": count.totals(members),
                "periods": {key: total(unit_figures[pk].get(key, overview.NOBODY)) for key in periods},
            }
            for pk, members in of_unit.items()
        ],
        "studios": [
            {
                "name": studio.name,
                "unit": units[below_group[studio.pk]].name,
                "type": TYPES[studio.type],
                "level": LEVELS[studio.level],
                "totals": count.totals([studio.pk]),
                "periods": {
                    key: record(studio_figures.get(studio.pk, {}).get(key, overview.NOTHING))
                    for key in periods
                },
            }
            for studio in studios
        ],
    }


def _subsidiary(unit: Unit, group: int | None) -> int:
    """The unit directly below the group to which a unit belongs."""
    line = unit.line
    return line[1] if len(line) > 1 and line[0] == group else line[0]


def record(figure: overview.Record) -> dict[str, Any]:
    """A figure as data."""
    return {
        "progress": _rounded(figure.progress),
        "shown": figure.shown,
        **{name: getattr(figure, name) for name in overview.COUNTS},
        "completion_rate": _rounded(figure.completion_rate),
        "on_time_rate": _rounded(figure.on_time_rate),
    }


def total(figure: overview.Total) -> dict[str, Any]:
    """The figure of a unit or of the group as data."""
    return {
        **record(figure),
        "with_plan": figure.with_plan,
        "not_planned": figure.not_planned,
        "active": figure.active,
        "coverage": _rounded(figure.coverage),
    }


def _rounded(share: Decimal | float | None) -> float | None:
    return None if share is None else round(float(share), 6)


class Counts:
    """What there is of everything in each studio, read once and added up for any set of studios."""

    def __init__(self, on: date):
        self.people: dict[int, list[int]] = defaultdict(list)
        for studio, person in Membership.objects.current(on=on).values_list("studio_id", "person_id"):
            self.people[studio].append(person)
        self.left = _by_studio(Membership.objects.left(on=on))
        self.activities = _by_studio(Activity.objects.standing())
        self.items = _by_studio(PlanItem.objects, "plan__studio")
        self.achievements = _by_studio(Achievement.objects)
        self.topics: dict[int, dict[str, int]] = defaultdict(dict)
        for studio, state, count in (
            Topic.objects.order_by().values_list("studio", "state").annotate(Count("pk"))
        ):
            known = Topic.LEDGER_STATES.get(state, state)
            self.topics[studio][known] = self.topics[studio].get(known, 0) + count
        self.claimed: dict[int, Decimal] = defaultdict(Decimal)
        self.verified: dict[int, Decimal] = defaultdict(Decimal)
        for studio, claimed, verified in Achievement.objects.values_list(
            "studio_id", "benefit_claimed", "benefit_verified"
        ):
            self.claimed[studio] += claimed or 0
            self.verified[studio] += verified or 0

    def totals(self, studios: Iterable[int]) -> dict[str, Any]:
        studios = list(studios)
        people = [person for studio in studios for person in self.people[studio]]

        def add(counts):
            return sum(counts.get(studio, 0) for studio in studios)

        states = {
            word: sum(self.topics[studio].get(state, 0) for studio in studios)
            for state, word in TOPIC_STATES.items()
        }
        return {
            "studios": len(studios),
            "members": len(people),
            "persons": len(set(people)),
            "members_left": add(self.left),
            "topics": sum(states.values()),
            "topics_by_status": states,
            "activities": add(self.activities),
            "achievements": add(self.achievements),
            "benefit_claimed": round(float(add(self.claimed)), 2),
            "benefit_verified": round(float(add(self.verified)), 2),
            "plan_items": add(self.items),
        }


def _by_studio(rows, path: str = "studio") -> dict[int, int]:
    return dict(rows.order_by().values_list(path).annotate(Count("pk")))
