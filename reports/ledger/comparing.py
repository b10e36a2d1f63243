"""What a ledger would change: row by row against what is stored, old value and new, as the ledger words them.

Pure: both sides are rows. The stored side was collected from the database, so its rows carry an ``id``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from . import cells
from .rows import Fault, Ledger, MemberRow, Row
from .sheets import MEMBERS, SHEETS, STUDIOS, Column, Kind, Sheet

#: What a member row says about the person and not about the time in the studio: said alike in every studio.
PERSONAL = ("sex", "born_on", "education", "post", "title", "skill_grade", "trade", "team", "phone")
#: The roster says who leads and who is the liaison; the register repeats it for the eye.
_REPEATED = {(STUDIOS.name, "lead"), (STUDIOS.name, "liaison")}


@dataclass(frozen=True)
class Change:
    """One cell: its column and what it said and will say, as the ledger words it."""

    column: str
    old: str
    new: str


@dataclass(frozen=True)
class RowPlan:
    """What happens to one row: new (``old`` is None), changed (``changes`` says how) or unchanged."""

    sheet: Sheet
    row: Any
    old: Any | None = None
    changes: tuple[Change, ...] = ()

    @property
    def kind(self) -> str:
        return "new" if self.old is None else "changed" if self.changes else "unchanged"

    @property
    def key(self) -> str:
        """What the row is known by."""
        if isinstance(self.row, MemberRow):
            return f"{self.row.name} · {self.row.studio}"
        return getattr(self.row, "number", None) or self.row.name


@dataclass(frozen=True)
class SheetCount:
    """How many rows of a sheet are new, changed and unchanged."""

    sheet: str
    new: int
    changed: int
    unchanged: int


@dataclass(frozen=True)
class ImportPlan:
    """All that an import would do. ``faults`` are those of the reading and those against what is stored."""

    ledger: Ledger
    rows: tuple[RowPlan, ...] = ()
    faults: tuple[Fault, ...] = field(default=())

    @property
    def is_possible(self) -> bool:
        return not any(fault.is_error for fault in self.faults)

    @property
    def counts(self) -> list[SheetCount]:
        found: dict[str, dict[str, int]] = {name: defaultdict(int) for name in self.ledger.sheets}
        for plan in self.rows:
            found[plan.sheet.name][plan.kind] += 1
        return [
            SheetCount(name, kinds["new"], kinds["changed"], kinds["unchanged"])
            for name, kinds in found.items()
        ]

    @property
    def touched(self) -> list[RowPlan]:
        """The rows that are new or changed."""
        return [plan for plan in self.rows if plan.kind != "unchanged"]

    def of(self, sheet: Sheet) -> list[RowPlan]:
        return [plan for plan in self.rows if plan.sheet is sheet]


def compare(stored: Ledger, found: Ledger) -> tuple[RowPlan, ...]:
    """What happens to each row of ``found``, in its order, where ``stored`` is there already.

    Honours belong to the lead; a studio without one has nobody to give them to.

    Rows that are stored and not found stay as they are: a ledger adds and corrects, it deletes nothing.
    """
    plans: list[RowPlan] = []
    led = {row.name for row in stored.studios if row.lead}
    led |= {row.studio for row in found.members if row.role == "lead" and not row.left_on}
    for sheet in SHEETS:
        olds, news = getattr(stored, sheet.rows_field), getattr(found, sheet.rows_field)
        if sheet is MEMBERS:
            pairs = _paired_members(olds, with_one_person(news))
        else:
            key = "name" if sheet is STUDIOS else "number"
            by_key = {getattr(old, key): old for old in olds}
            pairs = [(by_key.get(getattr(new, key)), new) for new in news]
        plans += [_row_plan(sheet, old, new, led) for old, new in pairs]
    return tuple(plans)


def again(plan: RowPlan, row: Row) -> RowPlan:
    """The plan of a row whose words have become others."""
    return _row_plan(plan.sheet, plan.old, row, ())


def _row_plan(sheet: Sheet, old: Row | None, new: Row, led: Collection[str]) -> RowPlan:
    if old is None:
        return RowPlan(sheet, new)
    changes = tuple(
        Change(column.header, shown(column, before), shown(column, after))
        for column, before, after in _differences(sheet, old, new)
        if column.field != "lead_honours" or getattr(new, "name", "") in led
    )
    return RowPlan(sheet, new, old, changes)


def _differences(sheet: Sheet, old: Row, new: Row) -> Iterable[tuple[Column, Any, Any]]:
    for column in sheet.columns:
        if column.kind is Kind.SERIAL or (sheet.name, column.field) in _REPEATED:
            continue
        before, after = getattr(old, column.field), getattr(new, column.field)
        same = set(before) == set(after) if column.field in {"helpers", "participants"} else before == after
        if not same:
            yield column, before, after


def shown(column: Column, value: Any) -> str:
    """A value as the ledger words it; nothing is an empty text."""
    if value is None or value == "" or value == ():
        return ""
    if column.kind is Kind.CHOICE:
        return column.word(value)
    if column.kind is Kind.PERIOD:
        return cells.period_words(value)
    if column.kind is Kind.MONTH:
        return f"{value:%Y-%m}"
    if column.kind is Kind.PERCENT:
        return cells.plain(value) + "%"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return "、".join(value)
    return cells.plain(value) if isinstance(value, Decimal) else str(value)


# -- members: several rows may speak of one person, and of one person in one studio


def with_one_person(rows: Iterable[MemberRow]) -> list[MemberRow]:
    """The rows with the same words about a person wherever he is listed: the first present row speaks."""
    rows = list(rows)
    speaks: dict[tuple[str, ...], MemberRow] = {}
    for row in sorted(rows, key=lambda row: row.left_on is not None):
        speaks.setdefault(row.who, row)
    return [
        replace(row, **{name: getattr(speaks[row.who], name) for name in PERSONAL})
        if speaks[row.who] is not row
        else row
        for row in rows
    ]


def _paired_members(
    olds: Iterable[MemberRow], news: Iterable[MemberRow]
) -> list[tuple[MemberRow | None, MemberRow]]:
    """Each new row with the stored time in the studio that it speaks of."""
    by_name: dict[tuple[str, str], list[MemberRow]] = defaultdict(list)
    by_number: dict[tuple[str, str], list[MemberRow]] = defaultdict(list)
    for old in olds:
        by_name[old.studio, old.name].append(old)
        if old.staff_number:
            by_number[old.studio, old.staff_number].append(old)
    taken: set[int | None] = set()
    found: dict[int, MemberRow] = {}
    news = list(news)
    for exact in (True, False):
        for at, new in enumerate(news):
            if at in found:
                continue
            same = _same_time(new, by_number, by_name, taken, exact=exact)
            if same is not None:
                taken.add(same.id)
                found[at] = same
    return [(found.get(at), _with_number(new, found.get(at))) for at, new in enumerate(news)]


def _same_time(
    new: MemberRow,
    by_number: dict[tuple[str, str], list[MemberRow]],
    by_name: dict[tuple[str, str], list[MemberRow]],
    taken: set[int | None],
    *,
    exact: bool,
) -> MemberRow | None:
    same = list(by_number.get((new.studio, new.staff_number), [])) if new.staff_number else []
    # where one of both has no staff number, the name within the studio tells
    same += [
        old for old in by_name.get((new.studio, new.name), []) if not (old.staff_number and new.staff_number)
    ]
    for old in same:
        if old.id in taken:
            continue
        if exact and (old.joined_on, old.left_on) == (new.joined_on, new.left_on):
            return old
        # who left and is there again begins a new time
        if not exact and not (old.left_on and not new.left_on):
            return old
    return None


def _with_number(new: MemberRow, old: MemberRow | None) -> MemberRow:
    if old is None or new.staff_number or not old.staff_number:
        return new
    return replace(new, staff_number=old.staff_number)
