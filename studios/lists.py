"""The columns of the register."""

from django.utils.translation import gettext_lazy as _

from core.lists import Column, register

REGISTER = register(
    "studios",
    Column("name", _("Name"), fixed=True),
    Column("unit", _("Unit")),
    Column("lead", _("Lead")),
    Column("level", _("Level")),
    Column("type", _("Type")),
    Column("trade", _("Speciality")),
    Column("state", _("State")),
    Column("progress", _("This month")),
    Column("overdue", _("Overdue")),
    Column("reported", _("Last report")),
)
