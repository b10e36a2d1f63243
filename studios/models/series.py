"""A series: activities that come again and again. Each of them is an activity of its own."""

from django.db import models
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from studios.models.studio import Studio


class SeriesQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(studio__in=Studio.objects.visible_to(user))


class Series(models.Model):
    """How often and from when to when; ``studios.series`` makes its activities, all at once.

    ``Activity.series_on`` is the day that the rhythm gives, ``held_on`` the day it is really held on.
    """

    class Every(models.TextChoices):
        WEEK = "week", _("every week")
        FORTNIGHT = "fortnight", _("every second week")
        MONTH = "month", _("every month, the same weekday")

    class OnRest(models.TextChoices):
        SKIP = "skip", _("leave it out")
        BEFORE = "before", _("the working day before")
        AFTER = "after", _("the working day after")
        KEEP = "keep", _("hold it all the same")

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="series", verbose_name=_("studio"))
    subject = models.CharField(_("subject"), max_length=200)
    every = models.CharField(_("how often"), max_length=9, choices=Every, default=Every.WEEK)
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    on_rest = models.CharField(
        _("on days of rest and holidays"), max_length=6, choices=OnRest, default=OnRest.SKIP
    )

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("series of activities")
        verbose_name_plural = _("series of activities")
        ordering = ["-first_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_on__gte=models.F("first_on")), name="series_ends_after_it_begins"
            )
        ]

    def __str__(self):
        return self.subject

    def get_absolute_url(self):
        return reverse("series", args=[self.pk])

    @property
    def said(self) -> str:
        """Its rhythm in words: every second Tuesday."""
        weekday = WEEKDAYS[self.first_on.weekday()]
        if self.every != self.Every.MONTH:
            return f"{self.get_every_display()} · {weekday}"
        return RANKS[(self.first_on.day - 1) // 7] % {"weekday": weekday}


RANKS = [
    pgettext_lazy("of a series", "the first %(weekday)s of each month"),
    pgettext_lazy("of a series", "the second %(weekday)s of each month"),
    pgettext_lazy("of a series", "the third %(weekday)s of each month"),
    pgettext_lazy("of a series", "the fourth %(weekday)s of each month"),
    pgettext_lazy("of a series", "the last %(weekday)s of each month"),
]
