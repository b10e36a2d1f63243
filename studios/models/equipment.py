"""Where a studio works and what it works with: its place, its equipment, and the yearly stock-take."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from core.versions import Versioned
from members.models import Person
from studios.models.studio import Studio


class OfStudioQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(studio__in=Studio.objects.visible_to(user))


class Venue(Versioned):
    """What the standards ask of the place (阵地) beside the address and the area, which the studio knows."""

    studio = models.OneToOneField(Studio, models.CASCADE, related_name="venue", verbose_name=_("studio"))
    signboard = models.BooleanField(_("the signboard hangs"), default=False)
    rules_on_wall = models.BooleanField(_("the rules hang on the wall"), default=False)
    honour_wall = models.BooleanField(_("results and honours are on show"), default=False)
    rooms = models.CharField(_("rooms"), max_length=200, blank=True)
    facilities = models.CharField(_("facilities"), max_length=300, blank=True)

    objects = OfStudioQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("place of a studio")
        verbose_name_plural = _("places of studios")

    def __str__(self):
        return str(self.studio)


class EquipmentQuerySet(OfStudioQuerySet):
    def to_be_counted(self):
        """What a stock-take looks for: all that is not scrapped."""
        return self.exclude(state=Equipment.State.SCRAPPED)


class Equipment(Versioned):
    """A machine, an instrument, a tool of the studio."""

    class State(models.TextChoices):
        IN_USE = "in_use", pgettext_lazy("equipment", "in use")
        LENT = "lent", pgettext_lazy("equipment", "lent")
        REPAIR = "repair", pgettext_lazy("equipment", "under repair")
        MISSING = "missing", pgettext_lazy("equipment", "missing")
        SCRAPPED = "scrapped", pgettext_lazy("equipment", "scrapped")

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="equipment", verbose_name=_("studio"))
    number = models.CharField(_("equipment number"), max_length=40)
    name = models.CharField(_("name"), max_length=100)
    model = models.CharField(pgettext_lazy("equipment", "model"), max_length=100, blank=True)
    bought_on = models.DateField(_("bought on"), null=True, blank=True)
    value = models.DecimalField(_("value (yuan)"), max_digits=12, decimal_places=2, null=True, blank=True)
    custodian = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("custodian")
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.IN_USE)
    place = models.CharField(_("kept where"), max_length=100, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = EquipmentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("piece of equipment")
        verbose_name_plural = _("equipment")
        ordering = ["number", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["studio", "number"],
                name="equipment_number_is_its_own_in_a_studio",
                violation_error_message=_("The studio has a piece with this number."),
            ),
            models.CheckConstraint(
                condition=Q(value=None) | Q(value__gte=0),
                name="equipment_value_is_not_negative",
                violation_error_message=_("A value cannot be negative."),
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.name}"

    def get_absolute_url(self):
        return f"{reverse('studio-equipment', args=[self.studio_id])}#equipment-{self.pk}"

    @property
    def tone(self) -> str:
        tones = {self.State.IN_USE: "good", self.State.MISSING: "bad", self.State.SCRAPPED: "plain"}
        return tones.get(self.state, "warn")


class StockTake(models.Model):
    """The yearly count (盘点): every piece of a day looked for; closed by the studio, seen by the union."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("stock-take", "being counted")
        CLOSED = "closed", pgettext_lazy("stock-take", "closed")
        SEEN = "seen", pgettext_lazy("stock-take", "seen by the union")

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="stock_takes", verbose_name=_("studio"))
    year = models.PositiveSmallIntegerField(_("year"))
    begun_on = models.DateField(_("begun on"))
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.OPEN)
    #: Counts the savings, so that two people counting do not overwrite each other unseen.
    version = models.PositiveIntegerField(default=1)
    closed_by = models.ForeignKey("members.User", models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey("members.User", models.PROTECT, null=True, related_name="+")
    seen_at = models.DateTimeField(null=True)

    objects = OfStudioQuerySet.as_manager()

    class Meta:
        verbose_name = _("stock-take")
        verbose_name_plural = _("stock-takes")
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "year"], name="one_stock_take_per_studio_and_year"),
            models.CheckConstraint(
                condition=Q(state="open") | Q(closed_at__isnull=False), name="stock_take_closed_says_when"
            ),
        ]

    def __str__(self):
        return f"{self.studio} · {self.year}"

    def get_absolute_url(self):
        return reverse("stock-take", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class StockTakeRow(models.Model):
    """What was found of one piece."""

    class Result(models.TextChoices):
        FOUND = "found", pgettext_lazy("stock-take", "found")
        DAMAGED = "damaged", pgettext_lazy("stock-take", "damaged")
        MISSING = "missing", pgettext_lazy("stock-take", "missing")

    take = models.ForeignKey(StockTake, models.CASCADE, related_name="rows")
    equipment = models.ForeignKey(Equipment, models.PROTECT, related_name="counted")
    result = models.CharField(_("result"), max_length=7, choices=Result, default=Result.FOUND)
    remark = models.CharField(_("remark"), max_length=200, blank=True)

    class Meta:
        ordering = ["equipment__number", "id"]
        constraints = [
            models.UniqueConstraint(fields=["take", "equipment"], name="a_piece_is_counted_once_in_a_year")
        ]

    def __str__(self):
        return f"{self.equipment}: {self.get_result_display()}"
