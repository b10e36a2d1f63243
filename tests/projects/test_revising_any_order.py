"""Requests asked, approved, refused and withdrawn in any order between reports and closings: what was frozen
stays, what was not approved does not change, and nothing drifts."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from core.errors import NotAllowedNow
from core.workdays import Workdays
from projects import closing, confirming, revising
from projects.changes import set_state
from projects.freezing import find_broken
from projects.models import ChangeRequest, Frozen, PlanItem
from projects.progress import add_up, find_drift, report
from tests.chance import seeds
from tests.projects.conftest import plan_of

MONTHS = [f"2026-{number:02d}" for number in range(1, 7)]


class Story:
    """Half a year of a studio whose months are confirmed, told by chance."""

    def __init__(self, seed, cast):
        self.chance, self.cast = random.Random(seed), cast
        self.at, self.calendar = datetime(2026, 7, 1, 4, tzinfo=UTC), Workdays()
        self.seen, self.done, self.approved = {}, 0, 0
        for period in MONTHS:
            plan = plan_of(cast.studio_one, period)
            for _each in range(self.chance.randint(2, 3)):
                PlanItem.objects.create(
                    plan=plan,
                    content="一项",
                    weight=self.weight(),
                    due_on=plan.ends_on,
                    owner=cast.wang.person,
                )
            add_up(plan)
            confirming.submit(plan, by=cast.chen, at=self.at)
            self.see(confirming.confirm(plan, by=cast.sun, at=self.at))
        self.bound = self.promised()

    def weight(self):
        return Decimal(self.chance.randint(1, 900)) / 100

    def see(self, frozen):
        self.seen[frozen.pk] = (frozen.seal, frozen.data)

    def promised(self):
        """What only a yes may change: of each item that was confirmed."""
        rows = PlanItem.objects.filter(carried_from=None).order_by("pk")
        cancelled = PlanItem.State.CANCELLED
        return {
            row.pk: (row.due_on, row.owner_id, row.weight, row.state == cancelled) for row in rows.iterator()
        }

    def item(self):
        pks = list(
            PlanItem.objects.filter(plan__period__in=MONTHS).order_by("pk").values_list("pk", flat=True)
        )
        return PlanItem.objects.select_related("plan__studio__unit").get(pk=self.chance.choice(pks))

    def asked(self):
        rows = list(ChangeRequest.objects.for_list().order_by("pk"))
        if not rows:
            raise NotAllowedNow
        waiting = [row for row in rows if row.is_open]
        return self.chance.choice(waiting if waiting and self.chance.random() < 0.8 else rows)

    def told(self, by):
        return {"by": by, "at": self.at}

    def ask(self):
        item, by = self.item(), self.cast.chen
        wanted = {
            "due_on": date(2026, 7, 1) + timedelta(days=self.chance.randint(0, 60)),
            "weight": self.weight(),
            "owner": self.cast.lin.person,
        }
        names = self.chance.sample(sorted(wanted), self.chance.randint(1, 3))
        changes = revising.changed(item, {name: wanted[name] for name in names})
        revising.ask(item, changes, reason="停产", **self.told(by))

    def let_go(self):
        state = self.chance.choice(["cancelled", "carried"])
        revising.let_go(self.item(), state, reason="停产", **self.told(self.cast.chen))

    def approve(self):
        before = Frozen.objects.baselines().count()
        request = revising.approve(self.asked(), **self.told(self.cast.sun))
        assert Frozen.objects.baselines().count() == before + 1
        self.see(request.baseline)
        self.approved += 1
        self.bound = self.promised()

    def refuse(self):
        revising.refuse(self.asked(), remark="不变", **self.told(self.cast.li))

    def withdraw(self):
        revising.withdraw(self.asked(), **self.told(self.cast.chen))

    def tell(self):
        report(self.item(), percent=Decimal(self.chance.randint(0, 99)), **self.told(self.cast.chen))

    def cancel(self):
        set_state(self.item(), "cancelled", reason="停产", **self.told(self.cast.chen))

    def close(self):
        plan = plan_of(self.cast.studio_one, self.chance.choice(MONTHS))
        carries = closing.may_carry(plan, self.cast.chen, on=self.at.date())
        left = closing.leftovers(plan)
        choices = {item.pk: closing.default_for(item, carries=carries) for item in left}
        self.see(closing.close(plan, calendar=self.calendar, choices=choices, **self.told(self.cast.chen)))
        assert not ChangeRequest.objects.open().of_plan(plan).exists()

    def run(self, acts):
        verbs = [self.ask] * 4 + [self.approve] * 3 + [self.tell] * 3
        verbs += [self.let_go, self.refuse, self.withdraw, self.cancel, self.close]
        for _act in range(acts):
            self.at += timedelta(minutes=1)
            try:
                self.chance.choice(verbs)()
                self.done += 1
            except NotAllowedNow:
                pass
            assert self.promised() == self.bound
            copies = Frozen.objects.in_bulk(self.seen)
            assert {pk: (copy.seal, copy.data) for pk, copy in copies.items()} == self.seen


@pytest.mark.parametrize("seed", seeds(3, 20260930, 77))
def test_in_any_order_only_a_yes_changes_what_was_confirmed_and_nothing_drifts(cast, seed):
    story = Story(seed, cast)

    story.run(60)

    assert story.approved > 0
    assert story.done > 20
    assert [f"{type(row).__name__} {row.pk}" for row in find_drift()] == []
    assert list(find_broken()) == []
