"""What was typed and did not reach the server is not lost."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from core.calendar import Period
from projects.models import Plan, PlanItem
from projects.progress import add_up
from tests.browser.arriving import arrived
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def items(cast):
    """Two items of this month for the lead of the studio of 一厂."""
    month = Period.containing(timezone.localdate())
    Plan.lay_out([cast.studio_one], month.year)
    plan = Plan.objects.get(studio=cast.studio_one, period=month.key)
    made = [
        PlanItem.objects.create(plan=plan, content=content, owner=cast.chen.person, due_on=month.ends_on)
        for content in ("完成三组焊接试验", "整理试验记录")
    ]
    add_up(plan)
    return made


def test_a_report_sent_after_the_session_ended_is_there_again_after_signing_in(cast, visit, items):
    here = reverse("item", args=[items[0].pk])
    page = visit(cast.chen, here)
    page.locator("textarea[name=note]").fill("两组完成，第三组安排在周四")
    Session.objects.all().delete()
    page.get_by_role("button", name="提交填报").click()

    arrived(page, reverse("sign-in"))
    page.get_by_label("用户名").fill("chen")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()

    expect(page.get_by_text("您刚才已经退出登录，填的内容还没有保存。")).to_be_visible()
    expect(page.locator("textarea[name=note]")).to_have_value("两组完成，第三组安排在周四")
    page.get_by_role("button", name="提交填报").click()
    expect(page.get_by_text("两组完成，第三组安排在周四")).to_be_visible()
    assert items[0].journal.get().note == "两组完成，第三组安排在周四"


def test_a_report_in_one_row_leaves_what_is_typed_in_the_rows_beside_it(cast, visit, items):
    month = Period.containing(timezone.localdate())
    quarter = PlanItem.objects.create(
        plan=Plan.objects.get(studio=cast.studio_one, period=month.parent.key),
        content="完成工业试验",
        owner=cast.chen.person,
    )
    PlanItem.objects.filter(pk=items[0].pk).update(parent=quarter)
    add_up(quarter.plan)
    page = visit(cast.chen, reverse("month", args=[cast.studio_one.pk, month.key]))
    above, other, row = (page.locator(f"#item-{pk}") for pk in (quarter.pk, items[1].pk, items[0].pk))
    for line in (above, other, row):
        line.get_by_text("其他情况").click()
    above.locator("input[name=reason]").fill("季度的原因")
    other.locator("input[name=reason]").fill("另一项的原因")
    row.locator("input[name=reason]").fill("同一行的原因")

    row.get_by_text("填报进度").click()
    row.locator("input[name=percent]").last.fill("60")
    row.get_by_role("button", name="提交填报").click()

    expect(page.locator("#toasts")).to_contain_text("填报已保存")
    expect(above).to_contain_text("60%")
    expect(above.locator("input[name=reason]")).to_have_value("季度的原因")
    expect(other.locator("input[name=reason]")).to_have_value("另一项的原因")
    expect(row.locator("input[name=reason]")).to_have_value("同一行的原因")
    expect(above.locator("input[name=reason]")).to_be_visible()


def test_leaving_with_typed_text_asks_first_and_after_sending_it_no_more(cast, visit, items):
    here, home = (reverse(name, args=args) for name, args in (("item", [items[0].pk]), ("items", [])))
    page = visit(cast.chen, here)
    asked = []
    stay = [True]
    page.on(
        "dialog",
        lambda dialog: (asked.append(dialog.type), dialog.dismiss() if stay.pop() else dialog.accept()),
    )

    page.locator("textarea[name=note]").click()
    page.keyboard.type("两组完成")
    with page.expect_event("dialog"):
        page.locator(".x-crumbs a").first.click()

    expect(page.locator("textarea[name=note]")).to_have_value("两组完成")
    assert asked == ["beforeunload"]

    page.get_by_role("button", name="提交填报").click()
    expect(page.locator("#toasts")).to_contain_text("已")
    page.goto(page.url.partition(here)[0] + home)

    expect(page).to_have_url(re.compile(home))
    assert asked == ["beforeunload"]
