"""Whether the machine room works: what waits, what failed and when the worker last gave a sign of life."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from celery import current_app
from django.db.models import Case, Count, Min, Q, Value, When

from core.models import Job, TimetableRun
from notifications.models import Digest

SHOWN = 50
"""Of a long list only so many rows: the worst and the oldest."""

DISMISSED_SHOWN = 10
"""The last failed jobs that somebody dismissed."""

SILENT_AFTER = timedelta(minutes=5)
"""The timetable has an entry for every minute, so a worker silent for this long is not working."""

SLOW_AFTER = timedelta(minutes=15)
"""Nothing that is wanted should wait longer than this."""


@dataclass(frozen=True)
class Entry:
    """A line of the timetable: when it was last done and should have been done again."""

    label: str
    at: datetime | None
    due_at: datetime | None
    is_late: bool


@dataclass(frozen=True)
class Health:
    """The state of the machine room at a moment. ``work`` and ``messages`` are cut off after `SHOWN` rows."""

    now: datetime
    waiting: int
    running: int
    failed: int
    oldest: datetime | None
    work: list[Job]
    dismissed: list[Job]
    undelivered: int
    messages: list[Digest]
    timetable: list[Entry]

    @property
    def last_sign(self) -> datetime | None:
        """When a worker last did something of the timetable; None if it never did."""
        return max((entry.at for entry in self.timetable if entry.at), default=None)

    @property
    def is_silent(self) -> bool:
        return self.last_sign is None or self.now - self.last_sign > SILENT_AFTER

    @property
    def is_slow(self) -> bool:
        return self.oldest is not None and self.now - self.oldest > SLOW_AFTER

    @property
    def is_late(self) -> bool:
        return any(entry.is_late for entry in self.timetable)

    @property
    def is_well(self) -> bool:
        return not (self.is_silent or self.is_slow or self.is_late or self.failed or self.undelivered)


def look(now: datetime, *, state: str = "") -> Health:
    """The state at this moment, in six questions whatever there is."""
    unfinished = Q(state__in=[Job.State.WANTED, Job.State.CLAIMED])
    counted = Job.objects.exclude(state__in=Job.OVER).aggregate(
        waiting=Count("pk", filter=Q(state=Job.State.WANTED)),
        running=Count("pk", filter=Q(state=Job.State.CLAIMED)),
        failed=Count("pk", filter=Q(state=Job.State.FAILED)),
        oldest=Min("created_at", filter=unfinished),
    )
    failed_first = Case(When(state=Job.State.FAILED, then=Value(0)), default=Value(1))
    narrowed = Q(state=state) if state in Job.State.values else Q()
    work = Job.objects.filter(narrowed).exclude(state__in=Job.OVER).order_by(failed_first, "created_at")
    dismissed = Job.objects.filter(state=Job.State.DISMISSED).select_related("dismissed_by__person")
    undelivered = Digest.objects.undelivered()
    return Health(
        now=now,
        **counted,
        work=list(work[:SHOWN]),
        dismissed=list(dismissed.order_by("-done_at")[:DISMISSED_SHOWN]),
        undelivered=undelivered.count(),
        messages=list(undelivered.select_related("recipient__person")[:SHOWN]),
        timetable=_timetable(now),
    )


def _timetable(now: datetime) -> list[Entry]:
    """Every entry of the timetable, in its order."""
    current_app.loader.import_default_modules()
    done = dict(TimetableRun.objects.values_list("task", "at"))
    entries = []
    for planned in current_app.conf.beat_schedule.values():
        at = done.get(planned["task"])
        due_at = None
        if at:
            start, step, _now = planned["schedule"].remaining_delta(at)
            due_at = start + step
        label = str(current_app.tasks[planned["task"]].label or planned["task"])
        entries.append(Entry(label, at, due_at, bool(due_at and now - due_at > SILENT_AFTER)))
    return entries
