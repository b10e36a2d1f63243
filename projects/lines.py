"""An item as a line of a page: what it says, what this person can do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from core import shown
from projects.expected import Pace, Standing, standing
from projects.models import PlanItem
from projects.models.numbers import plain
from projects.month_page import gaps
from projects.report_forms import ReportForm, StateForm
from projects.rules import states_open_to

State = PlanItem.State
TONES = {
    State.NOT_STARTED: "plain",
    State.IN_PROGRESS: "info",
    State.DONE: "good",
    State.UNDONE: "bad",
    State.CARRIED: "info",
    State.CANCELLED: "plain",
    State.TOLERATED: "info",
}


@dataclass
class Line:
    """``on`` is today, ``pace`` what is expected by then; ``report`` and ``ending`` are the forms in the row,
    None where nothing can be done."""

    item: PlanItem
    on: date
    report: ReportForm | None = None
    ending: StateForm | None = None
    level: int = 0
    pace: Pace | None = None
    #: Whether this person may change it where it stands.
    may_change: bool = False
    #: Whether this person may say that it is done, and all that hangs below it is.
    finishes: bool = False
    #: Whether the form for a report stands open already.
    opened: bool = False

    @property
    def id(self) -> str:
        return f"item-{self.item.pk}"

    @property
    def reports_now(self) -> bool:
        """Whether the form for a report is seen at once: that of the first of one's own, or after a fault."""
        return self.opened or (self.report is not None and self.report.is_bound)

    @property
    def new_token(self) -> str:
        """So that two clicks on one button are one act."""
        return str(uuid4())

    @property
    def why(self) -> str:
        return reverse("item-why", args=[self.item.pk])

    @property
    def away(self) -> str:
        """How far the deadline of an open item is, in words."""
        return self.pace.away(self.item.due_on) if self.pace and self.item.is_open else ""

    @property
    def owner_away(self) -> str:
        """Until when the person responsible for an open item is away, in words."""
        until = getattr(self.item, "owner_away_until", None)
        return _("away until %(day)s") % {"day": shown.moment(until)} if until and self.item.is_open else ""

    @property
    def sub(self) -> str:
        item = self.item
        said = [item.owner_shown]
        if item.due_on:
            said.append(_("due %(day)s") % {"day": shown.day(item.due_on)})
            said.append(self.away)
        if item.reported_at:
            said.append(_("last report %(moment)s") % {"moment": shown.moment(item.reported_at)})
        return " · ".join(part for part in said if part)

    @cached_property
    def standing(self) -> Standing | None:
        """How an open item whose time has begun stands beside what is expected of it."""
        item = self.item
        if self.pace is None or not item.is_open:
            return None
        plan = item.plan
        expected = self.pace.of_item(item.starts_on, item.due_on, plan.starts_on, plan.ends_on)
        if not expected and not item.share:
            return None
        return standing(item.share, expected, complete=item.complete)

    @property
    def expected(self) -> float | None:
        """What is expected by today, 0..100, for the tick on the bar."""
        return self.standing.percent if self.standing else None

    @property
    def weight(self) -> str:
        return plain(self.item.weight)

    @property
    def state_signs(self) -> list[tuple[str, str]]:
        """(word, tone): the state, and whether it is late."""
        signs = [(self.item.get_state_display(), TONES[self.item.state])]
        if self.item.is_overdue(self.on):
            signs.append((_("Overdue"), "bad"))
        return signs

    @property
    def signs(self) -> list[tuple[str, str]]:
        """The state, and what there is to say about the item beside it."""
        item, signs = self.item, self.state_signs
        if getattr(item, "has_below", False) and item.state in (State.NOT_STARTED, State.IN_PROGRESS):
            # Whether it has begun is said by what hangs below it, not by a word nobody set.
            signs = signs[1:]
        if self.standing and not item.is_overdue(self.on):
            signs.append((self.standing.word, self.standing.tone))
        if item.carried_from_id:
            signs.append((_("carries on"), "plain"))
        if self.owner_away:
            signs.append((self.owner_away, "info"))
        return signs + [(_("no %(what)s") % {"what": gap}, "warn") for gap in gaps(item)]


def line(item: PlanItem, user, *, on: date, level: int = 0, pace: Pace | None = None) -> Line:
    """The line with the forms that this person may use; open items only, the item's page offers the rest."""
    acts = item.is_open
    return Line(
        item,
        on,
        report=ReportForm.for_item(item, user) if acts else None,
        ending=StateForm.for_item(item, user) if acts else None,
        level=level,
        pace=pace,
        finishes=finishes(item, user),
    )


def finishes(item: PlanItem, user) -> bool:
    """Whether all parts of an open item are done, so that this person may say in one click that it is."""
    parts_done = item.is_open and item.complete and getattr(item, "has_below", False)
    return parts_done and State.DONE in states_open_to(user, item)


def lines(items: Iterable[PlanItem], user, *, on: date, pace: Pace | None = None) -> list[Line]:
    return [line(item, user, on=on, pace=pace) for item in items]
