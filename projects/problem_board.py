"""The board of problems: its columns, what it can be narrowed by, and the rows with their ages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import django_filters
from django.db.models import Count, F, Q
from django.forms import HiddenInput
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.filters import HouseFilterSet
from core.lists import Column, register
from core.shown import working_days_away
from core.workdays import Workdays
from projects.filters import YES, studios_of
from projects.models import Problem
from studios.filters import AtWorkFilter, UnitFilter, units_of
from studios.house_rules import Need

State = Problem.State
LONG = 30
"""Open for more days than this, a problem is shown to the company's leaders."""

BOARD = register(
    "problems",
    Column("what", _("What is stuck"), fixed=True),
    Column("studio", _("Studio")),
    Column("need", _("What is needed")),
    Column("level", _("Level")),
    Column("coordinator", _("Coordinator")),
    Column("due", _("To be solved by")),
    Column("age", _("Age")),
    Column("state", _("State")),
)
ORDERS = {"due": "due_on", "age": "-raised_on", "studio": "studio__name", "state": "state"}
TONES = {State.RAISED: "warn", State.IN_HAND: "info", State.SOLVED: "good", State.WITHDRAWN: "plain"}


class ProblemFilter(HouseFilterSet):
    """Filters of the board. ``on`` is today."""

    q = django_filters.CharFilter(label=_("What is stuck"), field_name="what", lookup_expr="icontains")
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[("open", pgettext_lazy("problems", "not solved yet")), *State.choices],
        method="by_state",
    )
    level = django_filters.ChoiceFilter(label=_("Level"), choices=Problem.Level)
    need = django_filters.ChoiceFilter(label=_("What is needed"), choices=Need)
    unit = UnitFilter(label=_("Unit"), queryset=units_of, method="by_unit")
    studio = django_filters.ModelChoiceFilter(label=_("Studio"), queryset=studios_of, widget=HiddenInput)
    studios = AtWorkFilter()
    overdue = django_filters.ChoiceFilter(label=_("Overdue"), choices=YES, method="by_overdue")
    in_time = django_filters.ChoiceFilter(label=_("Solved in time"), choices=YES, method="by_in_time")
    long = django_filters.ChoiceFilter(label=_("Open for over 30 days"), choices=YES, method="by_length")
    mine = django_filters.ChoiceFilter(
        label=_("Mine"),
        choices=[
            ("coordinate", pgettext_lazy("problems", "for me to coordinate")),
            ("raised", pgettext_lazy("problems", "raised by me")),
        ],
        method="by_mine",
    )

    def __init__(self, *args, on, **kwargs):
        self.on = on
        super().__init__(*args, **kwargs)

    def by_state(self, problems, _name, state):
        return problems.open() if state == "open" else problems.filter(state=state)

    def by_unit(self, problems, _name, unit):
        return problems.filter(studio__unit__path__startswith=unit.path)

    def by_overdue(self, problems, _name, _yes):
        return problems.overdue(on=self.on)

    def by_in_time(self, problems, _name, _yes):
        return problems.in_time()

    def by_length(self, problems, _name, _yes):
        return problems.older_than(LONG, on=self.on)

    def by_mine(self, problems, _name, wanted):
        user = self.request.user
        return problems.waiting_for(user) if wanted == "coordinate" else problems.filter(raised_by=user)


@dataclass(frozen=True)
class Row:
    """One problem with what a list says of it on a day.

    ``age`` counts working days; ``away`` says how far the due day is, empty where nothing is due any more.
    """

    problem: Problem
    age: int
    overdue: bool
    away: str

    @property
    def tone(self) -> str:
        return TONES[State(self.problem.state)]

    @property
    def signs(self) -> list[tuple[str, str]]:
        """(word, tone): the state, and whether it is late or was solved late."""
        problem = self.problem
        signs = [(problem.get_state_display(), self.tone)]
        if self.overdue:
            signs.append((_("Overdue"), "bad"))
        if problem.state == State.SOLVED:
            said = (_("in time"), "good") if problem.is_in_time else (_("late"), "warn")
            signs.append(said)
        return signs


def rows(problems: Iterable[Problem], *, on: date, calendar: Workdays) -> list[Row]:
    return [
        Row(
            problem,
            problem.age(calendar, on=on),
            problem.is_overdue(on),
            working_days_away(problem.due_on, on=on, calendar=calendar) if problem.is_open else "",
        )
        for problem in problems
    ]


def open_rows(problems, *, on: date, calendar: Workdays) -> list[Row]:
    """What is still open of some problems, the first due first."""
    found = problems.open().select_related("coordinator").order_by("due_on", "pk")
    return rows(found, on=on, calendar=calendar)


def counts(problems, *, on: date) -> dict[str, int]:
    """How many are open, overdue, solved, and solved in time. One query."""
    still = Q(state__in=Problem.OPEN)
    solved = Q(state=State.SOLVED)
    return problems.order_by().aggregate(
        open=Count("pk", filter=still),
        overdue=Count("pk", filter=still & Q(due_on__lt=on)),
        solved=Count("pk", filter=solved),
        in_time=Count("pk", filter=solved & Q(closed_on__lte=F("due_on"))),
    )
