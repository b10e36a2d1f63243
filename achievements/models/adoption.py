"""What one studio finds is used by others: offers of an achievement, and its adoption (推广应用)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from achievements.models.achievement import Achievement
from core.versions import Versioned
from studios.models import Studio


class Offer(models.Model):
    """One act of offering an achievement to some studios."""

    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="offers")
    text = models.CharField(_("what you say to them"), max_length=1000, blank=True)
    by = models.ForeignKey("members.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["-id"]

    def __str__(self):
        return str(self.achievement)


class AdoptionQuerySet(models.QuerySet):
    """The words the rest of the code uses to ask for adoptions."""

    def visible_to(self, user):
        """Those of the studios one sees, and what became of the achievements of these."""
        mine = Studio.objects.visible_to(user).values("pk")
        return self.filter(Q(studio__in=mine) | Q(achievement__studio__in=mine))

    def offered(self):
        """Those that wait for an answer, the oldest first."""
        waiting = self.filter(state=Adoption.State.OFFERED)
        return waiting.select_related("achievement__studio", "offer").order_by("pk")

    def in_use(self):
        return self.filter(state__in=Adoption.IN_USE)

    def for_list(self):
        """With all that a line of it shows."""
        return self.select_related(
            "studio__unit",
            "achievement__studio__unit",
            "offer__by__person",
            "answered_by__person",
            "verified_by__person",
        )


class Adoption(Versioned):
    """One studio and the achievement of another one. Moved by ``achievements.adopting``.

    ``saved`` is in 10,000 yuan a year.
    """

    class State(models.TextChoices):
        OFFERED = "offered", pgettext_lazy("adoption", "offered")
        DECLINED = "declined", pgettext_lazy("adoption", "not for us")
        TRYING = "trying", pgettext_lazy("adoption", "trying")
        IN_USE = "in_use", pgettext_lazy("adoption", "in use")
        VERIFIED = "verified", pgettext_lazy("adoption", "in use, verified")
        ENDED = "ended", pgettext_lazy("adoption", "no longer in use")

    IN_USE = (State.IN_USE, State.VERIFIED)
    #: What is used otherwise than it was verified is no longer verified.
    DERIVED = ("state", "verified_by", "verified_at")

    achievement = models.ForeignKey(
        Achievement, models.PROTECT, related_name="adoptions", verbose_name=_("achievement")
    )
    studio = models.ForeignKey(Studio, models.CASCADE, related_name="adoptions", verbose_name=_("studio"))
    #: None where the studio itself said that it uses it.
    offer = models.ForeignKey(Offer, models.PROTECT, null=True, editable=False, related_name="adoptions")
    state = models.CharField(_("state"), max_length=8, choices=State, editable=False)
    since_on = models.DateField(_("used since"), null=True, blank=True)
    place = models.CharField(_("used where"), max_length=200, blank=True)
    people_count = models.PositiveIntegerField(_("people who use it"), null=True, blank=True)
    saved = models.DecimalField(
        _("saved per year (10,000 yuan)"), max_digits=14, decimal_places=4, null=True, blank=True
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True, editable=False)
    answered_by = models.ForeignKey(
        "members.User", models.PROTECT, null=True, related_name="+", editable=False
    )
    answered_at = models.DateTimeField(null=True, editable=False)
    verified_by = models.ForeignKey(
        "members.User", models.PROTECT, null=True, related_name="+", editable=False
    )
    verified_at = models.DateTimeField(null=True, editable=False)

    objects = AdoptionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("adoption")
        verbose_name_plural = _("adoptions")
        ordering = ["id"]
        indexes = [models.Index(fields=["studio", "state"], name="adoption_of_studio_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["achievement", "studio"], name="studio_adopts_an_achievement_once"
            ),
            models.CheckConstraint(
                condition=Q(state="offered", answered_at=None) | (~Q(state="offered") & ~Q(answered_at=None)),
                name="adoption_answered_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="offered") | Q(offer__isnull=False), name="adoption_offered_has_its_offer"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["declined", "ended"]) | ~Q(reason=""),
                name="adoption_refused_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["in_use", "verified"]) | Q(since_on__isnull=False),
                name="adoption_in_use_says_since_when",
                violation_error_message=_("Please say since when it is used."),
            ),
            models.CheckConstraint(
                condition=Q(state="verified", verified_at__isnull=False)
                | (~Q(state="verified") & Q(verified_at=None)),
                name="adoption_verified_says_when",
            ),
            models.CheckConstraint(
                condition=Q(saved=None) | Q(saved__gte=0),
                name="adoption_saves_no_less_than_nothing",
                violation_error_message=_("A benefit cannot be negative."),
            ),
        ]

    def __str__(self):
        return f"{self.achievement} · {self.studio}"

    def get_absolute_url(self):
        return f"{reverse('achievement', args=[self.achievement_id])}#{self.anchor}"

    @property
    def anchor(self) -> str:
        return f"adoption-{self.pk}"

    @property
    def is_offered(self) -> bool:
        return self.state == self.State.OFFERED

    @property
    def is_in_use(self) -> bool:
        return self.state in self.IN_USE

    @property
    def tone(self) -> str:
        tones = {self.State.OFFERED: "warn", self.State.TRYING: "info"}
        return tones.get(self.state, "good" if self.is_in_use else "plain")
