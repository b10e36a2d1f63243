"""The machine room: what waits, what failed, whether the worker lives, and a second try."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import jobs
from core.models import Job, TimetableRun
from core.tasks import sweep
from notifications import machine_room, sending
from notifications.models import Digest, Notice
from notifications.sending import tell
from tests.notifications.conftest import MONDAY

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


@jobs.job("test.flaky", "容易出错的任务")
def flaky():
    if not mail.outbox:
        raise RuntimeError("no luck")


@pytest.fixture(autouse=True)
def _monday_morning(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def working():
    """A worker that did everything of the timetable a moment ago."""
    entries = machine_room.look(NOW).timetable
    from celery import current_app

    tasks = [entry["task"] for entry in current_app.conf.beat_schedule.values()]
    assert len(tasks) == len(entries) >= 4
    for task in tasks:
        TimetableRun.objects.create(task=task, at=NOW - timedelta(seconds=30))


def failed_job(key="a"):
    return Job.objects.create(
        key=key, name="test.flaky", state=Job.State.FAILED, attempts=5, wake_at=NOW, last_error="no luck"
    )


def failed_digest(user):
    tell(
        [user], "late", about=f"tests.item:{user.pk}", url="/messages/", once="", params={"subject": "电极孔"}
    )
    digest = Digest.objects.create(
        recipient=user,
        channel=Digest.Channel.EMAIL,
        local_date=MONDAY,
        state=Digest.State.FAILED,
        attempts=3,
        error="550 no such box",
        message_id="<1@x>",
        lease_until=NOW,
    )
    Notice.objects.filter(recipient=user).update(digest=digest, state=Notice.State.FAILED)
    return digest


# --- How it stands


def test_a_worker_that_answers_with_nothing_failed_is_well(cast, sign_in, working):
    html = sign_in(cast.feng).get(reverse("jobs")).content.decode()

    assert "一切正常" in html


def test_a_task_of_the_timetable_that_a_worker_does_leaves_its_time_and_others_do_not():
    sweep.apply()
    sweep.apply()

    assert list(TimetableRun.objects.values_list("task", "at")) == [("core.tasks.sweep", NOW)]


def test_a_worker_that_never_answered_is_not_well(cast, sign_in):
    html = sign_in(cast.feng).get(reverse("jobs")).content.decode()

    assert "后台从未响应" in html
    assert "一切正常" not in html


def test_a_worker_that_fell_silent_is_named_with_the_hour(cast, sign_in, working):
    TimetableRun.objects.update(at=NOW - timedelta(hours=1))

    html = sign_in(cast.feng).get(reverse("jobs")).content.decode()

    assert "11月23日 09:00</time> 起没有响应" in html


@pytest.mark.parametrize(("minutes", "silent"), [(4, False), (6, True)])
def test_five_minutes_of_silence_are_too_long(working, minutes, silent):
    TimetableRun.objects.update(at=NOW - timedelta(minutes=minutes))

    assert machine_room.look(NOW).is_silent is silent


def test_the_timetable_says_what_was_done_and_what_is_late(working):
    TimetableRun.objects.filter(task="projects.tasks.daily").update(at=NOW - timedelta(days=1))

    entries = {entry.label: entry for entry in machine_room.look(NOW).timetable}

    assert entries["查找遗漏的任务"].is_late is False
    assert entries["安排当日工作"].is_late is True
    assert machine_room.look(NOW).is_well is False


def test_what_waits_too_long_is_said_with_its_age(cast, sign_in, working, time_machine):
    time_machine.move_to(NOW - timedelta(minutes=20), tick=False)
    jobs.want("test.flaky", key="old")
    time_machine.move_to(NOW, tick=False)

    page = sign_in(cast.feng).get(reverse("jobs"))

    assert (page.context["health"].waiting, page.context["health"].is_well) == (1, False)
    assert "最早的一项已等待20" in page.content.decode()


def test_failed_work_and_undelivered_messages_stand_with_their_reason(cast, sign_in, working):
    failed_job()
    failed_digest(cast.chen)

    html = sign_in(cast.zhou).get(reverse("jobs")).content.decode()

    assert "一切正常" not in html
    for text in ("容易出错的任务", "no luck", "陈立新", "550 no such box"):
        assert text in html


def test_a_message_whose_notices_a_later_one_took_along_is_no_fault_any_more(cast, working):
    failed_digest(cast.chen)
    Notice.objects.update(digest=None)

    assert machine_room.look(NOW).is_well


def test_the_page_asks_the_same_questions_for_one_fault_and_for_many(cast, sign_in, working):
    page = sign_in(cast.feng)
    failed_job("k")
    failed_digest(cast.chen)
    page.get(reverse("jobs"))
    with CaptureQueriesContext(connection) as one:
        page.get(reverse("jobs"))
    for number in range(60):
        failed_job(f"k{number}")
    for user in (cast.lin, cast.wang, cast.zhao):
        failed_digest(user)
    with CaptureQueriesContext(connection) as many:
        shown = page.get(reverse("jobs")).context["health"]

    assert len(one) == len(many) > 0
    assert (shown.failed, len(shown.work), shown.undelivered) == (61, 50, 4)


# --- A second try


def test_a_failed_job_gets_all_its_attempts_anew_and_is_done(cast, sign_in):
    failed = failed_job()
    mail.outbox.append("no longer empty")

    answer = sign_in(cast.feng).post(reverse("job-retry", args=[failed.pk]))

    assert answer.url == reverse("jobs")
    failed.refresh_from_db()
    assert (failed.state, failed.attempts) == (Job.State.WANTED, 0)
    assert jobs.run_waiting("test.flaky") == 1
    assert machine_room.look(NOW).failed == 0


@pytest.mark.parametrize("state", [Job.State.WANTED, Job.State.CLAIMED, Job.State.DONE])
def test_a_job_that_is_not_failed_is_left_alone(cast, sign_in, state):
    other = failed_job()
    Job.objects.update(state=state)

    answer = sign_in(cast.feng).post(reverse("job-retry", args=[other.pk]))

    assert answer.status_code == 303
    other.refresh_from_db()
    assert (other.state, other.attempts) == (state, 5)


def test_a_job_that_was_wanted_again_meanwhile_is_not_wanted_twice(cast, sign_in):
    failed = failed_job()
    jobs.want("test.flaky", key="a")

    page = sign_in(cast.feng)
    assert page.post(reverse("job-retry", args=[failed.pk])).status_code == 303
    assert "同一项任务已重新排队" in page.get(reverse("jobs")).content.decode()
    assert sorted(Job.objects.values_list("state", flat=True)) == ["failed", "wanted"]


def test_a_message_that_did_not_arrive_is_sent_again_under_the_same_name_once(cast, sign_in):
    digest = failed_digest(cast.chen)
    page = sign_in(cast.zhou)

    page.post(reverse("digest-retry", args=[digest.pk]))
    second = page.post(reverse("digest-retry", args=[digest.pk]))
    jobs.run_waiting(sending.DELIVER)

    assert second.status_code == 303
    assert [letter.to for letter in mail.outbox] == [["chen@qingchuan.example"]]
    assert mail.outbox[0].extra_headers["Message-ID"] == "<1@x>"
    assert Digest.objects.get().state == Digest.State.SENT
    assert Notice.objects.get().state == Notice.State.SENT


def test_a_failed_job_is_dismissed_with_who_and_when_and_asks_for_nothing_more(cast, sign_in):
    failed = failed_job()
    page = sign_in(cast.feng)

    first = page.post(reverse("job-dismiss", args=[failed.pk]))
    second = page.post(reverse("job-dismiss", args=[failed.pk]))
    retried = page.post(reverse("job-retry", args=[failed.pk]))

    assert (first.url, second.status_code, retried.status_code) == (reverse("jobs"), 303, 303)
    failed.refresh_from_db()
    assert (failed.state, failed.dismissed_by) == (Job.State.DISMISSED, cast.feng)
    health = machine_room.look(NOW)
    assert (health.failed, health.work, health.dismissed) == (0, [], [failed])
    said = page.get(reverse("jobs")).content.decode()
    assert "最近忽略的" in said
    assert str(cast.feng) in said
    jobs.sweep(now=NOW + jobs.KEEP + timedelta(days=1))
    assert not Job.objects.exists()


@pytest.mark.parametrize("username", ["li", "sun", "zheng", "chen", "wang", "xu"])
def test_the_machine_room_is_for_administrators(cast, sign_in, username):
    page = sign_in(getattr(cast, username))
    failed, digest = failed_job(), failed_digest(cast.chen)

    answers = [
        page.get(reverse("jobs")),
        page.post(reverse("job-retry", args=[failed.pk])),
        page.post(reverse("job-dismiss", args=[failed.pk])),
        page.post(reverse("digest-retry", args=[digest.pk])),
    ]

    assert [answer.status_code for answer in answers] == [403] * 4
    assert Job.objects.get().state == Job.State.FAILED
