"""The columns of the lists of items and of topics."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.gathering import Grouping, rank
from core.lists import Column, HouseView, register
from projects.models import PlanItem, Topic
from studios.models import Membership

MEMBERS = (Membership.Role.CORE, Membership.Role.MEMBER)

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
    groupings=(
        Grouping(
            "studio",
            _("Studio"),
            ("plan__studio_id",),
            (F("plan__studio__position"),),
            lambda item: item.plan.studio.name,
        ),
        Grouping(
            "topic",
            _("Topic"),
            ("topic_id",),
            (F("topic__title").asc(nulls_last=True),),
            lambda item: item.topic or _("without a topic"),
        ),
        Grouping(
            "owner",
            _("Person responsible"),
            ("owner_id", "owner_name"),
            (F("owner__initials").asc(nulls_last=True),),
            lambda item: item.owner_shown or _("nobody yet"),
        ),
        Grouping(
            "state",
            _("State"),
            ("state",),
            (rank("state", PlanItem.State),),
            lambda item: item.get_state_display(),
        ),
    ),
    views=(
        HouseView(
            "open", pgettext_lazy("items", "Still open"), "g=owner&o=due&state=open", Membership.STEERING
        ),
        HouseView("mine", pgettext_lazy("items", "Mine, still open"), "mine=1&o=due&state=open", MEMBERS),
    ),
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
    groupings=(
        Grouping(
            "studio",
            _("Studio"),
            ("studio_id",),
            (F("studio__position"),),
            lambda topic: topic.studio.name,
        ),
        Grouping(
            "state",
            _("State"),
            ("state",),
            (rank("state", Topic.State),),
            lambda topic: topic.get_state_display(),
        ),
    ),
    views=(
        HouseView("open", pgettext_lazy("topics", "Not concluded"), "o=due&state=open", Membership.STEERING),
        HouseView("mine", pgettext_lazy("topics", "Mine"), "mine=1", MEMBERS),
    ),
)
