"""Lists in a browser: a view kept, columns chosen, rows changed at once, and the way back."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from core.calendar import Period
from projects.models import Plan, PlanItem
from projects.progress import add_up

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def two_items(cast):
    today = timezone.localdate()
    Plan.lay_out([cast.studio_one], today.year)
    plan = Plan.objects.get(studio=cast.studio_one, period=Period.containing(today).key)
    made = [PlanItem.objects.create(plan=plan, content=content) for content in ("甲项", "乙项")]
    add_up(plan)
    return made


def test_a_view_is_kept_changed_and_reset(cast, visit):
    page = visit(cast.li, "/studios/?type=craftsman")

    page.get_by_text("保存为视图").click()
    page.get_by_label("视图名称").fill("工匠")
    page.locator(".x-list-views-form").get_by_role("button", name="保存").click()
    expect(page.get_by_role("link", name="工匠", exact=True)).to_have_attribute("aria-current", "page")
    page.locator("summary", has_text="列").click()
    page.get_by_role("checkbox", name="专业方向").uncheck()
    page.get_by_role("button", name="显示这些列").click()

    expect(page.get_by_text("已更改")).to_be_visible()
    expect(page.get_by_role("columnheader", name="领衔人")).to_be_visible()
    page.get_by_role("link", name="还原").click()
    expect(page.get_by_text("已更改")).to_have_count(0)


def test_rows_are_chosen_changed_after_a_preview_and_changed_back(cast, visit, two_items):
    page = visit(cast.chen, "/items/?q=项")

    page.get_by_label("本页全选").check()
    expect(page.locator("[data-choose-count]")).to_contain_text("2")
    page.get_by_text("批量修改…").click()
    page.get_by_label("新的完成期限").fill("2026-12-24")
    page.get_by_role("button", name="预览：已勾选的项").click()
    expect(page.get_by_role("heading", name="将修改 2 项")).to_be_visible()
    page.get_by_role("button", name="确认修改 2 项").click()
    page.get_by_role("button", name="撤销").click()

    expect(page.locator("#toasts")).to_contain_text("已撤销")
    assert set(PlanItem.objects.values_list("due_on", flat=True)) == {None}
