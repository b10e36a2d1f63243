"""Handing a plan in, giving it back, confirming it: the baseline is frozen, and nothing else changes."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from core.errors import NotAllowedNow
from notifications.models import Notice
from projects.changes import carry_over, set_state
from projects.confirming import confirm, give_back, submit
from projects.freezing import against_baseline
from projects.models import Frozen, Indicator, PlanItem
from projects.plan_checks import warnings
from projects.progress import ReasonMissing, add_up, report
from tests.projects.conftest import NOON, plan_of

pytestmark = pytest.mark.usefixtures("september")


def october(cast, **fields):
    plan = plan_of(cast.studio_one, "2026-10")
    item = PlanItem.objects.create(plan=plan, content="组织正交试验", **fields)
    plan.refresh_from_db()
    return plan, item


def test_a_plan_is_handed_in_and_confirmed_once_and_its_baseline_is_sealed(cast):
    plan, item = october(cast, weight=3, owner=cast.wang.person, due_on=date(2026, 10, 20))

    submit(plan, by=cast.chen, at=NOON)
    baseline = confirm(plan, by=cast.sun, at=NOON)

    assert (plan.state, baseline.kind, baseline.number, baseline.is_whole) == (
        "confirmed",
        "baseline",
        1,
        True,
    )
    (row,) = baseline.data["items"]
    assert (row["id"], row["weight"], row["owner"], row["due_on"]) == (item.pk, "3", "王芳", "2026-10-20")
    with pytest.raises(NotAllowedNow):
        confirm(plan_of(cast.studio_one, "2026-10"), by=cast.li, at=NOON)
    with pytest.raises(NotAllowedNow):
        submit(plan_of(cast.studio_one, "2026-10"), by=cast.chen, at=NOON)


def test_two_who_decide_at_once_are_told_apart(cast):
    plan, _item = october(cast)
    submit(plan, by=cast.chen, at=NOON)
    one, other = plan_of(cast.studio_one, "2026-10"), plan_of(cast.studio_one, "2026-10")

    confirm(one, by=cast.sun, at=NOON)

    with pytest.raises(NotAllowedNow):
        give_back(other, by=cast.li, at=NOON, note="请补充")
    assert Frozen.objects.count() == 1


def test_an_empty_plan_is_not_handed_in(cast):
    with pytest.raises(NotAllowedNow, match="计划还是空的"):
        submit(plan_of(cast.studio_one, "2026-10"), by=cast.chen, at=NOON)


def test_a_plan_is_returned_with_remarks_at_its_items_and_handed_in_again(cast):
    plan, item = october(cast)
    submit(plan, by=cast.chen, at=NOON)

    with pytest.raises(ReasonMissing):
        give_back(plan, by=cast.sun, at=NOON, note=" ")
    give_back(plan, by=cast.sun, at=NOON, note="", remarks={item.pk: "写明组数", 999999: "别家的"})

    plan = plan_of(cast.studio_one, "2026-10")
    assert plan.state == "draft"
    assert [(each.item, each.text) for each in plan.steps.first().remarks.all()] == [(item, "写明组数")]
    submit(plan, by=cast.chen, at=NOON)
    told = Notice.objects.filter(about=f"projects.plan:{plan.pk}").order_by("pk")
    assert [(notice.kind, notice.recipient) for notice in told] == [
        ("plan_submitted", cast.sun),
        ("plan_returned", cast.chen),
        ("plan_returned", cast.lin),
        ("plan_submitted", cast.sun),
    ]


def test_what_is_vague_or_lopsided_is_said_before_the_plan_is_handed_in():
    def item(**fields):
        item = PlanItem(pk=fields.pop("pk", 1), content="推进研究", **fields)
        item._prefetched_objects_cache = {"indicators": []}
        return item

    last = date(2026, 10, 31)
    found = warnings(
        [item(pk=pk, owner_name="王芳", due_on=last) for pk in range(1, 6)],
        ends_on=last,
        without_indicator=["林小雨"],
    )

    assert [(each.sentence, len(each.items), each.people) for each in found] == [
        ("没有数字，也没有指标", 5, ()),
        ("所有计划项都在最后一天到期", 5, ()),
        ("5项中有5项由王芳一人负责", 5, ()),
        ("还没有指标的成员", 0, ("林小雨",)),
    ]
    missing = warnings([item()], ends_on=last, without_indicator=[])
    assert [each.sentence for each in missing] == ["没有责任人", "没有数字，也没有指标", "没有完成时限"]
    clear = [item(pk=7, owner_name="王芳", due_on=date(2026, 10, 9), done_when="3组记录")]
    assert warnings(clear, ends_on=last, without_indicator=[]) == []


def test_the_lead_sees_the_warnings_and_hands_in_and_the_contact_returns_it_with_a_remark(sign_in, cast):
    plan, item = october(cast)
    add_up(plan)
    page = sign_in(cast.chen).get(reverse("month", args=[cast.studio_one.pk, "2026-10"]))
    submit_url = reverse("plan-submit", args=[cast.studio_one.pk, "2026-10"])
    assert submit_url in page.content.decode()
    page = sign_in(cast.chen).get(submit_url).content.decode()
    assert "没有责任人" in page
    assert reverse("item-edit", args=[item.pk]) in page
    sign_in(cast.chen).post(submit_url)

    decide = reverse("plan-decide", args=[cast.studio_one.pk, "2026-10"])
    refused = sign_in(cast.sun).post(decide, {"act": "return"})
    assert refused.status_code == 422
    sign_in(cast.sun).post(decide, {"act": "return", f"remark-{item.pk}": "谁来做？"})

    page = sign_in(cast.chen).get(reverse("month", args=[cast.studio_one.pk, "2026-10"])).content.decode()
    assert "谁来做？" in page
    assert plan_of(cast.studio_one, "2026-10").state == "draft"


def test_nobody_confirms_the_plan_of_the_studio_he_leads_himself(sign_in, cast):
    from members.models import Role
    from tests.conftest import grant

    plan, _item = october(cast)
    submit(plan, by=cast.chen, at=NOON)
    grant(cast.chen, Role.UNIT_CONTACT, cast.plant_one)

    answer = sign_in(cast.chen).post(
        reverse("plan-decide", args=[cast.studio_one.pk, "2026-10"]), {"act": "confirm"}
    )

    assert answer.status_code == 403


def test_an_indicator_of_the_plan_stands_in_its_baseline(cast):
    plan, item = october(cast)
    Indicator.objects.create(
        item=item, person=cast.wang.person, name="试验组数", start=0, target=9, unit_of_measure="组"
    )
    submit(plan, by=cast.chen, at=NOON)

    (row,) = confirm(plan, by=cast.sun, at=NOON).data["items"]

    assert row["indicators"][0] | {"id": 0} == {
        "id": 0,
        "person": "王芳",
        "name": "试验组数",
        "kind": "number",
        "start": "0",
        "target": "9",
        "value": None,
        "unit": "组",
        "weight": "1",
        "share": "0.000000000000",
        "milestones": [],
    }


def test_the_plan_stands_beside_its_baseline_and_achievement_apart_from_progress(sign_in, cast):
    plan, item = october(cast, weight=3, due_on=date(2026, 10, 20))
    gone = PlanItem.objects.create(plan=plan, content="不再做的", weight=1)
    submit(plan, by=cast.chen, at=NOON)
    confirm(plan, by=cast.sun, at=NOON)
    report(item, by=cast.chen, at=NOON, percent=Decimal(40))
    set_state(gone, "cancelled", by=cast.sun, at=NOON, reason="停产")
    PlanItem.objects.filter(pk=item.pk).update(due_on=date(2026, 10, 30))
    PlanItem.objects.create(plan=plan, content="新加的", weight=1)
    add_up(plan)

    against = against_baseline(plan_of(cast.studio_one, "2026-10"))

    # 3 x 40 % of the 4 that were confirmed.
    assert against.achieved == "30"
    assert [(row.content, row.changes, row.before is None) for row in against.differences] == [
        ("组织正交试验", (("完成时限", "2026-10-20", "2026-10-30"),), False),
        ("不再做的", (("状态", "", "取消"),), False),
        ("新加的", (), True),
    ]
    page = sign_in(cast.chen).get(reverse("plan-versions", args=[cast.studio_one.pk, "2026-10"]))
    assert "<del>2026-10-20</del>" in page.content.decode()


def test_what_was_tolerated_is_left_out_of_the_achievement(cast):
    plan, item = october(cast, weight=3)
    other = PlanItem.objects.create(plan=plan, content="另一项", weight=1)
    submit(plan, by=cast.chen, at=NOON)
    confirm(plan, by=cast.sun, at=NOON)
    set_state(other, "done", by=cast.chen, at=NOON)
    set_state(item, "tolerated", by=cast.sun, at=NOON, reason="试验失败，教训已记")

    assert against_baseline(plan_of(cast.studio_one, "2026-10")).achieved == "100"


def test_of_an_item_that_was_split_only_what_was_accepted_is_achieved(cast):
    plan, item = october(cast, weight=3)
    submit(plan, by=cast.chen, at=NOON)
    confirm(plan, by=cast.sun, at=NOON)
    report(item, by=cast.chen, at=NOON, percent=Decimal(40))
    carry_over(item, by=cast.chen, at=NOON, reason="设备检修", into=item.plan.span.next, accepted=True)

    assert against_baseline(plan_of(cast.studio_one, "2026-10")).achieved == "40"


def test_what_the_studio_changes_while_the_plan_is_read_is_not_confirmed_unread(sign_in, cast):
    plan, item = october(cast, weight=3, due_on=date(2026, 10, 20))
    indicator = Indicator.objects.create(
        item=item, person=cast.wang.person, name="试验组数", start=0, target=9
    )
    submit(plan, by=cast.chen, at=NOON)
    decide = reverse("plan-decide", args=[cast.studio_one.pk, "2026-10"])
    read = sign_in(cast.sun).get(decide).context["seen"]

    indicator.target = 1
    indicator.save_if_unchanged(seen=1, fields=["target"])
    note = "按此执行"
    answer = sign_in(cast.sun).post(decide, {"act": "confirm", "seen": read, "note": note})

    assert answer.status_code == 422
    assert "请再看一遍" in answer.content.decode()
    assert note in answer.content.decode()
    assert plan_of(cast.studio_one, "2026-10").state == "submitted"
    assert not Frozen.objects.exists()
    sign_in(cast.sun).post(decide, {"act": "confirm", "seen": answer.context["seen"]})
    (row,) = Frozen.objects.get().data["items"]
    assert row["indicators"][0]["target"] == "1"


def test_a_report_meanwhile_does_not_keep_the_plan_from_being_confirmed(sign_in, cast):
    plan, item = october(cast)
    submit(plan, by=cast.chen, at=NOON)
    decide = reverse("plan-decide", args=[cast.studio_one.pk, "2026-10"])
    read = sign_in(cast.sun).get(decide).context["seen"]

    report(item, by=cast.chen, at=NOON, percent=Decimal(40))
    sign_in(cast.sun).post(decide, {"act": "confirm", "seen": read})

    assert plan_of(cast.studio_one, "2026-10").state == "confirmed"
