"""The cells of a workbook, streamed: values as written, never evaluated.

A ledger comes from outside, so this does not build a spreadsheet in memory (a megabyte of file can ask for
gigabytes of cells): it walks the XML once with expat, keeps the cells that hold something, and refuses
document types, through which XML bombs come.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from .opening import Refused, read_part

#: The most rows of a sheet that hold something, and the columns that are looked at.
MOST_ROWS = 20_000
MOST_COLUMNS = 60
_MOST_MERGES = 20_000
#: Formats that a Chinese Excel knows by number alone and that are dates.
_LOCAL_DATE_FORMATS = {*range(27, 37), *range(50, 59)}


class CellKind(Enum):
    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"  # a number that is shown as a percentage: 0.8 is 80 %
    DATE = "date"  # a number that is shown as a date, or a date in ISO form
    FLAG = "flag"
    ERROR = "error"
    FORMULA = "formula"


class Cell(NamedTuple):
    kind: CellKind
    text: str


class Merge(NamedTuple):
    """A merged range, by its rows and its first column (all from 1)."""

    column: int
    first_row: int
    last_row: int


@dataclass
class SheetCells:
    """What one sheet holds: (row number, {column number: cell}) in the order of rows, without empty ones."""

    rows: list[tuple[int, dict[int, Cell]]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)

    def fill_merged(self) -> None:
        """Give every row of a downward merge the value of its first cell, in rows that hold anything."""
        by_column: dict[int, list[Merge]] = {}
        for merge in sorted(self.merges, key=lambda merge: merge.first_row):
            by_column.setdefault(merge.column, []).append(merge)
        for column, merges in by_column.items():
            waiting, current, value = iter(merges), None, None
            ahead = next(waiting, None)
            for number, cells in self.rows:
                while ahead is not None and ahead.first_row <= number:
                    current, ahead = ahead, next(waiting, None)
                    value = None
                if current is None or number > current.last_row:
                    continue
                if number == current.first_row:
                    value = cells.get(column)
                elif value is not None:
                    cells.setdefault(column, value)


class Workbook:
    """The sheets of a container by name, in their order; ``epoch_1904`` tells how dates count."""

    def __init__(self, container: zipfile.ZipFile) -> None:
        self._container = container
        self._read_contents()
        self._read_styles()
        self._read_strings()

    def sheet(self, name: str) -> SheetCells:
        """The cells of a sheet. Raises Refused where it is damaged or too long."""
        return _SheetReader(self, name).read(self._part(self.parts[name]))

    # -- the parts that surround the sheets

    def _part(self, name: str) -> bytes:
        return read_part(self._container, name)

    def _optional(self, kind: str) -> bytes | None:
        target = next((target for type_, target in self._links.values() if type_.endswith(kind)), None)
        return self._part(target) if target else None

    def _read_contents(self) -> None:
        root = next(
            (
                target
                for type_, target in self._relations("_rels/.rels", "")
                if type_.endswith("/officeDocument")
            ),
            "xl/workbook.xml",
        )
        folder = posixpath.dirname(root)
        rels = posixpath.join(folder, "_rels", posixpath.basename(root) + ".rels")
        self._links = dict(self._identified_relations(rels, folder))
        self.epoch_1904 = False
        self.parts: dict[str, str] = {}
        sheets: list[tuple[str, str]] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "workbookPr":
                self.epoch_1904 = attributes.get("date1904", "") in {"1", "true"}
            elif name == "sheet":
                link = next((value for key, value in attributes.items() if key.endswith(":id")), "")
                sheets.append((attributes.get("name", ""), link))

        walk(self._part(root), start=start)
        for name, link in sheets:
            type_, target = self._links.get(link, ("", ""))
            if type_.endswith("/worksheet"):
                self.parts[name] = target
        if not self.parts:
            raise Refused(_("This is not an Excel workbook (.xlsx)."))

    def _relations(self, part: str, folder: str) -> Iterator[tuple[str, str]]:
        return (link for _id, link in self._identified_relations(part, folder))

    def _identified_relations(self, part: str, folder: str) -> list[tuple[str, tuple[str, str]]]:
        found: list[tuple[str, tuple[str, str]]] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            # a target outside of the file is never followed
            if name == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "")
                path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                link = attributes.get("Type", ""), posixpath.normpath(path)
                found.append((attributes.get("Id", ""), link))

        walk(self._part(part), start=start)
        return found

    def _read_styles(self) -> None:
        formats: dict[int, str] = {}
        used: list[int] = []
        inside = [False]

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "cellXfs":
                inside[0] = True
            elif name == "xf" and inside[0]:
                used.append(_integer(attributes.get("numFmtId", "0")))
            elif name == "numFmt":
                formats.setdefault(
                    _integer(attributes.get("numFmtId", "0")), attributes.get("formatCode", "")
                )

        def end(name: str) -> None:
            if name == "cellXfs":
                inside[0] = False

        if (styles := self._optional("/styles")) is not None:
            walk(styles, start=start, end=end)
        self.number_kinds = [_kind_of_format(number, formats) for number in used]

    def _read_strings(self) -> None:
        self.strings: list[str] = []
        parts: list[str] = []
        reading = _TextReader(parts)

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "si":
                parts.clear()
            reading.start(name)

        def end(name: str) -> None:
            reading.end(name)
            if name == "si":
                self.strings.append(unescape("".join(parts)))

        if (strings := self._optional("/sharedStrings")) is not None:
            walk(strings, start=start, end=end, text=reading.text)


class _TextReader:
    """Collects the text of <t>, also in rich runs, without the phonetic hints."""

    def __init__(self, parts: list[str]) -> None:
        self._parts = parts
        self._on = self._phonetic = False

    def start(self, name: str) -> None:
        if name == "t":
            self._on = not self._phonetic
        elif name == "rPh":
            self._phonetic = True

    def end(self, name: str) -> None:
        if name == "t":
            self._on = False
        elif name == "rPh":
            self._phonetic = False

    def text(self, data: str) -> None:
        if self._on:
            self._parts.append(data)


class _SheetReader:
    """Walks one sheet. One instance reads one sheet once."""

    def __init__(self, workbook: Workbook, name: str) -> None:
        self._book, self._name = workbook, name
        self._found = SheetCells()
        self._row, self._cells = 0, dict[int, Cell]()
        self._column, self._type, self._style, self._formula = 0, "n", "", False
        self._parts: list[str] = []
        self._collecting = self._phonetic = False

    def read(self, xml: bytes) -> SheetCells:
        walk(xml, start=self._start, end=self._end, text=self._text)
        return self._found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            reference = attributes.get("r")
            self._column = _column_of(reference) if reference else self._column + 1
            self._type, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self._formula = False
            self._parts.clear()
        elif name == "v" or name == "t":
            self._collecting = not self._phonetic
        elif name == "row":
            self._row = _integer(attributes["r"]) if "r" in attributes else self._row + 1
            self._cells, self._column = {}, 0
        elif name == "f":
            self._formula = True
        elif name == "rPh":
            self._phonetic = True
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _end(self, name: str) -> None:
        if name == "v" or name == "t":
            self._collecting = False
        elif name == "c":
            if (self._parts or self._formula) and self._column <= MOST_COLUMNS:
                cell = self._cell("".join(self._parts))
                if cell is not None:
                    self._cells[self._column] = cell
        elif name == "row":
            if self._cells:
                self._found.rows.append((self._row, self._cells))
                if len(self._found.rows) > MOST_ROWS:
                    raise Refused(
                        _("The sheet “%(sheet)s” has more than %(count)s rows.")
                        % {"sheet": self._name, "count": MOST_ROWS}
                    )
        elif name == "rPh":
            self._phonetic = False

    def _text(self, data: str) -> None:
        if self._collecting:
            self._parts.append(data)

    def _cell(self, raw: str) -> Cell | None:
        if self._formula:
            return Cell(CellKind.FORMULA, raw)
        type_ = self._type
        if type_ == "s":
            index = _integer(raw)
            raw = self._book.strings[index] if index < len(self._book.strings) else ""
        elif type_ == "inlineStr" or type_ == "str":
            raw = unescape(raw)
        if not raw.strip():
            return None
        if type_ == "n":
            kinds, style = self._book.number_kinds, self._style
            index = _integer(style) if style else 0
            return Cell(kinds[index] if index < len(kinds) else CellKind.NUMBER, raw)
        return Cell(_KINDS.get(type_, CellKind.TEXT), raw)

    def _merge(self, reference: str) -> None:
        match = re.fullmatch(r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?[A-Z]{1,3}\$?(\d{1,7})", reference)
        if not match:
            return
        merge = Merge(_column_of(match[1]), int(match[2]), int(match[3]))
        if merge.last_row > merge.first_row and merge.column <= MOST_COLUMNS:
            self._found.merges.append(merge)
            if len(self._found.merges) > _MOST_MERGES:
                raise Refused(
                    _("The sheet “%(sheet)s” has more than %(count)s rows.")
                    % {"sheet": self._name, "count": MOST_ROWS}
                )


_KINDS = {"d": CellKind.DATE, "b": CellKind.FLAG, "e": CellKind.ERROR}


def walk(
    xml: bytes,
    *,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Walk a part with names freed of their prefixes. Raises Refused for broken XML and document types."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_declaration: object) -> None:
        raise Refused(
            _("The workbook holds a document type declaration, which no spreadsheet program writes.")
        )

    def prefixed_start(name: str, attributes: dict[str, str]) -> None:
        start(name.rpartition(":")[2], attributes)

    def prefixed_end(name: str) -> None:
        end(name.rpartition(":")[2])  # type: ignore[misc]  # set only where end is

    def first(name: str, attributes: dict[str, str]) -> None:
        # only where the root has a prefix do all names need a second look
        if ":" in name:
            parser.StartElementHandler = prefixed_start
            parser.EndElementHandler = prefixed_end if end else None
        else:
            parser.StartElementHandler = start
        parser.StartElementHandler(name, attributes)

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = first
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    try:
        parser.Parse(xml, True)
    except expat.ExpatError:
        raise Refused(_("The file is truncated or damaged.")) from None


def _integer(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise Refused(_("The file is truncated or damaged.")) from None


def _column_of(reference: str) -> int:
    """The column number of a reference like AB12."""
    column = 0
    for letter in reference:
        if not "A" <= letter <= "Z":
            break
        column = column * 26 + ord(letter) - 64
    return column


def _kind_of_format(number: int, formats: dict[int, str]) -> CellKind:
    if number not in formats and number in _LOCAL_DATE_FORMATS:
        return CellKind.DATE
    code = formats.get(number) or BUILTIN_FORMATS.get(number, "General")
    if "%" in re.sub(r'"[^"]*"|\\.', "", code):
        return CellKind.PERCENT
    return CellKind.DATE if is_date_format(code) else CellKind.NUMBER


def unescape(text: str) -> str:
    """The workbook's way to write characters that XML cannot hold: _x000D_ is a carriage return."""
    if "_x" not in text:
        return text
    return re.sub(r"_x([0-9A-Fa-f]{4})_", _unescaped, text)


def _unescaped(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return "" if 0xD800 <= code <= 0xDFFF else chr(code)  # half a character is none
