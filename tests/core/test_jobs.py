"""The ledger of work: nothing wanted is lost, whatever becomes of brokers and workers."""

import socket
import threading
from datetime import timedelta

import pytest
from celery import current_app
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.utils import timezone

from core import jobs
from core.models import Job
from core.tasks import SafeToRepeat, run_job, sweep

done = []


@jobs.job("test.note")
def note(word):
    done.append(word)


@jobs.job("test.fail")
def fail():
    raise RuntimeError("no luck")


@pytest.fixture(autouse=True)
def celery_conf():
    """Here a message only ever lies in the broker: what is done is done by the test."""
    conf = current_app.conf
    was = conf.task_always_eager, conf.broker_write_url
    conf.task_always_eager = False
    done.clear()
    yield conf
    conf.task_always_eager, conf.broker_write_url = was


def let_the_time_pass(**times):
    """Move every waiting hour back, as if so much time had passed."""
    for row in Job.objects.all():
        Job.objects.filter(pk=row.pk).update(wake_at=row.wake_at - timedelta(**times))


@pytest.mark.django_db
def test_a_job_wanted_is_done_once():
    jobs.want("test.note", key="a", word="hello")
    wanted = Job.objects.get()

    run_job(wanted.pk)
    run_job(wanted.pk)

    assert done == ["hello"]
    wanted.refresh_from_db()
    assert (wanted.state, wanted.attempts) == (Job.State.DONE, 1)


@pytest.mark.django_db
def test_a_job_wanted_twice_while_it_waits_is_done_once_with_the_last_word():
    jobs.want("test.note", key="a", word="first")
    jobs.want("test.note", key="a", word="second")
    jobs.want("test.note", key="b", word="other")

    assert jobs.run_waiting() == 2
    assert done == ["second", "other"]


@pytest.mark.django_db
def test_a_job_wanted_while_it_runs_is_done_again_because_it_may_have_read_too_early():
    jobs.want("test.note", key="a", word="early")
    jobs.claim(Job.objects.get().pk, now=timezone.now())

    jobs.want("test.note", key="a", word="late")

    assert [job.state for job in Job.objects.order_by("pk")] == [Job.State.CLAIMED, Job.State.WANTED]


@pytest.mark.django_db
def test_a_job_that_nobody_wrote_cannot_be_wanted():
    with pytest.raises(LookupError, match=r"test\.unknown"):
        jobs.want("test.unknown", key="a")


def test_two_jobs_cannot_have_one_name():
    with pytest.raises(ValueError, match="Two jobs"):
        jobs.job("test.note")(print)


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_not_wanted():
    with transaction.atomic():
        jobs.want("test.note", key="a", word="never")
        transaction.set_rollback(True)

    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("broker", ["refusing", "silent"])
def test_a_dead_broker_neither_fails_nor_holds_up_a_save(broker, monkeypatch, caplog, celery_conf):
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        if broker == "silent":
            server.listen()  # takes the connection and never says a word
        celery_conf.broker_write_url = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        monkeypatch.setattr(jobs, "_quiet_until", 0.0)

        with transaction.atomic():
            jobs.want("test.note", key="a", word="patient")
        jobs.want("test.note", key="b", word="patient too")

    assert Job.objects.filter(state=Job.State.WANTED).count() == 2
    # The second save did not even try.
    assert [record.message.split(";")[0] for record in caplog.records] == ["The broker does not answer"]
    assert caplog.records[0].exc_info[0].__name__ == "OperationalError"


@pytest.mark.django_db
def test_the_sweep_finds_what_no_message_speaks_of(monkeypatch):
    nudged = []
    monkeypatch.setattr(jobs, "poke", nudged.extend)
    jobs.want("test.note", key="a", word="lost")
    lost = Job.objects.get().pk

    sweep()
    assert nudged == []  # the first nudge has a minute

    let_the_time_pass(minutes=2)
    sweep()
    sweep()
    assert nudged == [lost]  # and the second one more than that, so that a long queue does not grow

    let_the_time_pass(minutes=6)
    sweep()
    assert nudged == [lost, lost]


