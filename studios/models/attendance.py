"""Who came to an activity, by name."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from core.versions import Versioned
from members.models import Person
from studios.models.activity import Activity
from studios.models.studio import Studio


class AttendanceQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(activity__studio__in=Studio.objects.visible_to(user))

    def came(self):
        return self.filter(status__in=Attendance.CAME)


class Attendance(Versioned):
    """One invited person and one activity. ``signed_at`` is when he signed in by the code himself."""

    class Status(models.TextChoices):
        INVITED = "invited", pgettext_lazy("attendance", "invited")
        PRESENT = "present", pgettext_lazy("attendance", "present")
        LATE = "late", pgettext_lazy("attendance", "late")
        ON_LEAVE = "on_leave", pgettext_lazy("attendance", "on leave")
        ABSENT = "absent", pgettext_lazy("attendance", "absent")
        NOT_ASKED = "not_asked", pgettext_lazy("attendance", "not asked")

    CAME = (Status.PRESENT, Status.LATE)

    activity = models.ForeignKey(
        Activity, models.CASCADE, related_name="attendance", verbose_name=_("activity")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="attendance", verbose_name=_("person"))
    status = models.CharField(_("attendance"), max_length=9, choices=Status, default=Status.INVITED)
    signed_at = models.DateTimeField(_("signed in at"), null=True, blank=True)

    objects = AttendanceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "person"],
                name="person_attends_an_activity_once",
                violation_error_message=_("This person is on the list already."),
            )
        ]

    def __str__(self):
        return f"{self.person} · {self.get_status_display()}"

    @property
    def studio(self) -> Studio:
        return self.activity.studio
