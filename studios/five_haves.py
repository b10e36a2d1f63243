"""五有: people, place, topics, funds, rules. Pure: from facts to five lights, each unlit one saying why."""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

#: A lead and two others make a team.
TEAM = 3


class Light(NamedTuple):
    """One of the five; ``reason`` is empty when it is lit, ``href`` where it is mended."""

    label: str | Promise
    lit: bool
    reason: str | Promise
    href: str = ""


@dataclass(frozen=True)
class Facts:
    """What the lights are computed from: ``members`` counts the lead, ``funds`` are 10,000 yuan a year.

    A budget of the year counts like annual funds, which is all that a union's ledger knows.
    """

    has_lead: bool
    members: int
    address: str
    area: Decimal | None
    running_topics: int
    funds: Decimal | None
    rules_in_force: int
    budgeted: bool = False


def five_haves(facts: Facts) -> list[Light]:
    """The five lights, always in the same order."""
    return [
        _light(pgettext_lazy("five haves", "people"), _people(facts)),
        _light(pgettext_lazy("five haves", "place"), _place(facts)),
        _light(
            pgettext_lazy("five haves", "topics"), "" if facts.running_topics else _("No topic is running.")
        ),
        _light(
            pgettext_lazy("five haves", "funds"),
            ""
            if facts.funds or facts.budgeted
            else _("Neither annual funds nor a budget of the year is entered."),
        ),
        _light(
            pgettext_lazy("five haves", "rules"),
            "" if facts.rules_in_force else _("No house rule is in force."),
        ),
    ]


def _light(label, reason):
    return Light(label, not reason, reason)


def _people(facts):
    if not facts.has_lead:
        return _("It has no lead.")
    if facts.members < TEAM:
        return ngettext_lazy(
            "Only %(count)d person; a team has at least %(team)d.",
            "Only %(count)d people; a team has at least %(team)d.",
            facts.members,
        ) % {"count": facts.members, "team": TEAM}
    return ""


def _funds(facts):
    if facts.funds or facts.budgeted:
        return ""
    return _("Neither annual funds nor a budget of the year is entered.")


def _place(facts):
    if not facts.address and facts.area is None:
        return _("Neither address nor area is entered.")
    if not facts.address:
        return _("No address is entered.")
    return "" if facts.area is not None else _("No area is entered.")
