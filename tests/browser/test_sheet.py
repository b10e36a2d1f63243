"""The month sheet by keyboard, by thumb, by two people at once and without a network."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from projects.models import ProgressEntry
from tests.browser.examining import PHONE
from tests.browser.sheets import cell, forgiving, is_saved, now, photo, stored, team_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(new_context):
    yield from forgiving(new_context)


@pytest.fixture
def team(cast):
    return team_of(cast)


def keys(team):
    return [f"n{indicator.pk}" for indicator in team.carried]


def test_one_click_to_the_sheet_then_tab_and_enter_through_the_cells(team, visit):
    page = visit(team.chen, team.month)
    page.get_by_role("link", name="整月一张表").click()
    page.locator("[data-sheet].is-live").wait_for()
    first, second, third = keys(team)
    now(page, first).focus()

    page.keyboard.type("3")
    page.keyboard.press("Tab")
    expect(now(page, second)).to_be_focused()
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    expect(now(page, third)).to_be_focused()
    page.keyboard.press("Enter")
    expect(now(page, f"i{team.own.pk}")).to_be_focused()
    page.keyboard.type("60")
    page.keyboard.press("Shift+Tab")

    for key in (first, second, f"i{team.own.pk}"):
        is_saved(page, key)
    assert [stored(each) for each in team.carried] == [3, 4, None]
    # 7 of 30 and 60 %, of equal weight.
    expect(page.locator("[data-sheet-head]")).to_contain_text("41%")
    expect(page.locator("#announcer")).to_have_text("已保存。")


def test_escape_puts_back_what_stood_there_and_nothing_is_sent(team, visit):
    page = visit(team.chen, team.sheet)
    key = keys(team)[0]
    now(page, key).fill("9")

    page.keyboard.press("Escape")
    page.keyboard.press("Tab")

    expect(now(page, key)).to_have_value("")
    assert page.evaluate("outbox.entries().length") == 0
    assert not ProgressEntry.objects.exists()


def test_a_note_is_reached_by_the_arrow_and_belongs_to_the_number(team, visit):
    page = visit(team.chen, team.sheet)
    key = keys(team)[0]
    now(page, key).focus()
    page.keyboard.type("3")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("三组都合格")
    page.keyboard.press("Enter")

    is_saved(page, key)
    entry = ProgressEntry.objects.get()
    assert (entry.value_after, entry.note) == (3, "三组都合格")
    expect(page.locator(f"#item-{team.test.pk}")).to_contain_text("三组都合格")


def test_a_column_from_excel_is_shown_first_and_fills_downwards(team, visit):
    page = visit(team.chen, team.sheet)
    first, second, _third = keys(team)
    now(page, first).focus()
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", "1\\r\\n２\\r\\n没有\\r\\n40%\\r\\n5\\r\\n");
          const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
          document.activeElement.dispatchEvent(event);
        }"""
    )
    dialog = page.get_by_role("dialog", name="向下填入这一列？")
    expect(dialog).to_contain_text("将填入 3 格")
    expect(dialog).to_contain_text("多出 1 行")
    expect(dialog.locator("tr.is-bad")).to_contain_text("没有 · 不是数")
    assert not ProgressEntry.objects.exists()

    page.keyboard.press("Enter")

    for key in (first, second, f"i{team.own.pk}"):
        is_saved(page, key)
    team.own.refresh_from_db()
    assert [stored(each) for each in team.carried] + [team.own.percent] == [1, 2, None, 40]


def test_what_is_no_number_stays_in_its_cell_with_the_reason(team, visit):
    page = visit(team.chen, team.sheet)
    key = keys(team)[0]
    now(page, key).fill("三组")
    page.keyboard.press("Tab")

    expect(cell(page, key).locator("[data-cell-error]")).to_contain_text("数")
    expect(now(page, key)).to_have_value("三组")
    now(page, key).fill("3")
    page.keyboard.press("Tab")
    is_saved(page, key)
    assert stored(team.carried[0]) == 3


@pytest.mark.parametrize(("choice", "left"), [("对方的", 5), ("我的", 3)])
def test_two_people_in_one_cell_see_both_values_and_choose(team, visit, second_page, choice, left):
    key = keys(team)[2]
    page = visit(team.chen, team.sheet)
    other = visit(team.wang, team.sheet, page=second_page)
    now(other, key).fill("5")
    other.keyboard.press("Tab")
    is_saved(other, key)

    now(page, key).fill("3")
    page.keyboard.press("Tab")

    clash = cell(page, key).locator(".x-clash")
    expect(clash).to_contain_text(re.compile("王芳 于 .* 改过这个数"))
    expect(clash).to_contain_text("对方的: 5 组")
    expect(clash).to_contain_text("我的: 3 组")
    clash.get_by_role("button", name=choice).click()
    is_saved(page, key)
    expect(now(page, key)).to_have_value(str(left))
    assert stored(team.carried[2]) == left


