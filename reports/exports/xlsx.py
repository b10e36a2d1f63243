"""An issued report as a workbook: the summary of the studios, the report in words, what is stuck."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from core.shown import day
from projects.models import Problem
from reports.exports.cells import BOX, HEADER_FONT, HEADER_ROW, WRAPPED, begin, put, set_up_page
from reports.exports.columns import COLUMNS, DAY, Value
from reports.exports.issued import Issued
from reports.sentences import sentences, title


def write(report: Issued) -> bytes:
    """The report as an .xlsx, in the active language. Numbers are numbers, days are days, no formula."""
    book = openpyxl.Workbook()
    _studios(book.active, report)
    _words(book.create_sheet(_("In words")), report)
    if report.contents.problems:
        _problems(book.create_sheet(_("Problems that are open")), report)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _studios(page: Worksheet, report: Issued) -> None:
    page.title = _("Summary of the studios")
    _begin(page, report, [(str(column.head), column.width) for column in COLUMNS])
    forms = [column.form for column in COLUMNS]
    row = HEADER_ROW
    for row, line in enumerate(report.contents.lines, start=HEADER_ROW + 1):
        _row(page, row, [column.value(line) for column in COLUMNS], forms)
    _row(page, row + 1, [column.whole(report.contents) for column in COLUMNS], forms, font=HEADER_FONT)
    put(page.cell(row + 3, 1), _("Filled in by:                Checked by:"))
    set_up_page(page)


def _words(page: Worksheet, report: Issued) -> None:
    """One line of text below the other."""
    page.column_dimensions["A"].width = 110
    texts = [title(report.contents), *sentences(report.contents), *report.summary.splitlines()]
    if report.reason:
        texts.append(_("Why a new version: %(reason)s") % {"reason": report.reason})
    for row, text in enumerate(texts, start=1):
        put(page.cell(row, 1), text)
        page.cell(row, 1).alignment = WRAPPED
    page.cell(1, 1).font = HEADER_FONT
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True


def _problems(page: Worksheet, report: Issued) -> None:
    heads = [
        (_("What is stuck"), 48),
        (_("Studio"), 28),
        (_("Level"), 14),
        (_("Coordinator"), 12),
        (_("Raised on"), 12),
        (_("To be solved by"), 12),
    ]
    _begin(page, report, heads)
    forms = [*["General"] * 4, DAY, DAY]
    for row, one in enumerate(report.contents.problems, start=HEADER_ROW + 1):
        level = str(Problem.Level(one.level).label)
        _row(page, row, [one.what, one.studio, level, one.coordinator, one.raised_on, one.due_on], forms)
    set_up_page(page)


def _begin(page: Worksheet, report: Issued, heads: Iterable[tuple[str, int]]) -> None:
    issued = {"day": day(report.on), "number": report.number}
    begin(
        page,
        title=title(report.contents),
        left=_("Issued by: %(by)s") % {"by": report.by},
        right=_("Issued on %(day)s, version %(number)d") % issued,
        heads=heads,
    )


def _row(
    page: Worksheet, row: int, values: Sequence[Value], forms: Sequence[str], *, font: Font | None = None
) -> None:
    for place, (value, form) in enumerate(zip(values, forms, strict=True), start=1):
        cell = page.cell(row, place)
        if value is not None:
            put(cell, value)
        cell.number_format, cell.alignment, cell.border = form, WRAPPED, BOX
        if font:
            cell.font = font
