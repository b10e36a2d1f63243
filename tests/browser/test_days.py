"""A day is typed as people say it, and the page says which day that is."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from projects.models import Topic

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_day_is_typed_moved_by_arrows_and_told_with_its_weekday(cast, visit):
    page = visit(cast.chen, reverse("topic-new", args=[cast.studio_one.pk]))
    page.locator("[name=title]").fill("降低残极率")
    due = page.locator("[name=due_on]")
    said = page.locator("#id_due_on-said")

    due.fill("2026.10.9")
    expect(said).to_have_text("2026年10月9日（周五）")
    due.press("ArrowUp")
    expect(due).to_have_value("2026-10-10")
    expect(said).to_have_text("2026年10月10日（周六） · 调休上班")
    due.press("ArrowDown")
    due.press("ArrowDown")
    expect(said).to_have_text("2026年10月8日（周四）")
    due.fill("哪天都行")
    expect(said).to_contain_text("认不出是哪一天")
    due.fill("2027年3月5日")
    page.get_by_role("button", name="保存").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("降低残极率")
    assert Topic.objects.get().due_on.isoformat() == "2027-03-05"


def test_the_calendar_of_the_browser_is_a_button_away(cast, visit):
    page = visit(cast.chen, reverse("topic-new", args=[cast.studio_one.pk]))
    due = page.locator("[name=due_on]")
    page.evaluate(
        "HTMLInputElement.prototype.showPicker = function () { window.opened = this.value || 'empty' }"
    )

    due.fill("2026-10-09")
    page.locator(".x-day", has=due).get_by_role("button", name="打开日历").click()
    assert page.evaluate("window.opened") == "2026-10-09"
    picker = page.locator(".x-day", has=due).locator("input[type=date]")
    picker.evaluate("(el) => { el.value = '2026-10-23'; el.dispatchEvent(new Event('change')) }")

    expect(due).to_have_value("2026-10-23")
    expect(page.locator("#id_due_on-said")).to_have_text("2026年10月23日（周五）")
