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


def test_a_due_day_is_changed_in_its_cell_by_the_keyboard_and_esc_brings_it_back(cast, visit, two_items):
    page = visit(cast.chen, "/items/?view=all&q=甲项")
    cell = page.locator("td[data-inline$='/weight/']")

    cell.dblclick()
    field = cell.locator("input[name=weight]")
    field.fill("7")
    field.press("Escape")
    expect(cell).to_have_text("1")
    cell.press("Enter")
    field.fill("0")
    field.press("Enter")
    expect(cell.get_by_role("alert")).to_contain_text("权重")
    expect(field).to_have_value("0")
    field.fill("2.5")
    field.press("Enter")

    expect(cell).to_have_text("2.5")
    expect(page.locator("#toasts")).to_contain_text("已保存")
    assert str(PlanItem.objects.get(content="甲项").weight.normalize()) == "2.5"


@pytest.mark.parametrize("ending", ["", "Enter"], ids=["typed", "entered"])
def test_a_row_stays_under_the_finger_that_opens_it_right_after_the_list_was_narrowed(
    cast, visit, two_items, ending
):
    page = visit(cast.chen, "/items/?view=all")
    search = page.locator("main").get_by_role("searchbox")
    search.fill("甲项")
    if ending:
        search.press(ending)
    expect(page.locator("main")).not_to_contain_text("乙项")

    page.get_by_role("link", name="甲项", exact=True).click(delay=800)

    expect(page.get_by_role("heading", name="甲项")).to_be_visible()


def test_back_returns_to_the_same_filter_and_the_same_place(cast, visit, two_items):
    plan = two_items[0].plan
    PlanItem.objects.bulk_create(PlanItem(plan=plan, content=f"长项{number:02}") for number in range(40))
    page = visit(cast.chen, "/items/?view=all")
    page.locator("main").get_by_role("searchbox").fill("长项")
    expect(page.get_by_role("status").filter(has_text="40")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("甲项")
    row = page.get_by_role("link", name="长项05", exact=True)
    row.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    assert before > 100

    row.click()
    expect(page.get_by_role("heading", name="长项05")).to_be_visible()
    page.go_back()

    expect(page.get_by_role("link", name="长项05", exact=True)).to_be_in_viewport()
    expect(page.locator("main").get_by_role("searchbox")).to_have_value("长项")
    expect(page.locator("main")).not_to_contain_text("甲项")


def test_the_head_of_a_list_stays_in_sight_while_its_rows_pass(cast, visit, two_items):
    plan = two_items[0].plan
    PlanItem.objects.bulk_create(PlanItem(plan=plan, content=f"长项{number:02}") for number in range(40))
    page = visit(cast.chen, "/items/?view=all&cols=content,due,state")

    page.mouse.wheel(0, 1200)

    expect(page.get_by_role("link", name="长项05", exact=True)).not_to_be_in_viewport()
    expect(page.get_by_role("columnheader", name="计划内容")).to_be_in_viewport()
