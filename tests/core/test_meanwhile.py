"""The page of a record says when somebody changed it, and jumps nowhere."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.urls import reverse
from django.utils import timezone

from core.meanwhile import question
from projects.models import Plan, PlanItem
from projects.progress import report

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(cast):
    plan = Plan.objects.get(studio=cast.studio_one, period="2026-11")
    return PlanItem.objects.create(plan=plan, content="试验", owner=cast.chen.person)


def asked(page, record, seen=None):
    return page.get(f"{reverse('meanwhile')}?{seen or question(record)}", headers={"X-By-Itself": "1"})


def test_nothing_is_said_until_somebody_saves_or_reports(sign_in, cast, item):
    page = sign_in(cast.chen)
    seen = question(item)
    assert (
        f'hx-get="/meanwhile/?{seen}'.replace("&", "&amp;")
        in page.get(item.get_absolute_url()).content.decode()
    )
    assert asked(page, item, seen).status_code == 204

    report(item, by=cast.lin, at=timezone.now(), percent=30)
    answer = asked(page, item, seen)
    assert "有人修改了这一页" in answer.content.decode()

    item.refresh_from_db()
    seen = question(item)
    item.save_if_unchanged(seen=item.version, fields=["content"])
    assert "有人修改了这一页" in asked(page, item, seen).content.decode()


def test_each_record_page_watches(sign_in, cast):
    page = sign_in(cast.zhou)

    for record in (cast.studio_one, cast.chen.person):
        assert "/meanwhile/?of=" in page.get(record.get_absolute_url()).content.decode()
        assert asked(page, record).status_code == 204


@pytest.mark.parametrize("of", ["members.user", "projects.planitem", "nothing.atall", "", "sessions.session"])
def test_what_one_may_not_see_cannot_be_asked_about(sign_in, cast, item, of):
    assert sign_in(cast.qian).get(reverse("meanwhile"), {"of": of, "pk": item.pk}).status_code == 404


def test_asking_by_itself_keeps_nobody_signed_in(sign_in, cast, item, time_machine):
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    page = sign_in(cast.chen)
    page.get(reverse("account"))
    for minutes in (10, 20, 29):
        time_machine.move_to(now + timedelta(minutes=minutes), tick=False)
        assert asked(page, item).status_code == 204

    time_machine.move_to(now + timedelta(minutes=31), tick=False)
    assert asked(page, item).status_code == 302
    assert not get_user(page).is_authenticated
