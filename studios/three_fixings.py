"""三定: whether topics, plans and rules are fixed. Pure: from facts to a state and the reason for it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

FIXED, PARTLY, MISSING = "fixed", "partly", "missing"
WORDS = {
    FIXED: pgettext_lazy("three fixings", "fixed"),
    PARTLY: pgettext_lazy("three fixings", "not complete"),
    MISSING: pgettext_lazy("three fixings", "missing"),
}


class Fixing(NamedTuple):
    """One of the three: ``state`` is FIXED, PARTLY or MISSING, ``note`` says what there is or lacks."""

    label: str | Promise
    state: str
    note: str | Promise

    @property
    def word(self) -> str | Promise:
        return WORDS[self.state]


@dataclass(frozen=True)
class Facts:
    """What is judged. A topic is vague without a target, an end or somebody responsible; ``without_plan``
    names those of the periods asked for (year, quarter, month) for which nothing is planned."""

    running_topics: int
    vague_topics: int
    periods_asked_for: int
    without_plan: Collection[str | Promise]
    rules_asked_for: int
    rules_missing: Collection[str | Promise]


def three_fixings(facts: Facts) -> list[Fixing]:
    """Topics, plans, rules, always in this order."""
    return [_topics(facts), _plans(facts), _rules(facts)]


def _topics(facts):
    label = pgettext_lazy("three fixings", "Topics")
    if not facts.running_topics:
        return Fixing(label, MISSING, _("No topic is running."))
    if facts.vague_topics:
        vague = ngettext_lazy(
            "%(count)d topic lacks a target, an end or a person responsible.",
            "%(count)d topics lack a target, an end or a person responsible.",
            facts.vague_topics,
        )
        return Fixing(label, PARTLY, vague % {"count": facts.vague_topics})
    running = ngettext_lazy("%(count)d topic running.", "%(count)d topics running.", facts.running_topics)
    return Fixing(label, FIXED, running % {"count": facts.running_topics})


def _plans(facts):
    note = _("Year, quarter and month are planned.")
    return _fixing(
        pgettext_lazy("three fixings", "Plans"),
        facts.without_plan,
        facts.periods_asked_for,
        _("Not planned: {}"),
        note,
    )


def _rules(facts):
    note = _("All five questions are settled.")
    return _fixing(
        pgettext_lazy("three fixings", "House rules"),
        facts.rules_missing,
        facts.rules_asked_for,
        _("Not settled: {}"),
        note,
    )


def _fixing(label, lacking, asked_for, lacks, note):
    if not lacking:
        return Fixing(label, FIXED, note)
    names = format_lazy("{}" + " · {}" * (len(lacking) - 1), *lacking)
    return Fixing(label, MISSING if len(lacking) == asked_for else PARTLY, format_lazy(lacks, names))
