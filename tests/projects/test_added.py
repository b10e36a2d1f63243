"""What is added after the confirmation is shown as that, and moves nothing of what was promised."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from projects import freezing
from projects.changes import delete_item, save_items, set_state
from projects.confirming import confirm, submit
from projects.freezing import against_baseline, compared
from projects.models import Frozen, Indicator, PlanItem
from projects.progress import report
from projects.revising import approve, ask, changed, revise
from tests.projects.conftest import NOON, plan_of

pytestmark = pytest.mark.usefixtures("september")


@pytest.fixture
def promised(cast, work):
    """September is confirmed: the tests (weight 3, an indicator of 王芳 from 0 to 10) and the study (1)."""
    work.groups = Indicator.objects.create(
        item=work.test, person=cast.wang.person, name="试验组数", start=0, target=10
    )
    plan = plan_of(cast.studio_one, "2026-09")
    submit(plan, by=cast.chen, at=NOON)
    confirm(plan, by=cast.sun, at=NOON)
    report(work.test, by=cast.wang, at=NOON, indicator=work.groups, value=Decimal(4))
    return work


def september(cast):
    return plan_of(cast.studio_one, "2026-09")


def achieved(cast):
    return against_baseline(september(cast)).achieved


def put(cast, content="看三段录像", **fields):
    """A lead adds an item, which is free, and does it at once."""
    item = PlanItem(plan=september(cast), content=content, **fields)
    save_items(item.plan, item.save)
    set_state(item, "done", by=cast.chen, at=NOON)
    return PlanItem.objects.select_related("plan__studio__unit").get(pk=item.pk)


def added_indicator(cast, item, value=None, **fields):
    row = Indicator(item=item, person=cast.lin.person, name="到场次数", start=0, target=1, **fields)
    save_items(september(cast), row.save)
    if value is not None:
        report(item, by=cast.lin, at=NOON, indicator=row, value=Decimal(value))
    return row


def other_change(cast, item):
    """The union approves a later day for something else, which seals the next baseline."""
    item = PlanItem.objects.select_related("plan__studio__unit").get(pk=item.pk)
    request = ask(
        item, changed(item, {"due_on": date(2026, 9, 28)}), by=cast.chen, at=NOON, reason="外协停产"
    )
    return approve(request, by=cast.sun, at=NOON).baseline


def rows(plan):
    return [(row.content, row.before is None, row.changes) for row in against_baseline(plan).differences]


def test_items_that_are_added_and_done_move_the_progress_and_not_the_achievement(cast, promised):
    # 3 x 4/10 of 3 and 1.
    assert (achieved(cast), september(cast).shown) == ("30", "30")

    put(cast, weight=6)

    assert (achieved(cast), september(cast).shown) == ("30", "72")
    assert rows(september(cast)) == [("看三段录像", True, ())]


def test_a_change_of_something_else_makes_no_promise_of_what_was_added(cast, promised):
    added = put(cast, weight=6)
    baseline = other_change(cast, promised.study)

    assert baseline.number == 2
    assert (achieved(cast), september(cast).shown) == ("30", "72")
    assert rows(september(cast)) == [("看三段录像", True, ())]
    # Between the two copies both are said: the new day, and what was added.
    first = Frozen.objects.baselines().get(number=1)
    assert [(row.content, row.before is None) for row in compared(first, baseline)] == [
        ("学习QC七种工具", False),
        ("看三段录像", True),
    ]
    assert [row["content"] for row in baseline.promised.values()] == ["完成3组单因素试验", "学习QC七种工具"]
    assert baseline.is_whole
    third = revise([(added, changed(added, {"weight": Decimal(9)}))], by=cast.sun, at=NOON, reason="加量")
    assert third[0].baseline.items[added.pk]["added"] is True
    assert achieved(cast) == "30"


def test_what_was_added_is_taken_away_again_although_something_else_was_sealed(cast, promised):
    item = PlanItem(plan=september(cast), content="参观兄弟厂", weight=2)
    save_items(item.plan, item.save)
    other_change(cast, promised.study)

    delete_item(item, by=cast.chen, at=NOON)

    assert rows(september(cast)) == []


@pytest.mark.parametrize("sealed", [False, True])
def test_an_indicator_that_is_added_and_reached_moves_the_progress_and_not_the_achievement(
    cast, promised, sealed
):
    added_indicator(cast, promised.test, value=1)
    if sealed:
        other_change(cast, promised.study)

    # 3 x (4/10 + 1)/2 of 4 of the plan, still 3 x 4/10 of 4 of what was confirmed.
    assert (achieved(cast), september(cast).shown) == ("30", "52")
    assert rows(september(cast)) == [
        (
            "完成3组单因素试验",
            False,
            (("新增指标到场次数", "", "林小雨 · 1"),),
        )
    ]


def test_an_indicator_that_is_added_and_not_reached_takes_nothing_from_the_achievement(cast, promised):
    added_indicator(cast, promised.test)
    report(promised.test, by=cast.wang, at=NOON, indicator=promised.groups, value=Decimal(10))

    # The tests that were promised are done, 3 of 4; the plan waits for the added indicator.
    assert (achieved(cast), september(cast).shown) == ("75", "37")
    set_state(promised.study, "done", by=cast.chen, at=NOON)
    assert achieved(cast) == "100"


def test_what_was_confirmed_without_an_indicator_keeps_what_was_typed_on_it(cast, promised):
    report(promised.study, by=cast.lin, at=NOON, percent=Decimal(60))
    # 3 x 4/10 and 60 % of 1.
    assert (achieved(cast), september(cast).shown) == ("45", "45")

    added_indicator(cast, promised.study)

    assert (achieved(cast), september(cast).shown) == ("45", "30")


def test_what_an_indicator_alone_measures_counts_with_it(cast, promised):
    """Confirmed without an indicator, and nothing was ever typed: what is carried by a member since is all
    there is."""
    row = added_indicator(cast, promised.study, weight=2)
    Indicator.objects.create(item=promised.study, person=cast.wang.person, name="笔记", start=0, target=1)
    report(promised.study, by=cast.lin, at=NOON, indicator=row, value=Decimal(1))

    # 3 x 4/10 and 2/3 of 1.
    assert achieved(cast) == "46"


def test_the_pages_mark_what_was_added(cast, sign_in, promised):
    put(cast, weight=6)
    added_indicator(cast, promised.test)
    baseline = other_change(cast, promised.study)
    address = reverse("plan-versions", args=[cast.studio_one.pk, "2026-09"])

    page = sign_in(cast.chen).get(f"{address}?copy={baseline.pk}").content.decode()

    against = page[page.index('id="against"') : page.index('id="differences"')]
    assert "<ins>看三段录像</ins>" in against
    assert "新增指标到场次数" in against
    assert "30%" in against
    copy = page[page.index('id="copy"') : page.index('id="against"')]
    assert copy.count("<span>新增</span>") == 1
    assert copy.count("（新增）") == 1


def test_achievement_costs_three_queries_however_long_the_plan(cast, promised, django_assert_num_queries):
    baseline = other_change(cast, promised.study)
    for count in (1, 5):
        for number in range(count):
            added_indicator(cast, put(cast, content=f"第{count}{number}项"))
        with django_assert_num_queries(3):
            assert freezing.achieved(baseline) == "30"
