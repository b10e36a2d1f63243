"""What the choices about the leftovers of a period come to, before anything is done. Changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from core import shown
from core.calendar import Period
from projects import rollup
from projects.changes import next_period
from projects.closing import CARRY, ENDS_AS, EXTEND, SPLIT, Choice
from projects.models import Plan, PlanItem

State = PlanItem.State


@dataclass(frozen=True)
class Row:
    """An item as the arithmetic needs it, after the choices."""

    id: object
    parent_id: object
    plan_id: int
    weight: Decimal
    state: str
    own_share: Fraction


@dataclass(frozen=True)
class Preview:
    """``gets``: (period, how many items, their weight) of those that get something; then the figure above."""

    gets: list[tuple[Period, int, Decimal]]
    above: Period | None
    before: str | None
    after: str | None

    @property
    def sentences(self) -> list[str]:
        said = []
        for period, count, weight in self.gets:
            words = {"period": period, "count": count, "weight": _plain(weight)}
            said.append(_("%(period)s gets %(count)d more, weight %(weight)s") % words)
        if self.above is not None:
            words = {"period": self.above, "before": _percent(self.before), "after": _percent(self.after)}
            if self.before == self.after:
                said.append(_("%(period)s stays at %(after)s") % words)
            else:
                said.append(_("%(period)s: from %(before)s to %(after)s") % words)
        return said


def _plain(weight: Decimal) -> str:
    return f"{weight.quantize(Decimal('0.01')).normalize():f}"


def _percent(figure: str | None) -> str:
    return str(shown.percent_shown(figure))


def preview(plan: Plan, left: Iterable[PlanItem], choices: Mapping[int, Choice], *, on: date) -> Preview:
    """What the next periods get and what the period above comes to. Asks, changes nothing."""
    year = PlanItem.objects.filter(plan__studio=plan.studio_id, plan__year=plan.year)
    items = list(year.select_related("plan").prefetch_related("indicators__milestones"))
    below = {item.parent_id for item in items}
    rows = {
        item.pk: Row(item.pk, item.parent_id, item.plan_id, item.weight, item.state, item.own_share)
        for item in items
    }
    spans = {item.pk: item.parent.plan.span for item in left if item.parent_id}
    into = next_period(plan, on=on)
    gets: dict[Period, list[Decimal]] = defaultdict(list)
    after = dict(rows)
    for item in left:
        choice, row = choices[item.pk], rows[item.pk]
        if state := ENDS_AS.get(choice.act):
            own = Fraction(1) if state == State.DONE else row.own_share
            after[item.pk] = replace(row, state=state, own_share=own)
        if choice.act not in (CARRY, SPLIT, EXTEND):
            continue
        share = Fraction(item.share or 0) if item.pk in below else row.own_share
        rest = rollup.to_decimal(Fraction(row.weight) * (1 - share))
        span = Period.containing(choice.due_on) if choice.act == EXTEND and choice.due_on else into
        gets[span].append(rest)
        stays = (
            replace(row, state=State.DONE, weight=row.weight - rest, own_share=Fraction(1))
            if choice.act == SPLIT
            else replace(row, state=State.CARRIED)
        )
        after[item.pk] = stays
        if spans.get(item.pk) == span.parent and span.parent:
            key = ("rest", item.pk)
            after[key] = Row(key, row.parent_id, -1, rest, State.NOT_STARTED, Fraction(0))
    parent = plan.span.parent
    above = parent and Plan.objects.filter(studio=plan.studio_id, period=parent.key).first()
    figures = [rollup.roll_up(each.values()).plans for each in (rows, after)]
    before_it, after_it = (each.get(above.pk, rollup.NOT_PLANNED) if above else None for each in figures)
    return Preview(
        [(span, len(weights), sum(weights, Decimal(0))) for span, weights in sorted(gets.items())],
        parent,
        before_it and rollup.shown(before_it.progress, complete=before_it.complete),
        after_it and rollup.shown(after_it.progress, complete=after_it.complete),
    )
