"""The main task of each role, as its people do it: with a real browser, on the real pages."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from core.calendar import Period
from projects.models import Plan, PlanItem
from projects.progress import add_up
from studios.models import Studio
from tests.studios.applications import application_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def month():
    return Period.containing(timezone.localdate())


@pytest.fixture
def items(cast, month):
    """Two items of this month, of equal weight, for the lead and for a member of the studio of 一厂."""
    Plan.lay_out([cast.studio_one, cast.studio_two], month.year)
    plan = Plan.objects.get(studio=cast.studio_one, period=month.key)
    due_on = month.ends_on
    made = [
        PlanItem.objects.create(plan=plan, content=content, owner=owner.person, due_on=due_on)
        for content, owner in (("完成三组焊接试验", cast.chen), ("整理试验记录", cast.wang))
    ]
    add_up(plan)
    return made


def test_staff_finds_a_studio_by_two_characters_and_edits_it(cast, visit):
    page = visit(cast.li, reverse("home"))
    page.get_by_role("navigation").get_by_role("link", name="工作室", exact=True).first.click()
    page.locator("main input[type=search]").fill("立新")
    page.locator("main input[type=search]").press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)

    page.get_by_role("link", name="陈立新劳模创新工作室").click()
    page.get_by_role("link", name="编辑", exact=True).first.click()
    page.locator("[name=address]").fill("一厂三号楼 201")
    page.get_by_role("button", name="保存").click()

    expect(page.get_by_text("一厂三号楼 201").first).to_be_visible()
    cast.studio_one.refresh_from_db()
    assert (cast.studio_one.address, cast.studio_one.version) == ("一厂三号楼 201", 2)


def test_a_lead_reports_on_the_month_page_and_the_figure_of_the_group_follows(
    cast, visit, items, month, second_page
):
    overview = reverse("overview", args=[month.key])
    whole = visit(cast.zhou, overview, page=second_page)
    expect(whole.locator(".x-figure", has_text="进度")).to_contain_text("0%")

    page = visit(cast.chen, reverse("home"))
    line = page.locator(f"#item-{items[0].pk}")
    line.get_by_text("填报进度").click()
    line.locator("input[name=percent]").last.fill("60")
    line.locator("textarea[name=note]").fill("两组完成，第三组安排在周四")
    line.get_by_role("button", name="提交填报").click()

    expect(page.locator(f"#item-{items[0].pk}")).to_contain_text("60%")
    whole.reload()
    expect(whole.locator(".x-figure", has_text="进度")).to_contain_text("30%")
    entry = items[0].journal.get()
    assert (entry.by, entry.percent_after, entry.note) == (cast.chen, 60, "两组完成，第三组安排在周四")


def test_an_administrator_approves_and_the_new_studio_is_there_with_its_plans(cast, visit, month):
    application = application_of(
        cast, cast.lin, "unit_checked", submitted_at=timezone.now() - timedelta(days=1)
    )
    page = visit(cast.zhou, reverse("home"))
    page.get_by_role("main").get_by_role("link", name=application.name).click()
    page.get_by_label("意见").first.fill("同意命名")
    page.get_by_role("button", name="同意命名").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("林小雨劳模创新工作室")
    studio = Studio.objects.get(name="林小雨劳模创新工作室")
    assert studio.lead.name == "林小雨"
    page.goto(page.url.split("/studios/")[0] + reverse("month", args=[studio.pk, month.key]))
    expect(page.locator("#finish")).to_be_visible()
    assert studio.plans.filter(year=month.year).count() == 17


def test_a_member_sees_his_items_and_nobody_elses(cast, visit, items):
    page = visit(cast.wang, reverse("home"))

    expect(page).to_have_url(re.compile(r"/mine/$"))
    expect(page.get_by_role("link", name="整理试验记录")).to_be_visible()
    expect(page.get_by_text("完成三组焊接试验")).to_have_count(0)


def test_a_leader_reads_one_page_that_fits_on_one_sheet(cast, visit, items):
    page = visit(cast.zheng, reverse("home"))

    expect(page.get_by_role("heading", level=1)).to_contain_text("青川机械集团")
    expect(page.get_by_role("table", name="单位按时完成率排名").locator("tbody tr")).to_have_count(2)
    sheets = re.findall(rb"/Type\s*/Page[^s]", page.pdf(prefer_css_page_size=True))
    assert len(sheets) == 1


def test_of_two_editors_the_second_chooses_and_nothing_is_lost(cast, visit, second_page):
    edit = reverse("studio-edit", args=[cast.studio_one.pk])
    first, second = visit(cast.li, edit), visit(cast.zhou, edit, page=second_page)

    first.locator("[name=trade]").fill("激光焊接")
    first.get_by_role("button", name="保存").click()
    expect(first).to_have_url(re.compile(rf"{cast.studio_one.get_absolute_url()}$"))
    second.locator("[name=trade]").fill("机器人焊接")
    second.locator("[name=address]").fill("一厂三号楼")
    second.get_by_role("button", name="保存").click()

    clash = second.locator(".x-conflict")
    expect(clash).to_contain_text("李雪")
    expect(clash.locator("fieldset")).to_have_count(1)
    clash.get_by_label("激光焊接").check()
    second.get_by_role("button", name="保存").click()
    expect(second).to_have_url(re.compile(rf"{cast.studio_one.get_absolute_url()}$"))
    cast.studio_one.refresh_from_db()
    assert (cast.studio_one.trade, cast.studio_one.address) == ("激光焊接", "一厂三号楼")


def test_a_lead_reports_on_a_phone_without_javascript(cast, live_server, new_context, watched, client, items):
    context = new_context(java_script_enabled=False)
    client.force_login(cast.chen, backend="django.contrib.auth.backends.ModelBackend")
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page = watched(context.new_page())
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(live_server.url)
    assert page.evaluate("document.documentElement.scrollWidth") == 360

    line = page.locator(f"#item-{items[0].pk}")
    line.get_by_text("填报进度").click()
    line.locator("input[name=percent]").last.fill("100")
    line.get_by_role("button", name="提交填报").click()

    expect(page.get_by_text("已完成 1 项")).to_be_visible()
    items[0].refresh_from_db()
    assert items[0].state == "done"
