"""Two who decide one request, and a yes against a closing: one comes first, and nobody gets both."""

from datetime import date, timedelta

import pytest

from core.errors import NotAllowedNow
from projects import confirming, revising
from projects.models import ChangeRequest, Frozen, PlanItem
from projects.models.plan import PlanClosed
from projects.progress import add_up, find_drift
from tests.projects.conftest import plan_of
from tests.projects.test_closing_race import NOON, at_once, close

MONTHS = [f"2026-{number:02d}" for number in range(1, 7)]


@pytest.fixture
def asked(emptied_afterwards, cast):
    """A change that is asked for in each of six confirmed months."""
    made = []
    for key in MONTHS:
        plan = plan_of(cast.studio_one, key)
        item = PlanItem.objects.create(plan=plan, content="一项", due_on=plan.ends_on)
        add_up(plan)
        confirming.submit(plan, by=cast.chen, at=NOON)
        confirming.confirm(plan, by=cast.sun, at=NOON)
        item = PlanItem.objects.select_related("plan__studio__unit").get(pk=item.pk)
        wanted = revising.changed(item, {"due_on": item.due_on - timedelta(days=3)})
        made.append(revising.ask(item, wanted, by=cast.chen, at=NOON, reason="提前"))
    return made


def fresh(request):
    return ChangeRequest.objects.for_list().select_related("item__plan__studio__unit").get(pk=request.pk)


def test_of_two_who_decide_at_once_exactly_one_does(asked, cast):
    for request in asked:
        one, other = fresh(request), fresh(request)
        outcomes = at_once(
            lambda one=one: revising.approve(one, by=cast.sun, at=NOON),
            lambda other=other: revising.refuse(other, by=cast.li, at=NOON, remark="不变"),
        )
        assert sum(isinstance(outcome, ChangeRequest) for outcome in outcomes) == 1, outcomes
        assert sum(isinstance(outcome, NotAllowedNow) for outcome in outcomes) == 1, outcomes
        request.refresh_from_db()
        moved = request.item.plan.ends_on - timedelta(days=3 if request.state == "approved" else 0)
        assert PlanItem.objects.get(pk=request.item_id).due_on == moved

    approved = ChangeRequest.objects.filter(state="approved").count()
    assert Frozen.objects.baselines().count() == len(MONTHS) + approved


def test_a_yes_is_in_the_closed_month_or_refused(asked, cast):
    for request in asked:
        mine = fresh(request)
        frozen, done = at_once(
            lambda mine=mine: close(cast, mine.item),
            lambda mine=mine: revising.approve(mine, by=cast.sun, at=NOON),
        )
        assert isinstance(frozen, Frozen), frozen
        refused = isinstance(done, PlanClosed)
        assert refused or not isinstance(done, Exception), done
        (row,) = frozen.data["items"]
        request.refresh_from_db()
        day = request.item.plan.ends_on - timedelta(days=0 if refused else 3)
        assert (row["due_on"], request.state) == (day.isoformat(), "withdrawn" if refused else "approved")
        assert date.fromisoformat(row["due_on"]) == PlanItem.objects.get(pk=request.item_id).due_on

    assert list(find_drift()) == []
