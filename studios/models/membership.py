"""Who belongs to a studio, in which role, from when to when."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.versions import Versioned
from members.models import Person
from studios.models.studio import Studio


class MembershipQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(studio__in=Studio.objects.visible_to(user))

    def current(self, *, on):
        """Who belongs on a day; the last day itself no longer counts."""
        return self.filter(Q(left_on=None) | Q(left_on__gt=on))

    def left(self, *, on):
        return self.filter(left_on__lte=on)

    def without_indicator(self, *, year):
        """Who carries no indicator in the studio's plans of a year; advisers need not."""
        indicators = Person.indicators.rel.related_model.objects.filter(
            person=OuterRef("person"), item__plan__studio=OuterRef("studio"), item__plan__year=year
        )
        return self.exclude(role=Membership.Role.ADVISER).filter(~Exists(indicators))


class Membership(Versioned):
    """One person's time in one studio. A change of role ends it and begins another."""

    class Role(models.TextChoices):
        LEAD = "lead", _("Lead")
        LIAISON = "liaison", _("Liaison")
        CORE = "core", _("Core member")
        MEMBER = "member", _("Member")
        ADVISER = "adviser", _("Adviser")

    #: Roles that write for the studio.
    STEERING = (Role.LEAD, Role.LIAISON)

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="memberships", verbose_name=_("studio"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships", verbose_name=_("person"))
    role = models.CharField(_("role in the studio"), max_length=8, choices=Role, default=Role.MEMBER)
    duty = models.CharField(_("division of work"), max_length=200, blank=True)
    indicator_text = models.CharField(_("indicator carried"), max_length=200, blank=True)
    joined_on = models.DateField(_("joined on"), null=True, blank=True)
    join_reason = models.CharField(_("reason for joining"), max_length=200, blank=True)
    recommender = models.CharField(_("recommended by"), max_length=60, blank=True)
    strengths = models.CharField(_("strengths"), max_length=300, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    leave_reason = models.CharField(_("reason for leaving"), max_length=200, blank=True)

    objects = MembershipQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["studio"],
                condition=Q(role="lead", left_on=None),
                name="studio_has_one_lead_at_a_time",
                violation_error_message=_("The studio has a lead; use the change of lead."),
            ),
            models.UniqueConstraint(
                fields=["studio", "person"],
                condition=Q(left_on=None),
                name="person_belongs_to_a_studio_once",
                violation_error_message=_("This person already belongs to the studio."),
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(joined_on=None) | Q(left_on__gte=F("joined_on")),
                name="member_leaves_after_joining",
                violation_error_message=_("The day of leaving lies before the day of joining."),
            ),
        ]

    def __str__(self):
        return f"{self.person} · {self.get_role_display()}"

    def get_absolute_url(self):
        return self.studio.get_absolute_url()


class StudioEvent(models.Model):
    """Something that happened to a studio and is told, not silently edited."""

    class Kind(models.TextChoices):
        NAMED = "named", _("named")
        RENAMED = "renamed", _("renamed")
        LEAD_CHANGED = "lead_changed", _("change of lead")
        TRANSFERRED = "transferred", _("transfer of a member")
        LEVEL_RAISED = "level_raised", _("new level")
        STATE_CHANGED = "state_changed", _("change of state")

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="events")
    kind = models.CharField(_("event"), max_length=15, choices=Kind)
    on = models.DateField(_("day"))
    before = models.CharField(_("before"), max_length=200, blank=True)
    after = models.CharField(_("after"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    by = models.ForeignKey("members.User", models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-on", "-id"]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.before_shown} → {self.after_shown}"

    @property
    def before_shown(self):
        return self._word(self.before)

    @property
    def after_shown(self):
        return self._word(self.after)

    def _word(self, value):
        """Levels and states are stored as such and read in the language of the reader."""
        words = {self.Kind.LEVEL_RAISED: Studio.Level, self.Kind.STATE_CHANGED: Studio.State}.get(self.kind)
        return dict(words.choices).get(value, value) if words else value
