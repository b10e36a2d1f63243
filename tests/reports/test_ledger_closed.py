"""A ledger and closed months: figures stay, an unchanged row is fine, a changed one is refused by name."""

from datetime import UTC, date, datetime

import pytest

from core.workdays import Workdays
from projects import closing
from projects.closing import LEAVE, Choice
from projects.models import Plan
from reports import drift, portfolio
from reports.ledger.applying import NotPossible, apply, known, plan_import
from reports.ledger.reading import read
from reports.statement import statement
from tests.reports.ledgers import QILING, ledger, needs_qiling

pytestmark = pytest.mark.django_db
ITEMS = "计划表"
CALENDAR = Workdays()
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)


def bring_in(data: bytes):
    return apply(plan_import(read(data, **known())), by=None, at=NOW)


def close(plan):
    """Close a month; whatever is left over stays as it is."""
    choices = {item.pk: Choice(LEAVE, "未完成") for item in closing.leftovers(plan)}
    return closing.close(plan, by=None, at=NOW, calendar=CALENDAR, choices=choices)


@needs_qiling
def test_the_large_ledger_states_the_same_after_its_past_months_are_closed_and_comes_in_again():
    data = QILING.read_bytes()
    bring_in(data)
    day = date(2026, 11, 22)
    before = statement(2026, on=day)
    past = Plan.objects.filter(kind="month", ends_on__lt=date(2026, 11, 1), planned__gt=0)

    closed = [close(plan) for plan in past.order_by("studio", "starts_on")]
    portfolio.refresh(2026)

    assert len(closed) > 400
    assert statement(2026, on=day) == before
    assert drift.find().names == []


def test_in_a_closed_month_an_unchanged_row_is_fine_and_a_changed_one_is_an_error_that_names_the_month():
    bring_in(ledger())
    close(Plan.objects.get(studio__name="陈立新劳模创新工作室", period="2026-01"))

    assert bring_in(ledger()).touched == []
    with pytest.raises(NotPossible) as refused:
        bring_in(ledger({(ITEMS, 6, "权重"): 3, (ITEMS, 8, "权重"): 3}))

    errors = [fault for fault in refused.value.plan.faults if fault.is_error]
    assert [(fault.row, fault.column, fault.message) for fault in errors] == [
        (6, "期间", "这个工作室的2026年1月已结清，其中的内容不能再改。")
    ]
