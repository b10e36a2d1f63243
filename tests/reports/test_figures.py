"""Every figure of a year, and the proof that what is stored is what the rows come to."""

import json
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from notifications.models import Notice
from projects.models import Plan, PlanItem
from projects.progress import report
from reports import portfolio
from reports.models import UnitFigure
from reports.statement import statement
from reports.tasks import prove_figures
from tests.reports.ledgers import QILING, QILING_FIGURES, needs_qiling

NOON = datetime(2026, 9, 18, 12, tzinfo=ZoneInfo("Asia/Shanghai"))

pytestmark = pytest.mark.django_db


def printed(*words):
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def cells(value, path=()):
    """Every single value of a nested structure with the way to it."""
    pairs = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    )
    if pairs is None:
        yield path, value
        return
    yield path, len(value)
    for key, inner in pairs:
        yield from cells(inner, (*path, key))


@needs_qiling
def test_the_large_ledger_comes_to_the_expected_figures_in_every_cell():
    call_command("import_ledger", str(QILING), stdout=StringIO())

    stated = json.loads(printed("figures", "--on", "2026-11-22", "--json"))

    expected = json.loads(QILING_FIGURES.read_text())
    del expected["checks"]
    assert list(stated) == list(expected)
    differing = {
        path: (wanted, found)
        for (path, wanted), (same_path, found) in zip(cells(expected), cells(stated), strict=True)
        if path != same_path
        or (
            abs((wanted or 0) - (found or 0)) > 1e-6 or (wanted is None) != (found is None)
            if path[-1:] == ("progress",)
            else wanted != found
        )
    }
    assert differing == {}
    assert printed("check_figures") == "drift 0\n"


@pytest.fixture
def half_done(cast):
    """One item of September, half done, due on the twentieth."""
    plan = Plan.objects.get(studio=cast.studio_one, period="2026-09")
    item = PlanItem.objects.create(plan=plan, content="试验", due_on=date(2026, 9, 20))
    report(item, by=cast.chen, at=NOON, percent=Decimal(50))
    portfolio.figures(2026)
    return item


def test_an_item_is_overdue_from_the_day_after_its_due_day(half_done):
    assert statement(2026, on=date(2026, 9, 20))["group"]["periods"]["2026-09"]["overdue"] == 0
    assert statement(2026, on=date(2026, 9, 21))["group"]["periods"]["2026-09"]["overdue"] == 1


def test_a_studio_that_no_longer_works_counts_nowhere(cast, half_done):
    cast.studio_one.state = "delisted"
    cast.studio_one.save()
    portfolio.refresh(2026)

    stated = statement(2026, on=date(2026, 9, 21))

    assert [studio["name"] for studio in stated["studios"]] == ["赵国强工匠创新工作室"]
    assert stated["group"]["periods"]["2026-09"] == {
        "progress": None,
        "shown": None,
        "planned": 0,
        "done": 0,
        "on_time": 0,
        "overdue": 0,
        "carried": 0,
        "tolerated": 0,
        "cancelled": 0,
        "completion_rate": None,
        "on_time_rate": None,
        "with_plan": 0,
        "not_planned": 1,
        "active": 1,
        "coverage": 0.0,
    }


def test_the_table_shows_the_same_as_a_line_for_everybody(half_done):
    lines = printed("figures", "--on", "2026-09-21", "--period", "2026-09").splitlines()

    assert [line.split() for line in lines[2:5]] == [
        ["50", "1", "0", "0", "1", "0", "0", "0", "="],
        ["50", "1", "0", "0", "1", "0", "0", "0", "一厂"],
        ["50", "1", "0", "0", "1", "0", "0", "0", "陈立新劳模创新工作室"],
    ]


def test_a_period_of_another_year_is_refused(half_done):
    with pytest.raises(CommandError, match="2025-09"):
        printed("figures", "--on", "2026-09-21", "--period", "2025-09")


def tamper_item(item):
    PlanItem.objects.filter(pk=item.pk).update(share=Decimal("0.25"))
    return f"planitem {item.pk}: 试验 (陈立新劳模创新工作室, 2026-09)"


def tamper_plan(item):
    Plan.objects.filter(pk=item.plan_id).update(reported_at=None)
    return f"plan {item.plan_id}: 陈立新劳模创新工作室 · 2026年9月 (陈立新劳模创新工作室, 2026-09)"


def tamper_unit(item):
    unit = item.plan.studio.unit
    UnitFigure.objects.filter(unit=unit, period="2026-09").update(done=3)
    return f"unit {unit.pk}: 一厂 · 2026-09"


@pytest.mark.parametrize("tamper", [tamper_item, tamper_plan, tamper_unit])
def test_a_stored_figure_that_differs_is_named_and_fails_the_check(half_done, tamper, capsys):
    assert printed("check_figures") == "drift 0\n"
    name = tamper(half_done)

    with pytest.raises(SystemExit) as end:
        call_command("check_figures")

    assert end.value.code == 1
    assert capsys.readouterr().out == f"{name}\ndrift 1\n"


def test_the_nightly_proof_tells_the_administrators_and_puts_it_right(cast, half_done):
    tamper_item(half_done)

    prove_figures("2026-09-19")

    told = Notice.objects.filter(kind="reports.drift").values_list("recipient__username", flat=True)
    assert sorted(told) == ["feng", "wu", "zhou"]
    assert printed("check_figures") == "drift 0\n"
    half_done.refresh_from_db()
    assert half_done.share == Decimal("0.5")


def test_nothing_is_told_when_nothing_differs(half_done):
    prove_figures("2026-09-19")

    assert not Notice.objects.filter(kind="reports.drift").exists()
