"""Activities: meetings, study, training, exhibitions, with their attendance in numbers."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.versions import Versioned
from studios.models.studio import Studio


class ActivityQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(studio__in=Studio.objects.visible_to(user))

    def in_period(self, period):
        return self.filter(held_on__range=(period.starts_on, period.ends_on))


class Activity(Versioned):
    """A gathering of a studio (活动). ``kind`` is the union's own word for it (例会, 培训, 研讨 …)."""

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="activities", verbose_name=_("studio"))
    no = models.CharField(_("no."), max_length=40, unique=True, null=True, blank=True)
    subject = models.CharField(_("subject"), max_length=200)
    kind = models.CharField(_("kind"), max_length=30, blank=True)
    held_on = models.DateField(_("day"))
    place = models.CharField(_("place"), max_length=100, blank=True)
    host = models.CharField(_("host"), max_length=60, blank=True)
    expected = models.PositiveIntegerField(_("expected"), null=True, blank=True)
    present = models.PositiveIntegerField(_("present"), null=True, blank=True)
    on_leave = models.PositiveIntegerField(_("on leave"), null=True, blank=True)
    absent = models.PositiveIntegerField(_("absent"), null=True, blank=True)
    summary = models.TextField(_("summary"), blank=True)

    objects = ActivityQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["-held_on", "-id"]
        indexes = [models.Index(fields=["studio", "held_on"], name="activity_of_studio_by_day")]

    def __str__(self):
        return self.subject

    def get_absolute_url(self):
        return reverse("studio-activities", args=[self.studio_id])
