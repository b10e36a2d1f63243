"""Who closes what was opened stands where one stood; what was saved and what was refused is said."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.sheets import is_saved, now, team_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def team(cast):
    return team_of(cast)


def test_the_focus_returns_when_a_dialog_or_a_menu_is_closed(team, visit):
    page = visit(team.li, reverse("studios"))
    opener = page.locator("[data-palette]")
    menu = page.locator(".x-head .x-menu > summary")
    for one in (opener, menu):
        one.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        expect(one).to_be_focused()

    menu.focus()
    page.keyboard.press("Enter")
    page.locator("[data-dialog=shortcuts]").press("Enter")
    expect(page.locator("#shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#shortcuts")).to_be_hidden()
    assert page.evaluate("document.activeElement !== document.body")


def test_saved_and_refused_are_announced(team, visit):
    page = visit(team.chen, team.sheet)
    page.locator("[data-sheet].is-live").wait_for()
    first, second = (f"n{indicator.pk}" for indicator in team.carried[:2])
    now(page, first).fill("3")
    page.keyboard.press("Tab")
    is_saved(page, first)
    expect(page.locator("#announcer")).to_have_text("已保存。")

    now(page, second).fill("三组")
    page.keyboard.press("Tab")
    expect(page.locator(f"[data-cell={second}] [data-cell-error]")).to_contain_text("数")
    said = page.locator("[role=alert], [aria-live]").filter(has_text="数")
    expect(said.first).to_be_attached()


def test_a_report_that_was_taken_is_announced(team, visit):
    page = visit(team.chen, team.month)
    line = page.locator(f"#item-{team.own.pk}")
    line.get_by_text("填报进度").click()
    line.locator("[name=percent]").last.fill("70")
    line.get_by_role("button", name="提交填报").click()

    expect(page.locator("#toasts[aria-live]")).not_to_be_empty()
