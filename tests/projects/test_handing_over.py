"""Handing over: who leaves, goes elsewhere or gives up the lead, and what becomes of what he carries."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core.errors import NotAllowedNow
from notifications.models import Notice
from projects import handing_over
from projects.models import Indicator, Plan, PlanItem, Problem, Topic
from projects.progress import add_up, find_drift, report
from studios.models import Activity, LeaveRequest, Membership

NOW = datetime(2026, 9, 18, 4, tzinfo=UTC)
ON = date(2026, 9, 18)


def at(studio, tail):
    return f"/studios/{studio.pk}/{tail}"


def current(studio):
    return set(studio.memberships.filter(left_on=None).values_list("person__name", "role"))


def wangs(cast):
    return cast.studio_one.memberships.get(person=cast.wang.person)


@pytest.fixture
def carrying(cast, work, september):
    """王芳 carries an item, three indicators of the study item, a topic and a problem."""
    person = cast.wang.person
    bears = {"item": work.study, "person": person}
    number = Indicator.objects.create(
        **bears, name="完成试验组数", start=0, target=100, unit_of_measure="组", weight=2
    )
    judged = Indicator.objects.create(**bears, name="装置完好", kind="judged")
    steps = Indicator.objects.create(**bears, name="三步法", kind="milestones")
    one, _two, _three = (steps.milestones.create(title=title) for title in ("一", "二", "三"))
    topic = Topic.objects.create(studio=cast.studio_one, title="降低残极率", owner=person)
    problem = Problem.objects.create(
        studio=cast.studio_one,
        what="缺试剂",
        need="money",
        level_since=ON,
        coordinator=person,
        due_on=date(2026, 9, 25),
        raised_on=ON,
    )
    told = {"by": cast.chen, "at": NOW}
    report(work.study, indicator=number, value=Decimal(40), **told)
    report(work.study, indicator=judged, value=Decimal(25), **told)
    report(work.study, indicator=steps, milestones=[one.pk], **told)
    return {"number": number, "judged": judged, "steps": steps, "topic": topic, "problem": problem}


def leaving(lines, *, to=None, **typed):
    keys = [line.key for line in lines]
    form = {"left_on": "2026-09-18", "reason": "调离", "lines": keys, "listed": " ".join(keys)}
    return form | ({"to": to.pk} if to else {}) | typed


def bearing(item):
    rows = Indicator.objects.filter(item=item).order_by("pk")
    return [
        (row.person.name, row.name, row.target and int(row.target), str(round(row.weight, 4)), row.shown)
        for row in rows
    ]


def test_everything_open_is_listed_before_somebody_leaves(cast, sign_in, carrying):
    page = sign_in(cast.sun).get(f"/memberships/{wangs(cast).pk}/end/")

    assert [line.said for line in page.context["form"].carried] == [
        "课题：降低残极率 · 未定时限",
        "计划项：完成3组单因素试验 · 2026年9月 · 2026年9月20日（周日）前",
        "指标：完成试验组数 · 0 → 100 组，现为 40",
        "指标：装置完好",
        "指标：三步法",
        "协调事项：缺试剂 · 2026年9月25日（周五）前",
    ]


def test_what_was_reached_stays_and_the_rest_goes_to_the_successor(cast, sign_in, carrying, work):
    lines = handing_over.carried(cast.studio_one, cast.wang.person)
    to = cast.studio_one.memberships.get(person=cast.lin.person)
    before = PlanItem.objects.get(pk=work.study.pk).share

    sign_in(cast.sun).post(f"/memberships/{wangs(cast).pk}/end/", leaving(lines, to=to))

    assert bearing(work.study) == [
        ("王芳", "完成试验组数", 40, "0.8000", "100"),
        ("王芳", "装置完好", None, "0.2500", "100"),
        ("王芳", "三步法", None, "0.3333", "100"),
        ("林小雨", "完成试验组数", 60, "1.2000", "0"),
        ("林小雨", "装置完好", None, "0.7500", "0"),
        ("林小雨", "三步法", None, "0.6667", "0"),
    ]
    study = PlanItem.objects.get(pk=work.study.pk)
    assert study.share == before
    assert list(find_drift()) == []
    names = {
        PlanItem.objects.get(pk=work.test.pk).owner,
        Topic.objects.get().owner,
        Problem.objects.get().coordinator,
    }
    assert names == {cast.lin.person}
    assert Problem.objects.get().steps.get().get_act_display() == "移交"
    assert Membership.objects.get(pk=wangs(cast).pk).left_on is not None
    told = Notice.objects.get(recipient=cast.lin, kind="handed_over")
    assert told.sentence == "您接手王芳在陈立新劳模创新工作室承担的工作（6项）"


def test_what_is_left_unticked_stays_as_it_is(cast, sign_in, carrying, work):
    lines = handing_over.carried(cast.studio_one, cast.wang.person)

    sign_in(cast.sun).post(f"/memberships/{wangs(cast).pk}/end/", leaving(lines) | {"lines": []})

    assert wangs(cast).leave_reason == "调离"
    assert {row[0] for row in bearing(work.study)} == {"王芳"}
    assert Problem.objects.get().coordinator == cast.wang.person


def test_what_is_ticked_needs_a_successor(cast, sign_in, carrying):
    lines = handing_over.carried(cast.studio_one, cast.wang.person)

    answer = sign_in(cast.sun).post(f"/memberships/{wangs(cast).pk}/end/", leaving(lines))

    assert list(answer.context["form"].errors) == ["to"]
    assert wangs(cast).left_on is None


def test_what_came_since_the_form_was_opened_is_shown_before_anything_happens(cast, sign_in, carrying):
    lines = handing_over.carried(cast.studio_one, cast.wang.person)
    to = cast.studio_one.memberships.get(person=cast.lin.person)
    Topic.objects.create(studio=cast.studio_one, title="新课题", owner=cast.wang.person)
    page, form = sign_in(cast.sun), leaving(lines, to=to)

    answer = page.post(f"/memberships/{wangs(cast).pk}/end/", form)

    assert "承担的工作有变化" in answer.content.decode()
    assert wangs(cast).left_on is None
    again = answer.context["form"]["listed"].value()
    assert page.post(f"/memberships/{wangs(cast).pk}/end/", form | {"listed": again}).status_code == 302


def test_a_day_before_the_last_report_is_refused(cast, sign_in, carrying):
    lines = handing_over.carried(cast.studio_one, cast.wang.person)
    to = cast.studio_one.memberships.get(person=cast.lin.person)

    answer = sign_in(cast.sun).post(
        f"/memberships/{wangs(cast).pk}/end/", leaving(lines, to=to, left_on="2026-09-17")
    )

    assert "请选择当天或之后的日期" in answer.content.decode()
    assert Indicator.objects.count() == 3


def test_somebody_changing_the_item_meanwhile_is_not_overwritten(cast, carrying, work):
    lines = handing_over.carried(cast.studio_one, cast.wang.person)
    item = PlanItem.objects.get(pk=work.test.pk)
    item.content = "完成4组"
    item.save_if_unchanged(seen=item.version, fields=["content"])

    with pytest.raises(NotAllowedNow):
        handing_over.leave(
            wangs(cast), on=ON, reason="调离", lines=lines, to=cast.lin.person, by=cast.sun, at=NOW
        )

    assert (wangs(cast).left_on, Topic.objects.get().owner) == (None, cast.wang.person)


def test_a_closed_month_keeps_what_it_was(cast, carrying, work):
    Plan.objects.filter(pk=work.study.plan_id).update(state=Plan.State.CLOSED)

    lines = handing_over.carried(cast.studio_one, cast.wang.person)

    assert [line.kind for line in lines] == ["topic", "problem"]


# --- To another studio


def transferring(cast, lines, **typed):
    keys = [line.key for line in lines]
    to = cast.studio_one.memberships.get(person=cast.lin.person)
    form = {"studio": cast.studio_two.pk, "role": "core", "day": "2026-09-18", "reason": "组织调动"}
    return form | {"lines": keys, "listed": " ".join(keys), "to": to.pk} | typed


def test_a_member_goes_to_another_studio_in_one_act(cast, sign_in, carrying, work):
    lines = handing_over.carried(cast.studio_one, cast.wang.person)

    sign_in(cast.li).post(f"/memberships/{wangs(cast).pk}/transfer/", transferring(cast, lines))

    assert current(cast.studio_one) == {("陈立新", "lead"), ("林小雨", "liaison")}
    assert ("王芳", "core") in current(cast.studio_two)
    assert {row[0] for row in bearing(work.study)} == {"王芳", "林小雨"}
    told = [str(event) for studio in (cast.studio_one, cast.studio_two) for event in studio.events.all()]
    assert told == ["成员调动: 陈立新劳模创新工作室 → 赵国强工匠创新工作室"] * 2
    assert {event.reason for event in cast.studio_two.events.all()} == {"王芳：组织调动"}
    assert work.study.journal.count() == 3


def test_one_who_belongs_there_already_or_leads_is_not_transferred(cast, carrying):
    told = {"on": ON, "reason": "调动", "lines": [], "to": None, "by": cast.li, "at": NOW}
    cast.studio_two.memberships.create(person=cast.wang.person, joined_on=date(2026, 1, 1))
    lead = cast.studio_one.memberships.get(role="lead")

    for membership in (wangs(cast).studio.memberships.get(person=cast.wang.person), lead):
        with pytest.raises(NotAllowedNow):
            handing_over.transfer(membership, cast.studio_two, "member", **told)

    assert current(cast.studio_one) == {("陈立新", "lead"), ("林小雨", "liaison"), ("王芳", "member")}


def test_a_unit_contact_transfers_only_inside_of_what_he_looks_after(cast, sign_in, carrying):
    page = sign_in(cast.sun).get(f"/memberships/{wangs(cast).pk}/transfer/")

    assert list(page.context["form"].fields["studio"].queryset) == []


# --- The lead


def changing(cast, **typed):
    member = wangs(cast)
    lines = [line.key for line in handing_over.carried(cast.studio_one, cast.chen.person)]
    form = {"member": member.pk, "day": "2026-09-18", "reason": "退休", "stays": "adviser"}
    return form | {"seen": cast.chen.person_id, "lines": lines, "listed": " ".join(lines)} | typed


def test_everything_that_waits_for_the_old_lead_goes_to_the_new_one(cast, sign_in, september, work):
    meeting = Activity.objects.create(studio=cast.studio_one, subject="例会", held_on=date(2026, 9, 25))
    LeaveRequest.objects.create(activity=meeting, person=cast.lin.person, reason="出差", asked_at=NOW)
    add_up(work.year.plan)
    page = sign_in(cast.li)

    waiting = page.get(at(cast.studio_one, "lead/")).context["at_the_post"]
    page.post(at(cast.studio_one, "lead/"), changing(cast, rename="on"))

    assert [(str(each.label), each.count) for each in waiting] == [
        ("待批请假", 1),
        ("待提交的计划", 3),
        ("待结清的期间", 1),
    ]
    assert current(cast.studio_one) == {("王芳", "lead"), ("林小雨", "liaison"), ("陈立新", "adviser")}
    assert set(PlanItem.objects.filter(owner=cast.wang.person).values_list("content", flat=True)) == {
        "残极率降到14.0%以下",
        "完成工业试验",
        "完成3组单因素试验",
    }
    cast.studio_one.refresh_from_db()
    assert cast.studio_one.name == "王芳劳模创新工作室"
    assert [event.kind for event in cast.studio_one.events.order_by("pk")] == ["lead_changed", "renamed"]
    assert LeaveRequest.objects.waiting_for(type(cast.wang).objects.get(pk=cast.wang.pk)).count() == 1


def test_a_name_that_is_taken_changes_nothing_at_all(cast, sign_in, september, work):
    type(cast.studio_two).objects.filter(pk=cast.studio_two.pk).update(name="王芳劳模创新工作室")

    answer = sign_in(cast.li).post(at(cast.studio_one, "lead/"), changing(cast, rename="on"))

    assert "已有同名工作室" in answer.content.decode()
    assert ("陈立新", "lead") in current(cast.studio_one)
    assert PlanItem.objects.filter(owner=cast.chen.person).count() == 2


@pytest.mark.parametrize("items", [1, 3])
def test_the_form_asks_the_same_however_much_is_carried(
    cast, sign_in, september, items, django_assert_num_queries
):
    plan = Plan.objects.get(studio=cast.studio_one, period="2026-09")
    for number in range(items):
        item = PlanItem.objects.create(plan=plan, content=f"项{number}", owner=cast.wang.person)
        Indicator.objects.create(item=item, person=cast.wang.person, name="指标", start=0, target=1)
    page, address = sign_in(cast.sun), f"/memberships/{wangs(cast).pk}/end/"
    page.get(address)

    with django_assert_num_queries(19):
        page.get(address)


def test_a_member_leaves_with_the_reason_and_stays_in_the_roster(cast, sign_in):
    member = cast.studio_one.memberships.get(role="member")
    page = sign_in(cast.sun)

    page.post(f"/memberships/{member.pk}/end/", {"left_on": "2026-11-01", "reason": "调离"})

    former = page.get(at(cast.studio_one, "members/")).context["former"]
    assert [(row.person.name, row.left_on, row.leave_reason) for row in former] == [
        ("王芳", date(2026, 11, 1), "调离")
    ]


def test_leaving_needs_a_reason(cast, sign_in):
    member = cast.studio_one.memberships.get(role="member")

    answer = sign_in(cast.sun).post(f"/memberships/{member.pk}/end/", {"left_on": "2026-11-01", "reason": ""})

    assert list(answer.context["form"].errors) == ["reason"]


def test_the_lead_is_handed_over_by_the_group_alone(cast, sign_in):
    member = cast.studio_one.memberships.get(role="member")
    handing_over = {
        "member": member.pk,
        "day": "2026-11-01",
        "reason": "退休",
        "stays": "adviser",
        "seen": cast.chen.person_id,
    }

    assert sign_in(cast.sun).post(at(cast.studio_one, "lead/"), handing_over).status_code == 403
    assert sign_in(cast.li).post(at(cast.studio_one, "lead/"), handing_over).status_code == 302
    assert current(cast.studio_one) == {("王芳", "lead"), ("林小雨", "liaison"), ("陈立新", "adviser")}


def test_a_lead_changed_meanwhile_is_shown_before_the_next_change(cast, sign_in):
    page = sign_in(cast.li)
    form = {"name": "秦川", "day": "2026-11-01", "reason": "交接", "stays": "", "seen": cast.chen.person_id}
    page.post(at(cast.studio_one, "lead/"), form)

    answer = page.post(at(cast.studio_one, "lead/"), form | {"name": "许愿"})

    assert "在此期间领衔人已换为秦川" in answer.content.decode()
    assert current(cast.studio_one) == {("秦川", "lead"), ("林小雨", "liaison"), ("王芳", "member")}
