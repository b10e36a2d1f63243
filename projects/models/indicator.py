"""Indicators (人人肩上有指标): the number a member carries for an item."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.versions import Versioned
from members.models import Person
from projects import rollup
from projects.models.item import PlanItem
from projects.models.numbers import plain
from studios.models import Studio


class IndicatorQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(item__plan__studio__in=Studio.objects.visible_to(user))


class Indicator(Versioned):
    """What one member is measured by for one item.

    A number goes from ``start`` to ``target`` (downwards too) and stands at ``value``; yes/no stands at 0 or
    1; a judged percentage at 0..100; milestones count those reached.
    """

    class Kind(models.TextChoices):
        NUMBER = "number", _("number")
        YES_NO = "yes_no", _("yes or no")
        MILESTONES = "milestones", _("milestones")
        JUDGED = "judged", _("judged percentage")

    #: What the union's yes binds, beside the milestones.
    BOUND = ("person", "start", "target", "weight")

    item = models.ForeignKey(PlanItem, models.CASCADE, related_name="indicators", verbose_name=_("plan item"))
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="indicators", verbose_name=_("carried by")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.NUMBER)
    name = models.CharField(_("indicator"), max_length=150)
    start = models.DecimalField(_("starting value"), max_digits=18, decimal_places=6, null=True, blank=True)
    target = models.DecimalField(_("target value"), max_digits=18, decimal_places=6, null=True, blank=True)
    unit_of_measure = models.CharField(_("unit of measure"), max_length=30, blank=True)
    #: Twelve places, so that an indicator split in two weighs what the one did.
    weight = models.DecimalField(_("weight"), max_digits=18, decimal_places=12, default=Decimal(1))
    value = models.DecimalField(
        _("value"), max_digits=18, decimal_places=6, null=True, blank=True, editable=False
    )

    objects = IndicatorQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weight__gt=0),
                name="indicator_weighs_something",
                violation_error_message=_("A weight must be more than nothing."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="number")
                | (Q(start__isnull=False, target__isnull=False) & ~Q(start=F("target"))),
                name="indicator_has_a_way_to_go",
                violation_error_message=_("A number needs a start and a target that differ."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="yes_no") | Q(value=None) | Q(value__in=[0, 1]),
                name="indicator_yes_or_no",
            ),
            models.CheckConstraint(
                condition=~Q(kind="judged") | Q(value=None) | Q(value__range=(0, 100)),
                name="indicator_is_judged_in_percent",
                violation_error_message=_("Progress lies between 0 and 100 per cent."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return self.item.get_absolute_url()

    @property
    def studio(self) -> Studio:
        return self.item.studio

    @property
    def share(self) -> Fraction:
        """How far it has come, 0..1."""
        if self.kind == self.Kind.NUMBER:
            return rollup.indicator_share(self.start, self.target, self.value)
        if self.kind == self.Kind.YES_NO:
            return Fraction(self.value or 0)
        if self.kind == self.Kind.JUDGED:
            return Fraction(self.value or 0) / 100
        reached = [milestone.reached_on is not None for milestone in self.milestones.all()]
        return Fraction(sum(reached), len(reached)) if reached else Fraction(0)

    @property
    def shown(self) -> str | None:
        return rollup.shown(self.share, complete=self.share == 1)

    @property
    def way(self) -> str:
        """From where to where, and where it stands: ``16 → 14 %, now 15``; empty for what has no numbers."""
        if self.kind != self.Kind.NUMBER:
            return ""
        way = f"{plain(self.start)} → {plain(self.target)} {self.unit_of_measure}".strip()
        if self.value is None:
            return way
        return _("%(way)s, now %(value)s") % {"way": way, "value": plain(self.value)}

    @property
    def says(self) -> str:
        """By whom it is carried, from where to where, and what it weighs."""
        weight = _("weight %(weight)s") % {"weight": plain(self.weight)}
        parts = [self.person.name, self.get_kind_display(), self.way, weight]
        return " · ".join(str(part) for part in parts if part)


class Milestone(models.Model):
    """One step of an indicator that is measured by steps."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="milestones")
    title = models.CharField(_("milestone"), max_length=150)
    reached_on = models.DateField(_("reached on"), null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return self.title
