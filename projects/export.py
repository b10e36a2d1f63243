"""The lists of items and of topics as workbooks."""

import io
from collections.abc import Collection, Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.shown import percent_shown
from core.workbook import Field, workbook
from projects.models import PlanItem, Topic

TOO_MANY = gettext_lazy(
    "A file holds at most %(most)d rows; these are %(count)d. Narrow the list down, then export it."
)
#: More rows than this in one file are asked to be narrowed down first.
MOST = 20_000


def items(rows: Iterable[PlanItem], *, columns: Collection[str], count: int, on: date) -> io.BytesIO:
    """An .xlsx of the items, in their order, with the columns that are seen (their keys)."""
    counted = ngettext("%(count)d item", "%(count)d items", count) % {"count": count}
    name = _("Plan items")
    return workbook(rows, _item_fields(), columns=columns, name=name, title=f"{name} · {counted}", on=on)


def topics(rows: Iterable[Topic], *, columns: Collection[str], count: int, on: date) -> io.BytesIO:
    """The same of topics."""
    counted = ngettext("%(count)d topic", "%(count)d topics", count) % {"count": count}
    name = _("Topics")
    return workbook(rows, _topic_fields(), columns=columns, name=name, title=f"{name} · {counted}", on=on)


def _item_fields():
    return [
        Field("content", _("Content"), 44, lambda item: item.content),
        Field("period", _("Period"), 14, lambda item: str(item.plan.span)),
        Field("studio", _("Studio"), 28, lambda item: item.plan.studio.name),
        Field("owner", _("Person responsible"), 12, lambda item: item.owner_shown),
        Field("due", _("Due"), 12, lambda item: item.due_on),
        Field("state", _("State"), 10, lambda item: item.get_state_display()),
        Field("progress", _("Progress"), 10, lambda item: percent_shown(item.shown)),
        Field("weight", _("Weight"), 8, lambda item: item.weight),
    ]


def _topic_fields():
    return [
        Field("title", _("Title"), 44, lambda topic: topic.title),
        Field("studio", _("Studio"), 28, lambda topic: topic.studio.name),
        Field("source", _("Source"), 14, lambda topic: topic.get_source_display()),
        Field("horizon", _("Horizon"), 8, lambda topic: topic.get_horizon_display()),
        Field("goal", _("Goal"), 20, lambda topic: topic.goal),
        Field("owner", _("Person responsible"), 12, lambda topic: topic.owner_shown),
        Field("due", _("Planned end"), 12, lambda topic: topic.due_on),
        Field("state", _("State"), 10, lambda topic: topic.get_state_display()),
    ]
