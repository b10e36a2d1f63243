"""Two administrators press 同意 at the same moment, each on his own connection."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connection

from core.errors import NotAllowedNow
from studios import naming
from studios.models import Application, ApplicationStep, Studio
from tests.studios.applications import application_of

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 20
TODAY = date(2026, 11, 20)


def both_at_once(act, *users):
    """Let both act together; returns what each came to."""
    start, outcomes = Barrier(len(users)), []

    def run(user):
        try:
            start.wait(10)
            act(user)
            outcomes.append("approved")
        except NotAllowedNow:
            outcomes.append("too late")
        finally:
            connection.close()

    threads = [Thread(target=run, args=(user,)) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(outcomes)


def test_of_two_administrators_at_once_exactly_one_approves(cast):
    for number in range(ROUNDS):
        application = application_of(cast, cast.lin, state="unit_checked", name=f"工作室{number}")

        def approve(user, pk=application.pk):
            naming.approve(Application.objects.get(pk=pk), by=user, on=TODAY)

        assert both_at_once(approve, cast.zhou, cast.wu) == ["approved", "too late"]

    assert Studio.objects.filter(name__startswith="工作室").count() == ROUNDS
    assert ApplicationStep.objects.filter(state="approved").count() == ROUNDS


def test_one_agrees_and_one_refuses_and_only_one_of_them_is_heard(cast):
    for number in range(ROUNDS):
        application = application_of(cast, cast.lin, state="unit_checked", name=f"工作室{number}")

        def decide(user, pk=application.pk):
            stale = Application.objects.get(pk=pk)
            if user == cast.zhou:
                naming.approve(stale, by=user, on=TODAY)
            else:
                naming.refuse(stale, by=user, opinion="不予命名")

        assert both_at_once(decide, cast.zhou, cast.wu) == ["approved", "too late"]
        application.refresh_from_db()
        assert application.steps.count() == 1
        assert (application.studio is not None) == (application.state == "approved")


def test_looking_first_and_acting_afterwards_approves_twice(cast):
    """The control: without the conditional UPDATE the same two are both heard, so this test would notice."""
    doubled = 0
    for number in range(ROUNDS):
        application = application_of(cast, cast.lin, state="unit_checked", name=f"工作室{number}")
        looked = Barrier(2)

        def approve(user, pk=application.pk, looked=looked):
            found = Application.objects.get(pk=pk)
            if found.state != "unit_checked":
                raise NotAllowedNow
            looked.wait(10)
            found.steps.create(state="approved", by=user)

        doubled += both_at_once(approve, cast.zhou, cast.wu) == ["approved", "approved"]

    assert doubled == ROUNDS
