"""The chasing grid: four cells per studio, the exact message, and that nobody is told twice on a day."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import translation

from notifications.models import Notice
from projects import progress
from projects.expected import Standing
from projects.models import Plan, PlanItem
from reports.chasing import Facts, cells
from studios.models import Activity, Studio

TODAY = date(2026, 11, 20)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Asia/Shanghai")), tick=False):
        yield


@pytest.fixture
def planned(cast):
    """The studio of 一厂 has an item of November without a report; the one of 二厂 has planned nothing."""
    plan = Plan.objects.get(studio=cast.studio_one, period="2026-11")
    item = PlanItem.objects.create(plan=plan, content="焊接工艺试验", due_on=date(2026, 11, 18))
    progress.add_up(plan)
    return item


def states(facts):
    """(word, tone, missing) of the four cells, in English."""
    with translation.override("en"):
        return [(cell.word, cell.tone, cell.missing) for cell in cells(facts, on=TODAY)]


def test_a_studio_without_a_plan_misses_the_plan_and_an_activity_and_nothing_that_needs_a_plan():
    assert states(Facts()) == [
        ("no plan", "bad", True),
        ("waits for the plan", "plain", False),
        ("none held", "warn", True),
        ("waits for the plan", "plain", False),
    ]


def test_a_studio_that_keeps_pace_has_met_and_has_reported_misses_nothing():
    facts = Facts(planned=3, standing=Standing(0.7, 0.75, 10), held=2)

    assert states(facts) == [
        ("3 items", "good", False),
        ("on track", "good", False),
        ("2 held", "good", False),
        ("reported", "good", False),
    ]


@pytest.mark.parametrize(
    ("reported_on", "expected"),
    [
        (None, ("50 points behind", "warn", True)),
        (date(2026, 11, 12), ("50 points behind", "warn", True)),
        (date(2026, 11, 13), ("50 points behind, reported 13 Nov", "info", False)),
    ],
)
def test_who_is_behind_is_chased_unless_he_reported_within_a_week(reported_on, expected):
    facts = Facts(planned=1, standing=Standing(0.25, 0.75, 10), reported_on=reported_on)

    assert states(facts)[1] == expected


def test_an_activity_that_is_announced_for_later_this_month_is_not_chased():
    assert states(Facts(to_come=1))[2] == ("announced", "info", False)


def test_items_without_a_report_are_counted():
    assert states(Facts(planned=4, standing=Standing(1, 1, 10), unreported=2))[3] == (
        "2 items unreported",
        "bad",
        True,
    )


def test_the_grid_shows_every_studio_and_counts_who_misses_what(cast, sign_in, planned):
    page = sign_in(cast.li).get("/chasing/2026-11/")

    assert [(row.name, row.missing) for row in page.context["page"]] == [
        ("陈立新劳模创新工作室", ["progress", "activity", "report"]),
        ("赵国强工匠创新工作室", ["plan", "activity"]),
    ]
    assert [figure[1] for figure in page.context["figures"]] == [1, 1, 2, 1]
    assert "共 2 个工作室 · 进度滞后且超过7天未汇报" in page.text


@pytest.mark.parametrize(
    ("missing", "names"),
    [
        ("plan", ["赵国强工匠创新工作室"]),
        ("report", ["陈立新劳模创新工作室"]),
        ("any", ["陈立新劳模创新工作室", "赵国强工匠创新工作室"]),
    ],
)
def test_it_is_narrowed_to_those_who_miss_something_who_are_then_ticked(
    cast, sign_in, planned, missing, names
):
    page = sign_in(cast.li).get(f"/chasing/2026-11/?missing={missing}")

    assert [row.name for row in page.context["page"]] == names
    assert page.content.decode().count(" checked>") == len(names)


def test_a_unit_contact_sees_and_chases_his_own_unit_alone(cast, sign_in, planned):
    page = sign_in(cast.sun)

    grid = page.get("/chasing/2026-11/")
    page.post("/chasing/2026-11/letters/", {"studio": [cast.studio_two.pk], "send": "1"})

    assert [row.pk for row in grid.context["page"]] == [cast.studio_one.pk]
    assert Notice.objects.count() == 0


def test_the_exact_message_is_seen_before_it_goes(cast, sign_in, planned):
    page = sign_in(cast.li).post("/chasing/2026-11/letters/", {"studio": [cast.studio_one.pk]})

    (letter,) = page.context["letters"]
    assert letter.sentence == (
        "陈立新劳模创新工作室 2026年11月尚缺：滞后事项的进度、本月活动、在办事项的填报"
    )
    assert [str(user) for user in letter.recipients] == ["陈立新", "林小雨"]
    assert page.context["for_a_group"].splitlines() == [
        "【催办】2026年11月创新工作室尚缺以下事项：",
        "1. 陈立新劳模创新工作室（陈立新）：滞后事项的进度、本月活动、在办事项的填报",
        "请尽快登录薪火平台补齐，谢谢。",
    ]
    assert Notice.objects.count() == 0


def test_all_of_a_filter_are_reminded_in_three_clicks(cast, sign_in, planned):
    page = sign_in(cast.li)
    page.get("/chasing/2026-11/?missing=report")
    asked = {"missing": "report", "all": "1"}
    page.post("/chasing/2026-11/letters/", asked)

    page.post("/chasing/2026-11/letters/", {**asked, "send": "1"})

    told = Notice.objects.order_by("recipient__username")
    assert [notice.recipient for notice in told] == [cast.chen, cast.lin]
    assert told[0].url == f"/studios/{cast.studio_one.pk}/month/2026-11/"


def test_a_studio_is_reminded_once_a_day_for_a_month_and_the_grid_says_when(cast, sign_in, planned):
    page = sign_in(cast.li)
    chosen = {"studio": [cast.studio_one.pk], "send": "1"}
    for _again in range(3):
        page.post("/chasing/2026-11/letters/", chosen)
    assert Notice.objects.count() == 2
    assert page.get("/chasing/2026-11/").context["page"][0].reminded_on == TODAY

    with time_machine.travel(datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Asia/Shanghai")), tick=False):
        sign_in(cast.li).post("/chasing/2026-11/letters/", chosen)

    assert Notice.objects.count() == 4


def test_what_was_missing_and_is_there_by_now_is_no_longer_told(cast, sign_in, planned):
    sign_in(cast.li).post("/chasing/2026-11/letters/", {"studio": [cast.studio_one.pk], "send": "1"})
    notice = Notice.objects.get(recipient=cast.chen)
    assert notice.sort.why_no_longer(notice) is None

    progress.report(planned, by=cast.chen, at=datetime.now(ZoneInfo("Asia/Shanghai")), percent=100)
    Activity.objects.create(studio=cast.studio_one, subject="例会", held_on=TODAY)

    assert notice.sort.why_no_longer(notice) == "done"


def test_nobody_chosen_is_said_and_nothing_is_sent(cast, sign_in, planned):
    response = sign_in(cast.li).post("/chasing/2026-11/letters/", {"send": "1"}, follow=True)

    assert [str(message) for message in response.context["messages"]] == ["没有选中有缺项的工作室。"]
    assert Notice.objects.count() == 0


@pytest.mark.parametrize("address", ["/chasing/2026/", "/chasing/2026-Q4/", "/chasing/2026-13/"])
def test_only_a_month_can_be_chased(cast, sign_in, address):
    assert sign_in(cast.li).get(address).status_code == 404


@pytest.mark.parametrize("more", [0, 20])
def test_the_grid_asks_a_fixed_number_of_queries(cast, sign_in, more, django_assert_num_queries):
    made = [Studio(name=f"第{number}工作室", unit=cast.plant_one) for number in range(more)]
    Plan.lay_out(Studio.objects.bulk_create(made), 2026)
    for plan in Plan.objects.filter(period="2026-11"):
        PlanItem.objects.create(plan=plan, content="试验")
        progress.add_up(plan)
    page = sign_in(cast.li)
    page.get("/chasing/2026-11/")

    with django_assert_num_queries(23):
        response = page.get("/chasing/2026-11/")

    assert len(response.context["page"]) == 2 + more
