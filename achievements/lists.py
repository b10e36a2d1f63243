"""The columns of the list of achievements."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from achievements.achievement_kinds import shown
from core.gathering import Grouping
from core.lists import Column, HouseView, register
from studios.models import Membership

ACHIEVEMENTS = register(
    "achievements",
    Column("name", _("Name"), fixed=True),
    Column("studio", _("Studio")),
    Column("kind", _("Kind")),
    Column("authors", _("Authors")),
    Column("day", _("Finished on")),
    Column("claimed", _("Claimed (10,000 yuan)")),
    Column("verified", _("Verified (10,000 yuan)")),
    Column("reach", _("Used by studios")),
    groupings=(
        Grouping(
            "studio",
            _("Studio"),
            ("studio_id",),
            (F("studio__position"),),
            lambda achievement: achievement.studio.name,
        ),
        Grouping(
            "kind",
            _("Kind"),
            ("kind",),
            (F("kind"),),
            lambda achievement: shown(achievement.kind) or _("without a kind"),
        ),
    ),
    views=(
        HouseView("ours", pgettext_lazy("achievements", "Ours"), "o=-day&whose=ours", Membership.STEERING),
    ),
)
