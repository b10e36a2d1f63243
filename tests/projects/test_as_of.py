"""Every summary says as of when its figures hold, and who last changed what it sums."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from core import workdays
from projects import closing
from projects.models import Indicator, Plan, PlanItem, Topic
from projects.progress import report
from tests.projects.conftest import NOON, plan_of

pytestmark = pytest.mark.usefixtures("september")


def line_of(page):
    """The line as it is read, its parts side by side."""
    html = page.content.decode()
    start = html.index("data-as-of>") + len("data-as-of>")
    parts = html[start : html.index("</p>", start)].split("<span")[1:]
    return [_words(part) for part in parts]


def _words(part):
    text = part.partition(">")[2].partition("</span>")[0]
    if text.startswith("<a "):
        text = text.partition(">")[2].partition("</a>")[0]
    return text.strip()


def at(day, hour, minute=0):
    return datetime(2026, 9, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))


def month(cast):
    return reverse("month", args=[cast.studio_one.pk, "2026-09"])


def test_a_month_says_when_it_was_read_and_who_reported_last(cast, sign_in, work):
    report(work.study, by=cast.lin, at=at(16, 9), percent=Decimal(20))
    report(work.test, by=cast.wang, at=at(17, 16), percent=Decimal(30))

    page = sign_in(cast.chen).get(month(cast))

    assert line_of(page) == ["截至 2026年9月18日（周五）12:00", "最近更新：王芳，9月17日 16:00"]


def test_where_nothing_was_changed_yet_only_the_day_stands(cast, sign_in, work):
    assert line_of(sign_in(cast.chen).get(month(cast))) == ["截至 2026年9月18日（周五）12:00"]


@pytest.mark.parametrize("period", ["2026-Q3", "2026"])
def test_what_was_reported_in_a_month_is_the_change_of_its_quarter_and_year(cast, sign_in, work, period):
    report(work.test, by=cast.wang, at=at(17, 16), percent=Decimal(30))

    page = sign_in(cast.chen).get(reverse("plan", args=[cast.studio_one.pk, period]))

    assert line_of(page)[1] == "最近更新：王芳，9月17日 16:00"


def test_a_change_of_an_item_after_the_last_report_is_the_newest(cast, sign_in, work):
    report(work.test, by=cast.wang, at=at(17, 16), percent=Decimal(30))
    with time_machine.travel(at(18, 8), tick=False):
        work.study._history_user = cast.lin
        work.study.weight = 4
        work.study.save()

    assert line_of(sign_in(cast.chen).get(month(cast)))[1] == "最近更新：林小雨，9月18日 08:00"


@pytest.fixture
def target_moved(cast, work):
    """On the 18th at 08:00 林小雨 has moved the target of an indicator, and nothing else, after a report."""
    report(work.test, by=cast.wang, at=at(17, 16), percent=Decimal(30))
    indicator = Indicator.objects.create(
        item=work.test, person=cast.wang.person, name="残极率", start=16, target=14
    )
    with time_machine.travel(at(18, 8), tick=False):
        indicator.target = Decimal(15)
        indicator._history_user = cast.lin
        indicator.save_if_unchanged(seen=1, fields=["target"])


@pytest.mark.parametrize("name", ["month", "plan", "plan-strip", "studio", "studios", "items", "overview"])
def test_a_new_target_of_an_indicator_is_a_change_of_all_that_sums_it(cast, sign_in, target_moved, name):
    studio = cast.studio_one.pk
    args = {
        "month": [studio, "2026-09"],
        "plan": [studio, "2026"],
        "plan-strip": [studio, 2026],
        "studio": [studio],
        "overview": ["2026-09"],
    }.get(name)

    page = sign_in(cast.sun).get(reverse(name, args=args))

    assert line_of(page)[-1].replace("（陈立新劳模创新工作室）", "") == "最近更新：林小雨，9月18日 08:00"


def test_a_new_target_is_a_change_where_nothing_was_ever_reported(cast, sign_in, work):
    indicator = Indicator(item=work.study, person=cast.lin.person, name="授课", start=0, target=3)
    indicator._history_user = cast.chen
    indicator.save()

    page = sign_in(cast.chen).get(month(cast))

    assert line_of(page)[1] == "最近更新：陈立新，9月18日 12:00"
    other = reverse("month", args=[cast.studio_two.pk, "2026-09"])
    assert line_of(sign_in(cast.zhao).get(other)) == ["截至 2026年9月18日（周五）12:00"]


def test_the_last_change_is_found_in_three_queries(cast, target_moved, django_assert_num_queries):
    for count in (1, 20):
        for number in range(count):
            Indicator.objects.create(
                item=PlanItem.objects.first(), person=cast.lin.person, name=f"授课{number}", start=0, target=3
            )
        for rows in (Plan.objects.all(), PlanItem.objects.all()):
            with django_assert_num_queries(3):
                assert rows.last_change().who == "林小雨"


def test_a_report_through_the_page_brings_its_line_along(cast, sign_in, work):
    client = sign_in(cast.wang)
    answer = client.post(
        reverse("item-report", args=[work.test.pk]),
        {"percent": "45", "note": "", "token": "5b1c6a52-2f6c-4d9e-9b7e-1f0f35c7a001"},
        headers={"HX-Request": "true", "Referer": f"http://testserver{month(cast)}"},
    )

    assert 'hx-swap-oob="outerHTML:[data-as-of]"' in answer.content.decode()
    assert "最近更新：王芳，9月18日 12:00" in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("chen", "数据于 2026年9月2日（周三）封存：陈立新"),
        (None, "数据于 2026年9月2日（周三）由系统自动封存"),
    ],
)
def test_a_closed_month_says_when_it_was_sealed_instead(cast, sign_in, work, who, said):
    plan = plan_of(cast.studio_one, "2026-08")
    chosen = {item.pk: closing.default_for(item) for item in closing.leftovers(plan)}
    by = getattr(cast, who) if who else None
    closing.close(plan, by=by, at=at(2, 12), calendar=workdays.load(), choices=chosen)

    page = sign_in(cast.chen).get(reverse("month", args=[cast.studio_one.pk, "2026-08"]))

    assert line_of(page) == [said]


@pytest.fixture
def both(cast, work):
    """王芳 has reported in 一厂 and, an hour later, 钱多 in 二厂."""
    other = PlanItem.objects.create(
        plan=plan_of(cast.studio_two, "2026-09"), content="浇注温度试验", owner=cast.qian.person
    )
    report(work.test, by=cast.wang, at=at(17, 16), percent=Decimal(30))
    report(other, by=cast.qian, at=at(17, 17), percent=Decimal(10))


@pytest.mark.parametrize("name", ["items", "studios", "chasing", "overview", "heatmap", "trends", "home"])
@pytest.mark.parametrize(
    ("reader", "said"),
    [
        ("zhou", "最近更新：钱多（赵国强工匠创新工作室），9月17日 17:00"),
        ("sun", "最近更新：王芳（陈立新劳模创新工作室），9月17日 16:00"),
    ],
)
def test_a_page_of_many_studios_names_only_what_its_reader_may_see(cast, sign_in, both, name, reader, said):
    args = {"chasing": ["2026-09"], "overview": ["2026-09"], "heatmap": [2026], "trends": [2026]}.get(name)

    page = sign_in(getattr(cast, reader)).get(reverse(name, args=args))

    assert line_of(page)[-1] == said


@pytest.mark.parametrize("name", ["overview", "heatmap", "trends", "home", "leader"])
def test_figures_that_are_added_up_in_the_background_say_when(cast, sign_in, both, name):
    """The plans have changed at noon, and whoever looks first adds them up; later readers see that moment."""
    args = {"overview": ["2026-09"], "heatmap": [2026], "trends": [2026]}.get(name)
    address = reverse(name, args=args)
    client = sign_in(cast.zheng if name == "leader" else cast.zhou)
    client.get(address)
    with time_machine.travel(at(18, 12, 20), tick=False):
        page = client.get(address)

    assert line_of(page)[:2] == ["截至 2026年9月18日（周五）12:20", "数据汇总于 9月18日 12:00"]


def test_the_months_grid_says_who_last_moved_a_month_on(cast, sign_in, work):
    plan = plan_of(cast.studio_one, "2026-08")
    chosen = {item.pk: closing.default_for(item) for item in closing.leftovers(plan)}
    closing.close(plan, by=cast.chen, at=at(2, 12), calendar=workdays.load(), choices=chosen)

    page = sign_in(cast.li).get(reverse("months", args=[2026]))

    assert line_of(page)[1] == "最近更新：陈立新（陈立新劳模创新工作室），9月2日 12:00"


def test_the_topics_say_who_changed_one_last(cast, sign_in):
    for studio, user, title in (
        (cast.studio_one, cast.chen, "降低残极率"),
        (cast.studio_two, cast.zhao, "缩短浇注时间"),
    ):
        topic = Topic(studio=studio, title=title, starts_on=date(2026, 9, 1))
        topic._history_user = user
        topic.save()

    said = {who.username: line_of(sign_in(who).get(reverse("topics")))[1] for who in (cast.zhou, cast.sun)}

    assert said == {
        "zhou": "最近更新：赵国强（赵国强工匠创新工作室），9月18日 12:00",
        "sun": "最近更新：陈立新（陈立新劳模创新工作室），9月18日 12:00",
    }


def test_the_page_of_a_studio_the_sheet_and_the_year_on_one_sheet_say_it_too(cast, sign_in, work):
    report(work.test, by=cast.wang, at=NOON, percent=Decimal(30))
    studio = cast.studio_one.pk
    client = sign_in(cast.chen)

    for address in (
        reverse("studio", args=[studio]),
        reverse("month-sheet", args=[studio, "2026-09"]),
        reverse("plan-strip", args=[studio, 2026]),
    ):
        assert line_of(client.get(address))[1] == "最近更新：王芳，9月18日 12:00", address
