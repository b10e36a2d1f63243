"""The ways to what is to be done now: one's own month, its sheet, the first item that waits."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from core.calendar import Period
from studios.models import Membership


def test_the_sheet_of_this_month_is_that_of_the_studio_one_leads(sign_in, cast, work, september):
    answer = sign_in(cast.chen).get(reverse("my-sheet"))

    assert answer.url == reverse("month-sheet", args=[cast.studio_one.pk, "2026-09"])


def test_whoever_belongs_to_no_studio_is_led_to_the_studios(sign_in, cast):
    assert sign_in(cast.li).get(reverse("my-sheet")).url == reverse("studios")


def test_of_ones_own_items_the_most_pressing_can_be_reported_on_at_once(sign_in, cast, work, september):
    page = sign_in(cast.lin).get(reverse("my-items")).content.decode()

    opened = re.findall(
        r'<li class="x-line[^>]*id="(item-\d+)">.*?<details class="x-disclosure[^>]*?( open)?>', page, re.S
    )
    assert opened == [(f"item-{work.august.pk}", " open"), (f"item-{work.study.pk}", "")]


@pytest.fixture
def two_studios(cast):
    """陈立新 leads his own studio and writes for the other one."""
    Membership.objects.create(studio=cast.studio_two, person=cast.chen.person, role=Membership.Role.LIAISON)


def this_month():
    return Period.containing(timezone.localdate())


@pytest.mark.parametrize(("short", "page"), [("my-month", "month"), ("my-sheet", "month-sheet")])
def test_whoever_steers_several_studios_chooses_and_is_led_to_the_last_one_from_then_on(
    sign_in, cast, two_studios, short, page
):
    client = sign_in(cast.chen)

    asked = client.get(reverse(short))
    assert [(studio.name, to) for studio, to in asked.context["choice"]] == [
        (studio.name, reverse(page, args=[studio.pk, this_month()]))
        for studio in (cast.studio_one, cast.studio_two)
    ]

    to = reverse(page, args=[cast.studio_two.pk, this_month()])
    assert f'href="{reverse(short)}?choose"' in client.get(to).text
    assert client.get(reverse(short)).url == to
    assert client.get(reverse(short), {"choose": ""}).status_code == 200  # one may always choose anew


def test_whoever_leads_one_of_his_studios_is_led_to_that_one(sign_in, cast):
    Membership.objects.create(studio=cast.studio_two, person=cast.chen.person, role=Membership.Role.MEMBER)

    answer = sign_in(cast.chen).get(reverse("my-month"))

    assert answer.url == reverse("month", args=[cast.studio_one.pk, this_month()])


def test_a_studio_one_does_not_belong_to_any_more_is_not_remembered(sign_in, cast, two_studios):
    client = sign_in(cast.chen)
    client.get(reverse("month", args=[cast.studio_two.pk, this_month()]))
    Membership.objects.filter(studio=cast.studio_two, person=cast.chen.person).delete()

    assert client.get(reverse("my-month")).url == reverse("month", args=[cast.studio_one.pk, this_month()])


def test_with_one_studio_nothing_is_kept_in_the_browser(sign_in, cast):
    client = sign_in(cast.chen)
    page = client.get(reverse("month", args=[cast.studio_one.pk, this_month()]))

    assert "studio" not in client.cookies
    assert "?choose" not in page.text
