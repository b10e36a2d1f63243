"""The overview: every figure opens a list that holds exactly what it counts."""

from datetime import date, datetime
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from members.models import Unit, User
from projects.models import Plan
from reports.demo import group
from studios.models import Studio

TODAY = date(2026, 9, 18)

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    with time_machine.travel(datetime(2026, 9, 18, 12, tzinfo=ZoneInfo("Asia/Shanghai")), tick=False):
        yield


@pytest.fixture
def admin(today, sign_in):
    """The administrator of a demo group of eight studios in eight units."""
    group.make(studios=8, seed=3, on=TODAY)
    return sign_in(User.objects.get(username="group-admin"))


def total(client, address):
    """How many rows the list at an address has, all pages together."""
    page = client.get(address)
    assert page.status_code == 200, address
    return page.context["page"].paginator.count


@pytest.mark.parametrize("period", ["2026", "2026-Q3", "2026-09"])
def test_each_count_of_the_group_a_unit_and_a_studio_is_the_total_of_its_list(admin, period):
    page = admin.get(reverse("overview", args=[period]))

    rows = [*page.context["units"][:2], *page.context["studios"][:2]]
    shown = [(figure["href"], figure["value"]) for figure in page.context["figures"][3:8]]
    shown += [
        (row.behind[name], getattr(row.figure, name))
        for row in rows
        for name in ("planned", "counted", "done", "on_time", "overdue", "carried", "tolerated", "cancelled")
    ]
    assert sum(count for _address, count in shown) > 0
    assert [(address, total(admin, address)) for address, _count in shown] == shown


def test_the_studios_behind_progress_and_behind_not_planned_are_listed(admin):
    figures = admin.get(reverse("overview", args=["2026-11"])).context["figures"]
    progress, not_planned = figures[0], figures[8]

    assert (progress["value"], not_planned["value"]) == (None, 8)
    assert total(admin, progress["href"]) == 0
    assert total(admin, not_planned["href"]) == 8


def test_rates_are_done_of_what_is_planned_and_not_tolerated(admin):
    figure = admin.get(reverse("overview", args=["2026-08"])).context["figure"]

    assert figure.completion_rate == figure.done / (figure.planned - figure.tolerated)
    assert figure.on_time_rate == figure.on_time / (figure.planned - figure.tolerated)


@pytest.mark.parametrize("key", ["progress", "completion_rate", "on_time_rate", "overdue", "name"])
def test_both_tables_sort_by_every_column_with_the_unknown_last(admin, key):
    page = admin.get(reverse("overview", args=["2026-08"]), {"o": f"-{key}"})

    for rows in (page.context["units"], page.context["studios"]):
        values = [getattr(row.figure, key) for row in rows] if key != "name" else []
        known = [value for value in values if value is not None]
        assert values == sorted(known, reverse=True) + [None] * (len(values) - len(known))


def test_a_unit_opens_with_its_own_studios_and_the_way_back(admin):
    unit = Unit.objects.get(name="锻压厂")
    page = admin.get(reverse("overview", args=["2026-09"]), {"unit": unit.pk})

    assert {row.sub for row in page.context["studios"]} == {"锻压厂"}
    assert [label for label, _url in page.context["breadcrumbs"]] == ["岱山重型装备集团有限公司"]


def test_the_way_to_another_period_keeps_unit_and_order(admin):
    page = admin.get(reverse("overview", args=["2026-01"]), {"unit": "2", "o": "-overdue"})

    address = urlsplit(page.context["previous"][1])
    assert address.path == "/overview/2025-12/"
    assert parse_qs(address.query) == {"unit": ["2"], "o": ["-overdue"]}
    assert len(page.context["options"]) == 17


@pytest.mark.parametrize("key", ["2026-13", "x", "2026-Q5"])
def test_there_is_no_overview_of_what_is_no_period(admin, key):
    assert admin.get(f"/overview/{key}/").status_code == 404


@pytest.mark.parametrize("unit", ["999", "x"])
def test_there_is_no_overview_of_what_is_no_unit(admin, unit):
    assert admin.get("/overview/2026-09/", {"unit": unit}).status_code == 404


def test_a_contact_reads_the_own_unit_and_no_other(cast, sign_in, today):
    page = sign_in(cast.sun).get("/overview/2026-09/")

    assert [row.name for row in page.context["studios"]] == ["陈立新劳模创新工作室"]
    assert sign_in(cast.sun).get(f"/overview/2026-09/?unit={cast.plant_two.pk}").status_code == 404


def test_whoever_only_belongs_to_a_studio_reads_no_overview(cast, sign_in, today):
    assert sign_in(cast.chen).get("/overview/2026-09/").status_code == 403


@pytest.mark.parametrize("more", [0, 20])
def test_it_takes_the_same_number_of_queries_however_many_studios_there_are(
    cast, sign_in, today, more, django_assert_num_queries
):
    studios = [Studio(name=f"第{number}工作室", unit=cast.plant_one) for number in range(more)]
    Plan.lay_out(Studio.objects.bulk_create(studios), 2026)
    client = sign_in(cast.li)
    client.get("/overview/2026-09/")

    with django_assert_num_queries(33):
        page = client.get("/overview/2026-09/")

    assert len(page.context["studios"]) == 2 + more
