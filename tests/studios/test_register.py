"""The list a union lives in: who sees what, what narrows and sorts it, and what leaves as a workbook."""

import io
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone
from openpyxl import load_workbook

from core.calendar import Period
from core.workdays import Workdays
from members.models import Person
from projects.models import Plan, PlanItem
from projects.progress import add_up, report
from studios.models import Activity, Membership, Studio


def names(response):
    return [row.studio.name for row in response.context["rows"]]


def item_of(studio, *, percent=None, by=None, due_on=None):
    """An item of the studio's present month, reported on if a percentage is given."""
    today = timezone.localdate()
    Plan.lay_out([studio], today.year)
    plan = studio.plans.get(period=Period.containing(today).key)
    item = PlanItem.objects.create(plan=plan, content="完成试验", due_on=due_on)
    if percent is not None:
        report(item, by=by, at=timezone.now(), percent=Decimal(percent))
    return item


def test_the_union_sees_every_studio_in_the_order_of_the_register(cast, sign_in):
    page = sign_in(cast.li).get("/studios/")

    assert names(page) == ["陈立新劳模创新工作室", "赵国强工匠创新工作室"]
    assert "共 2 个工作室" in page.content.decode()


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("sun", ["陈立新劳模创新工作室"]),
        ("he", ["赵国强工匠创新工作室"]),
        ("wang", ["陈立新劳模创新工作室"]),
        ("qiu", ["赵国强工匠创新工作室"]),
        ("feng", []),
        ("xu", []),
    ],
)
def test_everybody_sees_the_studios_within_his_reach_alone(cast, sign_in, who, seen):
    assert names(sign_in(getattr(cast, who)).get("/studios/")) == seen


def test_who_sees_nothing_is_told_why(cast, sign_in):
    assert "您不属于任何工作室" in sign_in(cast.xu).get("/studios/").content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=立新", ["陈立新劳模创新工作室"]),
        ("q=clx", ["陈立新劳模创新工作室"]),
        ("q=铸造", ["赵国强工匠创新工作室"]),
        ("q=工匠", ["赵国强工匠创新工作室"]),
        ("type=craftsman", ["赵国强工匠创新工作室"]),
        ("level=national", []),
        ("state=active", ["陈立新劳模创新工作室", "赵国强工匠创新工作室"]),
        ("trade=焊", ["陈立新劳模创新工作室"]),
        ("type=craftsman&trade=焊", []),
    ],
)
def test_the_address_narrows_the_list(cast, sign_in, query, found):
    assert names(sign_in(cast.li).get(f"/studios/?{query}")) == found


def test_a_unit_stands_for_all_below_it(cast, sign_in):
    page = sign_in(cast.li)

    assert len(names(page.get(f"/studios/?unit={cast.group.pk}"))) == 2
    assert names(page.get(f"/studios/?unit={cast.plant_two.pk}")) == ["赵国强工匠创新工作室"]


def test_a_foreign_unit_cannot_be_asked_for(cast, sign_in):
    page = sign_in(cast.sun).get(f"/studios/?unit={cast.plant_two.pk}")

    assert names(page) == ["陈立新劳模创新工作室"]
    assert "unit" in page.context["filter"].form.errors


def test_used_filters_are_chips_with_an_address_without_them(cast, sign_in):
    page = sign_in(cast.li).get("/studios/?q=立新&type=model_worker&o=-name&page=3")

    assert page.context["filter"].chips() == [
        ("名称、领衔人、专业方向或拼音首字母: 立新", "?type=model_worker&o=-name"),
        ("类型: 劳模创新工作室", "?q=%E7%AB%8B%E6%96%B0&o=-name"),
    ]
    assert page.context["filter"].cleared == "?o=-name"


def test_filters_that_leave_nothing_say_so(cast, sign_in):
    assert "2 个工作室都被筛选条件排除了" in sign_in(cast.li).get("/studios/?q=没有").content.decode()


def test_a_studio_with_a_plan_this_month_is_told_from_one_without(cast, sign_in):
    item_of(cast.studio_one, percent=40, by=cast.chen)

    page = sign_in(cast.li)

    assert names(page.get("/studios/?plan=planned")) == ["陈立新劳模创新工作室"]
    assert names(page.get("/studios/?plan=none")) == ["赵国强工匠创新工作室"]
    assert [row.shown for row in page.get("/studios/").context["rows"]] == ["40", None]


