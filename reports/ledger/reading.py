"""Reading a ledger: from a file to plain rows, every fault named by sheet, row and column, all at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from . import cells, checking
from .opening import open_container
from .rows import Fault, ItemRow, Ledger, TopicRow
from .sheets import MEMBERS, SHEETS, STUDIOS, Column, Kind, Sheet
from .workbook import Cell, CellKind, SheetCells, Workbook

#: The header stands within these first rows that hold anything.
_HEADER_WITHIN = 30
_FOOTER = re.compile(r"(填表人|填报人|制表人|审核人|复核人|审批人|填表日期|填报日期)")
_NOTE = re.compile(r"(注|备注|说明|附注)[::]")
_TOTALS = {"合计", "小计", "总计", "共计"}
_GROUP = re.compile(r"填报单位[::]\s*(\S+)")

_NUMBERS: dict[Kind, Callable[[Cell], Any]] = {
    Kind.PERCENT: cells.percent,
    Kind.WEIGHT: cells.weight,
    Kind.COUNT: cells.count,
    Kind.AREA: cells.area,
    Kind.FUNDS: cells.funds,
}


def read(
    source: str | Path | bytes | IO[bytes],
    *,
    known_studios: Collection[str] = (),
    known_topics: Collection[str] = (),
) -> Ledger:
    """Read a ledger workbook from a path, its bytes or an open binary file.

    ``known_studios`` and ``known_topics`` are names and numbers that rows may refer to although this file
    does not list them. Raises opening.Refused where the file cannot be read at all; everything else that
    does not fit is in ``faults`` of what is returned, in the order of the sheets and rows. A ledger with
    errors holds what could be understood: its rows are for reading, not for storing.
    """
    workbook = Workbook(open_container(source))
    reader = _Reader(workbook)
    rows = {sheet.rows_field: reader.rows_of(sheet) for sheet in SHEETS}
    ledger = Ledger(
        **{name: tuple(found) for name, found in rows.items()},
        sheets=tuple(sheet.name for sheet in SHEETS if sheet.name in reader.parts),
        group=reader.group,
    )
    ledger, lost = checking.without_lost_topics(ledger, known_topics)
    faults = checking.faults_between(ledger, known_studios=known_studios, known_topics=known_topics)
    return replace(ledger, faults=_in_order({*reader.faults, *lost, *faults}))


def _in_order(faults: Collection[Fault]) -> tuple[Fault, ...]:
    order = {sheet.name: number for number, sheet in enumerate(SHEETS)}
    columns = {
        (sheet.name, column.header): number for sheet in SHEETS for number, column in enumerate(sheet.columns)
    }

    def place(fault: Fault) -> tuple[int, int, int, str]:
        column = columns.get((fault.sheet, fault.column or ""), -1)
        return order.get(fault.sheet, len(order)), fault.row or 0, column, fault.message

    return tuple(sorted(faults, key=place))


class _Reader:
    """Reads the sheets of one workbook and collects what does not fit."""

    def __init__(self, workbook: Workbook) -> None:
        self._book = workbook
        self.faults: list[Fault] = []
        self.group = ""
        self.parts = self._known_sheets()
        self._people = self._roster_names()

    def rows_of(self, sheet: Sheet) -> list[Any]:
        """The rows of one sheet; a required field that could not be understood is None in its row."""
        if sheet.name not in self.parts:
            return []
        content = self._book.sheet(self.parts[sheet.name])
        content.fill_merged()
        header = _find_header(sheet, content)
        if header is None:
            self._error(sheet, None, None, _("The row of headers is missing."))
            return []
        header_row, places = header
        self._check_header(sheet, header_row, places, content)
        if not self.group:
            self.group = _group_in(content, header_row)
        rows = self._data_rows(sheet, header_row, places, content)
        return [self._row(sheet, number, row) for number, row in rows]

    # -- which sheets there are

    def _known_sheets(self) -> dict[str, str]:
        wanted = {cells.squeezed(sheet.name): sheet.name for sheet in SHEETS}
        parts: dict[str, str] = {}
        for title in self._book.parts:
            name = wanted.get(cells.squeezed(title))
            if name is None:
                self._add(
                    "warning",
                    title,
                    None,
                    None,
                    _("This sheet does not belong to the ledger and is not read."),
                )
            elif name in parts:
                self._add("error", name, None, None, _("This sheet is there twice."))
            else:
                parts[name] = title
        if STUDIOS.name not in parts:
            self._error(STUDIOS, None, None, _("This sheet is missing."))
        return parts

    def _roster_names(self) -> frozenset[str]:
        """The names of the roster, to tell a space between two people from a space inside of a name."""
        if MEMBERS.name not in self.parts:
            return frozenset()
        content = self._book.sheet(self.parts[MEMBERS.name])
        header = _find_header(MEMBERS, content)
        place = next((at for at, column in header[1].items() if column.field == "name"), 0) if header else 0
        names = (row[place] for _number, row in content.rows if place in row)
        return frozenset(cells.without_spaces(cell.text) for cell in names if cell.kind is CellKind.TEXT)

    # -- the header and the rows under it

    def _check_header(
        self, sheet: Sheet, header_row: int, places: dict[int, Column], content: SheetCells
    ) -> None:
        here = set(places.values())
        for column in sheet.columns:
            if column not in here:
                self._error(sheet, header_row, column, _("This column is missing."))
        seen: set[str] = set()
        headers = dict(content.rows)[header_row]
        for place, cell in headers.items():
            if place not in places:
                message = _("This column does not belong to the ledger and is not read.")
                if any(cells.squeezed(column.header) == _header_word(cell) for column in sheet.columns):
                    self._add(
                        "error", sheet.name, header_row, cells.text(cell), _("This column is there twice.")
                    )
                elif _header_word(cell) not in seen:
                    self._add("warning", sheet.name, header_row, cells.text(cell), message)
                seen.add(_header_word(cell))

    def _data_rows(
        self, sheet: Sheet, header_row: int, places: dict[int, Column], content: SheetCells
    ) -> Iterator[tuple[int, dict[Column, Cell]]]:
        signed = False
        for number, row in content.rows:
            if number <= header_row:
                continue
            filled = {places[place]: cell for place, cell in row.items() if place in places}
            if not filled or _is_header_again(filled):
                continue
            first = cells.squeezed(next(iter(row.values())).text)
            if len(filled) <= 4 and _FOOTER.match(first):
                signed = True
                continue
            if len(filled) <= 2 and (signed or _NOTE.match(first)):
                self._add("warning", sheet.name, number, None, _("This row is a note and is not read."))
                continue
            if first in _TOTALS or any(cells.squeezed(row[at].text) in _TOTALS for at in sorted(row)[:2]):
                self._add("warning", sheet.name, number, None, _("This row holds totals and is not read."))
                continue
            meaningful = [column for column in filled if column.kind is not Kind.SERIAL]
            if meaningful:
                yield number, filled

    def _row(self, sheet: Sheet, number: int, filled: dict[Column, Cell]) -> Any:
        values: dict[str, Any] = {}
        for column in sheet.columns:
            cell = filled.get(column)
            if column.kind is Kind.SERIAL:
                if cell is not None and cell.kind is CellKind.FORMULA:
                    self._add(
                        "warning",
                        sheet.name,
                        number,
                        column.header,
                        _("A formula stands here; it is not read."),
                    )
                continue
            if cell is None:
                if column.required:
                    self._error(sheet, number, column, _("This cell must not be empty."))
                    values[column.field] = None
                continue
            try:
                values[column.field] = self._value(column, cell)
            except cells.Unreadable as fault:
                self._error(sheet, number, column, str(fault))
                values[column.field] = None
        self._settle_people(sheet, number, values)
        required = {column.field for column in sheet.columns if column.required}
        kept = {name: value for name, value in values.items() if value is not None or name in required}
        return sheet.row_type(**kept, row=number)

    def _value(self, column: Column, cell: Cell) -> Any:
        if cell.kind is CellKind.FORMULA:
            raise cells.Unreadable(_("A formula stands here. Put its value in its place."))
        if cell.kind is CellKind.ERROR:
            raise cells.Unreadable(_("The error value %(value)s stands here.") % {"value": cell.text})
        kind = column.kind
        if kind in _NUMBERS:
            return _NUMBERS[kind](cell)
        if kind in {Kind.DATE, Kind.DEADLINE, Kind.MONTH}:
            found = cells.day(cell, epoch_1904=self._book.epoch_1904, last=kind is Kind.DEADLINE)
            return found.replace(day=1) if kind is Kind.MONTH else found
        if kind is Kind.PERIOD:
            return cells.period(cell, epoch_1904=self._book.epoch_1904)
        if kind is Kind.PEOPLE or kind is Kind.PERSON:
            people = cells.people(cell, self._people)
            self._check_length(column, "、".join(people))
            return people
        if kind is Kind.CHOICE:
            return _choice(column, cell)
        if kind is Kind.CODE:
            value = cells.code(cell)
        elif kind is Kind.NAME:
            value = cells.without_spaces(cells.text(cell))
        else:
            value = cells.text(cell)
        self._check_length(column, value)
        return value

    def _check_length(self, column: Column, value: str) -> None:
        if len(value) > column.limit:
            raise cells.Unreadable(
                _("The text has %(length)s characters, at most %(limit)s fit.")
                % {"length": len(value), "limit": column.limit}
            )

    def _settle_people(self, sheet: Sheet, number: int, values: dict[str, Any]) -> None:
        """One person where one belongs: who else is named beside an owner helps."""
        others = {ItemRow: "helpers", TopicRow: "participants"}.get(sheet.row_type)
        for column in sheet.columns:
            people = values.get(column.field)
            if column.kind is not Kind.PERSON or not people:
                continue
            if column.field == "owner" and len(people) > 1 and others:
                values[others] = tuple(dict.fromkeys((*people[1:], *(values.get(others) or ()))))
                message = _("Several people are named; %(name)s is taken, the others as taking part.")
                self._add("warning", sheet.name, number, column.header, message % {"name": people[0]})
                people = people[:1]
            elif column.field == "lead" and len(people) > 1:
                self._error(sheet, number, column, _("A studio has exactly one lead."))
            values[column.field] = "、".join(people)

    def _error(self, sheet: Sheet, row: int | None, column: Column | None, message: str) -> None:
        self._add("error", sheet.name, row, column.header if column else None, message)

    def _add(self, severity: str, sheet: str, row: int | None, column: str | None, message: str) -> None:
        self.faults.append(Fault(severity, sheet, row, column, message))


def _choice(column: Column, cell: Cell) -> str:
    word = cells.squeezed(cells.text(cell))
    try:
        return column.choices[word]
    except KeyError:
        raise cells.Unreadable(
            _("“%(word)s” is not one of %(choices)s.")
            % {"word": cells.text(cell), "choices": " / ".join(column.choices)}
        ) from None


def _header_word(cell: Cell) -> str:
    return cells.squeezed(cell.text).strip("*:")


def _find_header(sheet: Sheet, content: SheetCells) -> tuple[int, dict[int, Column]] | None:
    """The row of headers and which column stands where: the row of the first ones that names the most."""
    by_word = {cells.squeezed(column.header): column for column in sheet.columns}
    best: tuple[int, dict[int, Column]] | None = None
    for number, row in content.rows[:_HEADER_WITHIN]:
        places: dict[int, Column] = {}
        for place, cell in row.items():
            column = by_word.get(_header_word(cell))
            if column is not None and column not in places.values():
                places[place] = column
        if len(places) * 2 >= len(sheet.columns) and (best is None or len(places) > len(best[1])):
            best = number, places
    return best


def _is_header_again(filled: dict[Column, Cell]) -> bool:
    same = sum(_header_word(cell) == cells.squeezed(column.header) for column, cell in filled.items())
    return same * 2 >= len(filled) and same > 1


def _group_in(content: SheetCells, header_row: int) -> str:
    """Who filled the ledger in, from the line 填报单位 above the headers."""
    for number, row in content.rows:
        if number >= header_row:
            break
        for cell in row.values():
            if match := _GROUP.search(cell.text.replace("：", ":")):
                return match[1].split("填报日期")[0].removesuffix("工会")
    return ""
