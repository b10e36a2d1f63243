"""Writing a ledger: the same workbook that reading takes, ready for the printer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import copy
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from . import cells
from .rows import Ledger
from .sheets import SHEETS, Column, Kind, Sheet

_HEADER_ROW = 3
_DATE_FORMATS = {Kind.DATE: "yyyy-mm-dd", Kind.DEADLINE: "yyyy-mm-dd", Kind.MONTH: "yyyy-mm"}
_LINE = Side(style="thin", color="BFBFBF")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEADER_FILL = PatternFill("solid", fgColor="F2F2F2")
_WRAPPED = Alignment(vertical="center", wrap_text=True)
_CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
_TITLE_FONT, _HEADER_FONT = Font(size=16, bold=True), Font(bold=True)
#: What XML cannot hold, and what would read as an escape of it.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_NUMERAL = re.compile(r"-?(0|[1-9]\d{0,11})(\.\d{0,3}[1-9])?")


def write(ledger: Ledger, *, group: str, on: date) -> bytes:
    """The ledger as an .xlsx workbook, filled in by ``group`` on a day. Reading it gives the same rows.

    Text is written as text, whatever it begins with; nothing in the file is a formula.
    """
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for sheet in SHEETS:
        _write_sheet(
            workbook.create_sheet(sheet.name), sheet, getattr(ledger, sheet.rows_field), group=group, on=on
        )
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def _write_sheet(page: Worksheet, sheet: Sheet, rows: Iterable[Any], *, group: str, on: date) -> None:
    width = len(sheet.columns)
    _put(page.cell(1, 1), f"{group}{on.year}年度{sheet.title}")
    page.cell(1, 1).font, page.cell(1, 1).alignment = _TITLE_FONT, _CENTRED
    page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    page.row_dimensions[1].height = 30
    _put(page.cell(2, 1), f"填报单位：{group}工会")
    _put(page.cell(2, width - 2), f"填报日期：{on.year}年{on.month}月{on.day}日")
    for place, column in enumerate(sheet.columns, start=1):
        header = page.cell(_HEADER_ROW, place)
        _put(header, column.header)
        header.font, header.fill, header.alignment, header.border = _HEADER_FONT, _HEADER_FILL, _CENTRED, _BOX
        page.column_dimensions[get_column_letter(place)].width = column.width
    styles = [_body_style(page, column) for column in sheet.columns]
    number = 0
    for number, row in enumerate(rows, start=1):
        for place, (column, style) in enumerate(zip(sheet.columns, styles, strict=True), start=1):
            cell = page.cell(_HEADER_ROW + number, place)
            cell._style = copy(style)  # one look-up per column instead of one per cell and property
            value = number if column.kind is Kind.SERIAL else _value(column, getattr(row, column.field))
            if value is not None:
                _put(cell, value)
    _put(page.cell(_HEADER_ROW + number + 2, 1), "填表人：　　　　　　　　审核人：")
    _set_up_page(page)


def _body_style(page: Worksheet, column: Column) -> StyleArray:
    cell = page.cell(_HEADER_ROW + 1, 1)
    cell.alignment, cell.border = _WRAPPED, _BOX
    cell.number_format = _DATE_FORMATS.get(column.kind, "General")
    return copy(cell._style)


def _set_up_page(page: Worksheet) -> None:
    page.freeze_panes = page.cell(_HEADER_ROW + 1, 3)
    page.print_title_rows = f"1:{_HEADER_ROW}"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.oddFooter.center.text = "&P / &N"


def _value(column: Column, value: Any) -> str | date | Decimal | int | None:
    """What stands in the cell for a field of a row; None leaves it empty."""
    if value is None or value == "" or value == ():
        return None
    if column.kind is Kind.CHOICE:
        return column.word(value)
    if column.kind is Kind.PERIOD:
        return cells.period_words(value)
    if column.kind is Kind.PEOPLE:
        return "、".join(value)
    if column.kind is Kind.VALUE and _NUMERAL.fullmatch(value):
        return Decimal(value)
    return value


def _put(cell: Cell, value: str | date | Decimal | int) -> None:
    if not isinstance(value, str):
        cell.value = value
        return
    cell.value = _UNWRITABLE.sub(_escaped, value)
    cell.data_type = "s"  # text, even where the library would guess a formula or an error
    if value[0] in "=+-@":
        cell.quotePrefix = True


def _escaped(match: re.Match[str]) -> str:
    return "_x005F_" if match[0] == "_" else f"_x{ord(match[0]):04X}_"
