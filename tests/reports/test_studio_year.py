"""A studio's year on one sheet, and a month of it on a calendar."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from projects import progress
from projects.models import Plan, PlanItem, Topic
from studios.models import Activity

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(datetime(2026, 10, 9, 12, tzinfo=ZoneInfo("Asia/Shanghai")), tick=False):
        yield


def add(studio, period, content, **more):
    plan = Plan.objects.get(studio=studio, period=period)
    item = PlanItem.objects.create(plan=plan, content=content, **more)
    progress.add_up(plan)
    return item


def test_the_strip_is_the_year_its_quarters_and_its_months(cast, sign_in):
    add(cast.studio_one, "2026", "降低缺陷率")
    add(cast.studio_one, "2026-10", "取消的", state="cancelled", reason="停产")
    for number in range(7):
        add(cast.studio_one, "2026-10", f"试验{number}")

    parts = sign_in(cast.wang).get(f"/studios/{cast.studio_one.pk}/plan/2026/strip/").context["parts"]

    assert [part.period.key for part in parts[:6]] == [
        "2026",
        "2026-Q1",
        "2026-Q2",
        "2026-Q3",
        "2026-Q4",
        "2026-01",
    ]
    assert [item.content for item in parts[0].items] == ["降低缺陷率"]
    october = parts[14]
    assert (len(october.items), october.more, october.now) == (6, 1, True)


def test_the_calendar_has_deadlines_activities_and_the_rest_days_of_the_law(cast, sign_in):
    add(cast.studio_one, "2026-10", "焊接试验", due_on=date(2026, 10, 8))
    Activity.objects.create(studio=cast.studio_one, subject="月度例会", held_on=date(2026, 10, 9))
    Topic.objects.create(studio=cast.studio_one, title="缺陷率", due_on=date(2026, 10, 31))

    page = sign_in(cast.chen).get(f"/studios/{cast.studio_one.pk}/calendar/2026-10/")

    days = {day.day: day for week in page.context["weeks"] for day in week}
    assert [day.day.isoformat() for day in page.context["weeks"][0]][:4] == [
        "2026-09-28",
        "2026-09-29",
        "2026-09-30",
        "2026-10-01",
    ]
    assert not days[date(2026, 10, 1)].works
    assert days[date(2026, 10, 10)].works  # a Saturday, worked for the National Day holidays
    assert [(event.text, event.tone) for event in days[date(2026, 10, 8)].events] == [("焊接试验", "bad")]
    assert [(day.day.day, day.events[0].text) for day in page.context["agenda"]] == [
        (8, "焊接试验"),
        (9, "月度例会"),
        (31, "缺陷率"),
    ]


@pytest.mark.parametrize(
    ("address", "queries"), [("/studios/{}/plan/2026/strip/", 19), ("/studios/{}/calendar/2026-10/", 15)]
)
@pytest.mark.parametrize("more", [1, 3])
def test_they_ask_a_fixed_number_of_queries(cast, sign_in, address, queries, more, django_assert_num_queries):
    for number in range(more):
        add(cast.studio_one, "2026-10", f"试验{number}", due_on=date(2026, 10, 8))
        Activity.objects.create(studio=cast.studio_one, subject=f"例会{number}", held_on=date(2026, 10, 9))
    page = sign_in(cast.chen)
    page.get(address.format(cast.studio_one.pk))

    with django_assert_num_queries(queries):
        page.get(address.format(cast.studio_one.pk))


def test_strangers_see_neither(cast, sign_in):
    page = sign_in(cast.qian)

    assert page.get(f"/studios/{cast.studio_one.pk}/plan/2026/strip/").status_code == 404
    assert page.get(f"/studios/{cast.studio_one.pk}/calendar/2026-10/").status_code == 404
