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
from openpyxl.styles.cell_style import StyleArray
from openpyxl.worksheet.worksheet import Worksheet

from reports.exports.cells import BOX, HEADER_ROW, WRAPPED, begin, put, set_up_page

from . import cells
from .rows import Ledger
from .sheets import SHEETS, Column, Kind, Sheet

_DATE_FORMATS = {Kind.DATE: "yyyy-mm-dd", Kind.DEADLINE: "yyyy-mm-dd", Kind.MONTH: "yyyy-mm"}
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
    begin(
        page,
        title=f"{group}{on.year}年度{sheet.title}",
        left=f"填报单位：{group}工会",
        right=f"填报日期：{on.year}年{on.month}月{on.day}日",
        heads=[(column.header, column.width) for column in sheet.columns],
    )
    styles = [_body_style(page, column) for column in sheet.columns]
    number = 0
    for number, row in enumerate(rows, start=1):
        for place, (column, style) in enumerate(zip(sheet.columns, styles, strict=True), start=1):
            cell = page.cell(HEADER_ROW + number, place)
            cell._style = copy(style)  # one look-up per column instead of one per cell and property
            value = number if column.kind is Kind.SERIAL else _value(column, getattr(row, column.field))
            if value is not None:
                put(cell, value)
    put(page.cell(HEADER_ROW + number + 2, 1), "填表人：　　　　　　　　审核人：")
    set_up_page(page)


def _body_style(page: Worksheet, column: Column) -> StyleArray:
    cell = page.cell(HEADER_ROW + 1, 1)
    cell.alignment, cell.border = WRAPPED, BOX
    cell.number_format = _DATE_FORMATS.get(column.kind, "General")
    return copy(cell._style)


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
