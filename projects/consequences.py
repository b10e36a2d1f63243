"""Proposing what the house rules draw from the records, and deciding it.

Proposals are stored once; confirming writes one entry into the ledger of points. Nobody decides what falls on
himself or on his own studio.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse

from core.calendar import MONTH, QUARTER, Period
from core.errors import NotAllowedNow
from core.workdays import Workdays
from notifications.sending import tell
from projects import appraising
from projects.appraising import REACHED, TOPIC, Fact, Line
from projects.audiences import People
from projects.models import Consequence, Plan, PlanItem, PointEntry, Topic
from projects.progress import ReasonMissing
from studios.models import RuleVersion, Studio

LOOKED_BACK = timedelta(days=120)
"""Nothing that lies longer ago is proposed: what nobody asked for then is not brought up again."""


@transaction.atomic
def propose_all(*, on: date, calendar: Workdays) -> int:
    """Store what follows from the closed months and quarters and the reached goals. Safe to repeat.

    A period is judged by the version in force on its last day, a goal by that of the day it was reached.
    Returns how many proposals are new.
    """
    since = on - LOOKED_BACK
    before = Consequence.objects.count()
    rows = [*_deductions(since, calendar), *_rewards(since, on)]
    Consequence.objects.bulk_create(
        [_proposal(*row, on=on) for row in rows], ignore_conflicts=True, batch_size=500
    )
    _tell_who_decides(on)
    return Consequence.objects.count() - before


def _tell_who_decides(on: date) -> None:
    """One notice for each studio and period of which something was proposed on a day."""
    proposed = (
        Consequence.objects.waiting().filter(proposed_on=on).select_related("studio__unit", "item__plan")
    )
    counts: Counter[tuple[int, str]] = Counter()
    studios = {}
    for each in proposed:
        period = each.item.plan.period if each.item else Period.containing(on).key
        counts[each.studio_id, period] += 1
        studios[each.studio_id] = each.studio
    people = People(studios.values(), (), on=on)
    for (pk, period), count in counts.items():
        tell(
            people.find("union", studios[pk])[0],
            "consequences_proposed",
            about=studios[pk],
            url=f"{reverse('consequences')}?state=proposed&studio={pk}",
            once=f"{period}:{on}",
            params={"of_period": period, "count": count},
            on=on,
        )


def _proposal(version: RuleVersion, record, line: Line, *, on: date) -> Consequence:
    is_topic = isinstance(record, Topic)
    return Consequence(
        studio=record.studio,
        person_id=record.owner_id,
        version=version,
        clause=line.clause,
        kind=line.kind,
        item=None if is_topic else record,
        topic=record if is_topic else None,
        count=line.count,
        points=line.points,
        money=line.money,
        honour=line.honour,
        recommendation=line.recommendation,
        proposed_on=on,
    )


class _Rules:
    """The versions of one kind of rule in force on days, looked up once for each studio and day."""

    def __init__(self, kind: str) -> None:
        versions = RuleVersion.objects.filter(rule__kind=kind).exclude(settings={}).select_related("rule")
        self.kind, self.studios = kind, versions.order_by().values("rule__studio")
        self.found: dict[tuple[int, date], RuleVersion | None] = {}

    def of(self, studio: int, on: date) -> RuleVersion | None:
        if (studio, on) not in self.found:
            self.found[studio, on] = RuleVersion.objects.settled_by(studio, self.kind, on=on)
        return self.found[studio, on]


def _deductions(since: date, calendar: Workdays):
    rules = _Rules("appraisal")
    plans = Plan.objects.filter(
        studio__in=rules.studios,
        kind__in=[MONTH, QUARTER],
        state=Plan.State.CLOSED,
        ends_on__gte=since,
    )
    late = Q(state=PlanItem.State.DONE, done_on__gt=F("due_on"))
    missed = Q(state__in=appraising.MISSED)
    items = PlanItem.objects.filter(missed | late, plan__in=plans).select_related("plan__studio")
    # What was tolerated after its period was closed keeps the end that is sealed.
    items = items.filter(lesson__booked=None)
    by_plan = defaultdict(dict)
    for item in items:
        by_plan[item.plan_id][item.pk] = item
    for rows in by_plan.values():
        plan = next(iter(rows.values())).plan
        if version := rules.of(plan.studio_id, plan.ends_on):
            facts = [_fact(item) for item in rows.values()]
            for line in appraising.deductions(facts, version.kept, calendar):
                yield version, rows[line.key], line


def _rewards(since: date, on: date):
    rules = _Rules("reward")
    working = Studio.objects.active().filter(pk__in=rules.studios)
    items = PlanItem.objects.done().filter(
        plan__studio__in=working, plan__kind__in=["quarter", "year"], done_on__range=(since, on)
    )
    for item in items.exclude(consequences__kind=REACHED).select_related("plan__studio"):
        version = rules.of(item.plan.studio_id, item.done_on)
        if version and (line := appraising.reward(_fact(item), version.kept)):
            yield version, item, line
    topics = Topic.objects.filter(studio__in=working, state=Topic.State.CLOSED)
    for topic in topics.exclude(consequences__kind=REACHED).select_related("studio"):
        version = rules.of(topic.studio_id, on)
        if version and (line := appraising.reward(Fact(topic.pk, TOPIC, topic.state), version.kept)):
            yield version, topic, line


def _fact(item: PlanItem) -> Fact:
    return Fact(item.pk, item.plan.kind, item.state, item.due_on, item.done_on)


@transaction.atomic
def confirm(consequence: Consequence, *, by, at: datetime, reason: str) -> PointEntry:
    """It holds: the points go into the ledger; money and honours are recorded, not paid."""
    _decide(consequence, Consequence.State.CONFIRMED, by=by, at=at, reason=reason)
    return PointEntry.objects.create(
        studio_id=consequence.studio_id,
        person_id=consequence.person_id,
        consequence=consequence,
        points=consequence.points,
        by=by,
        at=at,
    )


@transaction.atomic
def waive(consequence: Consequence, *, by, at: datetime, reason: str) -> None:
    """It is let go, with the reason."""
    _decide(consequence, Consequence.State.WAIVED, by=by, at=at, reason=reason)


def _decide(consequence: Consequence, state: str, *, by, at: datetime, reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing
    waiting = Consequence.objects.waiting().filter(pk=consequence.pk)
    if not waiting.update(state=state, decided_by=by, decided_at=at, reason=reason.strip()):
        raise NotAllowedNow
