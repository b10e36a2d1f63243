"""What was confirmed is changed by asking: the old holds while a request waits, a yes does exactly what was
asked and seals the next baseline."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from core import workdays
from core.errors import NotAllowedNow
from notifications.models import Notice
from projects import closing, revising
from projects.binding import Bound
from projects.changes import carry_over, delete_item, set_state
from projects.closing import CANCEL, CARRY, LEAVE, Choice
from projects.confirming import confirm, submit
from projects.freezing import against_baseline
from projects.models import ChangeRequest, Frozen, Indicator, Milestone, PlanItem
from projects.models.plan import PlanClosed
from projects.progress import ReasonMissing, add_up, find_drift, report
from projects.revising import ItemChanged, approve, ask, changed, refuse, revise, withdraw
from tests.projects.conftest import NOON, plan_of

pytestmark = pytest.mark.usefixtures("september")
LATER = datetime(2026, 10, 8, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def promised(cast, work):
    """The September of the studio of 一厂, confirmed by the contact."""
    plan = plan_of(cast.studio_one, "2026-09")
    submit(plan, by=cast.chen, at=NOON)
    confirm(plan, by=cast.sun, at=NOON)
    return work


def fresh(item):
    return PlanItem.objects.select_related("plan__studio__unit").get(pk=item.pk)


def later_due(cast, item, day=date(2026, 9, 28)):
    item = fresh(item)
    wanted = changed(item, {"due_on": day, "weight": item.weight})
    return ask(item, wanted, by=cast.chen, at=NOON, reason="外协厂停产")


def test_while_a_request_waits_the_old_holds_and_a_yes_does_exactly_what_was_asked(cast, promised):
    request = later_due(cast, promised.test)
    assert fresh(promised.test).due_on == date(2026, 9, 20)
    assert request.said == "完成时限 2026年9月20日（周日） → 2026年9月28日（周一）"

    done = approve(request, by=cast.sun, at=NOON, remark="同意")

    item = fresh(promised.test)
    assert (item.due_on, item.weight) == (date(2026, 9, 28), 3)
    assert (done.state, done.decided_by, done.baseline.number, done.baseline.is_whole) == (
        "approved",
        cast.sun,
        2,
        True,
    )
    assert done.baseline.items[item.pk]["due_on"] == "2026-09-28"
    assert against_baseline(item.plan).differences == []
    assert list(find_drift()) == []
    told = Notice.objects.filter(about=f"projects.changerequest:{request.pk}").order_by("pk")
    assert [(notice.kind, notice.recipient) for notice in told] == [
        ("change_asked", cast.sun),
        ("change_approved", cast.chen),
        ("change_approved", cast.lin),
    ]


def test_a_request_is_decided_once_with_a_reason_for_a_no_and_never_by_who_asked(cast, promised):
    request = later_due(cast, promised.test)

    with pytest.raises(NotAllowedNow):
        approve(request, by=cast.chen, at=NOON)
    with pytest.raises(ReasonMissing):
        refuse(request, by=cast.sun, at=NOON, remark=" ")
    refuse(request, by=cast.sun, at=NOON, remark="时限不变，加人")
    with pytest.raises(NotAllowedNow):
        approve(request, by=cast.li, at=NOON)

    assert fresh(promised.test).due_on == date(2026, 9, 20)
    assert Frozen.objects.baselines().count() == 1


def test_one_request_waits_for_an_item_and_it_may_be_taken_back(cast, promised):
    request = later_due(cast, promised.test)
    with pytest.raises(NotAllowedNow, match="已有"):
        later_due(cast, promised.test)

    withdraw(request, by=cast.chen, at=NOON)

    assert later_due(cast, promised.test, day=date(2026, 9, 29)).is_open
    with pytest.raises(NotAllowedNow):
        approve(request, by=cast.sun, at=NOON)


def test_nothing_is_asked_of_a_plan_that_is_not_confirmed_nor_without_a_reason(cast, work, promised):
    with pytest.raises(NotAllowedNow):
        ask(fresh(work.august), {"due_on": [None, "2026-08-30"]}, by=cast.chen, at=NOON, reason="停产")
    with pytest.raises(ReasonMissing):
        ask(fresh(work.test), {"due_on": ["2026-09-20", "2026-09-30"]}, by=cast.chen, at=NOON, reason=" ")
    with pytest.raises(NotAllowedNow):
        ask(fresh(work.test), {}, by=cast.chen, at=NOON, reason="停产")


def test_what_changed_after_it_was_asked_for_is_not_overwritten(cast, promised):
    request = later_due(cast, promised.test)
    item = fresh(promised.test)
    revise([(item, changed(item, {"due_on": date(2026, 9, 25)}))], by=cast.li, at=NOON, reason="统一顺延")

    with pytest.raises(ItemChanged):
        approve(request, by=cast.sun, at=NOON)

    request.refresh_from_db()
    assert request.is_open
    assert revising.drifted(ChangeRequest.objects.for_list().get(pk=request.pk)) == {
        "due_on": "2026年9月25日（周五）"
    }
    assert fresh(promised.test).due_on == date(2026, 9, 25)


def test_wording_that_changed_meanwhile_is_no_hindrance(cast, promised):
    request = later_due(cast, promised.test)
    item = fresh(promised.test)
    item.content = "完成4组单因素试验"
    item.save_if_unchanged(seen=item.version, fields=["content"])

    approve(request, by=cast.sun, at=NOON)

    assert (fresh(item).content, fresh(item).due_on) == ("完成4组单因素试验", date(2026, 9, 28))


def test_the_person_responsible_and_the_weight_move_together_and_the_figures_follow(cast, promised):
    report(promised.test, by=cast.wang, at=NOON, percent=Decimal(50))
    item = fresh(promised.test)
    wanted = changed(item, {"owner": cast.lin.person, "weight": Decimal("1.5")})

    approve(ask(item, wanted, by=cast.chen, at=NOON, reason="王芳借调"), by=cast.sun, at=NOON)

    assert (fresh(item).owner, fresh(item).weight) == (cast.lin.person, Decimal("1.5"))
    # 1.5 x 50 % of 1.5 and 1.
    assert plan_of(cast.studio_one, "2026-09").shown == "30"
    assert list(find_drift()) == []
    assert "王芳 → 林小雨" in ChangeRequest.objects.get().said


def test_an_indicator_gets_its_new_target_and_milestones_keep_what_was_reached(cast, promised):
    item = fresh(promised.test)
    number = Indicator.objects.create(item=item, person=cast.wang.person, name="组数", start=0, target=8)
    steps = Indicator.objects.create(item=item, person=cast.lin.person, name="步骤", kind="milestones")
    Milestone.objects.create(indicator=steps, title="方案", reached_on=date(2026, 9, 10))
    Milestone.objects.create(indicator=steps, title="试验")
    report(item, by=cast.wang, at=NOON, indicator=number, value=Decimal(3))

    request = ask(
        item, changed(number, {"target": Decimal(6)}), by=cast.chen, at=NOON, reason="减产", indicator=number
    )
    approve(request, by=cast.sun, at=NOON)
    revise(
        [(item, {"steps": ["方案\n试验", "方案\n复验"]})],
        by=cast.sun,
        at=NOON,
        reason="减产",
        indicator=steps,
    )

    number.refresh_from_db()
    assert (number.target, number.value) == (6, 3)
    assert [(row.title, row.reached_on) for row in steps.milestones.all()] == [
        ("方案", date(2026, 9, 10)),
        ("复验", None),
    ]
    assert list(find_drift()) == []


def test_a_change_that_no_longer_fits_is_refused_with_the_reason(cast, promised):
    request = later_due(cast, promised.test, day=date(2026, 9, 21))
    PlanItem.objects.filter(pk=promised.test.pk).update(due_on=None, starts_on=date(2026, 9, 24))
    PlanItem.objects.filter(pk=promised.test.pk).update(due_on=None)
    ChangeRequest.objects.update(changes={"due_on": [None, "2026-09-21"]})

    with pytest.raises(NotAllowedNow, match="完成时限早于开始"):
        approve(request, by=cast.sun, at=NOON)


def test_the_lead_cancels_nothing_that_was_confirmed_and_carries_nothing_out_of_the_quarter(cast, promised):
    with pytest.raises(Bound):
        set_state(promised.test, "cancelled", by=cast.chen, at=NOON, reason="停产")
    with pytest.raises(Bound):
        carry_over(promised.test, by=cast.chen, at=NOON, reason="停产")
    with pytest.raises(NotAllowedNow, match="已确认"):
        delete_item(fresh(promised.study), by=cast.sun, at=NOON)
    added = PlanItem.objects.create(plan=promised.test.plan, content="写错的一项")
    delete_item(fresh(added), by=cast.chen, at=NOON)

    asked = revising.let_go(fresh(promised.test), "cancelled", by=cast.chen, at=NOON, reason="停产")
    assert asked.said == "状态 未开始 → 取消"
    approve(asked, by=cast.sun, at=NOON)
    assert (fresh(promised.test).state, fresh(promised.test).reason) == ("cancelled", "停产")
    assert list(find_drift()) == []


def test_what_is_free_goes_its_ordinary_way(cast, work):
    assert revising.let_go(fresh(work.test), "cancelled", by=cast.chen, at=NOON, reason="停产") is None
    assert revising.let_go(fresh(work.test), "carried", by=cast.chen, at=NOON, reason="停产") is None


def test_the_rest_goes_into_the_next_quarter_by_the_unions_yes_and_weighs_what_is_left(cast, promised):
    report(promised.test, by=cast.wang, at=NOON, percent=Decimal(40))

    asked = revising.let_go(fresh(promised.test), "carried", by=cast.chen, at=NOON, reason="停产")
    assert asked.said == "顺延至 2026年9月 → 2026年10月"
    approve(asked, by=cast.sun, at=NOON)

    rest = PlanItem.objects.get(carried_from=promised.test)
    assert (rest.plan.period, rest.weight, fresh(promised.test).state) == (
        "2026-10",
        Decimal("1.8"),
        "carried",
    )
    assert list(find_drift()) == []


def test_who_may_decide_changes_many_at_once_and_one_baseline_is_sealed(cast, promised):
    items = [fresh(promised.test), fresh(promised.study)]

    made = revise(
        [(item, changed(item, {"due_on": date(2026, 9, 30)})) for item in items],
        by=cast.li,
        at=NOON,
        reason="国庆前统一完成",
    )

    assert [(each.state, each.asked_by, each.decided_by) for each in made] == [
        ("approved", cast.li, cast.li),
        ("approved", cast.li, cast.li),
    ]
    assert Frozen.objects.baselines().count() == 2
    assert {fresh(item).due_on for item in items} == {date(2026, 9, 30)}


def close(plan, by, choices, at=LATER):
    return closing.close(plan, by=by, at=at, calendar=workdays.load(), choices=choices)


def test_at_the_end_of_a_quarter_only_the_union_carries_over_and_its_yes_is_kept(cast, promised):
    plan = plan_of(cast.studio_one, "2026-09")
    left = closing.leftovers(plan)
    on = LATER.date()
    assert not closing.may_carry(plan, cast.chen, on=on)
    assert closing.may_carry(plan, cast.sun, on=on)
    assert closing.offered(left[0], cast.chen, carries=False) == ["leave"]
    with pytest.raises(Bound):
        close(plan, cast.chen, {item.pk: Choice(CARRY) for item in left})
    with pytest.raises(Bound):
        close(plan, cast.chen, {item.pk: Choice(CANCEL, "停产") for item in left})

    close(plan, cast.sun, {promised.test.pk: Choice(CARRY), promised.study.pk: Choice(CANCEL, "停办")})

    kept = ChangeRequest.objects.order_by("item")
    assert [(each.item, each.state, each.asked_by) for each in kept] == [
        (promised.test, "approved", cast.sun),
        (promised.study, "approved", cast.sun),
    ]
    assert PlanItem.objects.get(carried_from=promised.test).plan.period == "2026-10"


def test_the_calendar_leaves_undone_what_nobody_let_out_of_the_quarter_and_no_weight_is_lost(cast, promised):
    request = later_due(cast, promised.test)
    weight = promised.test.weight

    assert closing.close_due(on=date(2026, 10, 13), at=LATER, calendar=workdays.load()) == 1

    item = fresh(promised.test)
    assert (item.state, item.weight, item.carried_to.exists()) == ("undone", weight, False)
    request.refresh_from_db()
    assert (request.state, request.has_lapsed, request.word) == ("withdrawn", True, "失效")
    with pytest.raises(PlanClosed):
        approve(request, by=cast.sun, at=LATER)
    assert list(find_drift()) == []


def test_the_calendar_carries_over_within_a_quarter_as_ever(cast, work):
    plan = plan_of(cast.studio_one, "2026-08")
    submit(plan, by=cast.chen, at=NOON)
    confirm(plan, by=cast.sun, at=NOON)

    closing.close_due(
        on=date(2026, 9, 8), at=datetime(2026, 9, 8, 4, tzinfo=NOON.tzinfo), calendar=workdays.load()
    )

    assert PlanItem.objects.get(carried_from=work.august).plan.period == "2026-09"


def test_a_plan_that_was_reopened_without_ever_being_confirmed_has_no_baseline(cast, work):
    plan = plan_of(cast.studio_one, "2026-08")
    august = datetime(2026, 9, 2, 12, tzinfo=NOON.tzinfo)
    close(plan, cast.chen, {work.august.pk: Choice(LEAVE, "未到货")}, at=august)
    closing.reopen(plan, by=cast.sun, at=NOON, reason="补录", until=date(2026, 9, 30))
    item = fresh(work.august)

    request = ask(item, changed(item, {"weight": Decimal(1)}), by=cast.chen, at=NOON, reason="补录")
    assert approve(request, by=cast.sun, at=NOON).baseline is None

    add_up(item.plan)
    assert fresh(item).weight == 1
