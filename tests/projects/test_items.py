"""Items and plans on the screen: the rows behind every count, writing, breaking down, explaining."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from projects.models import Indicator, Plan, PlanItem
from projects.progress import find_drift, report
from tests.projects.conftest import NOON, plan_of

pytestmark = pytest.mark.usefixtures("september")


def rows(client, query):
    page = client.get(f"{reverse('items')}?{query}")
    return [line.item.content for line in page.context["lines"]], page.context["page"].paginator.count


@pytest.mark.parametrize(
    ("query", "contents"),
    [
        ("period=2026-09", ["完成3组单因素试验", "学习QC七种工具"]),
        ("period=2026-09&kind=study", ["学习QC七种工具"]),
        ("overdue=1", ["备件到货验收"]),
        ("period=2026-08&on_time=1", []),
        ("level=quarter", ["完成工业试验"]),
        ("q=QC", ["学习QC七种工具"]),
        ("period=moon", []),
    ],
)
def test_the_list_shows_the_rows_that_the_address_names(sign_in, cast, work, query, contents):
    assert rows(sign_in(cast.li), query) == (contents, len(contents))


def test_every_count_of_a_plan_is_the_length_of_the_list_behind_it(sign_in, cast, work):
    report(work.test, by=cast.wang, at=NOON, percent=Decimal(100))
    report(work.study, by=cast.lin, at=NOON, state="cancelled", reason="停课")
    plan = plan_of(cast.studio_one, "2026-09")
    client = sign_in(cast.li)

    for state, count in [("planned", plan.planned), ("done", plan.done), ("cancelled", plan.cancelled)]:
        assert rows(client, f"studio={cast.studio_one.pk}&period=2026-09&state={state}")[1] == count
    assert rows(client, f"studio={cast.studio_one.pk}&period=2026-09&on_time=1")[1] == plan.on_time == 1


def test_a_studio_that_no_longer_works_counts_in_no_sum_but_is_looked_at_as_it_is(sign_in, cast, work):
    cast.studio_one.state = "closed"
    cast.studio_one.save()
    client = sign_in(cast.li)

    assert rows(client, "period=2026-09")[1] == 0
    assert rows(client, f"period=2026-09&studio={cast.studio_one.pk}")[1] == 2


def test_nobody_finds_items_of_studios_he_does_not_see(sign_in, cast, work):
    assert rows(sign_in(cast.he), "")[1] == 0
    assert sign_in(cast.he).get(work.test.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("more", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("items", 25), ("topics", 16), ("my-items", 18)])
def test_lists_ask_a_fixed_number_of_queries(
    sign_in, cast, work, name, queries, more, django_assert_num_queries
):
    for number in range(more):
        topic = cast.studio_one.topics.create(title=f"课题{number}", owner=cast.chen.person)
        item = PlanItem.objects.create(
            plan=work.test.plan, content=f"第{number}项", owner=cast.chen.person, topic=topic
        )
        Indicator.objects.create(item=item, person=cast.chen.person, name="组数", start=0, target=3)
    client = sign_in(cast.chen)
    client.get(f"{reverse(name)}?view=all")

    with django_assert_num_queries(queries):
        client.get(f"{reverse(name)}?view=all")


def test_a_member_sees_what_he_answers_for_and_his_indicators(sign_in, cast, work):
    Indicator.objects.create(item=work.study, person=cast.wang.person, name="测试成绩", start=0, target=85)

    text = sign_in(cast.wang).get(reverse("my-items")).content.decode()

    assert "完成3组单因素试验" in text
    assert "学习QC七种工具" in text
    assert "测试成绩" in text
    assert "备件到货验收" not in text


def form_of(item, **fields):
    return {
        "version": item.version,
        "content": item.content,
        "kind": item.kind,
        "done_when": item.done_when,
        "owner": item.owner_id or "",
        "due_on": item.due_on or "",
        "weight": item.weight,
        "parent": item.parent_id or "",
        **fields,
    }


def test_a_new_weight_moves_every_figure_above_in_the_same_moment(sign_in, cast, work):
    report(work.test, by=cast.wang, at=NOON, percent=Decimal(50))

    sign_in(cast.chen).post(reverse("item-edit", args=[work.test.pk]), form_of(work.test, weight="1"))

    assert plan_of(cast.studio_one, "2026-09").shown == "25"
    assert list(find_drift()) == []


def test_two_who_edit_one_item_lose_nothing_and_are_asked_only_where_they_clash(sign_in, cast, work):
    address = reverse("item-edit", args=[work.test.pk])
    sign_in(cast.lin).post(address, form_of(work.test, content="完成4组单因素试验"))

    merged = sign_in(cast.chen).post(address, form_of(work.test, done_when="记录表和照片"))
    clash = sign_in(cast.chen).post(address, form_of(work.test, content="完成5组单因素试验"))

    work.test.refresh_from_db()
    assert merged.status_code == 302
    assert (work.test.content, work.test.done_when) == ("完成4组单因素试验", "记录表和照片")
    assert clash.status_code == 422
    assert "完成4组单因素试验" in clash.content.decode()
    assert "完成5组单因素试验" in clash.content.decode()


def test_the_people_of_an_item_are_those_of_its_studio(sign_in, cast, work):
    answer = sign_in(cast.chen).post(
        reverse("item-edit", args=[work.test.pk]), form_of(work.test, owner=cast.qian.person_id)
    )

    assert answer.status_code == 422


def test_a_month_item_hangs_under_an_item_of_its_own_quarter_only(sign_in, cast, work):
    other = PlanItem.objects.create(plan=plan_of(cast.studio_one, "2026-Q2"), content="二季度的事")

    for parent, status in [(other, 422), (work.year, 422), (work.quarter, 302)]:
        answer = sign_in(cast.chen).post(
            reverse("item-edit", args=[work.test.pk]), form_of(work.test, parent=parent.pk)
        )
        assert answer.status_code == status
        work.test.refresh_from_db()


def broken_down(item, **rows):
    """The form of the breakdown with the given contents, by period key."""
    form = {f"{key}-weight": "1" for key in ("2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4")}
    for key, content in rows.items():
        form[f"{key}-content"] = content
        form[f"{key}-due_on"] = ""
        form[f"{key}-weight"] = "2"
    return form


def test_a_yearly_item_is_broken_down_over_quarters_and_months_in_one_form(sign_in, cast, work):
    form = broken_down(
        work.year, **{"2026-Q4": "推广到二车间", "2026-11": "选定试点班组", "2026-09": "编制规程"}
    )

    sign_in(cast.chen).post(reverse("item-break-down", args=[work.year.pk]), form)

    quarter = PlanItem.objects.get(content="推广到二车间")
    assert (quarter.parent, quarter.plan.period, quarter.weight) == (work.year, "2026-Q4", 2)
    assert PlanItem.objects.get(content="选定试点班组").parent == quarter
    assert PlanItem.objects.get(content="编制规程").parent == work.quarter
    assert list(find_drift()) == []


def test_a_month_whose_quarter_is_empty_is_refused_with_all_that_was_typed(sign_in, cast, work):
    form = broken_down(work.year, **{"2026-11": "选定试点班组", "2026-09": "编制规程"})

    answer = sign_in(cast.chen).post(reverse("item-break-down", args=[work.year.pk]), form)

    assert answer.status_code == 422
    assert "选定试点班组" in answer.content.decode()
    assert not PlanItem.objects.filter(content="编制规程").exists()


def test_the_breakdown_offers_the_quarters_that_still_lie_ahead(sign_in, cast, work):
    page = sign_in(cast.chen).get(reverse("item-break-down", args=[work.year.pk]))

    offered = {
        row.form.period.key: row.form["content"].value()
        for row in page.context["form"].rows
        if not row.is_month
    }
    assert offered == {"2026-Q1": "", "2026-Q2": "", "2026-Q3": "", "2026-Q4": "残极率降到14.0%以下"}


def test_an_item_made_of_others_has_no_empty_card_of_indicators(sign_in, cast, work):
    pages = [sign_in(cast.zheng).get(item.get_absolute_url()).text for item in (work.quarter, work.test)]

    assert ['id="indicators"' in page for page in pages] == [False, True]


def test_an_indicator_takes_the_place_of_the_percentage(sign_in, cast, work):
    client = sign_in(cast.chen)
    form = {
        "once": str(uuid4()),
        "name": "试验组数",
        "person": cast.wang.person_id,
        "kind": "number",
        "start": "0",
        "target": "3",
        "weight": "1",
    }

    client.post(reverse("indicator-new", args=[work.test.pk]), form)
    page = sign_in(cast.wang).get(work.test.get_absolute_url())

    indicator = Indicator.objects.get()
    assert "percent" not in page.context["report"].fields
    assert f"indicator_{indicator.pk}" in page.context["report"].fields


def test_milestones_keep_what_was_reached_when_one_is_added(sign_in, cast, work):
    indicator = Indicator.objects.create(
        item=work.test, person=cast.wang.person, name="三步", kind="milestones"
    )
    first, _second = (indicator.milestones.create(title=title) for title in ("方案", "试验"))
    report(work.test, by=cast.wang, at=NOON, indicator=indicator, milestones=[first.pk])
    form = {"name": "三步", "person": cast.wang.person_id, "weight": "1", "steps": "方案\n试验\n报告"}

    sign_in(cast.chen).post(reverse("indicator-edit", args=[indicator.pk]), form)

    assert list(indicator.milestones.values_list("title", "reached_on")) == [
        ("方案", date(2026, 9, 18)),
        ("试验", None),
        ("报告", None),
    ]
    assert PlanItem.objects.get(pk=work.test.pk).shown == "33"


def test_an_indicator_that_was_reported_on_stays(sign_in, cast, work):
    indicator = Indicator.objects.create(
        item=work.test, person=cast.wang.person, name="组数", start=0, target=3
    )
    report(work.test, by=cast.wang, at=NOON, indicator=indicator, value=Decimal(1))

    sign_in(cast.chen).post(reverse("indicator-delete", args=[indicator.pk]))

    assert Indicator.objects.filter(pk=indicator.pk).exists()


def test_every_percentage_opens_the_rows_it_is_made_of(sign_in, cast, work):
    report(work.test, by=cast.wang, at=NOON, percent=Decimal(40))
    report(work.august, by=cast.lin, at=NOON, state="cancelled", reason="改用旧件")

    page = sign_in(cast.zheng).get(reverse("item-why", args=[work.quarter.pk]))
    why = page.context["why"]

    assert (why.now, why.numerator, why.denominator, why.same) == ("40", "1.2", "3", True)
    assert [(row.what, row.counted, bool(row.note)) for row in why.rows] == [
        (work.august, False, True),
        (work.test, True, False),
    ]
    month = sign_in(cast.zheng).get(reverse("plan-why", args=[cast.studio_one.pk, "2026-09"]))
    assert (month.context["why"].numerator, month.context["why"].denominator) == ("1.2", "4")


def test_a_figure_that_drifted_is_said_aloud(sign_in, cast, work):
    Plan.objects.filter(pk=work.test.plan_id).update(progress=Decimal("0.5"))

    page = sign_in(cast.zheng).get(reverse("plan-why", args=[cast.studio_one.pk, "2026-09"]))

    assert page.context["why"].same is False
    assert "不一致" in page.content.decode()


@pytest.mark.parametrize("period", ["2026", "2026-Q3"])
def test_a_plan_shows_its_items_as_the_tree_they_are(sign_in, cast, work, period):
    page = sign_in(cast.zheng).get(reverse("plan", args=[cast.studio_one.pk, period]))

    [branch] = page.context["branches"]
    contents = ["残极率降到14.0%以下", "完成工业试验", "备件到货验收", "完成3组单因素试验"]
    assert [line.item.content for line in branch] == (contents if period == "2026" else contents[1:])
    assert [line.item.content for line in page.context["loose"]] == ["学习QC七种工具"]


@pytest.mark.parametrize("period", ["2026-13", "20260", "2019"])
def test_what_is_no_planned_period_is_not_found(sign_in, cast, work, period):
    path = reverse("plan", args=[cast.studio_one.pk, "2026"]).replace("/2026/", f"/{period}/")

    assert sign_in(cast.zheng).get(path).status_code == 404


def test_every_change_of_an_item_stands_on_its_page_its_progress_in_the_journal_alone(sign_in, cast, work):
    report(work.test, by=cast.wang, at=NOON, percent=Decimal(40))
    sent = {"weight": "2", "version": work.test.version}
    sign_in(cast.chen).post(
        reverse("item-field", args=[work.test.pk, "weight"]), sent, headers={"HX-Request": "true"}
    )

    page = sign_in(cast.chen).get(work.test.get_absolute_url())
    changes = [(str(field), after) for entry in page.context["history"] for field, _, after in entry.changes]
    assert ("权重", "2") in changes
    assert {field for field, _ in changes} == {"记录", "权重", "状态"}
