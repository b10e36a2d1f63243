"""The equipment of a studio as a workbook."""

import io
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.workbook import Field, workbook
from studios.models import Equipment


def ledger(rows: Iterable[Equipment], *, title: str, on: date) -> io.BytesIO:
    """An .xlsx of the pieces, in their order."""
    fields = [
        Field("number", _("Equipment number"), 16, lambda row: row.number),
        Field("name", _("Name"), 24, lambda row: row.name),
        Field("model", pgettext("equipment", "Model"), 18, lambda row: row.model),
        Field("bought_on", _("Bought on"), 12, lambda row: row.bought_on),
        Field("value", _("Value (yuan)"), 14, lambda row: row.value),
        Field("custodian", _("Custodian"), 10, lambda row: str(row.custodian or "")),
        Field("state", _("State"), 10, lambda row: row.get_state_display()),
        Field("place", _("Kept where"), 20, lambda row: row.place),
        Field("note", _("Note"), 30, lambda row: row.note),
    ]
    columns = {each.key for each in fields}
    return workbook(rows, fields, columns=columns, name=_("Equipment"), title=title, on=on)
