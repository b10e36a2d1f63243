"""The heat map and the trends: literal cells, literal sentences, the same queries at any size."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import translation

from core.calendar import Period
from projects import progress
from projects.models import Plan, PlanItem
from reports import heat, trends
from reports.overview import Record, Total
from studios.models import Studio

NOVEMBER, DECEMBER = Period.of_month(2026, 11), Period.of_month(2026, 12)
TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Asia/Shanghai")), tick=False):
        yield


def record(share, **counts):
    return Record(progress=Decimal(share), complete=share == "1", **counts)


@pytest.mark.parametrize(
    ("share", "shown", "step"),
    [
        ("0", "0", 0),
        ("0.005", "<1", 0),
        ("0.199", "19", 0),
        ("0.2", "20", 1),
        ("0.63", "63", 3),
        ("0.9999", "99", 4),
    ],
)
def test_a_cell_is_the_warmer_the_more(share, shown, step):
    found = heat.cell(record(share), NOVEMBER, by="progress", on=TODAY)

    assert (found.shown, found.step) == (shown, step)


def test_only_a_month_of_which_all_is_done_is_whole():
    whole = heat.cell(record("1"), NOVEMBER, by="progress", on=TODAY)
    nearly = heat.cell(Record(progress=Decimal(1), complete=False), NOVEMBER, by="progress", on=TODAY)

    assert (whole.shown, whole.step) == ("100", 5)
    assert (nearly.shown, nearly.step) == ("99", 4)


def test_a_month_without_a_plan_has_no_number_and_one_to_come_no_warmth():
    none = heat.cell(None, NOVEMBER, by="progress", on=TODAY)
    to_come = heat.cell(record("0.3"), DECEMBER, by="progress", on=TODAY)

    assert (none.shown, none.step) == (None, None)
    assert (to_come.shown, to_come.step) == ("30", None)


def test_the_on_time_rate_is_of_what_counts():
    found = heat.cell(
        record("0.9", planned=5, tolerated=1, done=3, on_time=3), NOVEMBER, by="on_time", on=TODAY
    )

    assert (found.shown, found.step) == ("75", 3)


@pytest.fixture
def work(cast):
    """November of both studios and their years: one ahead of its year, one behind."""
    for studio, percent in ((cast.studio_one, 90), (cast.studio_two, 30)):
        for period in ("2026-11", "2026"):
            plan = Plan.objects.get(studio=studio, period=period)
            PlanItem.objects.create(plan=plan, content="攻关", percent=percent, state="in_progress")
            progress.add_up(plan)
    return cast


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("order", "first"),
    [
        ("", "陈立新劳模创新工作室"),
        ("deviation", "赵国强工匠创新工作室"),
        ("-deviation", "陈立新劳模创新工作室"),
        ("-name", "赵国强工匠创新工作室"),
    ],
)
def test_rows_are_sorted_and_a_cell_opens_its_month(work, sign_in, order, first):
    page = sign_in(work.zheng).get(f"/heatmap/2026/?o={order}")

    rows = page.context["studios"]
    assert rows[0].name == first
    assert {row.name: row.cells[10].shown for row in rows} == {
        "陈立新劳模创新工作室": "90",
        "赵国强工匠创新工作室": "30",
    }
    assert {row.cells[10].href for row in rows} == {
        f"/studios/{studio.pk}/month/2026-11/" for studio in (work.studio_one, work.studio_two)
    }


@pytest.mark.django_db
def test_units_are_the_mean_of_their_studios(work, sign_in):
    page = sign_in(work.zheng).get("/heatmap/2026/")

    units = {row.name: (row.cells[10].shown, row.standing.state) for row in page.context["units"]}
    assert units == {
        "青川机械集团": ("60", "behind"),
        "一厂": ("90", "on_track"),
        "二厂": ("30", "behind"),
    }


@pytest.mark.django_db
def test_a_leader_of_one_plant_sees_that_plant_alone(work, sign_in):
    page = sign_in(work.qiu)

    assert [row.name for row in page.get("/heatmap/2026/").context["studios"]] == ["赵国强工匠创新工作室"]
    assert page.get(f"/heatmap/2026/?unit={work.plant_one.pk}").status_code == 404
    assert page.get(f"/trends/2026/?unit={work.group.pk}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("more", [0, 20])
@pytest.mark.parametrize(
    ("address", "queries"),
    [("/heatmap/2026/", 30), ("/heatmap/2026/?o=deviation", 32), ("/trends/2026/", 22)],
)
def test_the_pages_ask_a_fixed_number_of_queries(
    work, sign_in, address, queries, more, django_assert_num_queries
):
    made = [Studio(name=f"第{number}工作室", unit=work.plant_one) for number in range(more)]
    Plan.lay_out(Studio.objects.bulk_create(made), 2026)
    page = sign_in(work.zheng)
    page.get(address)

    with django_assert_num_queries(queries):
        page.get(address)


def total(share=None, **counts):
    return Total(progress=None if share is None else Decimal(share), **counts)


def test_the_months_are_said_beside_those_of_the_year_before():
    with translation.override("en"):
        chart = trends.months(
            "progress",
            "Progress",
            {"2026-11": total("0.72"), "2026-12": total("0")},
            {"2025-11": total("0.67"), "2025-12": total("0.95")},
            2026,
            on=TODAY,
        )

    assert [series.name for series in chart.series] == ["2026", "2025"]
    assert list(chart.series[0].values)[9:] == [None, 72.0, None]
    assert list(chart.series[1].values)[9:] == [None, 67.0, 95.0]
    assert chart.sentence == "2026-11 stands at 72%, 5 points more than a year before."
    assert chart.rows[10] == ("11", ["72", "67"])


def test_units_are_ranked_over_the_months_that_are_over():
    october = {"planned": 10, "tolerated": 2}
    units = {
        "一厂": {"2026-10": total("1", on_time=4, **october), "2026-11": total("1", planned=9)},
        "二厂": {"2026-10": total("1", on_time=6, **october)},
        "三厂": {"2026-11": total("1", planned=3)},
    }
    with translation.override("en"):
        chart = trends.ranking(units, 2026, on=TODAY)

    assert list(chart.labels) == ["二厂", "一厂"]
    assert list(chart.series[0].values) == [75.0, 50.0]
    assert chart.sentence == "二厂 leads with 75%; 一厂 is last with 50%."


def test_studios_are_counted_by_how_far_they_have_come():
    plans = [
        (None, False),
        (Decimal("0.1"), False),
        (Decimal("0.8"), False),
        (Decimal(1), False),
        (Decimal(1), True),
    ]
    with translation.override("en"):
        chart = trends.distribution(plans, NOVEMBER, active=6)

    assert list(zip(chart.labels, chart.series[0].values, strict=True)) == [
        ("not planned", 2),
        ("0–19%", 1),
        ("20–39%", 0),
        ("40–59%", 0),
        ("60–79%", 0),
        ("80–99%", 2),
        ("100%", 1),
    ]
    assert chart.sentence == "2026-11: 3 of 6 studios have come to 80% or more; 2 planned nothing."


@pytest.mark.django_db
def test_the_chart_library_is_loaded_only_where_a_chart_is_and_asks_for_no_hole_in_the_policy(work, sign_in):
    page = sign_in(work.zheng)
    trends_page, heat_page = page.get("/trends/2026/"), page.get("/heatmap/2026/")

    assert "vendor/echarts" in trends_page.content.decode()
    assert "vendor/echarts" not in heat_page.content.decode()
    assert "unsafe" not in trends_page["Content-Security-Policy"]
