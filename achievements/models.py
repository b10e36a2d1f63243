"""What came of it: achievements (成果) and their benefit."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.versions import Versioned
from members.models import Person
from projects.models import Topic
from studios.models import Studio


class AchievementQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(studio__in=Studio.objects.visible_to(user))


class Achievement(Versioned):
    """Something finished and usable. Benefit in 10,000 yuan a year, claimed apart from verified."""

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="achievements", verbose_name=_("studio"))
    no = models.CharField(_("no."), max_length=40, unique=True, null=True, blank=True)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=60, blank=True)
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="achievements", verbose_name=_("topic")
    )
    people = models.ManyToManyField(
        Person, blank=True, related_name="achievements", verbose_name=_("people, by contribution")
    )
    #: All names in the order of their contribution, as written.
    authors = models.CharField(_("authors"), max_length=300, blank=True)
    achieved_on = models.DateField(_("finished on"), null=True, blank=True)
    used_by = models.CharField(_("used by"), max_length=200, blank=True)
    benefit_claimed = models.DecimalField(
        _("claimed benefit (10,000 yuan)"), max_digits=14, decimal_places=4, null=True, blank=True
    )
    benefit_verified = models.DecimalField(
        _("verified benefit (10,000 yuan)"), max_digits=14, decimal_places=4, null=True, blank=True
    )
    certificate_no = models.CharField(_("certificate no."), max_length=100, blank=True)
    adopted_by = models.CharField(_("adopted by"), max_length=300, blank=True)

    objects = AchievementQuerySet.as_manager()

    class Meta:
        verbose_name = _("achievement")
        verbose_name_plural = _("achievements")
        ordering = ["-achieved_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(benefit_claimed=None) | Q(benefit_claimed__gte=0),
                name="claimed_benefit_is_not_negative",
                violation_error_message=_("A benefit cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(benefit_verified=None) | Q(benefit_verified__gte=0),
                name="verified_benefit_is_not_negative",
                violation_error_message=_("A benefit cannot be negative."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return self.studio.get_absolute_url()
