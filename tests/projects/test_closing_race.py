"""Closing against closing, and closing against a late report: one comes first, and the copy knows which."""

import threading
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connections

from core.workdays import Workdays
from projects import closing
from projects.closing import LEAVE, Choice
from projects.models import Frozen, PlanItem
from projects.models.plan import PlanClosed
from projects.progress import add_up, find_drift, report
from tests.projects.conftest import plan_of

NOON = datetime(2026, 10, 9, 4, tzinfo=UTC)
MONTHS = [f"2026-{number:02d}" for number in range(1, 10)]


@pytest.fixture
def months(emptied_afterwards, cast):
    """An item in each of the nine months that are over."""
    items = [PlanItem.objects.create(plan=plan_of(cast.studio_one, key), content="一项") for key in MONTHS]
    add_up(items[0].plan)
    return items


def at_once(*acts):
    """Run the acts at the same moment; what each came to: its value, or the error."""
    barrier, outcomes = threading.Barrier(len(acts)), [None] * len(acts)

    def work(number, act):
        try:
            barrier.wait()
            outcomes[number] = act()
        except Exception as error:
            outcomes[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def close(cast, item):
    plan = plan_of(cast.studio_one, item.plan.period)
    choices = {item.pk: Choice(LEAVE, "未完成")}
    return closing.close(plan, by=cast.chen, at=NOON, calendar=Workdays(), choices=choices)


def test_of_two_who_close_at_once_exactly_one_does(months, cast):
    for item in months:
        outcomes = at_once(lambda item=item: close(cast, item), lambda item=item: close(cast, item))
        kinds = sorted(type(outcome).__name__ for outcome in outcomes)
        assert kinds == ["Frozen", "PlanClosed"], outcomes

    assert Frozen.objects.closings().count() == len(MONTHS)


def test_a_late_report_is_in_the_closed_month_or_refused(months, cast):
    for item in months:
        fresh = PlanItem.objects.select_related("plan__studio").get(pk=item.pk)
        frozen, told = at_once(
            lambda item=item: close(cast, item),
            lambda fresh=fresh: report(fresh, by=cast.lin, at=NOON, percent=Decimal(70)),
        )
        assert isinstance(frozen, Frozen), frozen
        (row,) = frozen.data["items"]
        refused = isinstance(told, PlanClosed)
        assert refused or not isinstance(told, Exception), told
        assert row["percent"] == (None if refused else "70")
        assert item.journal.filter(percent_after=70).exists() != refused

    assert list(find_drift()) == []
