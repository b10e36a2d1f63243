"""What people do most, by keyboard alone and within the clicks it may cost, from the home page on.

Pressing Enter or Space on a link, button or camera is a click; typing what is said is free.
"""

import base64
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from core.calendar import Period
from notifications.models import Notice
from projects.models import Evidence, Plan
from studios.models import Application, Studio
from tests.browser.sheets import is_saved, now, stored, team_of
from tests.studios.applications import application_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: A picture of one point.
PHOTO = {
    "name": "现场.png",
    "mimeType": "image/png",
    "buffer": base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    ),
}
#: So many steps of the Tab key and no more lead to whatever is wanted.
FAR = 120


class Hands:
    """Somebody who has a keyboard and nothing else, and counts what he presses."""

    def __init__(self, page):
        self.page, self.clicks = page, 0

    def reach(self, wanted):
        """Tab along until the wanted has the focus."""
        expect(wanted).to_be_visible()
        for _step in range(FAR):
            if wanted.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{wanted} is not reached by {FAR} times Tab")

    def click(self, wanted, key="Enter"):
        self.reach(wanted)
        self.page.keyboard.press(key)
        self.clicks += 1

    def type(self, wanted, text):
        self.reach(wanted)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)


@pytest.fixture
def team(cast):
    return team_of(cast)


def test_the_progress_of_the_team_takes_one_click_to_the_sheet_then_the_keys_alone(team, visit):
    page = visit(team.chen, reverse("home"))
    hands = Hands(page)
    first, second = (f"n{indicator.pk}" for indicator in team.carried[:2])

    hands.click(page.get_by_role("link", name="整月一张表"))
    hands.reach(now(page, first))
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    page.keyboard.type("4")
    page.keyboard.press("Enter")

    is_saved(page, first)
    is_saved(page, second)
    assert [stored(each) for each in team.carried] == [3, 4, None]
    assert hands.clicks <= 1


def test_g_m_leads_to_the_sheet_without_a_click(team, visit):
    page = visit(team.chen, reverse("home"))

    page.keyboard.type("gm")

    expect(page).to_have_url(re.compile(rf"{team.sheet}$"))


def test_a_member_reports_his_indicator_with_a_photo_by_two_taps_on_a_phone(team, visit, page):
    page.set_viewport_size({"width": 360, "height": 740})
    visit(team.wang, reverse("home"))
    hands = Hands(page)
    mine = team.carried[2]

    line = page.locator(f"#item-{team.test.pk}")
    hands.type(line.locator(f"[name=indicator_{mine.pk}]").last, "6")
    with page.expect_file_chooser() as chooser:
        hands.click(line.locator("input[type=file]"), key="Enter")
    chooser.value.set_files(PHOTO)
    hands.click(line.get_by_role("button", name="提交填报"))

    expect(page.locator(f"#item-{team.test.pk}")).to_contain_text("20%")
    assert stored(mine) == 6
    assert [evidence.name for evidence in Evidence.objects.all()] == ["现场.png"]
    assert hands.clicks <= 2


def test_who_has_not_reported_is_reminded_by_three_clicks(team, visit):
    page = visit(team.li, reverse("home"))
    hands = Hands(page)

    hands.click(page.get_by_role("link", name="未填报"))
    hands.click(page.get_by_role("button", name="全部催办"))
    hands.click(page.get_by_role("button", name="发送给 1 个工作室"))

    expect(page.locator("#toasts")).to_contain_text("已催办 1 个工作室")
    told = Notice.objects.filter(kind="reports.chasing").values_list("recipient__username", flat=True)
    assert "chen" in told
    assert hands.clicks <= 3


@pytest.fixture
def two_applications(cast):
    at = timezone.now()
    return [
        application_of(cast, cast.lin, "unit_checked", submitted_at=at - timedelta(days=2)),
        application_of(
            cast,
            cast.zhao,
            "unit_checked",
            name="钱多劳模创新工作室",
            lead_name="钱多",
            lead_staff_no="9qian",
            submitted_at=at - timedelta(days=1),
        ),
    ]


def test_an_application_is_decided_by_two_clicks_and_the_next_opens_by_itself(cast, two_applications, visit):
    first, second = two_applications
    page = visit(cast.zhou, reverse("home"))
    hands = Hands(page)

    hands.click(page.get_by_role("main").get_by_role("link", name=first.name))
    hands.click(page.get_by_role("button", name="同意命名"))

    expect(page.get_by_role("heading", level=1)).to_contain_text(second.name)
    assert Studio.objects.filter(name=first.name).exists()
    assert hands.clicks <= 2


def test_a_agrees_and_r_returns_with_a_text(cast, two_applications, visit):
    first, second = two_applications
    page = visit(cast.zhou, first.get_absolute_url())

    page.keyboard.press("r")
    expect(page.get_by_label("意见").first).to_be_focused()
    page.keyboard.type("请补充场地面积")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text(second.name)
    page.wait_for_load_state("load")  # a key is heard once the page's scripts are there
    first.refresh_from_db()
    assert (first.state, first.steps.last().opinion) == (Application.State.RETURNED, "请补充场地面积")

    page.keyboard.press("a")

    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(second.name))
    expect(page).to_have_url(re.compile(r"/studios/\d+/$"))
    second.refresh_from_db()
    assert second.state == Application.State.APPROVED


def test_g_h_leads_home_and_n_i_to_a_new_item(cast, visit):
    today = timezone.localdate()
    Plan.lay_out([cast.studio_one], today.year)
    page = visit(cast.chen, reverse("studios"))

    page.keyboard.type("gh")
    expect(page).to_have_url(re.compile(rf"/studios/{cast.studio_one.pk}/month/"))
    page.keyboard.type("ni")

    month = Period.containing(today)
    expect(page).to_have_url(re.compile(reverse("item-new", args=[cast.studio_one.pk, month.key])))
