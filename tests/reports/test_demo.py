"""The demo group: invented, uneven, the same for the same seed, and in order."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count, Max
from django.test import override_settings

from members.models import Unit, User
from projects.models import BelatedEntry, Consequence, Frozen, Plan, PointEntry, ProgressEntry
from reports.demo.studio import SILENT
from studios.models import Activity, Application, Membership, Studio, StudioEvent

TODAY = date(2026, 9, 18)

pytestmark = pytest.mark.django_db


def demo(*words):
    out = StringIO()
    call_command("demo", "--on", TODAY.isoformat(), *words, stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """Made once; what a test does to it is undone."""
    with django_db_blocker.unblock(), override_settings(DEBUG=True), transaction.atomic():
        yield demo()
        transaction.set_rollback(True)


def test_it_is_a_group_of_fifty_two_with_everything_special_that_happens_to_studios(made):
    assert Studio.objects.active().count() == 52
    assert Studio.objects.filter(state="delisted").count() == 1
    assert Studio.objects.filter(state="rectifying").count() == 1
    assert {event.kind for event in StudioEvent.objects.all()} == {
        "named",
        "renamed",
        "lead_changed",
        "state_changed",
    }
    assert sorted(Application.objects.values_list("state", flat=True)) == [
        "returned",
        "submitted",
        "unit_checked",
    ]
    silent = Studio.objects.get(position=SILENT)
    last = ProgressEntry.objects.filter(item__plan__studio=silent).aggregate(last=Max("at"))["last"]
    assert (TODAY - last.date()).days >= 74


def test_there_is_one_to_sign_in_as_for_each_role(made):
    assert sorted(User.objects.filter(is_demo=True).values_list("username", flat=True)) == [
        "company-leader",
        "group-admin",
        "group-staff",
        "lead",
        "liaison",
        "member",
        "system-admin",
        "unit-contact",
    ]
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_its_stored_figures_are_what_its_rows_come_to(made):
    out = StringIO()
    call_command("check_figures", stdout=out)

    assert out.getvalue() == "drift 0\n"
    october = Plan.objects.filter(period="2026-10", progress__isnull=False)
    assert 30 < october.count() < 52


def test_the_months_that_are_over_are_closed_and_one_is_open_again(made):
    months = Plan.objects.filter(kind="month", studio__state__in=Studio.WORKING, planned__gt=0)
    over, running = months.filter(ends_on__lt=date(2026, 9, 1)), months.filter(ends_on__gte=TODAY)

    assert {plan.state for plan in over} == {"closed", "reopened"}
    assert over.filter(state="reopened").count() == 1
    assert not running.filter(state="closed").exists()
    seals = Frozen.objects.closings()
    assert seals.count() == over.count()
    assert 0 < seals.filter(late=True).count() < seals.count() / 4
    assert 0 < seals.filter(by=None).count() < seals.count() / 4
    assert BelatedEntry.objects.count() == 1


def test_nearly_everybody_carries_an_indicator(made):
    current = Membership.objects.current(on=TODAY).filter(studio__state__in=Studio.WORKING)
    without = current.without_indicator(year=2026).count()

    assert 0 < without < current.count() / 5


def test_who_came_stands_by_name_and_most_of_what_the_rules_propose_is_decided(made):
    held = Activity.objects.filter(state="held")
    by_name = held.filter(attendance__isnull=False).distinct()

    assert by_name.count() > held.count() / 2
    for activity in by_name[:20]:
        came = activity.attendance.came().count()
        assert (came, activity.attendance.count()) == (activity.present, activity.expected)
    states = Consequence.objects.values_list("state").annotate(count=Count("pk"))
    assert all(count > 10 for _state, count in states)
    assert {state for state, _count in states} == {"proposed", "confirmed", "waived"}
    assert PointEntry.objects.count() == Consequence.objects.filter(state="confirmed").count()


def test_nothing_is_reported_after_yesterday(made):
    assert ProgressEntry.objects.aggregate(last=Max("at"))["last"].date() < TODAY


def test_rows_written_afterwards_get_numbers_of_their_own(made):
    before = Unit.objects.aggregate(last=Max("pk"))["last"]

    assert Unit.objects.create(name="新厂", parent=Unit.objects.get(parent=None)).pk > before
    assert Studio.history.count() == Studio.objects.count()


def test_it_stays_out_of_a_database_that_holds_anything(made):
    with pytest.raises(CommandError, match="empty"):
        demo()
    assert demo("--if-empty") == ""