@pytest.mark.parametrize(
    ("reported", "due_on", "behind"),
    [
        # 15 of the 21 working days are over: 71.4 % is expected, and 61.4 % is still on track.
        ("61.428", None, True),
        ("61.429", None, False),
        ("61", None, True),
        ("62", None, False),
        ("0", None, True),
        ("100", None, False),
        # 15 of 20 working days are 75 %; exactly ten points less is not behind.
        ("65", date(2026, 11, 27), False),
        ("64.999999", date(2026, 11, 27), True),
        # Due today everything is expected.
        ("90", date(2026, 11, 20), False),
        ("89.999999", date(2026, 11, 20), True),
    ],
)
def test_the_register_and_the_studio_page_agree_about_who_is_behind(cast, sign_in, reported, due_on, behind):
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=timezone.get_default_timezone()), tick=False):
        item_of(cast.studio_one, percent=reported, by=cast.chen, due_on=due_on)
        page = sign_in(cast.li)

        register = page.get("/studios/")
        found = names(page.get("/studios/?plan=behind"))
        strip = page.get(cast.studio_one.get_absolute_url()).context["strip"]

    row = register.context["rows"][0]
    month = strip["quarters"][3]["months"][1]["planned"]
    assert (found == ["陈立新劳模创新工作室"]) is behind
    assert row.standing.is_behind is behind
    assert month.standing == row.standing
    assert (f"滞后 {row.standing.apart} 点" in register.content.decode()) is behind


def test_nobody_is_behind_in_the_first_days_of_a_month(cast):
    plan = cast.studio_one.plans.get(period="2026-11")
    PlanItem.objects.create(plan=plan, content="试验")
    add_up(plan)
    november = Period.parse("2026-11")

    def behind(day):
        on = date(2026, 11, day)
        return Studio.objects.behind(november, on=on, calendar=Workdays()).count()

    # Two of 21 working days are over on the 3rd, three on the 4th.
    assert [behind(day) for day in (1, 3, 4)] == [0, 0, 1]


def test_silence_is_neither_a_report_nor_an_activity(cast, sign_in):
    item_of(cast.studio_one, percent=10, by=cast.chen)
    page = sign_in(cast.li)
    assert names(page.get("/studios/?silent=30")) == ["赵国强工匠创新工作室"]

    held_on = timezone.localdate() - timedelta(days=20)
    Activity.objects.create(studio=cast.studio_two, subject="例会", held_on=held_on)
    assert names(page.get("/studios/?silent=30")) == []
    assert names(page.get("/studios/?silent=10")) == ["赵国强工匠创新工作室"]


def test_an_activity_to_come_does_not_break_the_silence(cast, sign_in):
    Activity.objects.create(
        studio=cast.studio_one, subject="展览", held_on=timezone.localdate() + timedelta(days=3)
    )

    assert len(names(sign_in(cast.li).get("/studios/?silent=30"))) == 2


def test_overdue_items_are_counted_and_asked_for(cast, sign_in):
    item_of(cast.studio_two, due_on=timezone.localdate() - timedelta(days=1))
    item_of(cast.studio_one, due_on=timezone.localdate())

    page = sign_in(cast.li)

    assert names(page.get("/studios/?overdue=yes")) == ["赵国强工匠创新工作室"]
    assert [row.overdue for row in page.get("/studios/").context["rows"]] == [0, 1]


@pytest.mark.parametrize(
    ("order", "first"),
    [
        ("name", "陈立新劳模创新工作室"),
        ("-name", "赵国强工匠创新工作室"),
        ("unit", "陈立新劳模创新工作室"),
        ("-lead", "赵国强工匠创新工作室"),
        ("-level", "赵国强工匠创新工作室"),
        ("type", "陈立新劳模创新工作室"),
        ("-type", "赵国强工匠创新工作室"),
        ("trade", "陈立新劳模创新工作室"),
        ("state", "陈立新劳模创新工作室"),
        ("progress", "赵国强工匠创新工作室"),
        ("-progress", "赵国强工匠创新工作室"),
        ("-overdue", "赵国强工匠创新工作室"),
        ("-reported", "赵国强工匠创新工作室"),
        ("nonsense", "陈立新劳模创新工作室"),
    ],
)
def test_every_column_sorts(cast, sign_in, order, first):
    Studio.objects.filter(pk=cast.studio_two.pk).update(level="national")
    item_of(cast.studio_two, percent=50, by=cast.zhao)
    item_of(cast.studio_two, due_on=timezone.localdate() - timedelta(days=1))

    assert names(sign_in(cast.li).get(f"/studios/?o={order}"))[0] == first


