"""Somebody is stuck and somebody steps forward; a rule settles, proposes, the union decides. Axe looks on."""

from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from projects.models import Consequence, Plan, PlanItem, PointEntry, Problem
from studios.house_rules import Appraisal, kept
from studios.models import Rule, RuleVersion
from tests.browser.arriving import listening

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def examine(page):
    """Nothing that axe objects to by WCAG 2.1 AA."""
    rules = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
    found = Axe().run(listening(page), options=rules).response["violations"]
    assert [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found] == []


@pytest.fixture
def rule(cast):
    rule = Rule.objects.create(studio=cast.studio_one, kind="appraisal", title="考核办法")
    return RuleVersion.objects.create(
        rule=rule, number=1, text="每项扣2分", effective_on=date(2026, 1, 1), settings=kept(Appraisal(2))
    )


def test_a_member_is_stuck_and_the_lead_takes_it_and_solves_it(cast, visit, second_page):
    page = visit(cast.wang, f"/studios/{cast.studio_one.pk}/problems/new/")
    examine(page)
    page.locator("[name=what]").fill("炉子排不开")
    page.locator("[name=need]").select_option("equipment")
    page.get_by_role("button", name="提出").click()
    expect(page.get_by_text("问题已提出，请陈立新出面协调。")).to_be_visible()

    lead = visit(cast.chen, Problem.objects.get().get_absolute_url(), page=second_page)
    lead.get_by_role("button", name="接手").click()
    expect(lead.get_by_text("您已接手。")).to_be_visible()
    examine(lead)
    lead.locator("#solve textarea").fill("每周三夜班留给试验")
    lead.get_by_role("button", name="解决").click()
    expect(lead.get_by_text("问题已解决。")).to_be_visible()

    assert Problem.objects.get().is_in_time
    lead.goto(page.url.split("/problems/")[0] + "/problems/?view=all")
    expect(lead.get_by_role("row").filter(has_text="炉子排不开").get_by_text("按期")).to_be_visible()
    examine(lead)


def test_a_member_reads_the_rule_and_the_lead_settles_another(cast, visit, rule):
    page = visit(cast.wang, f"/studios/{cast.studio_one.pk}/rules/")
    examine(page)
    page.get_by_role("button", name="我已阅读并理解").click()
    expect(page.get_by_text("成员 3 人，已读 1 人")).to_be_visible()

    page = visit(cast.chen, f"/studios/{cast.studio_one.pk}/rules/new/?kind=activities")
    examine(page)
    page.get_by_label("每月至少活动几次").fill("2")
    page.get_by_label("内容").fill("每月两次例会")
    page.get_by_role("button", name="保存制度").click()
    expect(page.get_by_text("每月至少活动 2 次。")).to_be_visible()


def test_the_contact_confirms_a_deduction_with_a_reason(cast, visit, rule):
    plan = Plan.objects.get(studio=cast.studio_one, period="2026-09")
    item = PlanItem.objects.create(plan=plan, content="完成三组试验", state="undone", owner=cast.wang.person)
    Consequence.objects.create(
        studio=cast.studio_one,
        person=cast.wang.person,
        version=rule,
        clause="month_item",
        kind="unmet",
        item=item,
        points=-2,
        proposed_on=timezone.localdate(),
    )
    page = visit(cast.sun, f"/studios/{cast.studio_one.pk}/points/")
    page.locator("#waiting summary").click()
    page.locator("#waiting").get_by_label("原因").fill("情况属实")
    examine(page)
    page.get_by_role("button", name="确认").click()

    expect(page.locator("#ledger").get_by_text("情况属实")).to_be_visible()
    examine(page)
    assert PointEntry.objects.get().points == -2
