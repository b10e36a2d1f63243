"""Ledgers sent in through the browser: looked at first, then applied exactly as they were shown."""

from uuid import uuid4

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class LedgerUploadQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A ledger holds the whole group, so those who may import see every one, and nobody else any."""
        return self if user.has_perm("reports.import_ledger") else self.none()


def random_name(upload, filename: str) -> str:
    """Files lie under a random name; the name people gave is kept in the row."""
    return f"ledgers/{uuid4().hex}.xlsx"


class LedgerUpload(models.Model):
    """One workbook that somebody sent. What is applied is this file and no other: its SHA-256 is kept."""

    class State(models.TextChoices):
        WAITING = "waiting", _("not imported yet")
        RUNNING = "running", _("being imported")
        FAILED = "failed", _("import failed")
        APPLIED = "applied", _("imported")

    #: Nothing of it is stored and no worker is at it: it may be imported or thrown away.
    OPEN = (State.WAITING, State.FAILED)

    file = models.FileField(_("file"), upload_to=random_name)
    name = models.CharField(_("name of the file"), max_length=150)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(_("size"))
    by = models.ForeignKey("members.User", models.PROTECT, related_name="+", verbose_name=_("sent by"))
    at = models.DateTimeField(_("sent at"))
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    applied_by = models.ForeignKey(
        "members.User", models.PROTECT, null=True, related_name="+", verbose_name=_("imported by")
    )
    applied_at = models.DateTimeField(_("imported at"), null=True)
    new = models.PositiveIntegerField(_("new rows"), default=0)
    changed = models.PositiveIntegerField(_("changed rows"), default=0)

    objects = LedgerUploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("sent ledger")
        verbose_name_plural = _("sent ledgers")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("ledger-check", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    @property
    def has_failed(self) -> bool:
        return self.state == self.State.FAILED