def test_the_list_costs_the_same_queries_at_any_length(cast, sign_in, django_assert_num_queries):
    page = sign_in(cast.li)
    rows_alone = {"HX-Request": "true"}
    page.get("/studios/?q=立新", headers=rows_alone)
    with django_assert_num_queries(23):
        page.get("/studios/?q=立新", headers=rows_alone)
    for number in range(2):
        studio = Studio.objects.create(name=f"立新{number}工作室", unit=cast.plant_two)
        person = Person.objects.create(name=f"甲{number}")
        Membership.objects.create(studio=studio, person=person, role="lead")
        item_of(studio, percent=10, by=cast.li)
    page.get("/studios/?q=立新", headers=rows_alone)  # the first reader works out what is expected
    with django_assert_num_queries(23):
        shown = page.get("/studios/?q=立新", headers=rows_alone).content.decode()
    assert "共 3 个工作室" in shown


def test_htmx_gets_the_results_alone(cast, sign_in):
    fragment = sign_in(cast.li).get("/studios/?q=立新", headers={"HX-Request": "true"})

    assert fragment.content.decode().strip().startswith('<div id="results"')
    assert "HX-Request" in fragment["Vary"]


def test_pages_of_fifty_with_the_count_of_all(cast, sign_in):
    Studio.objects.bulk_create(
        Studio(name=f"工作室{number}", unit=cast.plant_one, position=number) for number in range(3, 54)
    )

    page = sign_in(cast.li).get("/studios/?page=2")

    assert len(names(page)) == 3
    assert "共 53 个工作室" in page.content.decode()


def exported(response):
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return book.worksheets[0]


def test_the_export_is_what_is_seen(cast, sign_in):
    item_of(cast.studio_two, percent=50, by=cast.zhao)

    sheet = exported(sign_in(cast.li).get("/studios/export/?type=craftsman&o=-name"))

    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][0] == "创新工作室台账 · 共 1 个工作室"
    assert rows[1][:5] == ["序号", "名称", "单位", "领衔人", "级别"]
    assert rows[2][:9] == [
        2,
        "赵国强工匠创新工作室",
        "二厂",
        "赵国强",
        "公司级",
        "工匠创新工作室",
        "铸造",
        "运行中",
        "50%",
    ]
    assert isinstance(rows[2][10], datetime)


def test_a_text_that_looks_like_a_formula_leaves_as_text(cast, sign_in):
    Studio.objects.filter(pk=cast.studio_one.pk).update(trade='=HYPERLINK("http://x")')

    sheet = exported(sign_in(cast.sun).get("/studios/export/"))

    cell = sheet["G3"]
    assert (cell.value, cell.data_type) == ('=HYPERLINK("http://x")', "s")


def test_only_those_with_the_right_may_export(cast, sign_in):
    assert sign_in(cast.wang).get("/studios/export/").status_code == 403
    assert sign_in(cast.zheng).get("/studios/export/").status_code == 200


def test_the_union_chooses_rows_or_all_that_match_and_reminds_them(cast, sign_in):
    client = sign_in(cast.li)
    page = client.get("/studios/?type=craftsman&q=")

    assert page.content.decode().count('name="studio" value=') == 1
    assert page.context["all_chosen"] == []
    everything = client.get(page.context["choose_all"])
    assert everything.context["all_chosen"] == [cast.studio_two.pk]
    assert "提醒符合条件的全部 1 个" in everything.content.decode()
    assert 'type="checkbox" class="form-check-input x-choose-box"' not in everything.content.decode()
    month = Period.containing(timezone.localdate()).key
    letters = client.post(f"/chasing/{month}/letters/", {"studio": [cast.studio_two.pk]})
    assert [letter.studio for letter in letters.context["letters"]] == [cast.studio_two]


def test_whoever_may_not_remind_has_nothing_to_choose(cast, sign_in):
    assert "x-choose-box" not in sign_in(cast.chen).get("/studios/").content.decode()


def test_in_english_the_column_of_the_type_is_short_and_in_chinese_as_ever(cast, sign_in):
    page = sign_in(cast.li)
    in_english = page.get("/studios/", headers={"accept-language": "en"}).text

    assert '<td class="is-wordy" data-label="Type">Craftsman</td>' in in_english
    assert '<td class="is-wordy" data-label="类型">工匠创新工作室</td>' in page.get("/studios/").text
