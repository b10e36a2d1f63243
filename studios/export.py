"""The register as a workbook."""

import io
from collections.abc import Collection, Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from core.shown import percent_shown
from studios.register import Row


def register(rows: Iterable[Row], *, columns: Collection[str], title: str, on: date) -> io.BytesIO:
    """An .xlsx of the rows, in their order, as of a day, with the columns that are seen (their keys).

    Typed text leaves as text, never as a formula.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Register"))
    drawn = [rest for key, *rest in _columns() if key in columns]
    for index, (_label, width, _value) in enumerate(drawn, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.freeze_panes = "C3"
    sheet.append([_text(sheet, title, bold=True)])
    sheet.append([_text(sheet, label, bold=True) for label, _width, _value in drawn])
    for row in rows:
        sheet.append([_cell(sheet, value(row)) for _label, _width, value in drawn])
    sheet.append([])
    sheet.append([_text(sheet, _("As of %(day)s") % {"day": on.isoformat()})])
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream


def _columns():
    """(key of the column of the list, label, width, value)."""
    return [
        ("name", pgettext("register", "No."), 6, lambda row: row.studio.position),
        ("name", _("Name"), 28, lambda row: row.studio.name),
        ("unit", _("Unit"), 18, lambda row: row.studio.unit.name),
        ("lead", _("Lead"), 10, lambda row: row.studio.lead_name),
        ("level", _("Level"), 10, lambda row: row.studio.get_level_display()),
        ("type", _("Type"), 20, lambda row: row.studio.get_type_display()),
        ("trade", _("Speciality"), 20, lambda row: row.studio.trade),
        ("state", _("State"), 10, lambda row: row.studio.get_state_display()),
        ("progress", _("This month"), 12, lambda row: percent_shown(row.shown)),
        ("overdue", _("Overdue"), 8, lambda row: row.overdue),
        ("reported", _("Last report"), 12, lambda row: row.reported_on),
        ("reported", _("Last activity"), 12, lambda row: row.met_on),
    ]


def _cell(sheet, value):
    if isinstance(value, str):
        return _text(sheet, value)
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    return cell


def _text(sheet, value, *, bold=False):
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", str(value)))
    # Said outright, because a text that begins with "=" would be taken for a formula.
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
