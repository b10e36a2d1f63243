"""What people do most, in a browser that runs no scripts: every form arrives, and no button is dead."""

import re
from datetime import timedelta

import pytest
from django.conf import settings as site
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from core.calendar import Period
from projects.models import Frozen, Plan, PlanItem, Problem
from projects.progress import add_up
from studios.models import Activity, Application, LeaveRequest
from tests.browser.examining import PHONE
from tests.browser.sheets import stored, team_of
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: Buttons in sight that are pressed for nothing where no script listens.
DEAD = """() => [...document.querySelectorAll("button[type=button], [onclick], [hx-get]:is(button, a)")]
  .filter((button) => button.checkVisibility() && !button.closest("form [type=submit]"))
  .map((button) => button.outerHTML)"""


@pytest.fixture
def plain(new_context, watched, live_server, client):
    """Open an address without scripts: ``plain(cast.chen, address)``; nothing on it may be dead."""
    page = watched(new_context(java_script_enabled=False).new_page())
    page.set_viewport_size(PHONE)

    def opened(user, address):
        if user:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            key = client.cookies[site.SESSION_COOKIE_NAME].value
            page.context.add_cookies(
                [{"name": site.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}]
            )
        page.goto(live_server.url + address)
        assert page.evaluate(DEAD) == []
        return page

    return opened


@pytest.fixture
def team(cast):
    return team_of(cast)


def test_signing_in(cast, plain):
    page = plain(None, reverse("sign-in"))
    page.locator("[name=username]").fill("chen")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()

    expect(page).to_have_url(re.compile(rf"/studios/{cast.studio_one.pk}/month/"))


def test_a_list_is_narrowed_sorted_and_turned_over(team, plain):
    PlanItem.objects.bulk_create(
        PlanItem(plan=team.test.plan, content=f"长项{number:02}", weight=number + 1) for number in range(60)
    )
    page = plain(team.chen, reverse("items") + "?view=all&q=长项")
    page.get_by_role("link", name=re.compile("下一页|2")).last.click()
    expect(page.get_by_role("link", name=re.compile("^长项"))).to_have_count(10)

    page = plain(team.chen, reverse("items") + "?view=all")
    page.locator(".x-filter-bar summary").click()
    page.locator("main input[type=search]").fill("长项07")
    page.locator(".x-filter-bar button[type=submit]").click()
    expect(page.get_by_role("link", name=re.compile("^长项"))).to_have_count(1)


def test_a_sheet_is_saved_as_a_whole(team, plain):
    page = plain(team.chen, team.sheet)
    mine = team.carried[0]
    page.locator(f"[name=value-n{mine.pk}]").fill("3")
    page.locator(".x-sheet-save button").first.click()

    expect(page.locator("#toasts")).not_to_be_empty()
    assert stored(mine) == 3


def test_a_month_is_closed(cast, plain):
    before = Period.containing(timezone.localdate()).previous
    Plan.lay_out([cast.studio_one], before.year)
    plan = Plan.objects.get(studio=cast.studio_one, period=before.key)
    PlanItem.objects.create(plan=plan, content="整理试验记录", owner=cast.chen.person)
    add_up(plan)
    page = plain(cast.chen, reverse("plan-close", args=[cast.studio_one.pk, before.key]))
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name=f"结清{before}").click()

    expect(page.locator("main")).to_contain_text("结清，第1版")
    assert Frozen.objects.closings().count() == 1


def test_a_problem_is_raised(cast, plain):
    page = plain(cast.wang, reverse("problem-new", args=[cast.studio_one.pk]))
    page.locator("[name=what]").fill("炉子排不开")
    page.locator("[name=need]").select_option("equipment")
    page.get_by_role("button", name="提出").click()

    expect(page.get_by_text("问题已提出")).to_be_visible()
    assert Problem.objects.get().what == "炉子排不开"


@pytest.fixture
def meeting(cast):
    return Activity.objects.create(
        studio=cast.studio_one, subject="月度例会", held_on=timezone.localdate(), state="planned"
    )


def test_attendance_is_recorded(cast, plain, meeting):
    page = plain(cast.chen, reverse("activity-attendance", args=[meeting.pk]))
    page.get_by_role("radiogroup", name="王芳").get_by_label("缺席").check()
    page.get_by_role("button", name="保存").click()

    expect(page.locator("#attendance")).to_contain_text("缺席 1")


def test_leave_is_asked_for(cast, plain, meeting):
    Activity.objects.filter(pk=meeting.pk).update(held_on=timezone.localdate() + timedelta(days=9))
    page = plain(cast.wang, reverse("leave-new", args=[meeting.pk]))
    page.locator("main textarea, main [name=reason]").first.fill("出差")
    page.locator("main form button[type=submit]").last.click()

    expect(page.locator("#toasts")).not_to_be_empty()
    assert LeaveRequest.objects.get().reason == "出差"


def test_an_application_is_kept_as_a_draft(cast, plain):
    page = plain(cast.lin, reverse("application-new"))
    page.locator("[name=name]").fill("林小雨劳模创新工作室")
    page.locator("main form button[type=submit]").first.click()

    expect(page).not_to_have_url(re.compile(reverse("application-new")))
    assert Application.objects.get().name == "林小雨劳模创新工作室"
