"""Why 63 %: a figure with the rows it is made of, computed afresh and held against what is stored."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from projects import rollup
from projects.models import Indicator, Plan, PlanItem

MADE_OF_ITEMS, MADE_OF_INDICATORS, REPORTED = "items", "indicators", "reported"


@dataclass(frozen=True)
class WhyRow:
    """One row of an explanation; ``note`` says why it counts differently, or not at all."""

    what: PlanItem | Indicator
    shown: str | None
    numerator: Fraction
    denominator: Fraction
    note: str = ""

    @property
    def href(self) -> str:
        return reverse("item-why", args=[self.what.pk]) if isinstance(self.what, PlanItem) else ""

    @property
    def sub(self) -> str:
        what = self.what
        if isinstance(what, Indicator):
            return what.says
        parts = [what.plan.span, what.owner_shown, what.get_state_display()]
        return " · ".join(str(part) for part in parts if part)

    @property
    def weight(self) -> str:
        return points(Fraction(self.what.weight))

    @property
    def counted(self) -> bool:
        return self.denominator != 0

    @property
    def weight_points(self) -> str:
        return points(self.denominator)

    @property
    def contribution(self) -> str:
        return points(self.numerator)


@dataclass(frozen=True)
class Why:
    """``stored`` and ``now`` are shown figures; ``same`` compares them at full precision."""

    made_of: str
    now: str | None
    stored: str | None
    same: bool
    rows: list[WhyRow]

    @property
    def numerator(self) -> str:
        return points(sum((row.numerator for row in self.rows), Fraction(0)))

    @property
    def denominator(self) -> str:
        return points(sum((row.denominator for row in self.rows), Fraction(0)))


def points(value: Fraction) -> str:
    """Weight points with at most two decimals: 41, 6.67."""
    return f"{rollup.to_decimal(value):.2f}".rstrip("0").rstrip(".")


def _year_of(plan: Plan) -> list[PlanItem]:
    rows = PlanItem.objects.filter(plan__studio=plan.studio_id, plan__year=plan.year)
    return list(
        rows.select_related("plan", "owner").prefetch_related("indicators__milestones").order_by("pk")
    )


def why_plan(plan: Plan) -> Why:
    """The figure of a plan from its own items."""
    items = _year_of(plan)
    figures = rollup.roll_up(items)
    figure, parts = rollup.from_own_items(
        (item, figures.items[item.pk]) for item in items if item.plan_id == plan.pk
    )
    return _explained(MADE_OF_ITEMS, figure, plan.progress, plan.complete, parts, carried="")


def why_item(item: PlanItem) -> Why:
    """The figure of an item: from the items below it, its indicators, or what was reported on it."""
    items = _year_of(item.plan)
    figures = rollup.roll_up(items)
    if below := [row for row in items if row.parent_id == item.pk]:
        figure, parts = rollup.from_items_below((row, figures.items[row.pk]) for row in below)
        carried = _("carried over: it counts as far as it came, its rest counts where it lives on")
        return _explained(MADE_OF_ITEMS, figure, item.share, item.complete, parts, carried=carried)
    figure = figures.items[item.pk]
    carried_by = list(item.indicators.select_related("person").prefetch_related("milestones"))
    rows = [
        WhyRow(row, row.shown, Fraction(row.weight) * row.share, Fraction(row.weight)) for row in carried_by
    ]
    made_of = MADE_OF_INDICATORS if rows else REPORTED
    return Why(made_of, _shown(figure), item.shown, _same(figure, item.share, item.complete), rows)


def _explained(made_of, figure, stored, complete, parts, *, carried) -> Why:
    rows = [
        WhyRow(part.row, _shown(part.figure), part.numerator, part.denominator, _note(part, carried))
        for part in parts
    ]
    stored_shown = rollup.shown(stored, complete=complete)
    return Why(made_of, _shown(figure), stored_shown, _same(figure, stored, complete), rows)


def _note(part: rollup.Part, carried: str) -> str:
    if part.row.state == PlanItem.State.CANCELLED:
        return pgettext("why", "cancelled: left out, with all below it")
    if part.row.state == PlanItem.State.TOLERATED:
        return pgettext("why", "tolerated: left out, with all below it")
    if part.figure.progress is None:
        return _("nothing below it counts: left out")
    return carried if part.row.state == PlanItem.State.CARRIED else ""


def _shown(figure: rollup.Figure) -> str | None:
    return rollup.shown(figure.progress, complete=figure.complete)


def _same(figure: rollup.Figure, stored, complete: bool) -> bool:
    return (figure.stored, figure.complete) == (stored, complete)