def test_what_is_typed_without_a_network_survives_a_reload_and_is_sent_when_it_is_back(team, visit):
    page = visit(team.chen, team.sheet)
    first, second, third = keys(team)
    page.context.set_offline(True)
    now(page, first).fill("3")
    page.keyboard.press("Tab")
    page.keyboard.type("4")
    page.keyboard.press("Tab")
    page.keyboard.type("5")
    expect(page.locator("#outbox")).to_contain_text("个数还没有发送")
    assert not ProgressEntry.objects.exists()

    page.route("**/cell/", lambda route: route.abort())
    page.context.set_offline(False)
    page.reload()
    expect(now(page, first)).to_have_value("3")
    expect(now(page, third)).to_have_value("5")
    expect(page.locator("#outbox")).to_contain_text("3 个数还没有发送")
    page.unroute("**/cell/")
    page.get_by_role("button", name="立即发送").click()

    for key in (first, second, third):
        is_saved(page, key)
    expect(page.locator("#outbox")).to_be_hidden()
    assert [stored(each) for each in team.carried] == [3, 4, 5]


def test_what_is_typed_after_the_session_ended_is_sent_after_signing_in_again(team, visit):
    page = visit(team.chen, team.sheet)
    key = keys(team)[0]
    Session.objects.all().delete()
    now(page, key).fill("3")
    page.keyboard.press("Tab")
    expect(page.locator("#outbox")).to_contain_text("登录已失效")
    expect(page.get_by_role("link", name="重新登录")).to_have_attribute("href", re.compile("next="))

    visit(team.chen, team.sheet)

    is_saved(page, key)
    assert stored(team.carried[0]) == 3


def test_nothing_changed_is_said_of_a_row_and_of_the_rest(team, visit):
    page = visit(team.chen, team.sheet)
    page.get_by_role("button", name="没有变化：整理试验记录").click()
    expect(page.locator(f"#item-{team.own.pk}")).to_contain_text("没有变化。")
    page.on("dialog", lambda dialog: dialog.accept())

    page.get_by_role("button", name="其余没有变化").click()

    expect(page.locator("#toasts")).to_contain_text("已记录 1 项没有变化")
    assert {entry.item for entry in ProgressEntry.objects.all()} == {team.own, team.test}


def test_on_a_phone_each_indicator_is_a_card_with_a_next_button(team, visit, page):
    page.set_viewport_size(PHONE)
    visit(team.chen, team.sheet)
    first, second, _third = keys(team)
    expect(now(page, first)).to_have_attribute("inputmode", "decimal")
    assert now(page, first).bounding_box()["height"] >= 44
    now(page, first).fill("2")

    cell(page, first).get_by_role("button", name="下一个").click()

    expect(now(page, second)).to_be_focused()
    is_saved(page, first)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_camera_of_a_cell_sends_its_photos_with_the_figure_on_a_phone(team, visit, page, tmp_path):
    page.set_viewport_size(PHONE)
    visit(team.lin, team.sheet)
    key = keys(team)[1]
    camera = cell(page, key).get_by_label("添加照片：林小雨 · 记录")
    assert cell(page, key).locator(".x-cell-camera").bounding_box()["height"] >= 44
    now(page, key).fill("4")

    camera.set_input_files([photo(tmp_path), photo(tmp_path, "近景.jpg", (300, 200))])

    is_saved(page, key)
    expect(page.locator(f"#item-{team.test.pk} [data-sheet-entry]")).to_contain_text("2 份照片或附件")
    entry = ProgressEntry.objects.get()
    assert (entry.by, entry.indicator, entry.value_after) == (team.lin, team.carried[1], 4)
    assert sorted(proof.name for proof in entry.evidence.all()) == ["现场.jpg", "近景.jpg"]


def test_a_photo_taken_without_a_network_waits_at_its_cell(team, visit, tmp_path):
    page = visit(team.lin, team.sheet)
    key = keys(team)[1]
    page.context.set_offline(True)
    cell(page, key).locator("[data-photos]").set_input_files(photo(tmp_path))
    expect(page.locator("#outbox")).to_contain_text("1 个数还没有发送")

    page.context.set_offline(False)

    is_saved(page, key)
    entry = ProgressEntry.objects.get()
    assert (entry.value_after, [proof.name for proof in entry.evidence.all()]) == (None, ["现场.jpg"])
