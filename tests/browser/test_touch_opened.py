"""What is opened by a touch can be pressed by one: menus, dialogs and cells being changed are 44 px, too."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.examining import PHONE
from tests.browser.sheets import team_of
from tests.browser.touching import LEAST, TOO_SMALL

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: The same measure of what lies within one opened part; what it covers cannot be pressed and is not meant to.
WITHIN = TOO_SMALL.replace("(least) => {", "([least, within]) => {", 1).replace(
    "document.querySelectorAll(PRESSED)",
    "[...document.querySelectorAll(PRESSED)].filter((el) => el.closest(within))",
)


@pytest.fixture
def touched(cast, new_context, watched, visit):
    page = watched(new_context(has_touch=True, service_workers="block").new_page())
    page.set_viewport_size(PHONE)
    team_of(cast)

    def opened(user, address):
        return visit(user, address, page=page)

    return opened


def too_small(page, within):
    expect(page.locator(within).first).to_be_visible()
    assert page.locator(f"{within} :is(a, button, input, select)").count() > 0
    return page.evaluate(WITHIN, [LEAST, within])


@pytest.mark.parametrize("menu", [".x-head .x-menu", ".x-bar .x-menu", ".x-page-actions .x-menu"])
def test_the_menus(cast, touched, menu):
    page = touched(cast.zhou, cast.studio_one.get_absolute_url())
    page.locator(f"{menu} > summary").first.click()

    assert too_small(page, f"{menu}[open] .x-menu-sheet") == []


def test_the_menu_of_a_row(cast, touched):
    page = touched(cast.zhou, reverse("studio-members", args=[cast.studio_one.pk]))
    page.locator("main td .x-menu > summary").first.click()

    assert too_small(page, "main td .x-menu[open] .x-menu-sheet") == []


def test_the_list_of_keys(cast, touched):
    page = touched(cast.chen, cast.studio_one.get_absolute_url())
    page.keyboard.type("?")

    assert too_small(page, "#shortcuts") == []


def test_the_palette_with_what_it_found(cast, touched):
    page = touched(cast.li, reverse("studios"))
    page.locator("[data-palette]").click()
    page.keyboard.type("试验")
    expect(page.locator("#palette-status")).to_contain_text("找到")

    assert too_small(page, "dialog[open]") == []


@pytest.mark.parametrize("column", ["owner", "due", "weight"])
def test_a_cell_of_a_list_being_changed(cast, touched, column):
    page = touched(cast.chen, reverse("items") + "?view=all")
    page.locator(f"td[data-inline$='/{column}/']").first.dblclick()

    assert too_small(page, ".x-inline") == []
