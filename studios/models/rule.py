"""House rules (定制度): what a studio has agreed upon, each with all its versions."""

from django.db import models
from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.uploads import random_name
from core.versions import Versioned
from members.models import Person
from studios import house_rules
from studios.models.studio import Studio


class RuleQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(studio__in=Studio.objects.visible_to(user))

    def in_force(self, *, on):
        """Adds ``text`` and ``number`` of the version in force on a day; rules without one are left out."""
        versions = RuleVersion.objects.filter(rule=OuterRef("pk"), effective_on__lte=on).order_by("-number")
        return self.annotate(
            number=Subquery(versions.values("number")[:1]),
            text=Subquery(versions.values("text")[:1]),
            effective_on=Subquery(versions.values("effective_on")[:1]),
        ).exclude(number=None)


class Rule(Versioned):
    """One house rule of a studio. The first five kinds are the five questions of the source document."""

    class Kind(models.TextChoices):
        ACTIVITIES = "activities", _("Activities a month")
        LEAVE = "leave", _("Leave")
        COORDINATION = "coordination", _("Who coordinates problems")
        APPRAISAL = "appraisal", _("Appraisal of unmet plans")
        REWARD = "reward", _("Reward of reached goals")
        OTHER = "other", _("Other")

    #: What every studio should have settled.
    ASKED_FOR = (Kind.ACTIVITIES, Kind.LEAVE, Kind.COORDINATION, Kind.APPRAISAL, Kind.REWARD)

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="rules", verbose_name=_("studio"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    title = models.CharField(_("title"), max_length=100)

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["studio", "title"],
                name="rule_title_is_unique_in_a_studio",
                violation_error_message=_("The studio has a rule of this title."),
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("studio-rules", args=[self.studio_id])


class RuleVersionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(rule__studio__in=Studio.objects.visible_to(user))

    def in_force(self, *, on):
        """Of each rule the version that is in force on a day."""
        later = RuleVersion.objects.filter(
            rule=OuterRef("rule"), effective_on__lte=on, number__gt=OuterRef("number")
        )
        return self.filter(~Exists(later), effective_on__lte=on)

    def settling(self, kind, *, on):
        """The version whose settings answer one of the five questions on a day, the newest first."""
        found = self.in_force(on=on).filter(rule__kind=kind).exclude(settings={})
        return found.order_by("-effective_on", "-pk")

    def settled_by(self, studio, kind, *, on):
        """The version of a studio's own rule that answers one of the five questions on a day, or None."""
        return self.settling(kind, on=on).filter(rule__studio=studio).select_related("rule").first()


class RuleVersion(models.Model):
    """A wording of a rule. Numbered from 1; never changed once written."""

    FOLDER = "rules"

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    text = models.TextField(_("text"))
    effective_on = models.DateField(_("in force from"))
    #: What the software keeps of it (``house_rules``); empty where it is words alone.
    settings = models.JSONField(default=dict, blank=True, editable=False)
    file = models.FileField(_("file"), upload_to=random_name, blank=True)
    file_name = models.CharField(max_length=150, blank=True, editable=False)
    by = models.ForeignKey("members.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = RuleVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "number"], name="rule_version_is_numbered_once")
        ]

    def __str__(self):
        return f"{self.rule} v{self.number}"

    @property
    def studio(self) -> Studio:
        return self.rule.studio

    @property
    def kept(self) -> house_rules.Settings | None:
        """Its settings, None where it has none."""
        return house_rules.of(self.rule.kind, self.settings)


class RuleReading(models.Model):
    """A member has read a version and understood it."""

    version = models.ForeignKey(RuleVersion, models.CASCADE, related_name="readings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "person"], name="rule_version_is_read_once_by_each")
        ]

    def __str__(self):
        return f"{self.person}: {self.version}"


class RuleTemplateQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The group's own words are for everybody."""
        return self


class RuleTemplate(Versioned):
    """What the group's union offers as a beginning: one for each of the five questions."""

    kind = models.CharField(
        _("kind"), max_length=12, choices=[(kind.value, kind.label) for kind in Rule.ASKED_FOR], unique=True
    )
    title = models.CharField(_("title"), max_length=100)
    text = models.TextField(_("text"))
    settings = models.JSONField(default=dict, blank=True, editable=False)

    DERIVED = ("settings",)

    objects = RuleTemplateQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("template of a rule")
        verbose_name_plural = _("templates of rules")
        ordering = ["id"]

    def __str__(self):
        return self.title

    @property
    def kept(self) -> house_rules.Settings | None:
        return house_rules.of(self.kind, self.settings)
