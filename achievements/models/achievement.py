"""What came of it: achievements (成果) and their benefit."""

import re

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.kept_files import AddedFile
from core.versions import Versioned
from members.models import Person
from projects.models import Topic
from studios.models import Studio


class AchievementQuerySet(models.QuerySet):
    """The words the rest of the code uses to ask for achievements."""

    def visible_to(self, user):
        """Those of the studios one sees, those offered to or used by one of them, and those shown to all."""
        if not user.sees_studios:
            return self.none()
        mine = Studio.objects.visible_to(user).values("pk")
        adopted = Achievement.adoptions.rel.related_model.objects.filter(studio__in=mine)
        seen = Q(is_shown_to_all=True) | Q(studio__in=mine) | Q(pk__in=adopted.values("achievement"))
        return self.filter(seen)

    def matching(self, words):
        """Those in whose name, number or authors the words occur."""
        words = words.strip()
        if not words:
            return self
        return self.filter(Q(name__icontains=words) | Q(authors__icontains=words) | Q(no__iexact=words))

    def of_person(self, person):
        """Those he has a part in; none for nobody."""
        return self.filter(people=person) if person else self.none()

    def used_elsewhere(self):
        """Those that another studio uses."""
        return self.filter(pk__in=_in_use().values("achievement"))

    def with_reach(self):
        """Adds ``reach``: how many other studios use it."""
        counted = _in_use().filter(achievement=OuterRef("pk")).order_by().values("achievement")
        return self.annotate(reach=Coalesce(Subquery(counted.annotate(count=Count("pk")).values("count")), 0))

    def totals(self) -> dict:
        """How many, their claimed and verified benefit, and how many studios use any. Two queries."""
        sums = self.order_by().aggregate(
            count=Count("pk"), claimed=Sum("benefit_claimed"), verified=Sum("benefit_verified")
        )
        using = _in_use().filter(achievement__in=self.order_by().values("pk"))
        return sums | using.aggregate(reach=Count("studio", distinct=True))


def _in_use():
    return Achievement.adoptions.rel.related_model.objects.in_use()


#: What stands between the names of those who have a part.
BETWEEN_NAMES = re.compile(r"[、，,;；\s]+")


class Achievement(Versioned):
    """Something finished and usable. Benefit in 10,000 yuan a year, claimed apart from verified.

    ``kind`` is a word as the union writes it; those of ``achievement_kinds`` are offered.
    """

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="achievements", verbose_name=_("studio"))
    no = models.CharField(_("no."), max_length=40, unique=True, null=True, blank=True)
    name = models.CharField(_("name"), max_length=200)
    #: What it is, how it works, what one needs for it.
    summary = models.TextField(_("what it is"), blank=True)
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
    is_shown_to_all = models.BooleanField(_("shown to all studios"), default=False)

    objects = AchievementQuerySet.as_manager()
    history = HistoricalRecords()

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
        return reverse("achievement", args=[self.pk])

    @property
    def names(self) -> list[str]:
        """Who has a part in it, the greatest contribution first, as written."""
        return [name for name in BETWEEN_NAMES.split(self.authors) if name]


class AchievementFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(achievement__in=Achievement.objects.visible_to(user))


class AchievementFile(AddedFile):
    """A photo, certificate or proof of an achievement."""

    FOLDER = "achievements"

    achievement = models.ForeignKey(Achievement, models.CASCADE, related_name="files")

    objects = AchievementFileQuerySet.as_manager()

    @property
    def record(self) -> Achievement:
        return self.achievement

    @property
    def studio(self) -> Studio:
        return self.achievement.studio
