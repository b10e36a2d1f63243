"""The demo group: invented, uneven, the same for the same seed, and in order."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Max

from members.models import Person, Unit, User
from projects.models import Plan, PlanItem, ProgressEntry
from reports.demo import group
from reports.demo.studio import SILENT
from studios.models import Application, Membership, Studio, StudioEvent

TODAY = date(2026, 9, 18)

pytestmark = pytest.mark.django_db


def demo(*words):
    out = StringIO()
    call_command("demo", "--on", TODAY.isoformat(), *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def made(settings):
    settings.DEBUG = True
    return demo()


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


def test_nearly_everybody_carries_an_indicator(made):
    current = Membership.objects.current(on=TODAY).filter(studio__state__in=Studio.WORKING)
    without = current.without_indicator(year=2026).count()

    assert 0 < without < current.count() / 5


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


def test_it_is_refused_where_debug_is_off(settings):
    settings.DEBUG = False

    with pytest.raises(CommandError, match="DEBUG"):
        demo()
    assert "8 studios" in demo("--force", "--studios", "8")


def test_the_same_seed_makes_the_same_group_and_another_another(settings):
    settings.DEBUG = True

    def told():
        people = list(Person.objects.order_by("pk").values_list("name", "team"))
        items = list(PlanItem.objects.order_by("pk").values_list("content", "share", "due_on"))
        return people, items

    def made_anew(seed):
        with transaction.atomic():
            group.make(studios=3, seed=seed, on=TODAY)
            found = told()
            transaction.set_rollback(True)
        return found

    assert told() == ([], [])
    first = made_anew(5)
    assert made_anew(5) == first
    assert made_anew(6) != first
