"""The yearly review of members (年度成员评议): who stays, who is to do better, who goes."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from core.versions import Versioned
from members.models import Role
from studios.models.membership import Membership
from studios.models.studio import Studio

STAFF = (Role.GROUP_ADMIN, Role.GROUP_STAFF, Role.UNIT_CONTACT)


class MemberReviewQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the studios one steers or looks after for the union, and what was confirmed of oneself."""
        if user.is_superuser:
            return self
        steered = [pk for pk, role in user.studio_roles.items() if role in Membership.STEERING]
        seen = Q(membership__studio__in=steered)
        seen |= Q(membership__studio__in=Studio.objects.looked_after_by(user, STAFF))
        if user.person_id:
            seen |= Q(membership__person=user.person_id, confirmed_on__isnull=False)
        return self.filter(seen)


class MemberReview(Versioned):
    """What the lead says of a member's year, and that the union agrees.

    A confirmed one is not changed any more; it can be opened again.
    """

    class Verdict(models.TextChoices):
        KEEP = "keep", pgettext_lazy("review of a member", "stays")
        IMPROVE = "improve", pgettext_lazy("review of a member", "is to do better")
        LEAVE = "leave", pgettext_lazy("review of a member", "is to leave")

    DERIVED = ("reviewed_by", "reviewed_on")

    membership = models.ForeignKey(
        Membership, models.PROTECT, related_name="reviews", verbose_name=_("member")
    )
    year = models.PositiveIntegerField(_("year"))
    verdict = models.CharField(pgettext_lazy("review of a member", "verdict"), max_length=7, choices=Verdict)
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    reviewed_by = models.ForeignKey("members.User", models.PROTECT, related_name="+")
    reviewed_on = models.DateField(_("reviewed on"))
    confirmed_by = models.ForeignKey("members.User", models.PROTECT, null=True, related_name="+")
    confirmed_on = models.DateField(_("confirmed on"), null=True)

    objects = MemberReviewQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("review of a member")
        verbose_name_plural = _("reviews of members")
        ordering = ["-year", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "year"],
                name="member_is_reviewed_once_a_year",
                violation_error_message=_("Somebody has reviewed this member meanwhile."),
            ),
            models.CheckConstraint(
                condition=Q(verdict="keep") | ~Q(remark=""),
                name="review_that_asks_for_something_says_why",
                violation_error_message=_("Please say why."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_on=None, confirmed_by=None)
                | Q(confirmed_on__isnull=False, confirmed_by__isnull=False),
                name="confirmed_review_says_by_whom",
            ),
        ]

    def __str__(self):
        return f"{self.membership.person} · {self.year}: {self.get_verdict_display()}"

    def get_absolute_url(self):
        return reverse("member-reviews", args=[self.membership.studio_id, self.year])

    @property
    def studio(self) -> Studio:
        return self.membership.studio

    @property
    def tone(self) -> str:
        return {self.Verdict.KEEP: "good", self.Verdict.IMPROVE: "warn"}.get(self.verdict, "bad")
