"""The lists of items and topics: gathered under headings, added up, exported, opened first for a part."""

import io
from decimal import Decimal

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from core.models import SavedView
from members.models import Person
from projects.models import PlanItem
from projects.progress import report
from projects.views import items as items_view
from tests.projects.conftest import NOON, plan_of

pytestmark = pytest.mark.usefixtures("september")


def gathered(page):
    """[(heading, how many on all pages, [contents on this one])]."""
    return [
        (str(group.heading), group.count, [line.item.content for line in group.rows])
        for group in page.context["groups"]
    ]


def footer(page):
    return {total.label: (total.value, total.href) for total in page.context["totals"]}


def sheet_of(response):
    return load_workbook(io.BytesIO(b"".join(response.streaming_content))).active


def test_items_are_gathered_by_the_person_who_answers_and_the_nameless_come_last(sign_in, cast, work):
    PlanItem.objects.create(plan=work.test.plan, content="无人负责")

    page = sign_in(cast.li).get(reverse("items") + "?g=owner&period=2026-09")

    assert gathered(page) == [
        ("林小雨", 1, ["学习QC七种工具"]),
        ("王芳", 1, ["完成3组单因素试验"]),
        ("尚无责任人", 1, ["无人负责"]),
    ]
    assert "分组：责任人" in page.content.decode()


def test_a_heading_counts_its_rows_on_all_pages_and_stands_again_on_the_next(
    sign_in, cast, work, monkeypatch
):
    monkeypatch.setattr(items_view, "PAGE", 2)
    client = sign_in(cast.li)
    address = reverse("items") + "?g=state&o=period"
    report(work.august, by=cast.lin, at=NOON, percent=Decimal(100))

    first, third = client.get(address), client.get(f"{address}&page=3")

    assert gathered(first) == [("未开始", 4, ["残极率降到14.0%以下", "完成工业试验"])]
    assert gathered(third) == [("已完成", 1, ["备件到货验收"])]
    assert [len(client.get(f"{address}&page={page}").context["lines"]) for page in (1, 2, 3)] == [2, 2, 1]


@pytest.mark.parametrize("by", ["studio", "topic", "owner", "state"])
def test_every_way_of_gathering_shows_every_row_once(sign_in, cast, work, by):
    work.study.topic = cast.studio_one.topics.create(title="降低残极率")
    work.study.save()
    PlanItem.objects.create(plan=plan_of(cast.studio_two, "2026-09"), content="二厂的项", owner_name="外请")

    groups = gathered(sign_in(cast.li).get(f"{reverse('items')}?g={by}"))

    shown = [content for _heading, _count, contents in groups for content in contents]
    assert sorted(shown) == sorted(PlanItem.objects.values_list("content", flat=True))
    assert [count for _heading, count, _contents in groups] == [len(rows) for *_others, rows in groups]


def test_an_unknown_way_of_gathering_gathers_nothing(sign_in, cast, work):
    page = sign_in(cast.li).get(reverse("items") + "?g=moon")

    assert [heading for heading, *_rest in gathered(page)] == ["None"]
    assert page.context["look"].grouping is None


def test_topics_are_gathered_by_state_and_by_studio(sign_in, cast):
    cast.studio_two.topics.create(title="铸件气孔", state="running")
    cast.studio_one.topics.create(title="降低残极率", state="running")
    cast.studio_one.topics.create(title="已结题的", state="closed")
    client = sign_in(cast.li)

    def groups(by):
        page = client.get(f"{reverse('topics')}?g={by}&o=title")
        return [
            (group.heading, group.count, [topic.title for topic in group.rows])
            for group in page.context["groups"]
        ]

    assert groups("state") == [("进行中", 2, ["铸件气孔", "降低残极率"]), ("结题", 1, ["已结题的"])]
    assert groups("studio") == [
        ("陈立新劳模创新工作室", 2, ["已结题的", "降低残极率"]),
        ("赵国强工匠创新工作室", 1, ["铸件气孔"]),
    ]


