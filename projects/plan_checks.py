"""What a plan still lacks before it is handed in. Warnings, each naming the items it is about. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from projects.models import PlanItem

#: So many items and more than half of all make one person overloaded.
MANY = 5
_NUMBER = re.compile("[0-9０-９一二三四五六七八九十百]")


@dataclass(frozen=True)
class Warn:
    """One thing to look at: what it is, the items it is about, and the people where it is about people."""

    sentence: str
    items: tuple[PlanItem, ...] = ()
    people: tuple[str, ...] = ()


def warnings(items: Iterable[PlanItem], *, ends_on: date, without_indicator: Iterable[str]) -> list[Warn]:
    """What is vague or lopsided in a plan of these open items.

    ``without_indicator`` are the names of members who carry none.
    """
    items = [item for item in items if item.is_open]
    leaves = [item for item in items if not getattr(item, "has_below", False)]
    people = tuple(without_indicator)
    found = [
        Warn(_("No person responsible"), tuple(item for item in items if not item.owner_shown)),
        Warn(_("No number and no indicator"), tuple(item for item in leaves if not _measured(item))),
        Warn(_("No due day"), tuple(item for item in items if item.due_on is None)),
        Warn(_("The target equals the start"), tuple(item for item in leaves if _stands_still(item))),
    ]
    if len(items) > 1 and all(item.due_on == ends_on for item in items):
        found.append(Warn(_("Everything is due on the last day"), tuple(items)))
    for owner, count in Counter(item.owner_shown for item in items if item.owner_shown).items():
        if count >= MANY and count * 2 > len(items):
            said = _("%(name)s is responsible for %(count)d of %(all)d items") % {
                "name": owner,
                "count": count,
                "all": len(items),
            }
            found.append(Warn(said, tuple(item for item in items if item.owner_shown == owner)))
    found.append(Warn(_("Members without an indicator"), people=people))
    return [each for each in found if each.items or each.people]


def _measured(item: PlanItem) -> bool:
    return bool(_NUMBER.search(item.content + item.done_when) or item.indicators.all())


def _stands_still(item: PlanItem) -> bool:
    topic = item.topic
    same_topic = topic is not None and topic.target and topic.target == topic.baseline
    return bool(same_topic)
