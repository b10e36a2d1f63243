"""Asking to stay away from an activity (请假): why, who decides, and what was learnt of it afterwards."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models import Person, Role
from studios.house_rules import Post
from studios.models.activity import Activity
from studios.models.membership import Membership
from studios.models.studio import Studio

STAFF = (Role.GROUP_ADMIN, Role.GROUP_STAFF, Role.UNIT_CONTACT)


class LeaveRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, those of the studios one steers, and those one looks after for the union."""
        if user.is_superuser:
            return self
        steered = [pk for pk, role in user.studio_roles.items() if role in Membership.STEERING]
        seen = Q(activity__studio__in=steered)
        if user.person_id:
            seen |= Q(person=user.person_id)
        for role, path in user.scopes:
            if role in STAFF:
                seen |= Q(activity__studio__unit__path__startswith=path)
        return self.filter(seen)

    def waiting_for(self, user):
        """Those that this person is to decide; never his own."""
        asked = Q(pk=None)
        for post in (Post.LEAD, Post.LIAISON):
            held = [pk for pk, role in user.studio_roles.items() if role == post.value]
            asked |= Q(approver=post, activity__studio__in=held)
        for role, path in user.scopes:
            if role in (Role.UNIT_CONTACT, Role.GROUP_STAFF):
                asked |= Q(approver=role.lower(), activity__studio__unit__path__startswith=path)
        waiting = self.filter(asked, state=LeaveRequest.State.WAITING)
        waiting = waiting.exclude(activity__state=Activity.State.CANCELLED)
        return waiting.exclude(person=user.person_id) if user.person_id else waiting


class LeaveRequest(models.Model):
    """One person, one activity. ``approver`` is the post that the house rule named when it was asked for."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("leave", "waiting")
        APPROVED = "approved", pgettext_lazy("leave", "approved")
        REFUSED = "refused", pgettext_lazy("leave", "refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("leave", "withdrawn")

    OPEN = (State.WAITING, State.APPROVED)

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="leave", verbose_name=_("activity"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="leave", verbose_name=_("person"))
    reason = models.CharField(_("reason"), max_length=300)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.WAITING)
    approver = models.CharField(_("who decides"), max_length=12, choices=Post, default=Post.LEAD)
    asked_at = models.DateTimeField(_("asked at"))
    decided_by = models.ForeignKey(
        "members.User", models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    opinion = models.CharField(_("opinion"), max_length=300, blank=True)
    made_up_on = models.DateField(_("made up on"), null=True, blank=True)
    made_up_hours = models.DecimalField(
        _("hours made up"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    made_up = models.CharField(_("how it was made up"), max_length=300, blank=True)

    objects = LeaveRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("leave request")
        verbose_name_plural = _("leave requests")
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "person"],
                condition=Q(state__in=["waiting", "approved"]),
                name="one_open_leave_per_activity_and_person",
                violation_error_message=_("You have asked for leave from this activity already."),
            ),
            models.CheckConstraint(
                condition=Q(made_up_hours=None) | Q(made_up_hours__gte=0),
                name="hours_made_up_are_not_negative",
                violation_error_message=_("Hours cannot be less than nothing."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "withdrawn"]) | Q(decided_at__isnull=False),
                name="decided_leave_says_when",
            ),
        ]

    def __str__(self):
        return f"{self.person} · {self.activity}"

    def get_absolute_url(self):
        return f"{self.activity.get_absolute_url()}#leave"

    @property
    def studio(self) -> Studio:
        return self.activity.studio
