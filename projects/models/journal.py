"""The journal of progress: every report ever made, never changed afterwards."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.kept_files import KeptFile
from projects.models.indicator import Indicator
from projects.models.item import PlanItem
from projects.models.numbers import plain
from studios.models import Studio


class ProgressEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(item__plan__studio__in=Studio.objects.visible_to(user))


class ProgressEntry(models.Model):
    """One report: who, when, what, from what to what. Triggers in the database refuse to change or delete it.

    ``token`` is the form's: sending the same form twice makes one entry.
    """

    item = models.ForeignKey(PlanItem, models.PROTECT, related_name="journal", verbose_name=_("plan item"))
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, null=True, blank=True, related_name="journal", verbose_name=_("indicator")
    )
    by = models.ForeignKey(
        "members.User", models.PROTECT, null=True, related_name="+", verbose_name=_("reported by")
    )
    at = models.DateTimeField(_("reported at"))
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state_before = models.CharField(max_length=12, choices=PlanItem.State)
    state_after = models.CharField(max_length=12, choices=PlanItem.State)
    percent_before = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    percent_after = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    value_before = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    value_after = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    note = models.CharField(_("note"), max_length=1000, blank=True)
    #: Working days after the end of its plan, as it was when it was told; None where it was in time.
    days_late = models.PositiveSmallIntegerField(null=True)

    objects = ProgressEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("progress entry")
        verbose_name_plural = _("journal")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent_after=None) | Q(percent_after__range=(0, 100)),
                name="reported_percent_is_between_0_and_100",
            )
        ]

    def __str__(self):
        return f"{self.item}: {self.percent_before} → {self.percent_after}"

    @property
    def studio(self) -> Studio:
        return self.item.studio

    @property
    def moves(self) -> bool:
        """Whether anything stands elsewhere after it; nothing told yet and nothing done are the same."""
        before = (self.state_before, self.value_before or 0, self.percent_before or 0)
        return before != (self.state_after, self.value_after or 0, self.percent_after or 0)

    @property
    def moved(self) -> list[tuple[str | None, str | None]]:
        """(before, after) of what the report changed, as people read it."""
        pairs = [(self.get_state_before_display(), self.get_state_after_display())]
        if self.indicator_id:
            pairs.insert(0, (plain(self.value_before), plain(self.value_after)))
        else:
            percents = (self.percent_before, self.percent_after)
            pairs.insert(0, tuple(None if value is None else f"{plain(value)}%" for value in percents))
        return [(before, after) for before, after in pairs if before != after]


class EvidenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(entry__item__plan__studio__in=Studio.objects.visible_to(user))


class Evidence(KeptFile):
    """A photo or file that proves a report (佐证材料)."""

    FOLDER = "evidence"

    entry = models.ForeignKey(ProgressEntry, models.PROTECT, related_name="evidence")
    size = models.PositiveIntegerField(default=0)

    objects = EvidenceQuerySet.as_manager()

    @property
    def studio(self) -> Studio:
        return self.entry.item.studio
