"""What is kept of a plan for good: the steps it took, and the copies that were frozen and sealed."""

from __future__ import annotations

import hashlib
import json
from datetime import date

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects import rollup
from projects.models.item import PlanItem
from projects.models.plan import Plan
from studios.models import Studio


class PlanStep(models.Model):
    """One move in the life of a plan: who, when, and what was said."""

    class Act(models.TextChoices):
        SUBMITTED = "submitted", pgettext_lazy("plan step", "submitted")
        RETURNED = "returned", pgettext_lazy("plan step", "returned")
        CONFIRMED = "confirmed", pgettext_lazy("plan step", "confirmed")
        EXTENDED = "extended", pgettext_lazy("plan step", "closing day moved")
        CLOSED = "closed", pgettext_lazy("plan step", "closed")
        AGREED = "agreed", pgettext_lazy("plan step", "automatic closing confirmed")
        REOPENED = "reopened", pgettext_lazy("plan step", "reopened")

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="steps", verbose_name=_("plan"))
    act = models.CharField(max_length=10, choices=Act)
    #: None where the calendar acted.
    by = models.ForeignKey("members.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    text = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.plan}: {self.get_act_display()}"


class Remark(models.Model):
    """What was said about one item when its plan was returned or confirmed."""

    step = models.ForeignKey(PlanStep, models.CASCADE, related_name="remarks")
    item = models.ForeignKey(PlanItem, models.CASCADE, related_name="remarks")
    text = models.CharField(max_length=500)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.text


class FrozenQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(plan__studio__in=Studio.objects.visible_to(user))

    def baselines(self):
        return self.filter(kind=Frozen.Kind.BASELINE)

    def closings(self):
        return self.filter(kind=Frozen.Kind.CLOSING)


class Frozen(models.Model):
    """A copy of a plan that nothing changes any more: the baseline, and the plan as it was closed.

    ``data`` holds texts and numbers as texts; ``seal`` is the SHA-256 of it.
    """

    class Kind(models.TextChoices):
        BASELINE = "baseline", pgettext_lazy("frozen copy", "baseline")
        CLOSING = "closing", pgettext_lazy("frozen copy", "closing")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="frozen", verbose_name=_("plan"))
    kind = models.CharField(max_length=8, choices=Kind)
    number = models.PositiveSmallIntegerField(_("version"))
    data = models.JSONField()
    seal = models.CharField(max_length=64)
    #: None where the calendar closed.
    by = models.ForeignKey("members.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    #: After the day on which it should have been closed.
    late = models.BooleanField(default=False)

    objects = FrozenQuerySet.as_manager()

    class Meta:
        verbose_name = _("frozen copy")
        verbose_name_plural = _("frozen copies")
        ordering = ["plan", "kind", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "kind", "number"], name="plan_is_frozen_once_a_version")
        ]

    def __str__(self):
        return f"{self.plan}: {self.get_kind_display()} {self.number}"

    @staticmethod
    def seal_of(data: dict) -> str:
        text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def name(self) -> str:
        return str(
            _("%(kind)s, version %(number)d") % {"kind": self.get_kind_display(), "number": self.number}
        )

    @property
    def is_whole(self) -> bool:
        """Whether the copy still is what was sealed."""
        return self.seal == self.seal_of(self.data)

    @property
    def is_automatic(self) -> bool:
        return self.kind == self.Kind.CLOSING and self.by_id is None

    @property
    def on(self) -> date:
        return timezone.localdate(self.at)

    @property
    def shown(self) -> str | None:
        """The frozen figure as people see it."""
        return rollup.shown(self.progress, complete=self.data["complete"])

    @property
    def progress(self):
        return Plan._meta.get_field("progress").to_python(self.data["progress"])

    @property
    def counted(self) -> int:
        return self.data["planned"] - self.data["tolerated"]

    @cached_property
    def items(self) -> dict[int, dict]:
        """The frozen rows by the id of their item."""
        return {row["id"]: row for row in self.data["items"]}

    @cached_property
    def promised(self) -> dict[int, dict]:
        """The same without the items and indicators that were added after the plan was confirmed."""
        return {
            pk: {**row, "indicators": [each for each in row["indicators"] if not each.get("added")]}
            for pk, row in self.items.items()
            if not row.get("added")
        }


class BelatedEntry(models.Model):
    """What was told too late about an item of a closed month: booked to the open one, moves no figure."""

    item = models.ForeignKey(PlanItem, models.PROTECT, related_name="belated", verbose_name=_("plan item"))
    #: The open month in which it was told.
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="belated", verbose_name=_("plan"))
    points = models.DecimalField(_("more done (points)"), max_digits=5, decimal_places=2)
    note = models.CharField(_("In a sentence"), max_length=1000)
    by = models.ForeignKey("members.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    token = models.UUIDField(unique=True, editable=False)

    class Meta:
        verbose_name = _("belated entry")
        verbose_name_plural = _("belated entries")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(points__gte=0, points__lte=100), name="belated_points_are_within_a_hundred"
            )
        ]

    def __str__(self):
        return f"{self.item}: +{self.points}"
