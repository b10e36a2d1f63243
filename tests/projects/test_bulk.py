"""The same change to many items: what the preview says happens, and nothing else; the last act taken back."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import Undo
from projects.models import PlanItem, ProgressEntry
from projects.progress import add_up, find_drift, report
from tests.projects.conftest import NOON, plan_of

pytestmark = pytest.mark.usefixtures("september")
CHANGE = "/items/change/"


@pytest.fixture
def three(cast):
    """Two open items of 一厂 and one of 二厂, due on the last of September."""
    made = []
    for studio, content in [(cast.studio_one, "甲项"), (cast.studio_one, "乙项"), (cast.studio_two, "丙项")]:
        plan = plan_of(studio, "2026-09")
        made.append(PlanItem.objects.create(plan=plan, content=content, due_on=date(2026, 9, 30)))
        add_up(plan)
    return made


def preview(client, items, **change):
    return client.post(CHANGE, {"scope": "rows", "chosen": [item.pk for item in items], **change})


def confirm(client, page, **change):
    """Press the button of the preview."""
    context = page.context
    chosen = [f"{pk}:{version}" for pk, version in context["rows"]]
    return client.post(CHANGE, {"sure": 1, "token": context["token"], "chosen": chosen, **change})


def fates(page):
    context = page.context
    return (
        [fate.item.content for fate in context["will"]],
        [(fate.item.content, fate.why_not) for fate in context["wont"]],
    )


def told(client, address="/items/?view=all"):
    return [str(message) for message in client.get(address).context["messages"]]


def way_back(client):
    return f"/undo/{Undo.objects.latest('created_at').pk}/"


def dues():
    return list(PlanItem.objects.order_by("pk").values_list("due_on", flat=True))


def test_the_preview_says_what_will_change_and_what_will_not_and_changes_nothing(cast, sign_in, three):
    report(three[1], by=cast.li, at=NOON, percent=Decimal(100))
    client = sign_in(cast.li)

    page = preview(client, three, act="due", due="2026-10-15")

    assert fates(page) == (["甲项", "丙项"], [("乙项", "已关闭：已完成。")])
    text = page.content.decode()
    assert [day for day in ("2026年9月30日", "2026年10月15日") if day not in text] == []
    assert set(dues()) == {date(2026, 9, 30)}


def test_what_was_seen_is_done_and_the_answer_names_both(cast, sign_in, three):
    report(three[1], by=cast.li, at=NOON, percent=Decimal(100))
    client = sign_in(cast.li)
    change = {"act": "due", "due": "2026-10-15"}

    confirm(client, preview(client, three, **change), **change)

    assert dues() == [date(2026, 10, 15), date(2026, 9, 30), date(2026, 10, 15)]
    assert told(client) == ["已修改 2 项。", "1 项保持不变：乙项（已关闭：已完成。）"]
    assert not list(find_drift())


def test_a_reader_sees_that_he_may_not(cast, sign_in, three):
    page = preview(sign_in(cast.wang), three, act="due", due="2026-10-15")

    assert fates(page) == ([], [("甲项", "您无权修改此计划项。"), ("乙项", "您无权修改此计划项。")])
    posted = {"sure": 1, "token": page.context["token"], "chosen": [f"{three[0].pk}:1"]}
    sign_in(cast.wang).post(CHANGE, {**posted, "act": "due", "due": "2026-10-15"})
    assert set(dues()) == {date(2026, 9, 30)}


def test_nobody_changes_what_he_does_not_see(cast, sign_in, three):
    client = sign_in(cast.chen)

    assert fates(preview(client, three, act="due", due="2026-10-15"))[0] == ["甲项", "乙项"]
    forged = {"sure": 1, "token": "6d1c4c39-8f4e-4d39-9b43-1a8c50a1e111", "chosen": [f"{three[2].pk}:1"]}
    client.post(CHANGE, {**forged, "act": "due", "due": "2026-10-15"})
    assert set(dues()) == {date(2026, 9, 30)}


def test_all_that_match_is_another_act_than_the_rows_chosen(cast, sign_in, three):
    client = sign_in(cast.li)

    page = client.post(CHANGE, {"scope": "all", "query": "q=甲", "act": "due", "due": "2026-10-15"})

    assert fates(page) == (["甲项"], [])


def test_whoever_was_changed_after_the_preview_stays_as_he_is(cast, sign_in, three):
    client = sign_in(cast.li)
    change = {"act": "due", "due": "2026-10-15"}
    page = preview(client, three[:2], **change)
    three[0].content = "甲项改"
    three[0].save_if_unchanged(seen=1, fields=["content"])

    confirm(client, page, **change)

    assert dues()[:2] == [date(2026, 9, 30), date(2026, 10, 15)]
    assert told(client) == ["已修改 1 项。", "1 项保持不变：甲项改（期间有人改过。）"]


def test_a_double_click_changes_once(cast, sign_in, three):
    client = sign_in(cast.li)
    change = {"act": "cancel", "reason": "停产"}
    page = preview(client, three[:1], **change)

    confirm(client, page, **change)
    confirm(client, page, **change)

    assert ProgressEntry.objects.filter(item=three[0]).count() == 1
    assert told(client) == ["已修改 1 项。", "已经处理过，没有重复修改。"]


def test_cancelling_goes_through_the_journal_and_offers_no_way_back(cast, sign_in, three):
    client = sign_in(cast.chen)
    change = {"act": "cancel", "reason": "停产"}

    confirm(client, preview(client, three[:2], **change), **change)

    assert list(ProgressEntry.objects.values_list("note", "state_after")) == [("停产", "cancelled")] * 2
    assert plan_of(cast.studio_one, "2026-09").cancelled == 2
    assert not Undo.objects.exists()


def test_the_new_person_belongs_to_the_studio(cast, sign_in, three):
    change = {"act": "owner", "owner": cast.wang.person.pk}

    page = preview(sign_in(cast.li), three, **change)

    assert fates(page) == (["甲项", "乙项"], [("丙项", "王芳不是该工作室成员。")])


def test_an_act_without_its_value_is_asked_for(cast, sign_in, three):
    page = preview(sign_in(cast.li), three, act="due")

    assert page.status_code == 422
    assert "due" in page.context["form"].errors


def test_more_than_two_hundred_at_once_are_refused(cast, sign_in, three):
    plan = plan_of(cast.studio_one, "2026-09")
    PlanItem.objects.bulk_create(PlanItem(plan=plan, content=f"项{number}") for number in range(200))
    client = sign_in(cast.li)

    response = client.post(CHANGE, {"scope": "all", "query": "", "act": "due", "due": "2026-10-15"})

    assert response.status_code == 302
    assert told(client) == ["一次最多修改 200 项，这里有 203 项。请先缩小范围。"]


def test_whoever_may_change_nothing_has_no_boxes(cast, sign_in, three):
    assert "x-choose-box" in sign_in(cast.li).get("/items/").content.decode()
    assert "x-choose-box" not in sign_in(cast.wang).get("/items/").content.decode()


# --- Taking back


def test_a_bulk_change_is_taken_back_whole(cast, sign_in, three):
    client = sign_in(cast.li)
    change = {"act": "owner", "owner": cast.wang.person.pk}
    confirm(client, preview(client, three[:2], **change), **change)
    assert "撤销" in client.get("/items/?view=all").content.decode()

    client.post(way_back(client))

    assert list(PlanItem.objects.values_list("owner", flat=True)) == [None] * 3
    assert told(client) == ["已撤销。"]


def test_one_change_by_somebody_else_keeps_the_whole_act_from_being_taken_back(cast, sign_in, three):
    client = sign_in(cast.li)
    change = {"act": "due", "due": "2026-10-15"}
    confirm(client, preview(client, three[:2], **change), **change)
    client.get("/items/?view=all")
    item = PlanItem.objects.get(pk=three[1].pk)
    item.content = "乙项改"
    item.save_if_unchanged(seen=2, fields=["content"])

    client.post(way_back(client))

    assert dues()[:2] == [date(2026, 10, 15)] * 2
    assert told(client) == ["无法撤销：此后又有改动，或已经撤销过，或时间已过。"]


def test_what_was_reported_done_meanwhile_keeps_its_new_due_day(cast, sign_in, three):
    client = sign_in(cast.li)
    change = {"act": "due", "due": "2026-10-15"}
    confirm(client, preview(client, three[:1], **change), **change)
    report(three[0], by=cast.chen, at=NOON, percent=Decimal(100))

    client.post(way_back(client))

    assert dues()[0] == date(2026, 10, 15)


def edit(client, item, **fields):
    address = reverse("item-edit", args=[item.pk])
    form = client.get(address).context["form"]
    typed = {name: form[name].value() for name in form.fields}
    return client.post(
        address, {name: value for name, value in (typed | fields).items() if value is not None}
    )


def test_an_edit_is_taken_back_helpers_and_all(cast, sign_in, three):
    item = three[0]
    item.helpers.set([cast.lin.person])
    client = sign_in(cast.chen)
    edit(client, item, content="改了", weight="3", helpers=[cast.wang.person.pk])
    item.refresh_from_db()
    assert (item.content, item.weight, item.helpers.get()) == ("改了", 3, cast.wang.person)

    client.post(way_back(client))

    item.refresh_from_db()
    assert (item.content, item.weight, item.helpers.get()) == ("甲项", 1, cast.lin.person)
    assert item.version == 3
    assert not list(find_drift())


def test_the_way_back_is_walked_once_by_its_owner_within_a_day(cast, sign_in, three):
    client = sign_in(cast.chen)
    edit(client, three[0], content="改了")
    address = way_back(client)
    assert re.search(rf'action="{address}"', client.get(three[0].get_absolute_url()).content.decode())
    assert sign_in(cast.lin).post(address).status_code == 404

    Undo.objects.update(created_at=timezone.now() - timedelta(hours=25))
    sign_in(cast.chen).post(address)
    assert PlanItem.objects.get(pk=three[0].pk).content == "改了"

    Undo.objects.update(created_at=timezone.now())
    for _twice in range(2):
        sign_in(cast.chen).post(address)
    item = PlanItem.objects.get(pk=three[0].pk)
    assert (item.content, item.version) == ("甲项", 3)


def test_who_has_lost_the_right_cannot_take_back(cast, sign_in, three):
    edit(sign_in(cast.chen), three[0], content="改了")
    address = way_back(None)
    cast.chen.person.memberships.update(role="member")

    sign_in(cast.chen).post(address)

    assert PlanItem.objects.get(pk=three[0].pk).content == "改了"
