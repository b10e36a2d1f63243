"""A thousand random acts by four who write at once: no figure drifts, nothing locks up."""

import random
import threading
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connections

from core.errors import NotAllowedNow
from projects.changes import carry_over, delete_item, report_row, save_items, set_state
from projects.models import Indicator, Plan, PlanItem, ProgressEntry
from projects.progress import find_drift, report, still_there
from tests.chance import seeds

WRITERS, ACTS_OF_EACH = 4, 250
NOON = datetime(2026, 5, 18, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


class Writer:
    """One of the four. Knows its own chance, so that a seed repeats the day."""

    def __init__(self, seed, studios, by):
        self.chance = random.Random(seed)
        self.studios, self.by, self.refused = studios, by, 0
        self.at = NOON

    def run(self):
        acts = [self.tell, self.tell, self.tell, self.outcome, self.carry, self.weigh, self.plan]
        acts += [self.bear, self.measure, self.delete]
        for _ in range(ACTS_OF_EACH):
            self.at += timedelta(minutes=1)
            try:
                self.chance.choice(acts)()
            except NotAllowedNow:
                self.refused += 1

    def item(self):
        items = PlanItem.objects.filter(plan__studio=self.chance.choice(self.studios))
        keys = list(items.order_by("pk").values_list("pk", flat=True))
        return still_there(items.select_related("plan__studio"), self.chance.choice(keys))

    def tell(self):
        report(self.item(), by=self.by, at=self.at, percent=Decimal(self.chance.randint(0, 100)))

    def outcome(self):
        state = self.chance.choice(["done", "undone", "cancelled", "tolerated", "in_progress", "in_progress"])
        set_state(self.item(), state, by=self.by, at=self.at, reason="检修")

    def carry(self):
        carry_over(self.item(), by=self.by, at=self.at, reason="检修")

    def weigh(self):
        item = self.item()
        weight = Decimal(self.chance.randint(1, 400)) / 100

        def weigh():
            current = still_there(PlanItem.objects, item.pk)
            current.weight = weight
            current.save(update_fields=["weight"])

        save_items(item.plan, weigh)

    def plan(self):
        parent = self.item()
        spans = [parent.plan.span, *parent.plan.span.split()]
        span = self.chance.choice(spans)
        plan = Plan.objects.get(studio=parent.plan.studio, period=span.key)
        serves = span.parent == parent.plan.span

        def add():
            above = still_there(PlanItem.objects, parent.pk) if serves else None
            PlanItem.objects.create(plan=plan, parent=above, content="新的一项")

        save_items(plan, add)

    def bear(self):
        item = self.item()

        def bear():
            current = still_there(PlanItem.objects, item.pk)
            Indicator.objects.create(item=current, person=self.by.person, name="组数", start=0, target=10)

        save_items(item.plan, bear)

    def measure(self):
        item = self.item()
        values = {row: Decimal(self.chance.randint(0, 10)) for row in item.indicators.all()}
        report_row(item, by=self.by, at=self.at, values=values, note="记一笔", token=uuid4())

    def delete(self):
        if self.chance.random() < 0.3:
            delete_item(self.item(), by=self.by, at=self.at)


@pytest.mark.parametrize("seed", seeds(20260930))
def test_a_thousand_random_acts_of_four_writers_at_once_leave_no_drift(emptied_afterwards, cast, seed):
    studios = [cast.studio_one, cast.studio_two]
    for studio in studios:
        for plan in Plan.objects.filter(studio=studio, period__in=["2026", "2026-Q2", "2026-05"]):
            PlanItem.objects.create(plan=plan, content="第一项")
    people = [cast.chen, cast.lin, cast.zhao, cast.qian]
    writers = [Writer(seed + number, studios, by) for number, by in enumerate(people)]
    failed = []

    def work(writer):
        try:
            writer.run()
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=[writer]) for writer in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert ProgressEntry.objects.count() > 100
    assert sum(writer.refused for writer in writers) < WRITERS * ACTS_OF_EACH / 2
    assert [f"{type(row).__name__} {row.pk}" for row in find_drift()] == []
