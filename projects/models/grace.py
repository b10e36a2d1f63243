"""The days of grace (宽限期) as the group's union has set them, from a day on."""

from __future__ import annotations

from datetime import date
from weakref import WeakKeyDictionary

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.workdays import Workdays

#: What was set, for each calendar that was loaded: a page or a job asks once.
_set_by_calendar: WeakKeyDictionary[Workdays, list[tuple[date, int]]] = WeakKeyDictionary()


class GraceDays(models.Model):
    """So many working days after its end a period is still reported on. Rows are added, never changed; they
    hold for the periods that end on their day or later, and of one day the last row."""

    MOST = 20

    days = models.PositiveSmallIntegerField(_("working days of grace"), validators=[MaxValueValidator(MOST)])
    effective_on = models.DateField(_("for periods that end from this day on"))
    by = models.ForeignKey("members.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("days of grace")
        verbose_name_plural = _("days of grace")
        ordering = ["-effective_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(days__lte=20), name="grace_is_at_most_twenty_days")
        ]

    def __str__(self):
        return f"{self.days} · {self.effective_on}"

    @classmethod
    def of(cls, ends_on: date, calendar: Workdays) -> int:
        """How many there are for a period that ends on a day; the site's own number where none are set."""
        if calendar not in _set_by_calendar:
            _set_by_calendar[calendar] = list(cls.objects.values_list("effective_on", "days"))
        known = (days for day, days in _set_by_calendar[calendar] if day <= ends_on)
        return next(known, settings.GRACE_DAYS)
