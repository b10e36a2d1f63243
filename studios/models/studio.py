"""The studio itself and the levels it was named at."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from core.versions import Versioned
from members.models import Person, Unit, masked, pinyin_initials, without_spaces
from studios.querysets import StudioQuerySet


class Studio(Versioned):
    """A model-worker innovation studio (劳模创新工作室) or one of its sister kinds."""

    class Type(models.TextChoices):
        MODEL_WORKER = "model_worker", _("Model-worker innovation studio")
        CRAFTSMAN = "craftsman", _("Craftsman innovation studio")
        SKILL_MASTER = "skill_master", _("Skill-master studio")
        EMPLOYEE = "employee", _("Employee innovation studio")

    #: In a column: what kind of studio, without the word for it.
    SHORT_TYPES: ClassVar = {
        Type.MODEL_WORKER: pgettext_lazy("type in a column", "Model worker"),
        Type.CRAFTSMAN: pgettext_lazy("type in a column", "Craftsman"),
        Type.SKILL_MASTER: pgettext_lazy("type in a column", "Skill master"),
        Type.EMPLOYEE: pgettext_lazy("type in a column", "Employee"),
    }

    class Level(models.TextChoices):
        COMPANY = "company", _("Company level")
        MUNICIPAL = "municipal", _("Municipal level")
        PROVINCIAL = "provincial", _("Provincial level")
        NATIONAL = "national", _("National level")

    class State(models.TextChoices):
        ACTIVE = "active", _("running")
        RECTIFYING = "rectifying", _("rectifying")
        SUSPENDED = "suspended", _("suspended")
        DELISTED = "delisted", _("title withdrawn")
        CLOSED = "closed", _("closed")

    WORKING = (State.ACTIVE, State.RECTIFYING)
    DERIVED = ("initials",)

    name = models.CharField(
        _("name"),
        max_length=100,
        unique=True,
        error_messages={"unique": _("There is a studio of this name.")},
    )
    initials = models.CharField(max_length=100, editable=False, default="", db_index=True)
    type = models.CharField(_("type"), max_length=12, choices=Type, default=Type.MODEL_WORKER)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="studios", verbose_name=_("unit"))
    level = models.CharField(_("level"), max_length=12, choices=Level, default=Level.COMPANY)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ACTIVE)
    trade = models.CharField(_("speciality"), max_length=100, blank=True)
    naming_doc_no = models.CharField(_("naming document"), max_length=60, blank=True)
    named_on = models.DateField(_("named on"), null=True, blank=True)
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    area = models.DecimalField(_("area (m²)"), max_digits=9, decimal_places=2, null=True, blank=True)
    annual_funds = models.DecimalField(
        _("annual funds (10,000 yuan)"), max_digits=12, decimal_places=4, null=True, blank=True
    )
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    #: Its place in the register (序号).
    position = models.PositiveIntegerField(_("number in the register"), default=0)

    objects = StudioQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("studio")
        verbose_name_plural = _("studios")
        ordering = ["position", "id"]
        indexes = [
            models.Index(fields=["unit", "state"], name="studio_of_unit_by_state"),
            # The register in its own order shows its first page without sorting the rest.
            models.Index(fields=["position", "id"], name="studio_in_the_register"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(area=None) | Q(area__gt=0),
                name="studio_area_is_positive",
                violation_error_message=_("The area must be more than nothing."),
            ),
            models.CheckConstraint(
                condition=Q(annual_funds=None) | Q(annual_funds__gte=0),
                name="studio_funds_are_not_negative",
                violation_error_message=_("Funds cannot be negative."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("studio", args=[self.pk])

    @property
    def studio(self):
        """Every object of the domain answers to which studio it belongs; a studio to itself."""
        return self

    def settle(self):
        """Bring the name into its stored form; called before every save, also by bulk writers."""
        self.name = without_spaces(self.name)
        self.initials = pinyin_initials(self.name)

    def save(self, *args, **kwargs):
        self.settle()
        super().save(*args, **kwargs)

    @property
    def phone_masked(self) -> str:
        return masked(self.phone)

    @property
    def is_working(self) -> bool:
        return self.state in self.WORKING

    @property
    def type_shown_short(self):
        """Its type as it stands in a narrow column."""
        return self.SHORT_TYPES.get(self.type, self.get_type_display())

    @property
    def lead(self) -> Person | None:
        """Who leads it today; lists use ``with_lead()``."""
        leading = self.memberships.filter(role="lead", left_on=None).select_related("person").first()
        return leading.person if leading else None


class LevelGrant(models.Model):
    """One naming: at which level, by which document, since when (级别 with its history)."""

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="level_grants")
    level = models.CharField(_("level"), max_length=12, choices=Studio.Level)
    doc_no = models.CharField(_("naming document"), max_length=60, blank=True)
    granted_on = models.DateField(_("named on"), null=True, blank=True)

    class Meta:
        verbose_name = _("naming")
        verbose_name_plural = _("namings")
        ordering = [F("granted_on").asc(nulls_first=True), "id"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "level"], name="studio_is_named_once_at_a_level")
        ]

    def __str__(self):
        return f"{self.studio} · {self.get_level_display()}"
