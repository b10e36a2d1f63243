"""Whatever order months are closed, reopened, carried, split and cancelled in: no frozen figure ever changes,
no weight is lost or won, and nothing drifts."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from core.errors import NotAllowedNow
from core.workdays import Workdays
from projects import closing, lessons
from projects.changes import carry_over, set_state
from projects.closing import CANCEL, CARRY, DONE, LEAVE, SPLIT, TOLERATE, Choice
from projects.freezing import find_broken
from projects.models import Frozen, Indicator, PlanItem
from projects.progress import add_up, find_drift, report
from tests.chance import seeds
from tests.projects.conftest import plan_of

CRUMB = Fraction(1, 10**11)


class Story:
    """A studio's first half of the year, told by chance; ``seen`` are the figures once frozen."""

    def __init__(self, seed, cast):
        self.chance = random.Random(seed)
        self.cast, self.at = cast, datetime(2026, 7, 1, 4, tzinfo=UTC)
        self.calendar = Workdays()
        self.seen, self.done, self.refused = {}, 0, 0
        year = self.put("2026", None)
        for number in (1, 2):
            quarter = self.put(f"2026-Q{number}", year)
            for month in range(3 * number - 2, 3 * number + 1):
                for _item in range(self.chance.randint(1, 3)):
                    item = self.put(f"2026-{month:02d}", quarter)
                    if self.chance.random() < 0.3:
                        Indicator.objects.create(
                            item=item, person=cast.wang.person, name="组数", start=0, target=7
                        )
        add_up(year.plan)

    def put(self, period, parent):
        weight = Decimal(self.chance.randint(1, 900)) / 100
        plan = plan_of(self.cast.studio_one, period)
        return PlanItem.objects.create(plan=plan, parent=parent, content="一项", weight=weight)

    def month(self):
        return plan_of(self.cast.studio_one, f"2026-{self.chance.randint(1, 6):02d}")

    def item(self):
        pks = PlanItem.objects.filter(plan__kind="month").order_by("pk").values_list("pk", flat=True)
        return PlanItem.objects.select_related("plan__studio").get(pk=self.chance.choice(list(pks)))

    def tell(self):
        item = self.item()
        if indicator := item.indicators.first():
            value = Decimal(self.chance.randint(0, 7))
            report(item, by=self.cast.chen, at=self.at, indicator=indicator, value=value)
        else:
            percent = Decimal(self.chance.randint(0, 10000)) / 100
            report(item, by=self.cast.chen, at=self.at, percent=percent)

    def end(self):
        state = self.chance.choice(["done", "undone", "cancelled", "tolerated", "in_progress"])
        set_state(self.item(), state, by=self.cast.sun, at=self.at, reason="检修")

    def carry(self):
        item = self.item()
        before, accepted = Fraction(item.weight), self.chance.random() < 0.4
        rest = carry_over(item, by=self.cast.chen, at=self.at, reason="检修", accepted=accepted)
        item.refresh_from_db()
        self.conserved(before, item, rest)

    def conserved(self, before, item, rest):
        kept = Fraction(item.weight) * (1 if item.state == "done" else item.own_share)
        assert abs(kept + Fraction(rest.weight) - before) < CRUMB

    def choose(self, item):
        acts = [CARRY, CARRY, LEAVE, CANCEL, TOLERATE]
        if item.share and not item.complete:
            acts.append(SPLIT)
        act = DONE if item.complete else self.chance.choice(acts)
        if act == TOLERATE:
            known = lessons.of(item)
            texts = lessons.Texts("试了三组", "排除一类药剂", "夏季再试")
            lessons.propose(item, texts, by=self.cast.chen, at=self.at, seen=known.version if known else 0)
        return Choice(act, "检修")

    def close(self):
        plan = self.month()
        quarter = plan_of(self.cast.studio_one, plan.span.parent.key)
        left = closing.leftovers(plan)
        choices = {item.pk: self.choose(item) for item in left}
        frozen = closing.close(plan, by=self.cast.chen, at=self.at, calendar=self.calendar, choices=choices)
        self.seen[frozen.pk] = (frozen.seal, frozen.progress, frozen.shown)
        for old in left:
            item = PlanItem.objects.get(pk=old.pk)
            if choices[old.pk].act in (CARRY, SPLIT):
                self.conserved(Fraction(old.weight), item, item.carried_to.latest("pk"))
        stays = all(choice.act in (LEAVE,) for choice in choices.values())
        if stays:
            assert plan_of(self.cast.studio_one, quarter.period).progress == quarter.progress

    def reopen(self):
        until = date(2026, 7, 20)
        closing.reopen(self.month(), by=self.cast.sun, at=self.at, reason="补录", until=until)

    @property
    def verbs(self):
        return [self.tell, self.tell, self.tell, self.end, self.carry, self.close, self.close, self.reopen]

    def run(self, acts):
        for _act in range(acts):
            self.at += timedelta(minutes=1)
            try:
                self.chance.choice(self.verbs)()
                self.done += 1
            except NotAllowedNow:
                self.refused += 1
            self.nothing_frozen_has_changed()

    def nothing_frozen_has_changed(self):
        copies = Frozen.objects.in_bulk(self.seen)
        assert {pk: (copy.seal, copy.progress, copy.shown) for pk, copy in copies.items()} == self.seen


@pytest.mark.parametrize("seed", seeds(1, 20260930, 77))
def test_in_any_order_no_frozen_figure_changes_no_weight_is_lost_and_nothing_drifts(cast, seed):
    story = Story(seed, cast)

    story.run(70)

    assert len(story.seen) > 3
    assert story.done > 15
    assert [f"{type(row).__name__} {row.pk}" for row in find_drift()] == []
    assert list(find_broken()) == []
