"""A real Celery worker, killed in the middle of its work: nobody is told twice, nobody is forgotten.

On Redis and PostgreSQL where REDIS_URL and DATABASE_URL say so, else on the broker made of files and SQLite.
"""

import os
import signal
import socketserver
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import timedelta
from email import message_from_string
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from celery import Celery
from django.conf import settings
from django.db import connection
from django.db.models import F
from django.utils import timezone

from core import workdays
from core.models import Job, WorkdayOverride
from notifications.models import Digest, Notice
from projects.models import Plan, PlanItem

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


class Post(socketserver.ThreadingTCPServer):
    """A mail server. ``holds``: where it stops answering, at DATA or after it has taken the mail in."""

    daemon_threads = allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Talk)
        self.holds: str | None = None
        self.waiting = 0
        self.taken: list[tuple[str, str]] = []  # (recipient, Message-ID)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Talk(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())

    def hold(self):
        self.server.waiting += 1
        self.rfile.read()  # until the other side is dead

    def handle(self):
        self.say("220 post")
        while line := self.rfile.readline().decode().strip():
            word = line.split()[0].upper()
            if word == "DATA":
                if self.server.holds == "DATA":
                    return self.hold()
                self.say("354 go on")
                self.take()
                if self.server.holds == "TAKEN":
                    return self.hold()
            self.say("221 bye" if word == "QUIT" else "250 ok")

    def take(self):
        lines = []
        while (line := self.rfile.readline().decode().rstrip("\r\n")) != ".":
            lines.append(line)
        letter = message_from_string("\n".join(lines))
        self.server.taken.append((letter["To"], letter["Message-ID"]))


@pytest.fixture
def post():
    server = Post()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def environment(tmp_path, post):
    """What a worker of this site is started with: the test's database, and a broker of its own."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEBUG": "1",
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": database_url(),
        "REDIS_URL": redis_url(),
        "EMAIL_URL": f"smtp://127.0.0.1:{post.server_address[1]}",
        "REMINDER_HOUR": "0",
    }


def database_url():
    """The test database, for another process."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def redis_url():
    """Another database of the Redis there is, one for each process of the test run."""
    url = os.environ.get("REDIS_URL", "")
    number = 1 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    return urlsplit(url)._replace(path=f"/{number}").geturl() if url else ""


@pytest.fixture
def start_worker(environment):
    started = []

    def start():
        pool = ["prefork" if environment["REDIS_URL"] else "threads"]
        command = [
            sys.executable,
            "-m",
            "celery",
            "--app",
            "config",
            "worker",
            "--concurrency",
            "2",
            "--pool",
        ]
        process = subprocess.Popen(
            command + pool, cwd=settings.BASE_DIR, env=environment, start_new_session=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        kill(process)


def kill(process):
    """SIGKILL for it and its children, as when the power goes."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


@pytest.fixture
def ask(environment):
    """Send a task to the broker, as beat does."""
    if environment["REDIS_URL"]:
        app = Celery(broker=environment["REDIS_URL"], set_as_current=False)
    else:
        folder = Path(environment["VAR_DIR"])
        app = Celery(broker="filesystem://", set_as_current=False)
        app.conf.broker_transport_options = {
            "data_folder_in": str(folder / "broker" / "queue"),
            "data_folder_out": str(folder / "broker" / "queue"),
            "control_folder": str(folder / "broker" / "control"),
        }
        for name in ("queue", "control"):
            (folder / "broker" / name).mkdir(parents=True, exist_ok=True)
    with app.connection_for_write() as there:
        yield lambda name: app.send_task(name, connection=there, ignore_result=True)


def until(condition, what):
    """Wait for something that a worker is to bring about."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.1)


def let_the_leases_run_out():
    Job.objects.unfinished().update(wake_at=F("wake_at") - timedelta(minutes=20))
    Digest.objects.filter(state=Digest.State.CLAIMED).update(
        lease_until=F("lease_until") - timedelta(minutes=20)
    )


@pytest.fixture
def overdue_item(cast):
    """Due on the last working day, so that today its owner and the lead are to be told."""
    today = timezone.localdate()
    WorkdayOverride.objects.create(day=today, works=True)
    due_on = workdays.load().shift(today, -1)
    Plan.lay_out([cast.studio_one, cast.studio_two], due_on.year)
    plan = Plan.objects.get(studio=cast.studio_one, period=f"{due_on:%Y-%m}")
    return PlanItem.objects.create(plan=plan, owner=cast.wang.person, due_on=due_on, content="电极孔改造")


@pytest.mark.parametrize(
    "moment", ["DATA", "TAKEN"], ids=["before the mail left", "after the mail was taken"]
)
def test_a_worker_killed_while_it_sends_costs_nobody_his_message(
    overdue_item, post, start_worker, ask, moment
):
    about = f"projects.planitem:{overdue_item.pk}"
    post.holds = moment
    first = start_worker()
    ask("projects.tasks.daily")
    until(lambda: Notice.objects.filter(about=about).count() == 2, "the reminders")
    ask("notifications.tasks.send_digests")
    until(lambda: post.waiting == 2, "both threads of the worker to be in the middle of a mail")

    kill(first)
    post.holds = None
    let_the_leases_run_out()
    start_worker()
    for _time in range(3):
        ask("core.tasks.sweep")
        ask("projects.tasks.daily")
        ask("notifications.tasks.send_digests")
    until(lambda: not Notice.objects.waiting().exists(), "all messages to be sent")
    until(lambda: not Job.objects.unfinished().exists(), "all jobs to be done")

    told = Notice.objects.filter(about=about).values_list("recipient__username", "kind", "state")
    assert sorted(told) == [("chen", "item_overdue_lead", "sent"), ("wang", "item_overdue", "sent")]
    mails = Counter(post.taken)
    recipients = sorted(to for to, _message_id in mails)
    expected = sorted(Digest.objects.values_list("recipient__email", flat=True))
    assert recipients == expected  # everybody, each with one Message-ID
    # Only what the server had taken when the worker died can come twice, and then a mail program can tell.
    assert sum(mails.values()) - len(mails) == (2 if moment == "TAKEN" else 0)
    assert set(Digest.objects.values_list("state", flat=True)) == {Digest.State.SENT}
