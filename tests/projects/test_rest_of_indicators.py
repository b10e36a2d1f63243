"""What is carried over or split takes with it what is left of each indicator, and a step counts as before."""

import random
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from projects.changes import carry_over
from projects.models import Indicator, Milestone, PlanItem
from projects.progress import add_up, find_drift, report
from tests.projects.conftest import NOON, plan_of

pytestmark = pytest.mark.usefixtures("september")
CRUMB = Fraction(1, 10**5)
Kind = Indicator.Kind


def number(cast, item, **fields):
    return Indicator.objects.create(item=item, person=cast.wang.person, name="指标", **fields)


def tell(cast, indicator, value):
    item = PlanItem.objects.select_related("plan").get(pk=indicator.item_id)
    report(item, by=cast.wang, at=NOON, indicator=indicator, value=Decimal(value))


@pytest.mark.parametrize(
    ("start", "target", "value", "rest"),
    [
        (0, 100, 40, (0, 60)),  # counted from nothing: what is left to count
        (0, -10, -4, (0, -6)),
        (16, 14, 15, (15, 14)),  # a level goes on from where it stands, downwards too
        (40, 100, 55, (55, 100)),
        (40, 100, 30, (40, 100)),  # it has gone the wrong way: all of it is left
    ],
)
def test_the_rest_of_a_number_goes_on_from_where_it_stands(cast, work, start, target, value, rest):
    indicator = number(cast, work.test, start=start, target=target)
    tell(cast, indicator, value)

    new = carry_over(work.test, by=cast.chen, at=NOON, reason="停产").indicators.get()

    assert (new.start, new.target, new.share, new.value) == (*rest, 0, None)


class Chances:
    """Indicators of all kinds, each brought somewhere by chance."""

    def __init__(self, seed, cast, item):
        self.chance, self.cast, self.item = random.Random(seed), cast, item

    def make(self):
        weight = Decimal(self.chance.randint(1, 500)) / 100
        kind = self.chance.choice([Kind.NUMBER, Kind.NUMBER, Kind.YES_NO, Kind.JUDGED, Kind.MILESTONES])
        start, target = self.chance.choice([(0, 50), (20, 4), (10, 90), (0, -7)])
        way = {"start": start, "target": target} if kind == Kind.NUMBER else {}
        indicator = number(self.cast, self.item, kind=kind, weight=weight, **way)
        if kind == Kind.MILESTONES:
            for step in range(self.chance.randint(1, 5)):
                Milestone.objects.create(indicator=indicator, title=f"第{step}步")
        self.move(indicator)
        return indicator

    def move(self, indicator, *, least=0):
        if indicator.kind == Kind.NUMBER:
            way = Fraction(indicator.target) - Fraction(indicator.start)
            done = Fraction(self.chance.randint(least, 8), 10)
            value = Fraction(indicator.start) + way * done
            indicator.value = Decimal(value.numerator) / Decimal(value.denominator)
        elif indicator.kind == Kind.YES_NO:
            indicator.value = self.chance.choice([0, 1])
        elif indicator.kind == Kind.JUDGED:
            indicator.value = self.chance.randint(0, 90)
        else:
            for step in indicator.milestones.all():
                if self.chance.random() < 0.4:
                    Milestone.objects.filter(pk=step.pk).update(reached_on=date(2026, 9, 9))
        indicator.save()
        return Indicator.objects.get(pk=indicator.pk)


@pytest.mark.parametrize("accepted", [False, True])
@pytest.mark.parametrize("seed", [1, 2, 3, 20260930])
def test_a_step_in_the_rest_counts_as_much_as_it_did_before(cast, work, seed, accepted):
    chances = Chances(seed, cast, work.test)
    shares = {}
    for _each in range(chances.chance.randint(2, 6)):
        indicator = chances.make()
        shares[indicator.pk] = (Fraction(indicator.weight), Indicator.objects.get(pk=indicator.pk).share)
    add_up(plan_of(cast.studio_one, "2026-09"))
    item = PlanItem.objects.get(pk=work.test.pk)
    if accepted and not item.share:
        accepted = False
    whole, weight = sum(each for each, _share in shares.values()), Fraction(item.weight)

    rest = carry_over(work.test, by=cast.chen, at=NOON, reason="停产", accepted=accepted)

    left = [(each, share) for each, share in shares.values() if share != 1]
    news = list(rest.indicators.order_by("pk"))
    assert len(news) == len(left)
    assert all(new.share == 0 for new in news)
    moved = [chances.move(new).share for new in news]
    add_up(rest.plan)
    rest.refresh_from_db()
    promised = sum(each * ((1 - share) * step) for (each, share), step in zip(left, moved, strict=True))
    assert abs(Fraction(rest.weight) * Fraction(rest.share) - weight * promised / whole) < CRUMB
    assert list(find_drift()) == []
