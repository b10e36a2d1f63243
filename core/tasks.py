"""The base of every Celery task, and the two tasks that keep the ledger of work moving."""

from __future__ import annotations

from celery import Task, shared_task
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import jobs
from core.models import TimetableRun


class SafeToRepeat(Task):
    """A task that may run twice: after a lost worker, by two schedulers, by a redelivery.

    Declaring it is compulsory, so that whoever writes a task has thought of it once. Messages are
    acknowledged after the work, hence a killed worker's tasks come back.
    """

    abstract = True
    idempotent = False
    #: What it does, in the words of whoever looks after the machine room.
    label = ""
    acks_late = True
    reject_on_worker_lost = True
    ignore_result = True
    soft_time_limit = 240
    time_limit = 280

    def on_success(self, retval, task_id, args, kwargs) -> None:
        """Note that an entry of the timetable was done: whoever looks after the machine room reads it."""
        if self.name in {entry["task"] for entry in self.app.conf.beat_schedule.values()}:
            TimetableRun.objects.update_or_create(task=self.name, defaults={"at": timezone.now()})

    def __init_subclass__(cls, **kwargs) -> None:
        super().__init_subclass__(**kwargs)
        if "run" in vars(cls) and not cls.idempotent:
            raise ImproperlyConfigured(f"The task {cls.__name__} does not declare idempotent=True.")


@shared_task(base=SafeToRepeat, idempotent=True)
def run_job(job_id: int) -> None:
    """Do one job of the ledger, unless it is done or somebody else is at it."""
    jobs.run(job_id)


@shared_task(base=SafeToRepeat, idempotent=True, label=_("Look for work that was left lying"))
def sweep() -> None:
    """Find the jobs that no message speaks of any more. Every minute."""
    jobs.sweep(now=timezone.now())
