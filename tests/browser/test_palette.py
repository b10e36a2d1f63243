"""The palette and the shortcuts, by keyboard alone."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.arriving import arrived, listening

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def chosen(page):
    return page.locator("#palette [aria-selected=true]")


def test_ctrl_k_two_characters_and_enter_open_a_studio(cast, visit):
    page = visit(cast.li, reverse("studios"))
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="搜索")).to_be_focused()

    page.keyboard.type("焊接")

    expect(page.locator("#palette-status")).to_have_text("找到 1 条")
    expect(chosen(page)).to_contain_text("陈立新劳模创新工作室")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(cast.studio_one.get_absolute_url()))


def test_arrows_go_round_and_name_the_chosen_option_to_the_screen_reader(cast, visit):
    page = visit(cast.li, reverse("studios"))
    page.keyboard.press("Control+k")
    page.keyboard.type("clx")
    expect(page.locator("#palette [role=option]")).to_have_count(2)
    field = page.get_by_role("combobox")

    page.keyboard.press("ArrowDown")
    expect(chosen(page)).to_contain_text("一厂")
    expect(field).to_have_attribute("aria-activedescendant", chosen(page).get_attribute("id"))
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "palette-studios-1")
    page.keyboard.press("ArrowUp")
    expect(field).to_have_attribute("aria-activedescendant", "palette-people-1")
    expect(field).to_have_attribute("aria-expanded", "true")


def test_escape_closes_and_gives_the_focus_back(cast, visit):
    page = visit(cast.li, reverse("studios"))
    opener = page.locator("[data-palette]")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#palette")).to_be_visible()

    page.keyboard.type("焊接")
    page.keyboard.press("Escape")

    expect(page.locator("#palette")).to_be_hidden()
    expect(opener).to_be_focused()


def test_nothing_found_is_said_and_enter_leads_to_the_search_page(cast, visit):
    page = visit(cast.chen, reverse("studios"))
    page.keyboard.press("Control+k")
    page.keyboard.type("铸造")
    expect(page.locator("#palette-status")).to_have_text("没有找到")

    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="没有找到").or_(page.get_by_text("少输入几个字"))).to_be_visible()
    expect(page).to_have_url(re.compile(r"/search/\?q="))


def test_the_last_visited_records_stand_first_before_one_types(cast, visit):
    for record in (cast.studio_one, cast.wang.person):
        visit(cast.li, record.get_absolute_url())
    page = visit(cast.li, reverse("studios"))

    page.keyboard.press("Control+k")

    first = page.locator("#palette [role=group]").first
    expect(first).to_contain_text("最近访问")
    expect(first.locator("[role=option]")).to_have_text(
        [re.compile("王芳"), re.compile("陈立新劳模创新工作室")]
    )


def test_another_person_in_the_same_tab_is_not_offered_what_one_visited(cast, visit):
    visit(cast.li, cast.studio_one.get_absolute_url())
    page = visit(cast.chen, reverse("studios"))

    page.keyboard.press("Control+k")

    expect(page.locator("#palette [role=option]").first).to_be_visible()
    expect(page.locator("#palette")).not_to_contain_text("最近访问")


def test_two_keys_go_to_a_page_and_to_this_month_of_ones_own_studio(cast, visit):
    page = visit(cast.chen, reverse("account"))
    page.keyboard.type("gs")
    arrived(page, rf"{reverse('studios')}$")

    page.keyboard.type("gm")
    arrived(page, rf"/studios/{cast.studio_one.pk}/month/.*/sheet/$")


def test_a_key_presses_the_act_that_the_page_declares(cast, visit):
    page = visit(cast.li, cast.studio_one.get_absolute_url())
    page.keyboard.type("e")

    expect(page).to_have_url(re.compile(reverse("studio-edit", args=[cast.studio_one.pk])))


def test_j_and_k_walk_through_the_rows(cast, visit):
    page = visit(cast.li, reverse("studios"))
    first, second = (
        page.get_by_role("link", name=studio.name) for studio in (cast.studio_one, cast.studio_two)
    )

    page.keyboard.type("j")
    expect(first).to_be_focused()
    page.keyboard.type("j")
    expect(second).to_be_focused()
    page.keyboard.type("k")
    expect(first).to_be_focused()


def test_shortcuts_are_silent_while_one_types(cast, visit):
    page = visit(cast.li, reverse("studios"))
    page.locator("main input[type=search]").focus()
    page.keyboard.type("gi?jk")

    expect(page.locator("main input[type=search]")).to_have_value("gi?jk")
    expect(page.locator("#shortcuts")).to_be_hidden()
    expect(page).to_have_url(re.compile(reverse("studios")))


def test_the_question_mark_lists_the_keys_of_this_page(cast, visit):
    page = visit(cast.li, cast.studio_one.get_absolute_url())
    page.keyboard.type("?")

    keys = page.get_by_role("dialog", name="快捷键")
    expect(keys.locator("dl > div:visible", has_text="编辑")).to_have_text(re.compile(r"编辑\s*e"))
    expect(keys.locator("dl > div:visible", has_text="工作室")).to_have_text(re.compile(r"工作室\s*g\s*s"))
    expect(keys.get_by_text("保存")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()


def test_ctrl_enter_saves_from_within_a_field(cast, visit):
    page = visit(cast.li, reverse("studio-edit", args=[cast.studio_one.pk]))
    page.locator("[name=trade]").fill("激光焊接")
    page.keyboard.press("Control+Enter")

    expect(page).to_have_url(re.compile(rf"{cast.studio_one.get_absolute_url()}$"))
    cast.studio_one.refresh_from_db()
    assert cast.studio_one.trade == "激光焊接"


def test_who_turns_single_keys_off_keeps_the_search(cast, visit):
    page = visit(cast.chen, reverse("account"))
    page.get_by_role("button", name="关闭单键快捷键").click()
    expect(page.get_by_role("button", name="开启单键快捷键")).to_be_visible()
    listening(page)

    page.keyboard.type("gs?")
    expect(page).to_have_url(re.compile(reverse("account")))
    expect(page.locator("#shortcuts")).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
