"""What becomes of a demo item: pure chance, weighted by how well its studio does."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from projects.models import PlanItem
from reports.demo import words

State = PlanItem.State


@dataclass(frozen=True)
class Manner:
    """How a studio works: what becomes of a hundred of its items that are due, and how fast it is."""

    on_time: int
    late: int
    carried: int
    undone: int
    left_open: int
    cancelled: int
    tolerated: int
    speed: float
    items_a_month: tuple[int, int] = (6, 8)
    activities_a_month: tuple[int, int] = (1, 3)


EXCELLENT = Manner(93, 3, 2, 0, 0, 1, 1, speed=1.25, items_a_month=(7, 9), activities_a_month=(2, 3))
GOOD = Manner(83, 8, 4, 2, 1, 1, 1, speed=1.0)
FAIR = Manner(64, 15, 8, 7, 4, 1, 1, speed=0.8, items_a_month=(5, 7), activities_a_month=(1, 2))
IN_TROUBLE = Manner(36, 18, 10, 20, 14, 1, 1, speed=0.45, items_a_month=(5, 6), activities_a_month=(0, 1))
RECTIFYING = Manner(50, 18, 10, 12, 8, 1, 1, speed=0.6, items_a_month=(5, 6), activities_a_month=(0, 2))

#: How a group of 52 is made up; larger and smaller ones likewise.
MIXTURE = [EXCELLENT] * 8 + [GOOD] * 30 + [FAIR] * 10 + [IN_TROUBLE] * 3 + [RECTIFYING]


@dataclass
class Fate:
    """Where an item stands, and the reports that brought it there: (day, percentage, state, note)."""

    state: str = State.NOT_STARTED
    percent: Decimal | None = None
    done_on: date | None = None
    reason: str = ""
    reports: list[tuple[date, Decimal, str, str]] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.state in (State.NOT_STARTED, State.IN_PROGRESS)


def of_item(chance: Random, manner: Manner, starts_on: date, due_on: date, *, on: date, carry: bool) -> Fate:
    """The fate of an item as it is known on a day. ``carry`` says whether a next month can take it up."""
    if starts_on > on:
        return Fate()
    if due_on >= on:
        return _running(chance, manner, starts_on, due_on, on)
    endings = ("on_time", "late", "carried", "undone", "left_open", "cancelled", "tolerated")
    weights = [getattr(manner, ending) for ending in endings]
    ending = chance.choices(endings, weights)[0]
    if ending == "carried" and not carry:
        ending = "late"
    return _ended(chance, ending, starts_on, due_on, on)


def _running(chance: Random, manner: Manner, starts_on: date, due_on: date, on: date) -> Fate:
    elapsed = (on - starts_on).days / max((due_on - starts_on).days, 1)
    reached = elapsed * manner.speed * chance.uniform(0.5, 1.25)
    if reached >= 0.95:
        done_on = on - timedelta(days=chance.randint(0, min(3, (on - starts_on).days)))
        return _done(chance, starts_on, done_on)
    if reached < 0.2 or chance.random() > manner.speed + 0.2:
        return Fate()
    percent = Decimal(max(int(reached * 20) * 5, 5))
    day = on - timedelta(days=chance.randint(0, min(6, (on - starts_on).days)))
    return _reported(Fate(State.IN_PROGRESS, percent), (day, percent, chance.choice(words.REPORTS[:5])))


def _ended(chance: Random, ending: str, starts_on: date, due_on: date, on: date) -> Fate:
    if ending == "on_time":
        return _done(chance, starts_on, max(starts_on, due_on - timedelta(days=chance.randint(0, 5))))
    if ending == "late":
        return _done(chance, starts_on, min(due_on + timedelta(days=chance.randint(1, 9)), on))
    percent = Decimal(chance.randrange(20, 85, 5))
    if ending == "left_open":
        fate = Fate(State.IN_PROGRESS, percent)
        return _reported(fate, (due_on - timedelta(days=2), percent, chance.choice(words.REPORTS[:5])))
    state, reasons = {
        "carried": (State.CARRIED, words.CARRIED),
        "undone": (State.UNDONE, words.UNDONE),
        "cancelled": (State.CANCELLED, words.CANCELLED),
        "tolerated": (State.TOLERATED, words.TOLERATED),
    }[ending]
    reason = chance.choice(reasons)
    return _reported(Fate(state, percent, reason=reason), (due_on, percent, reason))


def _done(chance: Random, starts_on: date, done_on: date) -> Fate:
    fate = Fate(State.DONE, Decimal(100), done_on)
    if (done_on - starts_on).days > 6 and chance.random() < 0.5:
        half_way = starts_on + (done_on - starts_on) / 2
        fate.reports.append(
            (
                half_way,
                Decimal(chance.randrange(30, 75, 5)),
                State.IN_PROGRESS,
                chance.choice(words.REPORTS[:5]),
            )
        )
    return _reported(fate, (done_on, Decimal(100), words.REPORTS[5]))


def _reported(fate: Fate, report: tuple[date, Decimal, str]) -> Fate:
    day, percent, note = report
    fate.reports.append((day, percent, fate.state, note))
    return fate


def given_up(fate: Fate, on: date, *, told: bool) -> Fate:
    """What was still open when its month was closed: not done, with the reason."""
    reason = words.UNDONE[on.month % len(words.UNDONE)]
    ended = Fate(State.UNDONE, fate.percent, reason=reason, reports=list(fate.reports))
    return _reported(ended, (on, fate.percent, reason)) if told else ended
