"""How our sheets look on the screen and on paper, and how a text gets into a cell and stays one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

#: Title, who and when, then the heads.
HEADER_ROW = 3
_LINE = Side(style="thin", color="BFBFBF")
BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
HEADER_FILL = PatternFill("solid", fgColor="F2F2F2")
WRAPPED = Alignment(vertical="center", wrap_text=True)
CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
TITLE_FONT, HEADER_FONT = Font(size=16, bold=True), Font(bold=True)
#: What XML cannot hold, and what would read as an escape of it.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


def put(cell: Cell, value: str | date | Decimal | int | float) -> None:
    """Write a value; a text stays a text, whatever it begins with."""
    if not isinstance(value, str):
        cell.value = value
        return
    cell.value = _UNWRITABLE.sub(_escaped, value)
    cell.data_type = "s"  # text, even where the library would guess a formula or an error
    if value[:1] in ("=", "+", "-", "@"):
        cell.quotePrefix = True


def _escaped(match: re.Match[str]) -> str:
    return "_x005F_" if match[0] == "_" else f"_x{ord(match[0]):04X}_"


def begin(page: Worksheet, *, title: str, left: str, right: str, heads: Iterable[tuple[str, int]]) -> None:
    """Title, the line below it, and the heads with the widths of their columns."""
    heads = list(heads)
    put(page.cell(1, 1), title)
    page.cell(1, 1).font, page.cell(1, 1).alignment = TITLE_FONT, CENTRED
    page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(heads))
    page.row_dimensions[1].height = 30
    put(page.cell(2, 1), left)
    put(page.cell(2, len(heads) - 2), right)
    for place, (head, width) in enumerate(heads, start=1):
        header = page.cell(HEADER_ROW, place)
        put(header, head)
        header.font, header.fill, header.alignment, header.border = HEADER_FONT, HEADER_FILL, CENTRED, BOX
        page.column_dimensions[get_column_letter(place)].width = width


def set_up_page(page: Worksheet) -> None:
    """Heads that stay in sight, A4 across, as wide as one sheet, numbered."""
    page.freeze_panes = page.cell(HEADER_ROW + 1, 3)
    page.print_title_rows = f"1:{HEADER_ROW}"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.oddFooter.center.text = "&P / &N"
