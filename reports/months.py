"""The studios against the months of a year: how each month stands, and moving the day on which it closes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.as_of import Change
from core.calendar import MONTH, Period
from core.workdays import Workdays
from projects.models import Frozen, Plan, PlanStep
from projects.views.life import TONES

Phase = Plan.Phase
#: At most so many plans are moved at once.
MOST = 500


@dataclass(frozen=True)
class Cell:
    """How one month of a studio stands: a word with its tone, and the page it opens."""

    period: Period
    word: str
    tone: str
    href: str


@dataclass(frozen=True)
class Row:
    """One studio and its twelve months."""

    pk: int
    name: str
    unit: str
    cells: list[Cell]


def rows(studios: Iterable, year: int, *, on: date, calendar: Workdays) -> list[Row]:
    """A row for each of the studios. Two queries beside the studios'."""
    studios = list(studios)
    plans = Plan.objects.filter(studio__in=studios, year=year, kind=MONTH).order_by("starts_on")
    found: dict[int, list[Plan]] = {}
    for plan in plans:
        found.setdefault(plan.studio_id, []).append(plan)
    copies = Frozen.objects.closings().filter(plan__in=plans.order_by()).order_by("number")
    how = {plan: (late, by) for plan, late, by in copies.values_list("plan", "late", "by")}
    return [
        Row(
            studio.pk,
            studio.name,
            studio.unit.name,
            [_cell(plan, how.get(plan.pk), on, calendar) for plan in found.get(studio.pk, [])],
        )
        for studio in studios
    ]


def last_step(studios, year: int) -> Change | None:
    """Who last moved a month of one of the studios on, and when. One query."""
    steps = PlanStep.objects.filter(
        plan__studio__in=studios.order_by().values("pk"), plan__year=year, plan__kind=MONTH
    )
    step = steps.select_related("by__person", "plan__studio").first()
    if step is None:
        return None
    return Change(step.at, str(step.by or ""), step.plan.studio.name, step.plan.get_absolute_url())


def _cell(plan: Plan, how: tuple[bool, int | None] | None, on: date, calendar: Workdays) -> Cell:
    phase = plan.phase(on, calendar)
    word, tone = str(phase.label), TONES[phase]
    if phase == Phase.CLOSED and how:
        late, by = how
        if late:
            word, tone = pgettext("month", "closed late"), "warn"
        elif by is None:
            word, tone = pgettext("month", "closed by itself"), "warn"
    elif not plan.planned and phase in (Phase.OPEN, Phase.CONFIRMED, Phase.RUNNING):
        word, tone = pgettext("month", "no plan"), "plain"
    return Cell(plan.span, word, tone, reverse("month", args=[plan.studio_id, plan.period]))


@dataclass(frozen=True)
class Move:
    """What happens to the closing day of one plan; ``why_not`` is empty where it is moved."""

    plan: Plan
    before: date
    after: date
    why_not: str = ""


def moves(plans: Iterable[Plan], days: int, *, on: date, calendar: Workdays) -> list[Move]:
    """The closing day of each plan so many working days later, never on a day that is over."""
    found = []
    for plan in plans:
        before = plan.last_day_to_close(calendar)
        why_not = ""
        if plan.is_closed:
            why_not = _("It is closed already.")
        elif not plan.planned:
            why_not = _("Nothing is planned in it.")
        found.append(Move(plan, before, calendar.shift(max(before, on), days), why_not))
    return found