def test_the_foot_of_the_list_adds_up_all_pages_of_the_filter(sign_in, cast, work, monkeypatch):
    monkeypatch.setattr(items_view, "PAGE", 1)
    report(work.study, by=cast.lin, at=NOON, percent=Decimal(100))
    report(work.test, by=cast.wang, at=NOON, state="cancelled", reason="设备停用")

    whole = footer(sign_in(cast.li).get(reverse("items") + "?page=2"))
    month = footer(sign_in(cast.li).get(reverse("items") + "?period=2026-09"))

    assert {label: value for label, (value, _href) in whole.items()} == {
        "计划项": "5",
        "计划": "4",
        "已完成": "1",
        "逾期": "1",
    }
    assert {label: value for label, (value, _href) in month.items()} == {
        "计划项": "2",
        "计划": "1",
        "已完成": "1",
        "逾期": "0",
    }


def test_each_figure_of_the_foot_opens_a_list_of_that_many_rows(sign_in, cast, work):
    report(work.study, by=cast.lin, at=NOON, percent=Decimal(100))
    client = sign_in(cast.li)
    page = client.get(reverse("items") + "?unit=" + str(cast.plant_one.pk))

    opened = {
        label: (value, client.get(reverse("items") + href).context["page"].paginator.count)
        for label, (value, href) in footer(page).items()
        if href
    }

    assert opened == {"计划": ("5", 5), "已完成": ("1", 1), "逾期": ("1", 1)}


def test_the_budgets_of_all_topics_are_added_up(sign_in, cast):
    cast.studio_one.topics.create(title="甲", budget=Decimal("1200.5"), state="closed")
    cast.studio_two.topics.create(title="乙", budget=Decimal("34"))

    page = sign_in(cast.li).get(reverse("topics"))

    assert {label: value for label, (value, _href) in footer(page).items()} == {
        "课题": "2",
        "在研（立项或进行中）": "1",
        "结题": "1",
        "预算（万元）": "1,234.5",
    }


def test_items_leave_as_a_workbook_just_as_they_are_seen(sign_in, cast, work):
    query = "period=2026-09&o=-due&cols=content,owner,due,weight"

    sheet = sheet_of(sign_in(cast.li).get(f"{reverse('items-export')}?{query}"))

    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=1, max_row=4)] == [
        ["计划项 · 2 项", None, None, None],
        ["计划内容", "责任人", "到期", "权重"],
        ["学习QC七种工具", "林小雨", work.study.due_on and sheet["C3"].value, 1],
        ["完成3组单因素试验", "王芳", sheet["C4"].value, 3],
    ]
    assert [f"{sheet[cell].value:%Y-%m-%d}" for cell in ("C3", "C4")] == ["2026-09-25", "2026-09-20"]


@pytest.mark.parametrize("text", ["=1+1", "+86", "-3", "@cmd", "\t=1"])
def test_what_begins_like_a_formula_leaves_as_text(sign_in, cast, work, text):
    PlanItem.objects.filter(pk=work.test.pk).update(content=text)
    cast.studio_one.topics.create(title=text)
    client = sign_in(cast.li)

    for name in ("items-export", "topics-export"):
        cells = [cell for row in sheet_of(client.get(reverse(name))).iter_rows() for cell in row]
        assert text in [cell.value for cell in cells]
        assert {cell.data_type for cell in cells if cell.value == text} == {"s"}


def test_a_workbook_holds_only_what_one_may_see(sign_in, cast, work):
    rows = list(sheet_of(sign_in(cast.he).get(reverse("items-export"))).values)

    assert rows[0][0] == "计划项 · 0 项"
    assert "备件到货验收" not in str(rows)


