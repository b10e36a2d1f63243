"""The pages of change requests: a form leads on to asking, the officer decides, everybody sees why."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from core import workdays
from core.models import Undo
from members.models import Role
from notifications.models import Notice
from projects import closing
from projects.closing import LEAVE, Choice
from projects.confirming import confirm, submit
from projects.models import ChangeRequest, Frozen, Indicator, PlanItem
from projects.revising import ask, changed
from tests.conftest import grant
from tests.projects.conftest import NOON, plan_of

pytestmark = pytest.mark.usefixtures("september")
WHY = "外协厂停产"
AFTERWARDS = datetime(2026, 10, 8, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def promised(cast, work):
    plan = plan_of(cast.studio_one, "2026-09")
    submit(plan, by=cast.chen, at=NOON)
    confirm(plan, by=cast.sun, at=NOON)
    return work


def item_of(work):
    return PlanItem.objects.select_related("plan__studio__unit").get(pk=work.test.pk)


def asked_for(cast, item, day=date(2026, 9, 28)):
    return ask(item, changed(item, {"due_on": day}), by=cast.chen, at=NOON, reason=WHY)


def form_of(item, **typed):
    return {
        "content": item.content,
        "kind": item.kind,
        "done_when": item.done_when,
        "owner": item.owner_id,
        "due_on": item.due_on.isoformat(),
        "weight": "3",
        "parent": item.parent_id,
        "version": item.version,
        **typed,
    }


def test_the_ordinary_form_saves_the_wording_and_leads_on_with_what_is_bound(sign_in, cast, promised):
    item, client = item_of(promised), sign_in(cast.chen)
    typed = form_of(item, content="完成4组单因素试验", due_on="2026-09-28", owner=cast.lin.person.pk)

    page = client.post(reverse("item-edit", args=[item.pk]), typed)

    item = item_of(promised)
    assert (item.content, item.due_on, item.owner) == (
        "完成4组单因素试验",
        date(2026, 9, 20),
        cast.wang.person,
    )
    text = page.content.decode()
    assert page.status_code == 200
    assert 'value="2026-09-28"' in text
    assert f'<option value="{cast.lin.person.pk}" selected' in text
    assert "现为：2026年9月20日（周日）" in text
    form = page.context["form"]
    sent = {
        "due_on": "2026-09-28",
        "owner": cast.lin.person.pk,
        "weight": "3",
        "parent": item.parent_id,
        "version": form.initial["version"],
    }
    assert client.post(page.context["address"], sent).status_code == 422

    client.post(page.context["address"], {**sent, "reason": WHY})

    request = ChangeRequest.objects.get()
    assert request.said == "责任人 王芳 → 林小雨；完成时限 2026年9月20日（周日） → 2026年9月28日（周一）"
    text = client.get(item.get_absolute_url()).content.decode()
    assert "申请变更中" in text
    assert request.get_absolute_url() in text


def test_wording_alone_is_saved_as_ever(sign_in, cast, promised):
    item = item_of(promised)

    answer = sign_in(cast.chen).post(reverse("item-edit", args=[item.pk]), form_of(item, content="四组试验"))

    assert answer.url == item.get_absolute_url()
    assert item_of(promised).content == "四组试验"


def test_a_cell_of_the_list_leads_on_too(sign_in, cast, promised):
    item = item_of(promised)
    sent = {"due_on": "2026-09-28", "version": item.version}

    answer = sign_in(cast.chen).post(
        reverse("item-field", args=[item.pk, "due"]), sent, headers={"HX-Request": "true"}
    )

    assert answer["HX-Redirect"] == f"/items/{item.pk}/change/?due_on=2026-09-28"
    assert item_of(promised).due_on == date(2026, 9, 20)
    assert 'value="2026-09-28"' in sign_in(cast.chen).get(answer["HX-Redirect"]).content.decode()


def test_who_may_decide_changes_at_once_and_says_why(sign_in, cast, promised):
    item = item_of(promised)
    sent = {"due_on": "2026-09-20", "owner": item.owner_id, "weight": "2", "parent": item.parent_id}

    sign_in(cast.sun).post(reverse("item-change", args=[item.pk]), {**sent, "reason": "减产"})

    assert item_of(promised).weight == 2
    request = ChangeRequest.objects.get()
    assert (request.state, request.asked_by, request.reason, request.baseline.number) == (
        "approved",
        cast.sun,
        "减产",
        2,
    )


def test_nothing_is_asked_where_nothing_differs(sign_in, cast, promised):
    item = item_of(promised)
    sent = {"due_on": "2026-09-20", "owner": item.owner_id, "weight": "3", "parent": item.parent_id}

    answer = sign_in(cast.chen).post(reverse("item-change", args=[item.pk]), {**sent, "reason": WHY})

    assert answer.status_code == 422
    assert "没有需要变更的内容" in answer.content.decode()


def test_an_indicator_leads_on_with_its_target_and_refuses_one_without_a_way(sign_in, cast, promised):
    item = item_of(promised)
    indicator = Indicator.objects.create(item=item, person=cast.wang.person, name="组数", start=0, target=8)
    sent = {
        "name": "试验组数",
        "person": cast.wang.person.pk,
        "kind": "number",
        "start": "0",
        "target": "6",
        "weight": "1",
        "version": indicator.version,
    }
    client = sign_in(cast.chen)

    page = client.post(reverse("indicator-edit", args=[indicator.pk]), sent)

    indicator.refresh_from_db()
    assert (indicator.name, indicator.target) == ("试验组数", 8)
    assert 'value="6"' in page.content.decode()
    address = reverse("indicator-change", args=[indicator.pk])
    asked = {"person": cast.wang.person.pk, "start": "0", "weight": "1", "reason": WHY}
    assert client.post(address, {**asked, "target": "0"}).status_code == 422
    client.post(address, {**asked, "target": "6"})
    assert ChangeRequest.objects.get().said == "目标值 8 → 6"


def test_the_lead_asks_to_cancel_where_he_cancelled_before(sign_in, cast, promised):
    item, client = item_of(promised), sign_in(cast.chen)
    text = client.get(item.get_absolute_url()).content.decode()
    assert "申请取消" in text
    assert "申请顺延其余部分" in text
    sent = {"state": "cancelled", "reason": "停产", "token": "6d1c4c39-8f4e-4d39-9b43-1a8c50a1e111"}

    client.post(reverse("item-state", args=[item.pk]), sent)

    assert item_of(promised).state == "not_started"
    assert (ChangeRequest.objects.get().said, ChangeRequest.objects.get().reason) == (
        "状态 未开始 → 取消",
        "停产",
    )


def test_the_officer_finds_it_on_the_desk_decides_by_key_and_goes_on_to_the_next(sign_in, cast, promised):
    first = asked_for(cast, item_of(promised))
    study = PlanItem.objects.select_related("plan__studio__unit").get(pk=promised.study.pk)
    second = asked_for(cast, study)
    client = sign_in(cast.sun)
    desk = client.get("/", follow=True).content.decode()
    assert first.get_absolute_url() in desk
    page = client.get(first.get_absolute_url()).content.decode()
    assert "<del>2026年9月20日（周日）</del>" in page
    assert 'data-shortcut="a"' in page
    assert 'data-shortcut="r"' in page
    decide = reverse("change-request-decide", args=[first.pk])

    answer = client.post(decide, {"act": "approve"})

    assert answer.url == second.get_absolute_url()
    assert item_of(promised).due_on == date(2026, 9, 28)
    decide = reverse("change-request-decide", args=[second.pk])
    assert client.post(decide, {"act": "refuse"}).status_code == 422
    assert client.post(decide, {"act": "refuse", "remark": "不变"}).url == second.get_absolute_url()
    page = client.get(second.get_absolute_url()).content.decode()
    assert "不变" in page
    assert "未批准" in page
    assert first.get_absolute_url() not in client.get("/", follow=True).content.decode()


def test_nobody_decides_what_his_own_studio_asks_for(sign_in, cast, promised):
    request = asked_for(cast, item_of(promised))
    grant(cast.chen, Role.UNIT_CONTACT, cast.plant_one)

    assert (
        sign_in(cast.chen)
        .post(reverse("change-request-decide", args=[request.pk]), {"act": "approve"})
        .status_code
        == 403
    )
    assert list(ChangeRequest.objects.waiting_for(cast.chen)) == []
    assert list(ChangeRequest.objects.waiting_for(cast.sun)) == [request]
    assert list(ChangeRequest.objects.waiting_for(cast.he)) == []


def test_what_moved_meanwhile_is_shown_with_both_values_and_cannot_be_approved(sign_in, cast, promised):
    request = asked_for(cast, item_of(promised))
    PlanItem.objects.filter(pk=promised.test.pk).update(due_on=date(2026, 9, 25))
    client = sign_in(cast.sun)

    page = client.get(request.get_absolute_url()).content.decode()

    assert "现为: 2026年9月25日" in page.replace("：", ": ")
    assert 'value="approve"' not in page
    client.post(reverse("change-request-decide", args=[request.pk]), {"act": "approve"})
    assert item_of(promised).due_on == date(2026, 9, 25)


def test_the_lead_takes_his_request_back(sign_in, cast, promised):
    request = asked_for(cast, item_of(promised))
    client = sign_in(cast.lin)
    withdraw = reverse("change-request-withdraw", args=[request.pk])
    assert withdraw in client.get(request.get_absolute_url()).content.decode()

    client.post(withdraw)

    request.refresh_from_db()
    assert request.state == "withdrawn"


def test_the_plan_names_its_requests_and_any_two_copies_are_compared_and_today(sign_in, cast, promised):
    client, item = sign_in(cast.sun), item_of(promised)
    request = asked_for(cast, item)
    month = plan_of(cast.studio_one, "2026-09").get_absolute_url()
    assert "1项变更待批" in client.get(month).content.decode()
    client.post(reverse("change-request-decide", args=[request.pk]), {"act": "approve"})
    PlanItem.objects.create(plan=item.plan, content="新加的一项")
    versions = reverse("plan-versions", args=[cast.studio_one.pk, "2026-09"])
    one, two = Frozen.objects.baselines().order_by("number")

    page = client.get(versions).content.decode()
    assert "基准第2版与基准第1版对照" in page
    assert "<del>2026-09-20</del>" in page
    assert request.get_absolute_url() in page
    page = client.get(f"{versions}?copy={two.pk}&with=today").content.decode()
    assert "当前计划与基准第2版对照" in page
    assert "<ins>新加的一项</ins>" in page
    page = client.get(f"{versions}?copy={two.pk}&with={one.pk}").content.decode()
    assert "基准第2版与基准第1版对照" in page


def test_achievement_of_what_was_confirmed_stands_beside_the_progress_of_the_plan(sign_in, cast, promised):
    PlanItem.objects.filter(pk=promised.test.pk).update(share="0.5")

    month = sign_in(cast.chen).get(plan_of(cast.studio_one, "2026-09").get_absolute_url())

    figures = {figure.label: figure.value for figure in month.context["figures"]}
    # 3 x 50 % of the 4 that were confirmed.
    assert str(figures["基准完成"]) == "37%"


def test_what_was_confirmed_meanwhile_is_not_taken_back_by_an_undo(sign_in, cast, work):
    client, item = sign_in(cast.chen), work.test
    sent = {"due_on": "2026-09-22", "version": item.version}
    client.post(reverse("item-field", args=[item.pk, "due"]), sent, headers={"HX-Request": "true"})
    plan = plan_of(cast.studio_one, "2026-09")
    submit(plan, by=cast.chen, at=NOON)
    confirm(plan, by=cast.sun, at=NOON)

    client.post(f"/undo/{Undo.objects.latest('created_at').pk}/")

    assert item_of(work).due_on == date(2026, 9, 22)


def test_many_at_once_go_only_by_who_may_decide_and_with_a_reason(sign_in, cast, promised):
    item = item_of(promised)
    chosen = {"scope": "rows", "chosen": [item.pk], "act": "due", "due": "2026-09-28"}

    def whys(user, **more):
        page = sign_in(user).post("/items/change/", chosen | more)
        return [fate.why_not for fate in page.context["wont"]], page.context

    assert whys(cast.chen)[0] == ["计划已确认，须通过变更申请修改。"]
    assert whys(cast.sun)[0] == ["计划已确认，请填写变更原因。"]
    wont, context = whys(cast.sun, reason=WHY)
    assert wont == []
    sure = {"sure": 1, "token": context["token"], "chosen": [f"{item.pk}:{item.version}"], "reason": WHY}
    sign_in(cast.sun).post("/items/change/", chosen | sure)

    assert item_of(promised).due_on == date(2026, 9, 28)
    assert ChangeRequest.objects.get().state == "approved"


def test_the_closing_page_says_what_has_to_be_asked_for(sign_in, cast, promised):
    request = asked_for(cast, item_of(promised))
    leftovers = reverse("plan-leftovers", args=[cast.studio_one.pk, "2026-09"])

    lead = sign_in(cast.chen).get(leftovers).content.decode()
    officer = sign_in(cast.sun).get(leftovers).content.decode()

    assert "跨季度顺延须经工会同意" in lead
    assert request.get_absolute_url() in lead
    assert 'value="carry"' not in lead
    assert 'value="carry"' in officer


@pytest.mark.parametrize("closes", ["sun", None])
def test_who_asked_is_told_that_nobody_decided_before_the_month_was_closed(cast, promised, closes):
    request = asked_for(cast, item_of(promised))
    plan = plan_of(cast.studio_one, "2026-09")
    chosen = {item.pk: Choice(LEAVE, "未完成") for item in closing.leftovers(plan)}
    by = getattr(cast, closes) if closes else None

    closing.close(plan, by=by, at=AFTERWARDS, calendar=workdays.load(), choices=chosen)

    request.refresh_from_db()
    (notice,) = Notice.objects.filter(kind="change_lapsed")
    assert (request.word, notice.recipient, notice.url) == (
        "失效",
        cast.chen,
        reverse("change-request", args=[request.pk]),
    )
    assert notice.sentence == (
        "2026年9月已结清，“完成3组单因素试验”的变更申请未获审批："
        "完成时限 2026年9月20日（周日） → 2026年9月28日（周一）"
    )


def test_who_closes_the_month_himself_is_not_told_that_his_own_request_lapsed(cast, promised):
    asked_for(cast, item_of(promised))
    plan = plan_of(cast.studio_one, "2026-09")
    chosen = {item.pk: Choice(LEAVE, "未完成") for item in closing.leftovers(plan)}

    closing.close(plan, by=cast.chen, at=AFTERWARDS, calendar=workdays.load(), choices=chosen)

    assert not Notice.objects.filter(kind="change_lapsed").exists()
