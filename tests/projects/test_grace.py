"""The days of grace are set in the browser from a day on; what has ended keeps what it had."""

from datetime import date

import pytest
from django.urls import reverse

from core import workdays
from core.workdays import Workdays
from projects.models import GraceDays
from tests.projects.conftest import NOON, plan_of

pytestmark = pytest.mark.usefixtures("september")


def last_day(cast, period):
    return plan_of(cast.studio_one, period).last_day_to_close(workdays.load())


def test_the_group_administrator_sets_them_for_what_ends_from_a_day_on(sign_in, cast):
    client = sign_in(cast.zhou)
    assert "3" in client.get(reverse("grace-days")).content.decode()

    client.post(reverse("grace-days"), {"days": 5, "effective_on": "2026-10-01"})

    # September ends before that day: three working days after the holidays; October has five.
    assert last_day(cast, "2026-09") == date(2026, 10, 10)
    assert last_day(cast, "2026-10") == date(2026, 11, 6)
    page = client.get(reverse("grace-days")).content.decode()
    assert "2026年10月1日" in page
    assert "周明" in page


@pytest.mark.parametrize(
    "sent", [{"days": 21, "effective_on": "2026-10-01"}, {"days": 5, "effective_on": "2026-09-17"}]
)
def test_too_many_or_for_what_has_ended_is_refused(sign_in, cast, sent):
    assert sign_in(cast.zhou).post(reverse("grace-days"), sent).status_code == 422
    assert not GraceDays.objects.exists()


def test_of_one_day_the_last_word_holds_and_a_page_asks_once(cast, django_assert_num_queries):
    for days in (5, 4):
        GraceDays.objects.create(days=days, effective_on=date(2026, 10, 1), by=cast.zhou, at=NOON)
    calendar, plans = Workdays(), [plan_of(cast.studio_one, f"2026-{month}") for month in (10, 11, 12)]

    with django_assert_num_queries(1):
        last = [plan.last_day_to_close(calendar) for plan in plans]

    assert last[0] == date(2026, 11, 5)


def test_others_do_not_set_them(sign_in, cast):
    assert sign_in(cast.li).get(reverse("grace-days")).status_code == 403
