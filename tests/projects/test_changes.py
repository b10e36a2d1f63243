"""Carrying over, letting go, taking up again: what is left of an item, and of the figures above it."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from core.errors import NotAllowedNow
from projects.changes import carry_over, delete_item, report_row, set_state
from projects.models import Indicator, Milestone, PlanItem, ProgressEntry
from projects.progress import ReasonMissing, find_drift, report
from tests.projects.conftest import NOON, plan_of


@pytest.mark.parametrize("percent", ["0", "40", "33.333333", "66.67", "99.5"])
def test_carrying_over_leaves_the_quarter_and_the_year_exactly_as_they_were(cast, work, percent):
    report(work.august, by=cast.lin, at=NOON, percent=Decimal(percent))
    report(work.test, by=cast.wang, at=NOON, percent=Decimal(70))
    before = [plan_of(cast.studio_one, period).progress for period in ("2026-Q3", "2026", "2026-08")]

    carry_over(work.august, by=cast.chen, at=NOON, reason="设备检修")

    after = [plan_of(cast.studio_one, period).progress for period in ("2026-Q3", "2026", "2026-08")]
    assert after == before
    assert list(find_drift()) == []


def test_the_rest_goes_on_as_a_new_item_of_the_next_month_with_the_weight_that_is_left(cast, work):
    report(work.august, by=cast.lin, at=NOON, percent=Decimal(40))

    rest = carry_over(work.august, by=cast.chen, at=NOON, reason="设备检修")

    work.august.refresh_from_db()
    assert (work.august.state, work.august.reason, work.august.percent) == ("carried", "设备检修", 40)
    assert (rest.plan.period, rest.weight, rest.parent, rest.carried_from) == (
        "2026-09",
        Decimal("1.2"),
        work.quarter,
        work.august,
    )
    assert (rest.content, rest.owner, rest.due_on) == ("备件到货验收", cast.lin.person, date(2026, 9, 30))


def test_across_the_quarter_the_rest_hangs_under_no_quarter_item_unless_one_is_chosen(cast, work):
    rest = carry_over(work.test, by=cast.chen, at=NOON, reason="样品未到")

    assert (rest.plan.period, rest.parent) == ("2026-10", None)


def test_what_is_long_overdue_is_carried_into_the_month_that_runs(cast, work):
    july = PlanItem.objects.create(plan=plan_of(cast.studio_one, "2026-07"), content="七月的事")

    rest = carry_over(july, by=cast.chen, at=NOON, reason="人手不足")

    assert rest.plan.period == "2026-09"


def test_the_last_month_of_a_year_is_carried_into_the_plan_of_the_next_which_is_laid_out_for_it(cast, work):
    december = PlanItem.objects.create(plan=plan_of(cast.studio_one, "2026-12"), content="年终总结")

    rest = carry_over(december, by=cast.chen, at=NOON, reason="延到春节前")

    assert rest.plan.period == "2027-01"
    assert plan_of(cast.studio_one, "2027-01").planned == 1


def test_a_member_carries_on_what_is_left_of_his_indicator(cast, work):
    def give(name, **fields):
        return Indicator.objects.create(item=work.test, person=cast.wang.person, name=name, **fields)

    counted = give("试验组数", start=0, target=10, unit_of_measure="组")
    falling = give("残极率", start=16, target=14)
    reached = give("规程下发", kind="yes_no")
    steps = give("三步", kind="milestones")
    first, _second = (Milestone.objects.create(indicator=steps, title=title) for title in ("方案", "试验"))
    values = {counted: Decimal(4), falling: Decimal(15), reached: Decimal(1), steps: [first.pk]}
    report_row(work.test, by=cast.wang, at=NOON, values=values, token=uuid4())
    share = PlanItem.objects.get(pk=work.test.pk).share

    rest = carry_over(work.test, by=cast.chen, at=NOON, reason="样品未到")

    assert share == Decimal("0.6")  # (0.4 + 0.5 + 1 + 0.5) / 4
    assert rest.weight == Decimal("1.2")
    left = {indicator.name: indicator for indicator in rest.indicators.all()}
    assert set(left) == {"试验组数", "残极率", "三步"}
    assert (left["试验组数"].start, left["试验组数"].target) == (0, 6)
    assert (left["残极率"].start, left["残极率"].target) == (15, 14)
    assert [step.title for step in left["三步"].milestones.all()] == ["试验"]


def test_carrying_over_asks_why_happens_once_and_only_while_something_is_left(cast, work):
    with pytest.raises(ReasonMissing):
        carry_over(work.test, by=cast.chen, at=NOON, reason=" ")
    token = uuid4()
    rest = carry_over(work.test, by=cast.chen, at=NOON, reason="样品未到", token=token)

    assert carry_over(work.test, by=cast.chen, at=NOON, reason="样品未到", token=token) == rest
    with pytest.raises(NotAllowedNow):
        carry_over(work.test, by=cast.chen, at=NOON, reason="样品未到")
    report(work.study, by=cast.lin, at=NOON, percent=Decimal(100))
    with pytest.raises(NotAllowedNow):
        carry_over(work.study, by=cast.chen, at=NOON, reason="样品未到")
    assert PlanItem.objects.filter(carried_from=work.test).count() == 1


def test_what_was_let_go_is_taken_up_again_with_a_reason(cast, work):
    set_state(work.test, "cancelled", by=cast.chen, at=NOON, reason="停产")

    with pytest.raises(ReasonMissing):
        set_state(work.test, "in_progress", by=cast.chen, at=NOON)
    entry = set_state(work.test, "in_progress", by=cast.chen, at=NOON, reason="恢复生产")

    assert (entry.state_before, entry.state_after, entry.note) == ("cancelled", "in_progress", "恢复生产")


def test_what_lives_on_elsewhere_is_not_taken_up_again(cast, work):
    rest = carry_over(work.test, by=cast.chen, at=NOON, reason="样品未到")

    with pytest.raises(NotAllowedNow):
        set_state(work.test, "in_progress", by=cast.chen, at=NOON, reason="样品到了")
    set_state(rest, "cancelled", by=cast.chen, at=NOON, reason="样品到了")

    assert set_state(work.test, "in_progress", by=cast.chen, at=NOON, reason="样品到了").state_after == (
        "in_progress"
    )


def test_an_item_whose_indicators_are_all_reached_is_done_and_no_longer_if_one_falls_back(cast, work):
    indicator = Indicator.objects.create(
        item=work.test, person=cast.wang.person, name="组数", start=0, target=3
    )

    report(work.test, by=cast.wang, at=NOON, indicator=indicator, value=Decimal(3))
    assert PlanItem.objects.get(pk=work.test.pk).shown == "100"

    report(work.test, by=cast.wang, at=NOON, indicator=indicator, value=Decimal(2))
    item = PlanItem.objects.get(pk=work.test.pk)
    assert (item.state, item.shown) == ("in_progress", "66")


def test_a_sentence_about_a_done_item_leaves_it_done(cast, work):
    report(work.test, by=cast.wang, at=NOON, percent=Decimal(80))
    set_state(work.test, "done", by=cast.wang, at=NOON)

    report(work.test, by=cast.wang, at=NOON, note="记录表已归档")

    assert PlanItem.objects.get(pk=work.test.pk).state == "done"


def test_only_an_item_without_a_past_and_without_items_below_it_is_deleted(cast, work):
    report(work.test, by=cast.wang, at=NOON, percent=Decimal(10))

    for item in (work.test, work.quarter):
        with pytest.raises(NotAllowedNow):
            delete_item(item, by=cast.chen, at=NOON)
    delete_item(work.study, by=cast.chen, at=NOON)

    assert plan_of(cast.studio_one, "2026-09").planned == 1
    assert ProgressEntry.objects.count() == 1
