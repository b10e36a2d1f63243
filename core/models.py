"""Tables without a business word: exceptions from the calendar, work to be done, forms used up."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from core.kept import ColumnChoice as ColumnChoice
from core.kept import SavedView as SavedView
from core.kept import Undo as Undo
from core.versions import Versioned


class WorkdayOverrideQuerySet(models.QuerySet):
    """The words the exceptions from the calendar are asked for with."""

    def visible_to(self, user):
        """Everybody's days are counted by them, so everybody may read them."""
        return self

    def of_year(self, year: int):
        return self.filter(day__year=year)


class WorkdayOverride(Versioned):
    """A day on which the public calendar is not followed, or not known yet."""

    day = models.DateField(
        _("day"), unique=True, error_messages={"unique": _("There is an exception for this day already.")}
    )
    works = models.BooleanField(
        _("this day"), choices=[(True, _("is worked")), (False, _("is a day of rest"))]
    )
    note = models.CharField(_("note"), max_length=100, blank=True)

    objects = WorkdayOverrideQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["day"]
        verbose_name = _("exception from the calendar")
        verbose_name_plural = _("exceptions from the calendar")

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"


class JobQuerySet(models.QuerySet):
    """The words the ledger of work is asked with."""

    def unfinished(self):
        """Neither done nor given up."""
        return self.filter(state__in=[Job.State.WANTED, Job.State.CLAIMED])

    def to_wake(self, now: datetime):
        """Unfinished jobs that nobody has taken care of in the time they had."""
        return self.unfinished().filter(wake_at__lte=now)

    def free(self, now: datetime):
        """What may be claimed: waiting, or claimed by a worker whose lease has run out."""
        return self.filter(
            Q(state=Job.State.WANTED) | Q(state=Job.State.CLAIMED, wake_at__lte=now),
            attempts__lt=Job.MAX_ATTEMPTS,
        )


class Job(models.Model):
    """A piece of work wanted by a business transaction and stored in it.

    The row is the truth and the message to the worker only a nudge: whatever the broker loses, the sweep
    finds here. Two waiting rows never have the same key. A job that is already running may have read old
    data, so wanting it again then makes a second row.
    """

    MAX_ATTEMPTS = 5
    LEASE = timedelta(minutes=10)

    class State(models.TextChoices):
        WANTED = "wanted", pgettext_lazy("job", "waiting")
        CLAIMED = "claimed", pgettext_lazy("job", "being done")
        DONE = "done", pgettext_lazy("job", "done")
        FAILED = "failed", pgettext_lazy("job", "failed")
        DISMISSED = "dismissed", pgettext_lazy("job", "dismissed")

    #: Nothing more happens to them; kept for a while to be looked at.
    OVER = (State.DONE, State.DISMISSED)

    key = models.CharField(max_length=250)
    name = models.CharField(max_length=100)
    args = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.WANTED)
    attempts = models.PositiveSmallIntegerField(default=0)
    #: The end of a lease, of the pause after a failure, or of the patience with an unanswered nudge.
    wake_at = models.DateTimeField()
    last_error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    #: When it was done, or dismissed.
    done_at = models.DateTimeField(null=True, blank=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(state="wanted"), name="core_job_waits_once_per_key"
            ),
        ]
        indexes = [
            # For the sweep, every minute: only what is unfinished.
            models.Index(
                fields=["wake_at"], condition=Q(state__in=["wanted", "claimed"]), name="core_job_to_wake"
            ),
            # For the clearing of old rows and for "when was this last done?".
            models.Index(fields=["name", "done_at"], name="core_job_last_done"),
        ]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")

    def __str__(self) -> str:
        return f"{self.name} {self.key}"

    @property
    def label(self) -> str:
        """What it does, in words; its name if no part of the program does such jobs any more."""
        from core.jobs import LABELS

        return str(LABELS.get(self.name, self.name))


class ClaimQuerySet(models.QuerySet):
    KEPT = timedelta(days=7)

    def first_use(self, token) -> bool:
        """True once per token. Old tokens are dropped on the way: a form does not stay open for a week."""
        self.filter(used_at__lt=timezone.now() - self.KEPT).delete()
        _claim, is_new = self.get_or_create(token=token)
        return is_new


class TimetableRun(models.Model):
    """When an entry of the timetable was last done by a worker: the sign that beat and worker are alive."""

    task = models.CharField(max_length=100, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("run of the timetable")
        verbose_name_plural = _("runs of the timetable")

    def __str__(self) -> str:
        return self.task


class Claim(models.Model):
    """A form that was sent once: the second copy (a double click, a resend) finds it here."""

    token = models.UUIDField(primary_key=True)
    used_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("used form")
        verbose_name_plural = _("used forms")

    def __str__(self) -> str:
        return str(self.token)
