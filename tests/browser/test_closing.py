"""The lead closes a month with three clicks, and the pages on the way can be used by everybody."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from core.calendar import Period
from projects.models import Frozen, Plan, PlanItem
from projects.progress import add_up
from tests.browser.test_stuck_and_settled import examine

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def last_month(cast):
    """Two open items of the month that is over."""
    now = Period.containing(timezone.localdate())
    before = now.previous
    Plan.lay_out([cast.studio_one, cast.studio_two], now.year)
    Plan.lay_out([cast.studio_one], before.year)
    plan = Plan.objects.get(studio=cast.studio_one, period=before.key)
    for content in ("完成单因素试验", "整理试验记录"):
        PlanItem.objects.create(plan=plan, content=content, owner=cast.chen.person, due_on=before.ends_on)
    add_up(plan)
    cast.home = reverse("month", args=[cast.studio_one.pk, now.key])
    return plan


def test_the_lead_closes_the_last_month_with_three_clicks(last_month, cast, visit):
    page = visit(cast.chen, cast.home)
    period = str(last_month.span)

    page.get_by_role("link", name=f"结清{period}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"结清{period}")
    examine(page)
    page.get_by_role("button", name="下一步").click()
    expect(page.locator("#preview")).to_contain_text("增加2项，权重2")
    examine(page)
    page.get_by_role("button", name=f"结清{period}").click()

    expect(page.locator("main")).to_contain_text("结清，第1版")
    examine(page)
    assert Frozen.objects.closings().get().data["by"] == "陈立新"


def test_the_live_line_follows_the_choice(last_month, cast, visit):
    page = visit(cast.chen, reverse("plan-leftovers", args=[cast.studio_one.pk, last_month.period]))

    page.get_by_label("如何处理：整理试验记录").select_option("leave")

    expect(page.locator("#preview")).to_contain_text("增加1项，权重1")
