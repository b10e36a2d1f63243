"""The month sheet: what stands in its cells, and saving one of them. The cell is the unit of conflict.

A cell is an item's own percentage or one indicator of it. On the wire its value is a text: the number as
people write it, ``1`` or ``0`` for yes and no, the ids of the milestones reached with commas between them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import NotAllowedNow
from projects import rollup
from projects.lines import TONES
from projects.models import Indicator, Plan, PlanItem, ProgressEntry
from projects.models.numbers import plain
from projects.progress import lock_line, report, still_there
from projects.report_forms import made_of_others

Kind = Indicator.Kind
NUMBER = forms.DecimalField(max_digits=18, decimal_places=6)
PERCENT = forms.DecimalField(min_value=0, max_value=100, max_digits=9, decimal_places=6)
NOTE = forms.CharField(max_length=1000, required=False)
LET_GO = (PlanItem.State.CARRIED, *rollup.EXCLUDED)


@dataclass
class Cell:
    """One cell. ``typed`` and ``error`` are what came back from a form that was wrong; ``theirs`` is the
    cell as somebody else has left it meanwhile."""

    item: PlanItem
    indicator: Indicator | None
    editable: bool = False
    entries: list[ProgressEntry] = field(default_factory=list)
    typed: str | None = None
    typed_note: str = ""
    error: str = ""
    theirs: ProgressEntry | None = None
    token: UUID = field(default_factory=uuid4)

    @property
    def key(self) -> str:
        return f"n{self.indicator.pk}" if self.indicator else f"i{self.item.pk}"

    @property
    def kind(self) -> str:
        """``number``, ``percent``, ``yes_no`` or ``milestones``."""
        if self.indicator is None or self.indicator.kind == Kind.JUDGED:
            return "percent"
        return str(self.indicator.kind)

    @property
    def label(self) -> str:
        """Whose, and what: also what the cell is called when it is spoken of elsewhere."""
        if self.indicator is None:
            return f"{self.item.owner_shown} · {self.item.content}".removeprefix(" · ")
        return f"{self.indicator.person.name} · {self.indicator.name}"

    @property
    def unit(self) -> str:
        if self.kind == "percent":
            return "%"
        return self.indicator.unit_of_measure if self.kind == "number" else ""

    @property
    def target(self) -> str:
        if self.kind == "number":
            return f"{plain(self.indicator.target)} {self.unit}".strip()
        if self.kind == "percent":
            return "100%"
        return "" if self.kind == "yes_no" else str(len(self.steps))

    @property
    def steps(self) -> list[tuple[str, str, bool]]:
        """(id, title, reached) of the milestones as the cell shows them."""
        chosen = self.value.split(",")
        return [(str(row.pk), row.title, str(row.pk) in chosen) for row in self.indicator.milestones.all()]

    @property
    def stored(self) -> str:
        """What is stored, on the wire."""
        if self.indicator is None:
            return plain(self.item.percent) or ""
        if self.kind == "milestones":
            return ",".join(str(row.pk) for row in self.indicator.milestones.all() if row.reached_on)
        return plain(self.indicator.value) or ""

    @property
    def value(self) -> str:
        """What stands in the cell."""
        return self.stored if self.typed is None else self.typed

    @property
    def share(self) -> str | None:
        return self.indicator.shown if self.indicator else self.item.shown

    @property
    def before(self) -> str:
        """Where it stood before the first report of the month; empty where nothing was known."""
        first = self.entries[0] if self.entries else None
        if self.indicator is None:
            number = first.percent_before if first else self.item.percent
        elif self.kind == "milestones" and first is None:
            return self.said(self.stored)
        else:
            number = first.value_before if first else self.indicator.value
        return self.said(plain(number) or "", counted=True)

    @property
    def stored_said(self) -> str:
        return self.said(self.stored)

    @property
    def typed_said(self) -> str:
        return self.said(self.typed or "")

    def said(self, wire: str, *, counted: bool = False) -> str:
        """A value of this cell as people read it; ``counted`` milestones are a number already."""
        if not wire and self.kind != "milestones":
            return ""
        if self.kind == "yes_no":
            return _("yes") if wire == "1" else _("no")
        if self.kind == "milestones":
            return wire if counted else str(len([pk for pk in wire.split(",") if pk]))
        return f"{wire}{self.unit}" if self.unit == "%" else f"{wire} {self.unit}".strip()

    def same(self, one: str, other: str) -> bool:
        """Whether two values on the wire mean the same; for a percentage nothing is 0."""
        return self._canonical(one) == self._canonical(other)

    def _canonical(self, wire: str):
        if self.kind == "milestones":
            return {part for part in wire.split(",") if part}
        try:
            return self.clean(wire or ("" if self.kind == "number" else "0"))
        except ValidationError:
            return wire or None

    def clean(self, wire: str) -> Decimal | list[int]:
        """The value to store. Full-width digits, a percent sign and commas between thousands are read."""
        if self.kind == "milestones":
            known = {str(row.pk) for row in self.indicator.milestones.all()}
            return [int(part) for part in wire.split(",") if part in known]
        text = unicodedata.normalize("NFKC", wire).strip().removesuffix("%").replace(",", "").strip()
        if self.kind == "yes_no":
            if text not in ("0", "1"):
                raise ValidationError(_("Yes or no?"))
            return Decimal(text)
        if not text:
            raise ValidationError(_("What was reported cannot be emptied; type the right number."))
        return (PERCENT if self.kind == "percent" else NUMBER).clean(text)


class Clash(Exception):
    """Somebody changed the cell after it was opened; ``cell`` is how it stands, ``entry`` who and when."""

    def __init__(self, cell: Cell, entry: ProgressEntry | None):
        super().__init__(cell.key)
        self.cell, self.entry = cell, entry


@dataclass
class Row:
    """An item with its cells."""

    item: PlanItem
    cells: list[Cell]
    statement: ProgressEntry | None = None

    @property
    def editable(self) -> bool:
        return any(cell.editable for cell in self.cells)

    @property
    def tone(self) -> str:
        return TONES[self.item.state]

    @property
    def untold(self) -> bool:
        """Open, to be told by this person, and nobody has said anything this month."""
        return self.editable and self.item.is_open and not self.statement


def sheet_of(plan: Plan, user) -> list[tuple[str, list[Row]]]:
    """The items of a month by topic, those without one last. A fixed number of queries."""
    items = list(PlanItem.objects.filter(plan=plan).planned().for_list())
    told: dict[int, list[ProgressEntry]] = {}
    said = ProgressEntry.objects.filter(item__in=items, at__date__gte=plan.starts_on)
    said = said.select_related("by__person").prefetch_related("evidence")
    for entry in said.order_by("at", "pk"):
        told.setdefault(entry.item_id, []).append(entry)
    items.sort(key=lambda item: (item.topic is None, item.topic_id or 0, item.pk))
    groups: dict[str, list[Row]] = {}
    for item in items:
        title = item.topic.title if item.topic else ""
        groups.setdefault(title, []).append(_row(item, user, told.get(item.pk, [])))
    return list(groups.items())


def _row(item: PlanItem, user, entries: list[ProgressEntry]) -> Row:
    cells = cells_of(item, user)
    for cell in cells:
        cell.entries = [
            each for each in entries if each.indicator_id == (cell.indicator and cell.indicator.pk)
        ]
        if cell.indicator is None:
            # An item's own line begins with its first figure, whoever spoke first of something else.
            cell.entries = [each for each in cell.entries if each.percent_before != each.percent_after] or (
                cell.entries[-1:]
            )
    return Row(item, cells, entries[-1] if entries else None)


def cells_like(item: PlanItem) -> list[Cell]:
    """The cells of an item, whoever looks; none where it is made of the items below it."""
    if made_of_others(item):
        return []
    return [Cell(item, each) for each in item.indicators.all()] or [Cell(item, None)]


def cells_of(item: PlanItem, user) -> list[Cell]:
    """The cells of an item, each knowing whether this person may write into it."""
    cells = cells_like(item)
    for cell in cells:
        indicator = cell.indicator
        may = (
            user.has_perm("projects.report_indicator", indicator)
            if indicator
            else user.has_perm("projects.report_item", item)
        )
        cell.editable = may and item.state not in LET_GO and not item.plan.is_closed
    return cells


@transaction.atomic
def save_cell(
    cell: Cell,
    *,
    value: str,
    opened: str,
    note: str = "",
    files: Sequence = (),
    by,
    at: datetime,
    token: UUID,
) -> ProgressEntry | None:
    """Save what was typed into a cell that was opened with ``opened``; None where there is nothing to say.

    ``files`` prove it, and are a report also where the value stays. The same ``token`` twice saves once.
    Raises ValidationError where it cannot be read, Clash where somebody else has changed the value meanwhile,
    NotAllowedNow where the item takes no reports any more.
    """
    lock_line(cell.item.plan)
    if earlier := ProgressEntry.objects.filter(token=token).first():
        return earlier
    fresh = reread(cell)
    note = NOTE.clean(note)
    moved = not fresh.same(value, opened)
    new = fresh.clean(value) if moved else None
    if moved and fresh.same(value, fresh.stored):
        moved = False
    if not moved and not note and not files:
        return None
    if moved and not fresh.same(opened, fresh.stored):
        raise Clash(fresh, _last(fresh))
    told = {"by": by, "at": at, "note": note, "files": files, "token": token, "indicator": fresh.indicator}
    if moved and fresh.indicator is None:
        told["percent"] = new
    elif moved:
        told["milestones" if fresh.kind == "milestones" else "value"] = new
    return report(fresh.item, **told)


def reread(cell: Cell) -> Cell:
    """The same cell as it is stored now."""
    item = still_there(PlanItem.objects.for_list(), cell.item.pk)
    for fresh in cells_like(item):
        if fresh.key == cell.key:
            return fresh
    raise NotAllowedNow


def _last(cell: Cell) -> ProgressEntry | None:
    told = ProgressEntry.objects.filter(item=cell.item, indicator=cell.indicator)
    return told.select_related("by__person").order_by("-at", "-pk").first()


def nothing_changed(item: PlanItem, *, by, at: datetime, token: UUID) -> ProgressEntry:
    """State that nothing has changed on an item: an entry with name and time that moves no figure."""
    return report(item, by=by, at=at, note=_("Nothing changed."), token=token)


def untold(groups: Iterable[tuple[str, list[Row]]]) -> list[PlanItem]:
    """The items of which nobody has said anything this month and this person may."""
    return [row.item for _title, rows in groups for row in rows if row.untold]
