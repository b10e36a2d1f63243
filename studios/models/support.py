"""Requests for support (支持申请): funds, equipment or people that a studio asks of its union."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.workdays import Workdays
from members.models import Role
from studios.models.leave import STAFF
from studios.models.membership import Membership
from studios.models.studio import Studio

WORKDAYS_TO_ANSWER = 5
"""Within so many working days the union answers."""


class SupportRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(studio__in=Studio.objects.visible_to(user))

    def waiting(self):
        return self.filter(answer=SupportRequest.Answer.NONE)

    def waiting_for(self, user):
        """Those this person is to answer: by his union's level, never of a studio he steers himself."""
        here = Q(pk=None)
        for role, path in user.scopes:
            if role in STAFF:
                level = SupportRequest.Level.UNIT if role == Role.UNIT_CONTACT else SupportRequest.Level.GROUP
                here |= Q(level=level, studio__unit__path__startswith=path)
        steered = [pk for pk, role in user.studio_roles.items() if role in Membership.STEERING]
        return self.waiting().filter(here).exclude(studio__in=steered).exclude(asked_by=user)


class SupportRequest(models.Model):
    """What a studio needs, asked of the union of its unit or of the group, and the answer to it."""

    class Kind(models.TextChoices):
        FUNDS = "funds", pgettext_lazy("support", "funds")
        EQUIPMENT = "equipment", pgettext_lazy("support", "equipment")
        PEOPLE = "people", pgettext_lazy("support", "people")

    class Level(models.TextChoices):
        UNIT = "unit", pgettext_lazy("support", "union of the unit")
        GROUP = "group", pgettext_lazy("support", "group union")

    class Answer(models.TextChoices):
        NONE = "", pgettext_lazy("support", "waiting")
        GRANTED = "granted", pgettext_lazy("support", "granted")
        PARTLY = "partly", pgettext_lazy("support", "partly granted")
        REFUSED = "refused", pgettext_lazy("support", "not granted")
        WITHDRAWN = "withdrawn", pgettext_lazy("support", "withdrawn")

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="support", verbose_name=_("studio"))
    kind = models.CharField(_("what kind of support"), max_length=9, choices=Kind)
    level = models.CharField(_("asked of"), max_length=5, choices=Level, default=Level.UNIT)
    what = models.CharField(_("what is needed"), max_length=200)
    why = models.CharField(_("what for"), max_length=500, blank=True)
    asked_by = models.ForeignKey("members.User", models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_on = models.DateField(_("asked on"))
    answer = models.CharField(_("answer"), max_length=9, choices=Answer, default=Answer.NONE, blank=True)
    text = models.CharField(_("what the union says"), max_length=500, blank=True)
    given_by = models.DateField(_("to be there by"), null=True, blank=True)
    answered_by = models.ForeignKey("members.User", models.PROTECT, null=True, related_name="+")
    answered_on = models.DateField(null=True)

    objects = SupportRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for support")
        verbose_name_plural = _("requests for support")
        ordering = ["-asked_on", "-id"]
        indexes = [models.Index(fields=["studio", "answer"], name="support_of_studio_by_answer")]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__in=["", "withdrawn"])
                | (Q(answered_by__isnull=False, answered_on__isnull=False) & ~Q(text="")),
                name="support_answered_says_who_when_and_what",
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=models.F("asked_by")),
                name="nobody_answers_his_own_request",
            ),
        ]

    def __str__(self):
        return self.what

    def get_absolute_url(self):
        return f"{reverse('studio-support', args=[self.studio_id])}#{self.anchor}"

    @property
    def anchor(self) -> str:
        return f"support-{self.pk}"

    @property
    def is_waiting(self) -> bool:
        return self.answer == self.Answer.NONE

    @property
    def tone(self) -> str:
        tones = {self.Answer.GRANTED: "good", self.Answer.PARTLY: "warn", self.Answer.REFUSED: "bad"}
        return tones.get(self.answer, "info" if self.is_waiting else "plain")

    def waited(self, calendar: Workdays, *, on) -> int:
        """How many working days the answer has taken, or has taken so far."""
        return calendar.count_between(self.asked_on, self.answered_on or on)

    def is_overdue(self, calendar: Workdays, *, on) -> bool:
        """Whether it still waits although the union should have answered."""
        return self.is_waiting and self.waited(calendar, on=on) > WORKDAYS_TO_ANSWER
