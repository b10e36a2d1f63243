"""The ways to what is to be done now: one's own month, its sheet, the first item that waits."""

import re

from django.urls import reverse


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