def test_topics_leave_in_the_order_and_grouping_that_are_seen(sign_in, cast):
    cast.studio_one.topics.create(title="甲", state="closed")
    cast.studio_one.topics.create(title="乙", state="running")
    cast.studio_one.topics.create(title="丙", state="running")

    sheet = sheet_of(sign_in(cast.li).get(reverse("topics-export") + "?g=state&o=-title&cols=title,state"))

    assert [row[0] for row in sheet.iter_rows(min_row=3, max_row=5, values_only=True)] == ["乙", "丙", "甲"]


def test_a_lead_first_sees_what_is_open_and_a_member_what_is_his(sign_in, cast, work):
    lead, member = sign_in(cast.chen).get(reverse("items")), sign_in(cast.wang).get(reverse("items"))

    assert lead.url == "/items/?g=owner&o=due&state=open&view=open"
    assert member.url == "/items/?mine=1&o=due&state=open&view=mine"
    page = sign_in(cast.wang).get(member.url)
    assert [line.item.content for line in page.context["lines"]] == ["完成3组单因素试验"]
    assert not page.context["look"].is_changed
    assert [label for label, *_rest in page.context["look"].tabs] == ["全部", "我的未完成项"]
    assert sign_in(cast.wang).get(reverse("topics")).url == "/topics/?mine=1&view=mine"
    assert sign_in(cast.li).get(reverse("items")).status_code == 200


def test_the_topics_of_a_member_are_those_he_answers_for_or_takes_part_in(sign_in, cast):
    cast.studio_one.topics.create(title="别人的", owner=cast.chen.person)
    cast.studio_one.topics.create(title="我负责", owner=cast.wang.person)
    cast.studio_one.topics.create(title="我参加").helpers.add(cast.wang.person)

    page = sign_in(cast.wang).get(reverse("topics") + "?mine=1&o=title")

    assert [topic.title for topic in page.context["page"]] == ["我参加", "我负责"]


def test_the_view_that_the_union_sets_for_members_goes_before_the_one_of_the_house(sign_in, cast):
    form = {"name": "本月", "query": "level=month", "default_for": "member"}
    sign_in(cast.zhou).post("/lists/items/views/", form)

    view = SavedView.objects.get()

    assert sign_in(cast.wang).get(reverse("items")).url == f"/items/?level=month&view={view.pk}"
    assert sign_in(cast.chen).get(reverse("items")).url == "/items/?g=owner&o=due&state=open&view=open"


def test_an_empty_list_says_whether_nothing_is_there_is_hidden_or_may_not_be_seen(sign_in, cast, work):
    def said(user, address):
        return sign_in(user).get(address).content.decode()

    assert "您可查看的 5 个计划项都被筛选条件隐藏了" in said(cast.li, "/items/?q=没有这个")
    assert "还没有计划项" in said(cast.he, "/items/")
    assert "选择工作室" in said(cast.he, "/items/")
    assert "您不属于任何工作室" in said(cast.xu, "/items/")
    assert "您不属于任何工作室" in said(cast.xu, "/topics/")
    assert "新增课题" in said(cast.chen, f"/topics/?studio={cast.studio_one.pk}")


@pytest.mark.parametrize("by", ["studio", "topic", "owner", "state"])
def test_gathering_costs_one_query(sign_in, cast, work, by, django_assert_num_queries):
    for number in range(3):
        person = Person.objects.create(name=f"员工{number}", unit=cast.plant_one)
        PlanItem.objects.create(plan=work.test.plan, content=f"第{number}项", owner=person)
    client = sign_in(cast.li)
    client.get(reverse("items") + "?view=all")

    with django_assert_num_queries(23):
        client.get(reverse("items") + "?view=all")
    with django_assert_num_queries(24):
        client.get(f"{reverse('items')}?view=all&g={by}")


def test_a_letter_that_no_file_can_hold_keeps_nobody_from_the_export(cast, sign_in):
    cast.studio_one.topics.create(title="电极\uffff孔\ufffe改造")

    sheet = sheet_of(sign_in(cast.li).get(reverse("topics-export")))

    assert sheet["A3"].value == "电极孔改造"
