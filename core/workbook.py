"""A list as a workbook: exactly the rows and columns that are seen, in their order."""

import io
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

#: What XML cannot hold.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Field:
    """A column of the sheet: the column of the list it stands for, its head, its width, its value."""

    key: str
    label: str | Promise
    width: int
    value: Callable[[Any], Any]


def workbook(
    rows: Iterable, fields: Iterable[Field], *, columns: Collection[str], name: str, title: str, on: date
) -> io.BytesIO:
    """An .xlsx of the rows as of a day, with the columns that are seen (their keys).

    Typed text leaves as text, never as a formula.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name)
    drawn = [each for each in fields if each.key in columns]
    for index, each in enumerate(drawn, 1):
        sheet.column_dimensions[get_column_letter(index)].width = each.width
    sheet.freeze_panes = "C3"
    sheet.append([_text(sheet, title, bold=True)])
    sheet.append([_text(sheet, each.label, bold=True) for each in drawn])
    for row in rows:
        sheet.append([_cell(sheet, each.value(row)) for each in drawn])
    sheet.append([])
    sheet.append([_text(sheet, _("As of %(day)s") % {"day": on.isoformat()})])
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream


def _cell(sheet, value):
    if isinstance(value, str):
        return _text(sheet, value)
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    return cell


def _text(sheet, value, *, bold=False):
    cell = WriteOnlyCell(sheet, UNWRITABLE.sub("", str(value)))
    # Said outright, because a text that begins with "=" would be taken for a formula.
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
