"""An import that cannot be done ends: as failed, told to whoever started it, and it can be tried again."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core import jobs
from core.models import Job
from notifications.models import Notice
from reports.ledger import applying
from reports.ledger.receiving import IMPORT
from reports.models import LedgerUpload
from reports.tasks import give_up_lost_imports
from studios.models import Studio
from tests.reports.test_ledger_views import DATA

pytestmark = pytest.mark.django_db


@pytest.fixture
def started(cast, sign_in, settings, tmp_path):
    """A ledger that 李雪 has sent, looked at and wants imported; a worker has not come to it yet."""
    settings.MEDIA_ROOT = tmp_path
    page = sign_in(cast.li)
    page.post(reverse("ledger"), {"file": SimpleUploadedFile("台账.xlsx", DATA)})
    upload = LedgerUpload.objects.get()
    page.post(reverse("ledger-apply", args=[upload.pk]))
    return upload


@pytest.fixture
def broken(monkeypatch):
    """A fault of the program or of the machine, at each attempt."""

    def no_room(*_args, **_options):
        raise OSError("No space left on device")

    monkeypatch.setattr(applying, "known", no_room)
    return monkeypatch


def use_up_all_attempts():
    for _attempt in range(5):
        jobs.run_waiting(IMPORT)
        Job.objects.update(wake_at=timezone.now() - timedelta(hours=1))


def worker_dies_each_time():
    job = Job.objects.get(name=IMPORT)
    for _attempt in range(5):
        jobs.claim(job.pk, now=timezone.now())
        Job.objects.update(wake_at=timezone.now() - timedelta(hours=1))
    jobs.sweep(now=timezone.now())


def test_an_import_that_fails_at_every_attempt_ends_as_failed_and_is_told(cast, started, broken):
    jobs.run_waiting(IMPORT)
    assert LedgerUpload.objects.get().state == "running"  # it is tried again by itself first

    Job.objects.update(wake_at=timezone.now() - timedelta(hours=1))
    use_up_all_attempts()

    assert LedgerUpload.objects.get().state == "failed"
    told = Notice.objects.get(recipient=cast.li)
    assert told.sentence == "台账“台账.xlsx”导入失败，数据未变：请打开它的页面重试"
    assert told.url == started.get_absolute_url()


def test_an_import_whose_worker_died_each_time_ends_as_failed_too(cast, started):
    worker_dies_each_time()

    assert LedgerUpload.objects.get().state == "failed"
    assert Notice.objects.get(recipient=cast.li).kind == "reports.ledger_import_failed"


def test_a_failed_import_says_so_and_is_tried_again_by_whoever_keeps_the_ledger(cast, sign_in, started):
    worker_dies_each_time()
    page = sign_in(cast.zhou)

    shown = page.get(started.get_absolute_url()).content.decode()
    page.post(reverse("ledger-apply", args=[started.pk]))
    jobs.run_waiting(IMPORT)

    assert "导入失败" in shown
    assert "重试" in shown
    assert "正在导入" not in shown
    started.refresh_from_db()
    assert (started.state, started.applied_by, started.new) == ("applied", cast.zhou, 16)


def test_a_failed_import_is_done_after_all_where_the_machine_room_tries_it_again(
    cast, started, broken, django_capture_on_commit_callbacks
):
    use_up_all_attempts()
    broken.undo()

    jobs.try_again(Job.objects.get(name=IMPORT).pk, now=timezone.now())
    jobs.run_waiting(IMPORT)

    assert LedgerUpload.objects.get().state == "applied"


def test_a_failed_import_may_be_thrown_away(cast, sign_in, started):
    worker_dies_each_time()

    sign_in(cast.li).post(reverse("ledger-throw-away", args=[started.pk]))

    assert not LedgerUpload.objects.exists()
    assert Studio.objects.count() == 2


def test_an_import_whose_work_is_nowhere_any_more_is_found_by_the_timetable(cast, started):
    give_up_lost_imports()
    assert LedgerUpload.objects.get().state == "running"  # it waits for a worker

    Job.objects.filter(name=IMPORT).delete()
    give_up_lost_imports()
    give_up_lost_imports()

    assert LedgerUpload.objects.get().state == "failed"
    assert Notice.objects.filter(recipient=cast.li, kind="reports.ledger_import_failed").count() == 1
