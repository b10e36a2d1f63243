"""Reporting progress: one entry, the item as it stands, and every sum above it."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction

from core.errors import NotAllowedNow
from projects.models import Indicator, Plan, PlanItem, ProgressEntry
from projects.progress import ReasonMissing, add_up, find_drift, report

NOON = datetime(2026, 9, 18, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def plan(studio, period):
    return Plan.objects.get(studio=studio, period=period)


@pytest.fixture
def line(cast):
    """A yearly item, its quarter item and two month items that weigh 1 and 3."""
    year = PlanItem.objects.create(plan=plan(cast.studio_one, "2026"), content="年", owner=cast.chen.person)
    quarter = PlanItem.objects.create(plan=plan(cast.studio_one, "2026-Q3"), content="季", parent=year)
    july, september = (
        PlanItem.objects.create(
            plan=plan(cast.studio_one, period), content="月", parent=quarter, weight=weight, due_on=due_on
        )
        for period, weight, due_on in [("2026-07", 1, date(2026, 7, 31)), ("2026-09", 3, date(2026, 9, 20))]
    )
    return year, quarter, july, september


def shown(studio):
    return {plan.period: plan.shown for plan in Plan.objects.filter(studio=studio) if plan.shown is not None}


def test_a_report_moves_every_figure_above_it(cast, line):
    _year, _quarter, july, september = line

    report(july, by=cast.chen, at=NOON, percent=Decimal(100))
    report(september, by=cast.chen, at=NOON, percent=Decimal(50))

    assert shown(cast.studio_one) == {
        "2026": "62",
        "2026-Q3": "62",
        "2026-07": "100",
        "2026-09": "50",
    }


def test_a_hundred_per_cent_is_done_that_day_and_on_time_if_the_due_day_is_not_over(cast, line):
    *_, july, september = line

    report(july, by=cast.chen, at=NOON, percent=Decimal(100))
    report(september, by=cast.chen, at=NOON, percent=Decimal(100))

    september.refresh_from_db()
    assert (september.state, september.done_on) == ("done", date(2026, 9, 18))
    assert plan(cast.studio_one, "2026-07").on_time == 0
    assert plan(cast.studio_one, "2026-09").on_time == 1


def test_a_report_says_from_what_to_what(cast, line):
    *_, september = line
    report(september, by=cast.chen, at=NOON, percent=Decimal(30))

    entry = report(september, by=cast.lin, at=NOON, percent=Decimal(45), note="试验数据已录入")

    assert (entry.by, entry.percent_before, entry.percent_after) == (cast.lin, Decimal(30), Decimal(45))
    assert (entry.state_before, entry.state_after, entry.note) == (
        "in_progress",
        "in_progress",
        "试验数据已录入",
    )


def test_the_same_form_sent_twice_is_one_report(cast, line):
    *_, september = line
    first = report(september, by=cast.chen, at=NOON, percent=Decimal(30))

    again = report(september, by=cast.chen, at=NOON, percent=Decimal(30), token=first.token)

    assert again == first
    assert ProgressEntry.objects.count() == 1


@pytest.mark.parametrize("state", ["undone", "carried", "cancelled", "tolerated"])
def test_whoever_lets_an_item_go_says_why(cast, line, state):
    *_, september = line

    with pytest.raises(ReasonMissing):
        report(september, by=cast.chen, at=NOON, state=state)

    assert report(september, by=cast.chen, at=NOON, state=state, reason="设备检修").state_after == state


def test_nothing_is_reported_on_what_was_let_go_or_is_made_of_other_items(cast, line):
    _year, quarter, _july, september = line
    report(september, by=cast.chen, at=NOON, state="cancelled", reason="试验取消")

    with pytest.raises(NotAllowedNow):
        report(september, by=cast.chen, at=NOON, percent=Decimal(10))
    with pytest.raises(NotAllowedNow):
        report(quarter, by=cast.chen, at=NOON, percent=Decimal(10))


def test_an_item_with_indicators_comes_to_their_weighted_mean(cast, line):
    *_, september = line
    falling = Indicator.objects.create(
        item=september, person=cast.chen.person, name="残极率", start=16, target=14, weight=3
    )
    yes_no = Indicator.objects.create(item=september, person=cast.wang.person, name="规程下发", kind="yes_no")

    report(september, by=cast.chen, at=NOON, indicator=falling, value=Decimal("15"))
    assert PlanItem.objects.get(pk=september.pk).shown == "37"

    report(september, by=cast.wang, at=NOON, indicator=yes_no, value=Decimal(1))
    assert PlanItem.objects.get(pk=september.pk).shown == "62"


def test_an_entry_of_the_journal_is_never_changed_or_deleted(cast, line):
    *_, september = line
    entry = report(september, by=cast.chen, at=NOON, percent=Decimal(30))
    mine = ProgressEntry.objects.filter(pk=entry.pk)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        mine.update(percent_after=99)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        mine._raw_delete("default")

    assert mine.get().percent_after == 30


def test_what_is_stored_is_found_out_when_it_drifts(cast, line):
    add_up(line[0].plan)
    assert list(find_drift()) == []

    Plan.objects.filter(pk=line[3].plan_id).update(planned=7)

    assert [row.period for row in find_drift()] == ["2026-09"]


@pytest.mark.parametrize("reports", [1, 3])
def test_adding_up_asks_a_fixed_number_of_queries(cast, line, reports, django_assert_num_queries):
    for number in range(reports):
        PlanItem.objects.create(plan=line[3].plan, parent=line[1], content=f"月 {number}")

    with django_assert_num_queries(15):
        add_up(line[3].plan)


def test_a_report_on_what_somebody_just_deleted_says_so(cast, line):
    *_, september = line
    PlanItem.objects.filter(pk=september.pk).delete()

    with pytest.raises(NotAllowedNow, match="已被他人删除"):
        report(september, by=cast.chen, at=NOON, percent=Decimal(30))
