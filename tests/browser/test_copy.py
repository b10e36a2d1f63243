"""An explanation is copied as a table, and as lines for what knows no tables."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from projects.models import Plan, PlanItem
from projects.progress import add_up

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_explanation_of_a_figure_goes_to_the_clipboard_with_its_rows(cast, visit):
    plan = Plan.objects.get(studio=cast.studio_one, period="2026-09")
    for content, percent in (("完成三组焊接试验", 40), ("整理试验记录", 0)):
        PlanItem.objects.create(plan=plan, content=content, percent=percent, owner=cast.chen.person)
    add_up(plan)
    page = visit(cast.chen, reverse("plan-why", args=[cast.studio_one.pk, "2026-09"]))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    page.get_by_role("button", name="复制说明").click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()

    read = """async (type) => {
        const [item] = await navigator.clipboard.read();
        return (await item.getType(type)).text();
    }"""
    text, html = page.evaluate(read, "text/plain"), page.evaluate(read, "text/html")
    assert "20%" in text
    (line,) = [line for line in text.splitlines() if line.startswith("完成三组焊接试验")]
    assert line.split("\t")[1:5] == ["40%", "1", "0.4", "1"]
    assert html.count("<tr>") == 3
