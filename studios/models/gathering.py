"""A gathering (联合活动): an activity in which many studios take part, called together by a union."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.versions import Versioned
from members.models import Unit
from studios.models.activity import Activity
from studios.models.studio import Studio


class GatheringQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the units a person reads, and those in which a studio he sees takes part."""
        if user.is_superuser:
            return self
        seen = Q(activities__studio__in=Studio.objects.visible_to(user))
        for path in user.reaching_paths:
            seen |= Q(unit__path__startswith=path)
        return self.filter(pk__in=self.model._base_manager.filter(seen).values("pk"))


class Gathering(Versioned):
    """What, when and where; each studio that takes part has an activity of its own with it.

    Who came, minutes and decisions stand on the studios' activities; what they share is written here alone.
    """

    #: What the activities of the studios take over.
    SHARED = ("subject", "kind", "held_on", "starts_at", "ends_at", "place", "host", "hours", "agenda")

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="gatherings", verbose_name=_("called together by")
    )
    subject = models.CharField(_("subject"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=Activity.Kind, default=Activity.Kind.EXHIBITION)
    held_on = models.DateField(_("day"))
    starts_at = models.TimeField(_("begins at"), null=True, blank=True)
    ends_at = models.TimeField(_("ends at"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=100, blank=True)
    host = models.CharField(_("host"), max_length=60, blank=True)
    hours = models.DecimalField(_("hours of study"), max_digits=4, decimal_places=1, null=True, blank=True)
    agenda = models.TextField(_("agenda"), blank=True)
    is_cancelled = models.BooleanField(_("called off"), default=False, editable=False)
    cancel_reason = models.CharField(_("why it was called off"), max_length=200, blank=True, editable=False)

    objects = GatheringQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("gathering")
        verbose_name_plural = _("gatherings")
        ordering = ["-held_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(starts_at=None) | Q(ends_at__gt=F("starts_at")),
                name="gathering_ends_after_it_begins",
                violation_error_message=_("It ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(hours=None) | Q(hours__gte=0),
                name="hours_of_a_gathering_are_not_negative",
                violation_error_message=_("Hours cannot be less than nothing."),
            ),
        ]

    def __str__(self):
        return self.subject

    def get_absolute_url(self):
        return reverse("gathering", args=[self.pk])
