"""What a ledger leaves as it is: cells that the confirmation of a plan binds, and failures nobody tolerated.

A ledger adds and corrects, but what was promised changes by a request alone (``projects.binding``), and a
failure is tolerated with its lesson alone. Such a cell keeps what is stored, with a warning that says what to
do instead; the rest of its row and all other rows come in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from core.calendar import MONTH, Period
from projects.models import Plan, PlanItem

from .comparing import RowPlan, again, shown
from .rows import Fault, ItemRow
from .sheets import ITEMS

State = PlanItem.State
#: (period, weight) of what carries on an item, by its number.
Rests = Mapping[str, list[tuple[str, Decimal]]]
#: The columns that say in which plan an item stands; they move together.
_PLACE = ("studio", "level", "period")
#: What goes with the state of an item.
_END = ("done_on", "undone_reason")


def keep(rows: Iterable[RowPlan]) -> tuple[tuple[RowPlan, ...], list[Fault]]:
    """The rows as they may come in, and a warning for each cell that stays as it is. Two queries at most."""
    rows = tuple(rows)
    changed = [plan for plan in rows if plan.sheet is ITEMS and plan.kind == "changed"]
    if not changed:
        return rows, []
    kept = _Kept(_bound(changed), _rests(rows, changed))
    for plan in changed:
        kept.hold(plan)
    return kept.settle(rows), kept.faults


def _bound(changed: list[RowPlan]) -> set[tuple[str, str]]:
    """The (studio, period) of the confirmed plans."""
    studios = {plan.old.studio for plan in changed}
    found = Plan.objects.bound().filter(studio__name__in=studios)
    return set(found.values_list("studio__name", "period"))


def _rests(rows: Iterable[RowPlan], changed: list[RowPlan]) -> Rests:
    """What carries on the items that the ledger says are carried over: their periods and weights."""
    carried = {
        plan.old.id: plan.row.number for plan in changed if plan.row.state == State.CARRIED != plan.old.state
    }
    if not carried:
        return {}
    listed = [plan.row for plan in rows if plan.sheet is ITEMS and plan.row.state != State.CANCELLED]
    stored = PlanItem.objects.planned().filter(carried_from__in=carried)
    found = defaultdict(list)
    for row in listed:
        found[row.carried_from].append((row.period, row.weight))
    for pk, *rest in stored.values_list("carried_from", "plan__period", "weight"):
        found[carried[pk]].append(tuple(rest))
    return found


class _Kept:
    """The rows of one ledger that keep cells, by number; ``lost`` are the new rows that stay outside."""

    def __init__(self, bound: set[tuple[str, str]], rests: Rests) -> None:
        self.bound, self.rests = bound, rests
        self.rows: dict[str, ItemRow] = {}
        self.faults: list[Fault] = []
        self.lost: set[str] = set()
        self._not_carried: set[str] = set()

    def hold(self, plan: RowPlan) -> None:
        """Keep of one changed row what is not the ledger's to change."""
        old, new = plan.old, plan.row
        self.rows[new.number] = new
        if new.state == State.TOLERATED != old.state:
            self._keep(old, "state", *_END, why=_("The union tolerates a failure with its lesson alone"))
        if (old.studio, old.period) not in self.bound:
            return
        why = _("The plan of %(period)s is confirmed") % {"period": Period.parse(old.period)}
        for name in PlanItem.BOUND:
            self._keep(old, name, why=why)
        if any(getattr(old, name) != getattr(new, name) for name in _PLACE):
            self._keep(old, "period", *_PLACE, why=why)
        if old.state != new.state and self._lets_go(old, new):
            self._keep(old, "state", *_END, why=why)
            if new.state == State.CARRIED:
                self._not_carried.add(new.number)
        now = self.rows[new.number]
        if now.due_on and now.starts_on and now.due_on < now.starts_on:
            self._keep(old, "starts_on", why=why)

    def _lets_go(self, old: ItemRow, new: ItemRow) -> bool:
        """Whether an item is given up: cancelled, or carried over without all of its rest in the quarter."""
        if new.state != State.CARRIED:
            return new.state == State.CANCELLED
        quarter = Period.parse(old.period).parent
        rests = [
            weight
            for period, weight in self.rests.get(new.number, ())
            if Period.parse(period).parent == quarter
        ]
        left = old.weight * (100 - (new.progress or 0)) / 100
        return old.level != MONTH or not rests or max(rests) < round(left, 6)

    def _keep(self, old: ItemRow, name: str, *with_it: str, why: str) -> None:
        row = self.rows[old.number]
        names = (name, *with_it)
        if all(getattr(row, each) == getattr(old, each) for each in names):
            return
        self.rows[old.number] = replace(row, **{each: getattr(old, each) for each in names})
        column = ITEMS.column(name)
        words = {"why": why, "value": shown(column, getattr(old, name)) or "—", "number": old.number}
        if name == "state" and row.state == State.TOLERATED:
            message = _("%(why)s; “%(value)s” stays. Write the lesson on the page of the item %(number)s.")
        else:
            message = _("%(why)s; “%(value)s” stays. Ask for the change on the page of the item %(number)s.")
        self._warn(row, name, message % words)

    def settle(self, rows: Iterable[RowPlan]) -> tuple[RowPlan, ...]:
        """The rows with what they keep, without the new ones that would carry on what goes on as it is."""
        rows = tuple(rows)
        self._leave_out([plan.row for plan in rows if plan.sheet is ITEMS and plan.old is None])
        return tuple(
            self._settled(plan) if plan.sheet is ITEMS else plan
            for plan in rows
            if plan.sheet is not ITEMS or plan.row.number not in self.lost
        )

    def _leave_out(self, new: list[ItemRow]) -> None:
        """Rests of what is not carried over, and what hangs below them or carries them on."""
        sources, found = set(self._not_carried), True
        while found:
            found = [
                row
                for row in new
                if row.number not in self.lost and (row.carried_from in sources or row.parent in self.lost)
            ]
            for row in found:
                self.lost.add(row.number)
                sources.add(row.number)
                above = row.carried_from if row.carried_from in sources else row.parent
                message = _(
                    "Not taken in: the item %(number)s goes on as it is until its change is approved."
                )
                self._warn(row, "carried_from", message % {"number": above})

    def _settled(self, plan: RowPlan) -> RowPlan:
        if plan.old is None or plan.kind == "unchanged":
            return plan
        row = self.rows[plan.row.number]
        outside = {
            name: getattr(plan.old, name)
            for name in ("parent", "carried_from")
            if getattr(row, name) in self.lost
        }
        return again(plan, replace(row, **outside))

    def _warn(self, row: ItemRow, name: str, message: str) -> None:
        self.faults.append(Fault("warning", ITEMS.name, row.row, ITEMS.column(name).header, message))
