"""The columns of the lists of items and of topics."""

from django.utils.translation import gettext_lazy as _

from core.lists import Column, register

ITEMS = register(
    "items",
    Column("content", _("Content"), fixed=True),
    Column("period", _("Period")),
    Column("studio", _("Studio")),
    Column("owner", _("Person responsible")),
    Column("due", _("Due")),
    Column("state", _("State")),
    Column("progress", _("Progress")),
    Column("weight", _("Weight")),
)
TOPICS = register(
    "topics",
    Column("title", _("Title"), fixed=True),
    Column("studio", _("Studio")),
    Column("source", _("Source")),
    Column("horizon", _("Horizon")),
    Column("goal", _("Goal")),
    Column("owner", _("Person responsible")),
    Column("due", _("Planned end")),
    Column("state", _("State")),
)
