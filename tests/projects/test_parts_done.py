"""An item all of whose parts are done is closed in one click; a report that changes nothing says so."""

from uuid import uuid4

import pytest
from django.urls import reverse

from projects.models import PlanItem
from projects.progress import report
from tests.projects.conftest import NOON

pytestmark = pytest.mark.usefixtures("september")


def finish(*items, by):
    for item in items:
        report(item, by=by, at=NOON, percent=100)


def plan_page(page, work):
    return page.get(reverse("plan", args=[work.quarter.plan.studio_id, "2026-Q3"])).content.decode()


def test_a_quarter_item_whose_parts_are_all_done_is_marked_done_in_one_click(sign_in, cast, work):
    page = sign_in(cast.chen)
    finish(work.august, by=cast.chen)
    assert "各部分都已完成" not in plan_page(page, work)

    finish(work.test, by=cast.chen)
    assert "各部分都已完成" in plan_page(page, work)
    assert "各部分都已完成" in page.get(work.quarter.get_absolute_url()).content.decode()
    page.post(reverse("item-state", args=[work.quarter.pk]), {"state": "done", "token": str(uuid4())})

    work.quarter.refresh_from_db()
    assert work.quarter.state == PlanItem.State.DONE
    assert "各部分都已完成" not in page.get(work.quarter.get_absolute_url()).content.decode()


def test_whoever_may_not_report_on_it_is_not_asked(sign_in, cast, work):
    finish(work.august, work.test, by=cast.chen)

    assert "各部分都已完成" not in plan_page(sign_in(cast.wang), work)
    assert "各部分都已完成" not in plan_page(sign_in(cast.zheng), work)


def test_a_report_with_nothing_changed_says_so(sign_in, cast, work):
    page = sign_in(cast.wang)
    to = reverse("item-report", args=[work.test.pk])

    def said(percent):
        answer = page.post(to, {"token": str(uuid4()), "note": "", "percent": percent}, follow=True)
        return [str(message) for message in answer.context["messages"]]

    assert said("40") == ["填报已保存。"]
    assert said("40") == ["进度没有变化，已记下（9月18日 12:00）。"]
    assert work.test.journal.count() == 2
