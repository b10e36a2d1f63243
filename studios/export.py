"""The register as a workbook."""

import io
from collections.abc import Collection, Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.shown import percent_shown
from core.workbook import Field, workbook
from studios.register import Row


def register(rows: Iterable[Row], *, columns: Collection[str], title: str, on: date) -> io.BytesIO:
    """An .xlsx of the rows, in their order, as of a day, with the columns that are seen (their keys)."""
    return workbook(rows, _fields(), columns=columns, name=_("Register"), title=title, on=on)


def _fields():
    return [
        Field("name", pgettext("register", "No."), 6, lambda row: row.studio.position),
        Field("name", _("Name"), 28, lambda row: row.studio.name),
        Field("unit", _("Unit"), 18, lambda row: row.studio.unit.name),
        Field("lead", _("Lead"), 10, lambda row: row.studio.lead_name),
        Field("level", _("Level"), 10, lambda row: row.studio.get_level_display()),
        Field("type", _("Type"), 20, lambda row: row.studio.get_type_display()),
        Field("trade", _("Speciality"), 20, lambda row: row.studio.trade),
        Field("state", _("State"), 10, lambda row: row.studio.get_state_display()),
        Field("progress", _("This month"), 12, lambda row: percent_shown(row.shown)),
        Field("overdue", _("Overdue"), 8, lambda row: row.overdue),
        Field("reported", _("Last report"), 12, lambda row: row.reported_on),
        Field("reported", _("Last activity"), 12, lambda row: row.met_on),
    ]
