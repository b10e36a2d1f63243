"""The reports that a union issues (月报, 季报, 年报): figures frozen as they were, with a text."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, F, Max, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.calendar import MONTH, QUARTER, YEAR, Period
from core.errors import NotAllowedNow
from core.versions import Versioned
from members.models import Unit
from reports.rules import READERS


class ReportQuerySet(models.QuerySet):
    """The words the rest of the code uses to ask for reports."""

    def visible_to(self, user):
        """What is issued of the units whose figures one reads. A draft is on the page of who writes it."""
        issued = self.issued()
        if user.is_superuser:
            return issued
        mine = Q(pk__in=[])
        for path in {path for role, path in user.scopes if role in READERS}:
            mine |= Q(unit__path__startswith=path)
        return issued.filter(mine)

    def issued(self):
        return self.exclude(issued_at=None)

    def drafts(self):
        return self.filter(issued_at=None)

    def of(self, unit: Unit, period: Period):
        """All versions of one report, the newest first."""
        return self.filter(unit=unit, period=period.key).order_by("-number")

    def with_replaced(self):
        """Adds ``is_replaced``: whether a newer version is issued."""
        same = {name: OuterRef(name) for name in ("unit", "period")}
        newer = Report.objects.issued().filter(**same, number__gt=OuterRef("number"))
        return self.annotate(is_replaced=Exists(newer))


class Report(Versioned):
    """One version of the report of a unit, or of the group, on a period.

    A draft holds a text alone. Once it is issued ``contents`` (``reports.contents.Contents`` as plain data)
    stand for good, and the database refuses any change; what has to be put right is the next ``number``.
    """

    class Kind(models.TextChoices):
        MONTH = MONTH, pgettext_lazy("report", "monthly report")
        QUARTER = QUARTER, pgettext_lazy("report", "quarterly report")
        YEAR = YEAR, pgettext_lazy("report", "yearly report")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="reports", verbose_name=_("unit"))
    kind = models.CharField(_("kind"), max_length=7, choices=Kind, editable=False)
    period = models.CharField(_("period"), max_length=7, editable=False)
    number = models.PositiveSmallIntegerField(_("version"), editable=False)
    summary = models.TextField(_("what else there is to say"), blank=True, max_length=4000)
    #: Why another version is issued; the first needs no reason.
    reason = models.CharField(_("why a new version"), max_length=300, blank=True)
    contents = models.JSONField(null=True, editable=False)
    issued_at = models.DateTimeField(_("issued at"), null=True, editable=False)
    issued_by = models.ForeignKey(
        "members.User",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("issued by"),
        editable=False,
    )

    objects = ReportQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["contents"])

    class Meta:
        verbose_name = pgettext_lazy("issued", "report")
        verbose_name_plural = pgettext_lazy("issued", "reports")
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "period", "number"], name="report_has_each_version_once"),
            models.UniqueConstraint(
                fields=["unit", "period"], condition=Q(issued_at=None), name="report_has_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(issued_at=None, issued_by=None, contents__isnull=True)
                | Q(issued_at__isnull=False, issued_by__isnull=False, contents__isnull=False),
                name="report_issued_has_its_contents_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(issued_at=None) | Q(number=1) | ~Q(reason=""),
                name="report_is_issued_again_with_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.unit} · {self.span} · {self.get_kind_display()}"

    def get_absolute_url(self):
        return reverse("report", args=[self.pk])

    @property
    def span(self) -> Period:
        return Period.parse(self.period)

    @property
    def is_issued(self) -> bool:
        return self.issued_at is not None

    @classmethod
    def draft_of(cls, unit: Unit, period: Period) -> Report:
        """The version of a report that is next to be issued, unsaved where nothing is written yet."""
        draft = cls.objects.of(unit, period).drafts().first()
        if draft:
            draft.unit = unit
        else:
            last = cls.objects.of(unit, period).aggregate(last=Max("number"))["last"] or 0
            draft = cls(unit=unit, kind=period.kind, period=period.key, number=last + 1)
        return draft

    @transaction.atomic
    def issue(self, contents: dict[str, Any], *, by, at: datetime) -> None:
        """Freeze the contents beside the saved text. Raises NotAllowedNow if it is issued already."""
        if self.number > 1 and not self.reason.strip():
            raise NotAllowedNow(gettext("Please say why a new version is issued."))
        waiting = Report.objects.drafts().filter(pk=self.pk, version=self.version)
        if not waiting.update(contents=contents, issued_at=at, issued_by=by, version=F("version") + 1):
            raise NotAllowedNow
        self.refresh_from_db()
