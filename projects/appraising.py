"""What a house rule draws from the records: deductions for what was missed, rewards for what was reached.

Pure: facts and settings in, lines out; nothing here asks the database or the clock. A line only proposes, a
person decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.calendar import MONTH, QUARTER, YEAR
from core.workdays import Workdays
from studios.house_rules import Appraisal, Reward

UNMET, LATE, REACHED = "unmet", "late", "reached"
TOPIC = "topic"

#: States in which an item of a closed plan was missed. Carried over, cancelled and tolerated ones were let go
#: by somebody who may: nothing is taken for them, ever.
MISSED = ("not_started", "in_progress", "undone")


@dataclass(frozen=True)
class Fact:
    """An item, or a topic, as it stands. ``scale`` is the kind of its plan, or ``TOPIC``."""

    key: int
    scale: str
    state: str
    due_on: date | None = None
    done_on: date | None = None


@dataclass(frozen=True)
class Line:
    """``points`` below zero are taken. ``clause`` is the setting it follows from, ``count`` the late days."""

    key: int
    kind: str
    clause: str
    points: Decimal
    count: int = 1
    money: Decimal = Decimal(0)
    honour: str = ""
    recommendation: str = ""


def deductions(facts: Iterable[Fact], rule: Appraisal, calendar: Workdays) -> list[Line]:
    """What the items of one closed month or quarter cost, in their order, never more than the cap."""
    lines, left = [], rule.cap
    for fact in sorted(facts, key=lambda fact: fact.key):
        line = _deduction(fact, rule, calendar)
        if line is None:
            continue
        if left is not None:
            points = max(line.points, -left)
            left += points
            line = Line(line.key, line.kind, line.clause, points, line.count)
        if line.points:
            lines.append(line)
    return lines


def _deduction(fact: Fact, rule: Appraisal, calendar: Workdays) -> Line | None:
    clause = {MONTH: "month_item", QUARTER: "quarter_item"}.get(fact.scale)
    if clause is None:
        return None
    if fact.state in MISSED:
        return Line(fact.key, UNMET, clause, -getattr(rule, clause))
    days = late_days(fact, calendar)
    return Line(fact.key, LATE, "late_day", -rule.late_day * days, days) if days else None


def late_days(fact: Fact, calendar: Workdays) -> int:
    """How many working days after its due day it was done; 0 for whatever was not done, or had no day."""
    if fact.state != "done" or not fact.due_on or not fact.done_on or fact.done_on <= fact.due_on:
        return 0
    return calendar.count_between(fact.due_on, fact.done_on)


def reward(fact: Fact, rule: Reward) -> Line | None:
    """What a reached goal brings: an item of a quarter or a year that is done, a topic that is concluded."""
    clause = {QUARTER: "quarter_item", YEAR: "year_item", TOPIC: "topic"}.get(fact.scale)
    if clause is None or fact.state != ("closed" if fact.scale == TOPIC else "done"):
        return None
    great = fact.scale != QUARTER
    line = Line(
        fact.key,
        REACHED,
        clause,
        getattr(rule, clause),
        money=rule.money if great else Decimal(0),
        honour=rule.honour if great else "",
        recommendation=rule.recommendation if great else "",
    )
    return line if line.points or line.money or line.honour or line.recommendation else None
