"""Two who hand over the same work at once: one does, the other is told to look again."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core.errors import NotAllowedNow
from projects import handing_over
from projects.models import Indicator, PlanItem
from projects.progress import add_up, find_drift, report
from tests.projects.conftest import plan_of
from tests.projects.test_closing_race import at_once

NOON = datetime(2026, 9, 18, 4, tzinfo=UTC)


@pytest.fixture
def carried(emptied_afterwards, cast):
    """王芳 has done 40 of 100 of an indicator and answers for nothing else."""
    item = PlanItem.objects.create(plan=plan_of(cast.studio_one, "2026-09"), content="试验")
    indicator = Indicator.objects.create(item=item, person=cast.wang.person, name="组数", start=0, target=100)
    report(item, by=cast.chen, at=NOON, indicator=indicator, value=Decimal(40))
    add_up(item.plan)
    return item


def leave(cast, to):
    membership = cast.studio_one.memberships.get(person=cast.wang.person)
    lines = handing_over.carried(cast.studio_one, cast.wang.person)
    told = {"on": date(2026, 9, 18), "reason": "调离", "by": cast.sun, "at": NOON}
    return lambda: handing_over.leave(membership, lines=lines, to=to, **told)


def test_of_two_who_let_a_member_go_at_once_one_hands_over(carried, cast):
    outcomes = at_once(leave(cast, cast.lin.person), leave(cast, cast.chen.person))

    assert sorted(isinstance(outcome, NotAllowedNow) for outcome in outcomes) == [False, True], outcomes
    rows = Indicator.objects.filter(item=carried).order_by("pk").values_list("target", "weight")
    assert list(rows) == [(Decimal(40), Decimal("0.4")), (Decimal(60), Decimal("0.6"))]
    assert list(find_drift()) == []
