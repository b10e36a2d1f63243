"""Two answers to one offer, and two offers to one studio, at the same moment on connections of their own."""

from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from django.db import connection

from achievements import adopting
from achievements.models import Achievement, Adoption
from core.errors import NotAllowedNow
from notifications.models import Notice

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 15
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)


def both_at_once(*acts):
    """Let all act together; returns what each came to."""
    start, outcomes = Barrier(len(acts)), []

    def run(act):
        try:
            start.wait(10)
            act()
            outcomes.append("done")
        except NotAllowedNow:
            outcomes.append("too late")
        finally:
            connection.close()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(outcomes)


def test_of_two_answers_one_is_heard_and_one_notice_goes_out(cast):
    for number in range(ROUNDS):
        found = Achievement.objects.create(studio=cast.studio_one, name=f"成果{number}")
        adopting.offer(found, [cast.studio_two], text="", by=cast.lin, at=NOW)
        Notice.objects.all().delete()

        def say(state, found=found, **fields):
            return lambda: adopting.answer(
                found, cast.studio_two, state, seen=1, by=cast.zhao, at=NOW, **fields
            )

        assert both_at_once(say("in_use"), say("declined", reason="不适用")) == ["done", "too late"]
        adoption = Adoption.objects.get(achievement=found)
        assert (adoption.version, adoption.history.count()) == (2, 2)
        kinds = set(Notice.objects.values_list("kind", flat=True))
        assert kinds == {f"adoption_{adoption.state}"}


def test_of_two_who_say_we_use_this_one_begins_it(cast):
    for number in range(ROUNDS):
        found = Achievement.objects.create(studio=cast.studio_one, name=f"成果{number}")

        def say(found=found):
            adopting.answer(found, cast.studio_two, "in_use", seen=0, by=cast.zhao, at=NOW)

        assert both_at_once(say, say) == ["done", "too late"]
    assert Adoption.objects.count() == ROUNDS


def test_of_two_offers_to_one_studio_one_is_made_and_one_notice_goes_out(cast):
    for number in range(ROUNDS):
        found = Achievement.objects.create(studio=cast.studio_one, name=f"成果{number}")

        def offer(by, found=found):
            return lambda: adopting.offer(found, [cast.studio_two], text="", by=by, at=NOW)

        assert both_at_once(offer(cast.chen), offer(cast.lin)) == ["done", "too late"]
    assert Adoption.objects.count() == Notice.objects.count() == ROUNDS
