"""Recording who came, as a lead does it on the day; and that the pages can be read by everybody."""

from datetime import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from studios.models import Activity

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def meeting(cast):
    return Activity.objects.create(
        studio=cast.studio_one,
        subject="月度例会",
        held_on=timezone.localdate(),
        starts_at=time(0, 1),
        state="planned",
        decisions="完成焊机改造方案",
    )


def test_two_clicks_and_one_for_whoever_was_absent(cast, visit, meeting):
    page = visit(cast.chen, reverse("home"))

    page.get_by_role("link", name="登记考勤").click()
    page.get_by_role("radiogroup", name="王芳").get_by_label("缺席").check()
    page.get_by_role("button", name="保存").click()

    expect(page.locator("#attendance")).to_contain_text("缺席 1")
    meeting.refresh_from_db()
    assert (meeting.expected, meeting.present, meeting.absent, meeting.state) == (3, 2, 1, "held")


def test_the_pages_of_activities_have_nothing_that_a_reader_of_screens_stumbles_over(cast, visit, meeting):
    faults = {}
    for name, args in (
        ("activity", [meeting.pk]),
        ("activity-attendance", [meeting.pk]),
        ("activity-code", [meeting.pk]),
        ("activity-edit", [meeting.pk]),
        ("my-activities", []),
        ("studio-attendance", [cast.studio_one.pk, 2026]),
    ):
        page = visit(cast.chen, reverse(name, args=args))
        found = [fault["id"] for fault in Axe().run(page).response["violations"]]
        if found:
            faults[name] = found

    assert faults == {}