@pytest.mark.django_db
def test_a_job_whose_worker_died_is_done_by_another(monkeypatch):
    monkeypatch.setattr(jobs, "poke", lambda ids: [run_job(pk) for pk in ids])
    jobs.want("test.note", key="a", word="rescued")
    jobs.claim(Job.objects.get().pk, now=timezone.now())

    sweep()
    assert done == []

    let_the_time_pass(minutes=11)
    sweep()
    assert done == ["rescued"]
    assert Job.objects.get().attempts == 2


@pytest.mark.django_db
def test_a_worker_that_was_given_up_cannot_overwrite_the_outcome_of_its_successor():
    jobs.want("test.note", key="a", word="once")
    slow = jobs.claim(Job.objects.get().pk, now=timezone.now())
    let_the_time_pass(minutes=11)
    successor = jobs.claim(slow.pk, now=timezone.now())

    jobs._finish(slow, error=RuntimeError("too late"))
    assert Job.objects.get().state == Job.State.CLAIMED

    jobs._finish(successor)
    assert (Job.objects.get().state, Job.objects.get().last_error) == (Job.State.DONE, "")


@pytest.mark.django_db
def test_a_job_that_fails_five_times_is_given_up_and_stays_to_be_seen():
    jobs.want("test.fail", key="a")

    for _attempt in range(7):
        jobs.run_waiting()
        let_the_time_pass(hours=1)

    failed = Job.objects.get()
    assert (failed.state, failed.attempts) == (Job.State.FAILED, 5)
    assert failed.last_error == "RuntimeError('no luck')"


@pytest.mark.django_db
def test_a_job_that_kills_its_worker_each_time_is_given_up_too():
    jobs.want("test.note", key="a", word="poison")
    for _attempt in range(5):
        jobs.claim(Job.objects.get().pk, now=timezone.now())
        let_the_time_pass(minutes=11)

    sweep()

    assert (Job.objects.get().state, done) == (Job.State.FAILED, [])


@pytest.mark.django_db
def test_done_jobs_are_kept_for_a_while_and_then_cleared():
    jobs.want("test.note", key="a", word="old")
    jobs.run_waiting()
    finished = jobs.last_done("test.note")

    jobs.sweep(now=finished + timedelta(days=89))
    assert Job.objects.count() == 1

    jobs.sweep(now=finished + timedelta(days=91))
    assert Job.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_exactly_one_claims_a_job():
    for number in range(10):
        jobs.want("test.note", key=f"k{number}", word=number)
    ids = list(Job.objects.values_list("pk", flat=True))

    def work():
        for pk in ids:
            jobs.run(pk)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(done) == list(range(10))
    assert set(Job.objects.values_list("state", "attempts")) == {(Job.State.DONE, 1)}


def test_a_task_must_declare_that_it_is_safe_to_repeat():
    def careless(): ...

    with pytest.raises(ImproperlyConfigured, match="careless"):
        current_app.task(careless, base=SafeToRepeat, name="careless", shared=False, lazy=False)


def test_every_task_of_the_house_is_declared_safe_to_repeat():
    from config.celery import app

    app.loader.import_default_modules()
    ours = {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}

    assert {"core.tasks.run_job", "core.tasks.sweep"} <= ours.keys()
    assert [name for name, task in ours.items() if not isinstance(task, SafeToRepeat)] == []


left = []


def note_given_up(word):
    left.append(word)
    if word == "stubborn" and len(left) == 1:
        raise RuntimeError("not now")


@jobs.job("test.hopeless", given_up=note_given_up)
def hopeless(word):
    raise RuntimeError("no luck")


@pytest.mark.django_db
def test_what_follows_a_failure_for_good_is_made_up_for_by_the_sweep_where_it_fails_itself():
    left.clear()
    jobs.want("test.hopeless", key="a", word="stubborn")
    for _attempt in range(5):
        jobs.run_waiting()
        let_the_time_pass(hours=1)
    assert (Job.objects.get().state, left) == (Job.State.CLAIMED, ["stubborn"])

    sweep()
    sweep()

    assert (Job.objects.get().state, left) == (Job.State.FAILED, ["stubborn", "stubborn"])
