"""What the confirmation of a plan binds (锁定): who changes it at once, and who has to ask.

Wording, order and notes stay free. Target, due day, weight, person responsible and what an item serves,
cancelling and carrying over into another quarter take the union's yes. Every writer asks here.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.calendar import MONTH, Period
from core.errors import NotAllowedNow
from projects.models import Plan, PlanItem


class Bound(NotAllowedNow):
    sentence = _("The plan is confirmed: this is changed by a change request.")


def must_ask(item: PlanItem, by) -> bool:
    """Whether this person changes what was confirmed of an item only by asking; None is the calendar."""
    return item.plan.is_bound and not (by and by.has_perm("projects.decide_change", item))


def refuse_if_bound(item: PlanItem, by) -> None:
    """Raises Bound where this person has to ask."""
    if must_ask(item, by):
        raise Bound


def crosses(plan: Plan, into: Period) -> bool:
    """Whether carrying over from a plan into a period leaves the quarter (of a quarter or year: always)."""
    return plan.kind != MONTH or into.parent != plan.span.parent


def was_confirmed(item: PlanItem) -> bool:
    """Whether the item stands in the newest baseline: then it is cancelled, never deleted."""
    baseline = item.plan.frozen.baselines().first() if item.plan.is_bound else None
    return baseline is not None and item.pk in baseline.promised
