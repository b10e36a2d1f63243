"""The command that makes the demo group: only while developing, and the same for the same seed."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from members.models import Person
from projects.models import PlanItem
from reports.demo import group

TODAY = date(2026, 9, 18)

pytestmark = pytest.mark.django_db


def demo(*words):
    out = StringIO()
    call_command("demo", "--on", TODAY.isoformat(), *words, stdout=out)
    return out.getvalue()


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
