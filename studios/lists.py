"""The columns of the register."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from core.gathering import Grouping, rank
from core.lists import Column, register
from studios.models import Studio

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
    groupings=(
        Grouping(
            "unit",
            _("Unit"),
            ("unit_id",),
            (F("unit__position"), F("unit__path")),
            lambda studio: studio.unit.name,
        ),
        Grouping(
            "level",
            _("Level"),
            ("level",),
            (rank("level", Studio.Level),),
            lambda studio: studio.get_level_display(),
        ),
        Grouping(
            "state",
            _("State"),
            ("state",),
            (rank("state", Studio.State),),
            lambda studio: studio.get_state_display(),
        ),
    ),
)
