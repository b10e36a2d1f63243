"""Studios x months: how each month stands, and letting the chosen close later after a preview."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from core import workdays
from notifications.models import Notice
from projects import closing, confirming, progress
from projects.closing import LEAVE, Choice
from projects.models import Plan, PlanItem
from reports import months
from studios.models import Studio

NOW = datetime(2026, 11, 3, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    """Tuesday, 3 November 2026: October is in its days of grace until Wednesday."""
    with time_machine.travel(NOW, tick=False):
        yield


def plan_of(studio, key):
    return Plan.objects.get(studio=studio, period=key)


@pytest.fixture
def year(cast):
    """The studio of 一厂 has an item in each month from August to November."""
    items = {
        key: PlanItem.objects.create(plan=plan_of(cast.studio_one, key), content="一项")
        for key in ("2026-08", "2026-09", "2026-10", "2026-11", "2026-12")
    }
    progress.add_up(items["2026-08"].plan)
    return items


def close(plan, by, at):
    choices = {item.pk: Choice(LEAVE, "未完成") for item in closing.leftovers(plan)}
    return closing.close(plan, by=by, at=at, calendar=workdays.load(), choices=choices)


def at(month, day):
    return datetime(2026, month, day, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_each_month_says_in_a_word_how_it_stands(cast, year):
    close(plan_of(cast.studio_one, "2026-08"), cast.chen, at(9, 2))
    close(plan_of(cast.studio_one, "2026-09"), cast.chen, at(10, 20))
    november = plan_of(cast.studio_one, "2026-11")
    confirming.submit(november, by=cast.chen, at=NOW)
    confirming.confirm(november, by=cast.sun, at=NOW)
    confirming.submit(plan_of(cast.studio_one, "2026-12"), by=cast.chen, at=NOW)
    studio = Studio.objects.select_related("unit").filter(pk=cast.studio_one.pk)

    (row,) = months.rows(studio, 2026, on=date(2026, 11, 3), calendar=workdays.load())

    assert [cell.word for cell in row.cells] == [
        *["无计划"] * 7,
        "已结清",
        "迟结清",
        "宽限期",
        "执行中",
        "已提交",
    ]


@pytest.mark.parametrize("studios", [1, 4])
def test_the_grid_asks_a_fixed_number_of_queries(sign_in, cast, year, studios, django_assert_num_queries):
    for number in range(studios):
        studio = Studio.objects.create(name=f"第{number}工作室", unit=cast.plant_one)
        Plan.lay_out([studio], 2026)
    client = sign_in(cast.li)
    client.get(reverse("months", args=[2026]))

    with django_assert_num_queries(18):
        page = client.get(reverse("months", args=[2026]))

    assert page.content.decode().count('name="studio"') == 2 + studios


def test_the_contact_of_a_unit_sees_its_studios_alone_and_a_cell_opens_the_month(sign_in, cast, year):
    page = sign_in(cast.sun).get(reverse("months", args=[2026])).content.decode()

    assert reverse("month", args=[cast.studio_one.pk, "2026-10"]) in page
    assert cast.studio_two.name not in page


def test_the_chosen_close_later_after_a_preview_and_only_as_it_was_seen(sign_in, cast, year):
    client, extend = sign_in(cast.li), reverse("months-extend", args=[2026])
    chosen = {"studio": [cast.studio_one.pk, cast.studio_two.pk], "month": "2026-10", "days": "2"}

    page = client.post(extend, chosen).content.decode()

    plan = plan_of(cast.studio_one, "2026-10")
    seen = f"{plan.pk}:2026-11-04"
    assert f'value="{seen}"' in page
    assert "2026年11月6日" in page
    assert "里面没有计划。" in page
    assert plan.closes_on is None
    for _twice in range(2):
        client.post(extend, chosen | {"sure": "1", "seen": [seen]})
    plan.refresh_from_db()
    assert plan.closes_on == date(2026, 11, 6)
    assert plan.steps.get().text == "2026-11-04 → 2026-11-06"
    assert Notice.objects.filter(kind="month_closes_later").count() == 2


def test_nothing_is_moved_of_another_units_studio_or_without_a_choice(sign_in, cast, year):
    extend = reverse("months-extend", args=[2026])
    plan = plan_of(cast.studio_one, "2026-10")
    typed = {"month": "2026-10", "days": "2", "sure": "1", "seen": [f"{plan.pk}:2026-11-04"]}

    sign_in(cast.he).post(extend, typed | {"studio": [cast.studio_one.pk]})
    sign_in(cast.sun).post(extend, typed | {"days": "99", "studio": [cast.studio_one.pk]})

    plan.refresh_from_db()
    assert plan.closes_on is None
