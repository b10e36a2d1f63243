"""The four boxes of the month (本月完成什么 · 本月学什么 · 下月重点 · 本季度实现什么).

Pure: it sorts what it is given.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from projects.models import PlanItem

#: What goes into the box "what do we learn".
LEARNING = (PlanItem.Kind.STUDY, PlanItem.Kind.TRAINING)


@dataclass(frozen=True)
class FourBoxes:
    finish: list[PlanItem]
    learn: list[PlanItem]
    next_month: list[PlanItem]
    quarter: list[PlanItem]


def four_boxes(
    *, month: Iterable[PlanItem], next_month: Iterable[PlanItem], quarter: Iterable[PlanItem], on: date
) -> FourBoxes:
    """The items of a month, of the month after it and of its quarter in the boxes of the page."""
    month = in_order(month, on=on)
    return FourBoxes(
        finish=[item for item in month if item.kind not in LEARNING],
        learn=[item for item in month if item.kind in LEARNING],
        next_month=in_order(next_month, on=on),
        quarter=in_order(quarter, on=on),
    )


def in_order(items: Iterable[PlanItem], *, on: date) -> list[PlanItem]:
    """What presses first: overdue, then open by due day, then done, then let go."""

    def rank(item: PlanItem):
        if item.is_open:
            group = 0 if item.is_overdue(on) else 1
        else:
            group = 2 if item.state == PlanItem.State.DONE else 3
        return group, item.due_on or date.max, item.pk

    return sorted(items, key=rank)


def gaps(item: PlanItem) -> list[str]:
    """What a clear item would still need to say: by what it is done, by whom, by when."""
    if not item.is_open:
        return []
    missing = [
        (item.done_when, _("completion standard")),
        (item.owner_shown, _("person responsible")),
        (item.due_on, _("due day")),
    ]
    return [label for value, label in missing if not value]
