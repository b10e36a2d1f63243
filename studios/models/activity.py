"""Activities: meetings, study, training, exhibitions, with their attendance in numbers."""

from datetime import datetime, time

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from core.kept_files import AddedFile
from core.versions import Versioned
from studios.models.series import Series
from studios.models.studio import Studio


class ActivityQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(studio__in=Studio.objects.visible_to(user))

    def standing(self):
        """Those that were not called off: what counts."""
        return self.exclude(state=Activity.State.CANCELLED)

    def in_period(self, period):
        """Those of a period that were not called off."""
        return self.standing().filter(held_on__range=(period.starts_on, period.ends_on))

    def to_come(self, *, on):
        """Today's and later ones that were not called off, the next first."""
        return self.standing().filter(held_on__gte=on).order_by("held_on", "starts_at", "pk")


class Activity(Versioned):
    """A gathering of a studio (活动).

    ``kind_word`` is the union's own word for its kind, as a ledger brought it (例会, 培训, 研讨 …). The four
    counts follow from the rows of attendance where there are any.
    """

    class Kind(models.TextChoices):
        MEETING = "meeting", pgettext_lazy("activity", "meeting")
        STUDY = "study", pgettext_lazy("activity", "study")
        TRAINING = "training", pgettext_lazy("activity", "training")
        EXHIBITION = "exhibition", pgettext_lazy("activity", "exhibition of results")
        ESSAY = "essay", pgettext_lazy("activity", "essay contest")
        LECTURE = "lecture", pgettext_lazy("activity", "lecture")
        PRODUCT = "product", pgettext_lazy("activity", "product exchange")
        LAYOUT = "layout", pgettext_lazy("activity", "layout seminar")
        COMMENDATION = "commendation", pgettext_lazy("activity", "commendation")
        CARE = "care", pgettext_lazy("activity", "care")
        VISIT = "visit", pgettext_lazy("activity", "exchange visit")
        OTHER = "other", pgettext_lazy("activity", "other")

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("activity", "planned")
        HELD = "held", pgettext_lazy("activity", "held")
        CANCELLED = "cancelled", pgettext_lazy("activity", "called off")

    COUNTS = ("expected", "present", "on_leave", "absent")

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="activities", verbose_name=_("studio"))
    series = models.ForeignKey(
        Series,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("series of activities"),
    )
    #: The day that the rhythm of the series gives; ``held_on`` may be another.
    series_on = models.DateField(_("day in the series"), null=True, blank=True)
    gathering = models.ForeignKey(
        "studios.Gathering",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("gathering"),
    )
    no = models.CharField(_("no."), max_length=40, unique=True, null=True, blank=True)
    subject = models.CharField(_("subject"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.MEETING)
    kind_word = models.CharField(_("kind in the union's own word"), max_length=30, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.HELD)
    cancel_reason = models.CharField(_("why it was called off"), max_length=200, blank=True)
    held_on = models.DateField(_("day"))
    starts_at = models.TimeField(_("begins at"), null=True, blank=True)
    ends_at = models.TimeField(_("ends at"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=100, blank=True)
    host = models.CharField(_("host"), max_length=60, blank=True)
    agenda = models.TextField(_("agenda"), blank=True)
    hours = models.DecimalField(_("hours of study"), max_digits=4, decimal_places=1, null=True, blank=True)
    expected = models.PositiveIntegerField(_("expected"), null=True, blank=True)
    present = models.PositiveIntegerField(_("present"), null=True, blank=True)
    on_leave = models.PositiveIntegerField(_("on leave"), null=True, blank=True)
    absent = models.PositiveIntegerField(_("absent"), null=True, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    minutes = models.TextField(_("minutes"), blank=True)
    #: One on each line.
    decisions = models.TextField(_("decisions"), blank=True)

    objects = ActivityQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["-held_on", "-id"]
        indexes = [models.Index(fields=["studio", "held_on"], name="activity_of_studio_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "series_on"],
                name="series_has_one_activity_for_a_day",
                violation_error_message=_("The series has an activity for this day already."),
            ),
            models.UniqueConstraint(
                fields=["gathering", "studio"],
                name="studio_takes_part_in_a_gathering_once",
                violation_error_message=_("This studio takes part already."),
            ),
            models.CheckConstraint(
                condition=Q(hours=None) | Q(hours__gte=0),
                name="hours_of_study_are_not_negative",
                violation_error_message=_("Hours cannot be less than nothing."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(starts_at=None) | Q(ends_at__gt=models.F("starts_at")),
                name="activity_ends_after_it_begins",
                violation_error_message=_("It ends before it begins."),
            ),
        ]

    def __str__(self):
        return self.subject

    def get_absolute_url(self):
        return reverse("activity", args=[self.pk])

    @property
    def kind_shown(self) -> str:
        """The union's own word where it has one."""
        return self.kind_word or self.get_kind_display()

    @property
    def is_cancelled(self) -> bool:
        return self.state == self.State.CANCELLED

    @property
    def is_moved(self) -> bool:
        """Whether it is held on another day than the rhythm of its series gives."""
        return self.series_on is not None and self.series_on != self.held_on

    @property
    def repeats(self) -> bool:
        """Whether a change to it may be meant for others of its series too."""
        return self.series_id is not None and self.state == self.State.PLANNED

    @property
    def begins(self) -> datetime:
        """The moment it begins; midnight of its day where no time is known."""
        return timezone.make_aware(datetime.combine(self.held_on, self.starts_at or time.min))

    @property
    def decided(self) -> list[str]:
        """Its decisions, each once."""
        return list(dict.fromkeys(filter(None, map(str.strip, self.decisions.splitlines()))))


class ActivityFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(activity__studio__in=Studio.objects.visible_to(user))


class ActivityFile(AddedFile):
    """A photo or file of an activity."""

    FOLDER = "activities"

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="files")

    objects = ActivityFileQuerySet.as_manager()

    @property
    def record(self) -> Activity:
        return self.activity

    @property
    def studio(self) -> Studio:
        return self.activity.studio
