"""What a page shows only once somebody has done something: read by axe in both schemes, with no complaint."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from core.calendar import Period
from notifications.sending import tell
from projects.models import Plan, PlanItem
from projects.progress import add_up
from tests.browser.examining import PHONE, Examiner
from tests.browser.sheets import now, team_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: What the browser itself says of an answer that is not 2xx, or of no answer.
REFUSED = ("Failed to load resource", "htmx:")


@pytest.fixture
def world(cast):
    """The team with an item of the month before, still open."""
    world = team_of(cast)
    world.this = world.test.plan
    before = Period.parse(world.this.period).previous
    Plan.lay_out([cast.studio_one], before.year)
    world.before = Plan.objects.get(studio=cast.studio_one, period=before.key)
    PlanItem.objects.create(
        plan=world.before, content="焊接工艺评定", owner=cast.chen.person, state="in_progress", percent=40
    )
    add_up(world.before)
    return world


@pytest.fixture
def examined(new_context, visit):
    """Open an address for one of the cast in a page that is examined: ``examined(cast.chen, address)``."""
    examiner = Examiner(new_context(service_workers="block").new_page())

    def opened(user, address, *, size=None, expected=()):
        examiner.at(address, expected=expected)
        if size:
            examiner.page.set_viewport_size(size)
        return visit(user, address, page=examiner.page)

    yield opened
    examiner.is_for_everybody_in_both_schemes()
    examiner.fits()
    assert examiner.findings == []


def test_the_palette_with_what_it_found(world, examined):
    page = examined(world.li, reverse("studios"))
    page.keyboard.press("Control+k")
    page.keyboard.type("焊接")

    expect(page.locator("#palette-status")).to_contain_text("找到")


def test_the_palette_on_a_phone(world, examined):
    page = examined(world.li, reverse("studios"), size=PHONE)
    page.locator("[data-palette]").click()
    page.keyboard.type("焊接")

    expect(page.locator("#palette-status")).to_contain_text("找到")


def test_the_list_of_keys(world, examined):
    page = examined(world.li, world.studio_one.get_absolute_url())
    page.keyboard.type("?")

    expect(page.locator("#shortcuts")).to_be_visible()


@pytest.mark.parametrize("size", [None, PHONE], ids=["desk", "phone"])
def test_the_menu_of_the_person(world, examined, size):
    page = examined(world.zhou, reverse("studios"), size=size)
    page.locator(".x-head .x-menu > summary").click()

    expect(page.get_by_role("button", name="退出登录")).to_be_visible()


def test_what_does_not_fit_into_the_bar_of_a_phone(world, examined):
    page = examined(world.zhou, reverse("studios"), size=PHONE)
    page.locator(".x-bar summary").click()

    expect(page.locator(".x-bar .x-menu-sheet")).to_be_visible()


def test_the_filters_on_a_phone(world, examined):
    page = examined(world.li, reverse("studios"), size=PHONE)
    page.locator(".x-filter-bar summary").first.click()

    expect(page.locator(".x-filter-bar select").first).to_be_visible()


def test_the_form_of_a_new_view_and_the_chooser_of_columns(world, examined):
    page = examined(world.zhou, reverse("studios") + "?type=craftsman")
    page.get_by_text("保存为视图").click()
    page.locator("summary", has_text="列").last.click()

    expect(page.get_by_label("视图名称")).to_be_visible()
    expect(page.get_by_role("button", name="显示这些列")).to_be_visible()


def test_rows_chosen_for_a_change_and_its_preview(world, examined):
    page = examined(world.chen, reverse("items") + "?view=all")
    page.get_by_label("本页全选").check()
    page.get_by_text("批量修改…").click()
    page.get_by_label("新的完成期限").fill("2026-12-24")

    expect(page.get_by_text("2026年12月24日")).to_be_visible()


def test_the_preview_of_a_change_of_many(world, examined):
    page = examined(world.chen, reverse("items") + "?view=all")
    page.get_by_label("本页全选").check()
    page.get_by_text("批量修改…").click()
    page.get_by_label("新的完成期限").fill("2026-12-24")
    page.get_by_role("button", name="预览：已勾选的项").click()

    expect(page.get_by_role("heading", name=re.compile("将修改"))).to_be_visible()


@pytest.mark.parametrize("column", ["owner", "due", "weight"])
def test_a_cell_of_a_list_being_changed(world, examined, column):
    page = examined(world.chen, reverse("items") + "?view=all")
    page.locator(f"td[data-inline$='/{column}/']").first.dblclick()

    expect(page.locator(".x-inline")).to_be_visible()


def test_a_cell_of_a_list_that_was_refused(world, examined):
    page = examined(world.chen, reverse("items") + "?view=all", expected=REFUSED)
    cell = page.locator("td[data-inline$='/weight/']").first
    cell.dblclick()
    cell.locator("input[name=weight]").fill("0")
    cell.locator("input[name=weight]").press("Enter")

    expect(cell.get_by_role("alert")).to_be_visible()


def test_saved_and_the_way_back(world, examined):
    page = examined(world.chen, reverse("items") + "?view=all")
    cell = page.locator("td[data-inline$='/weight/']").first
    cell.dblclick()
    cell.locator("input[name=weight]").fill("2")
    cell.locator("input[name=weight]").press("Enter")

    expect(page.locator("#toasts")).to_contain_text("已保存")
    page.locator("#toasts [data-toast]").hover()  # or it leaves while it is looked at


@pytest.mark.parametrize(
    ("form", "who", "button"),
    [("item-new", "chen", "保存"), ("activity-new", "chen", "保存"), ("problem-new", "wang", "提出")],
)
def test_a_form_with_errors(world, examined, form, who, button):
    args = [world.studio_one.pk, *([world.this.period] if form == "item-new" else [])]
    page = examined(getattr(world, who), reverse(form, args=args), expected=REFUSED)
    page.locator("main form").first.evaluate("form => form.noValidate = true")
    page.get_by_role("main").get_by_role("button", name=button).first.click()

    expect(page.locator(".x-form-errors")).to_be_focused()


def test_two_saved_the_same_field(world, examined):
    page = examined(world.li, reverse("studio-edit", args=[world.studio_one.pk]), expected=REFUSED)
    type(world.studio_one).objects.filter(pk=world.studio_one.pk).update(trade="激光焊接", version=2)
    page.locator("[name=trade]").fill("机器人焊接")
    page.get_by_role("button", name="保存").click()

    expect(page.locator(".x-conflict")).to_be_visible()


def test_somebody_changed_the_page_meanwhile(world, examined):
    page = examined(world.chen, world.studio_one.get_absolute_url())
    type(world.studio_one).objects.filter(pk=world.studio_one.pk).update(version=2)
    page.evaluate("htmx.trigger('.x-meanwhile', 'meanwhile')")

    expect(page.locator(".x-meanwhile-bar")).to_be_visible()


def test_a_value_of_the_sheet_without_a_network(world, examined):
    page = examined(world.chen, world.sheet, expected=("Failed to load resource", "htmx:"))
    page.locator("[data-sheet].is-live").wait_for()
    page.context.set_offline(True)
    now(page, f"n{world.carried[0].pk}").fill("3")
    page.keyboard.press("Tab")

    expect(page.locator("#outbox")).to_contain_text("1 个数还没有发送")


def test_a_cell_of_the_sheet_that_two_have_told(world, examined):
    mine = world.carried[0]
    page = examined(world.chen, world.sheet, expected=REFUSED)
    page.locator("[data-sheet].is-live").wait_for()
    type(mine).objects.filter(pk=mine.pk).update(value=5)
    now(page, f"n{mine.pk}").fill("3")
    page.keyboard.press("Tab")

    expect(page.locator(".x-clash")).to_be_visible()


def test_an_item_split_when_the_month_is_closed(world, examined):
    page = examined(world.chen, reverse("plan-leftovers", args=[world.studio_one.pk, world.before.period]))
    choice = page.get_by_label(re.compile("如何处理")).first
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        choice.select_option("split")

    expect(page.locator("#preview")).to_be_visible()


def test_a_report_opened_on_the_month_page(world, examined):
    page = examined(world.chen, world.month, size=PHONE)
    page.locator(f"#item-{world.own.pk}").get_by_text("填报进度").click()

    expect(page.locator(f"#item-{world.own.pk} textarea").last).to_be_visible()


def test_a_message_beside_the_list(world, examined):
    tell(
        [world.chen],
        "application_approved",
        about="tests.item:1",
        url=world.studio_one.get_absolute_url(),
        once="",
        params={"subject": "甲", "applicant": "甲"},
    )
    page = examined(world.chen, reverse("inbox"))
    page.locator("#messages .x-row-title a").first.click()

    expect(page.locator("#beside h1")).to_be_visible()
