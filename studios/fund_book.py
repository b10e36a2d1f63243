"""The ledger of a studio's funds as a workbook."""

import io
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.workbook import Field, workbook
from studios.models import FundEntry


def ledger(rows: Iterable[FundEntry], *, title: str, on: date) -> io.BytesIO:
    """An .xlsx of the entries as ``fund_lines.entries`` gives them."""
    fields = _fields()
    return workbook(rows, fields, columns={each.key for each in fields}, name=_("Funds"), title=title, on=on)


def _fields():
    return [
        Field("on", _("Day"), 12, lambda row: row.on),
        Field("line", _("Fund line"), 16, lambda row: row.line),
        Field("purpose", _("What for"), 36, lambda row: row.purpose),
        Field("budget", _("Budget (yuan)"), 14, lambda row: row.budget),
        Field("income", _("Income (yuan)"), 14, lambda row: row.income),
        Field("spent", _("Spent (yuan)"), 14, lambda row: row.spent),
        Field("left", _("Left (yuan)"), 14, lambda row: row.left_after),
        Field("handler", _("Handled by"), 10, lambda row: str(row.handler or "")),
        Field("by", _("Approved by"), 10, lambda row: str(row.by)),
        Field("voucher", _("Voucher no."), 18, lambda row: row.voucher_no),
        Field("file", pgettext("funds", "File"), 24, lambda row: row.file_name),
    ]
