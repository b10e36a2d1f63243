"""The inbox at the keyboard: a message opens beside the list, `e` is done with it, `s` puts it off."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from notifications.models import Notice
from notifications.sending import tell

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_messages_are_opened_done_and_put_off_without_leaving_the_list(cast, visit):
    for number, name in enumerate(("甲", "乙", "丙")):
        tell(
            [cast.chen],
            "application_approved",
            about=f"tests.item:{number}",
            url=cast.studio_one.get_absolute_url(),
            once="",
            params={"subject": name, "applicant": name},
        )
    page = visit(cast.chen, reverse("inbox"))
    rows = page.locator("#messages .x-row")
    expect(rows).to_have_count(3)

    rows.nth(0).locator("a").first.click()
    expect(page.locator("#beside h1")).to_contain_text("陈立新劳模创新工作室")
    expect(page).to_have_url(re.compile(rf"{reverse('inbox')}$"))

    page.keyboard.press("e")
    expect(rows).to_have_count(2)
    expect(rows.nth(0).locator("a").first).to_be_focused()  # the keys belong to the next message now
    page.keyboard.press("s")
    page.get_by_role("button", name="3 天后").first.click()
    expect(rows).to_have_count(1)
    expect(page.locator("#toasts")).to_contain_text("再次出现")
    assert Notice.objects.filter(later_on=None, done_at=None).count() == 1
    assert Notice.objects.exclude(done_at=None).count() == 1
