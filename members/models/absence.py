"""Being away for some days (外出): when, what kind, and who stands in meanwhile. No medical detail."""

from datetime import date, datetime, timedelta

from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.errors import NotAllowedNow
from members.models.person import Person
from members.models.user import Role, RoleGrant, User

#: The people somebody stands in for on a day: who named him, and, while they are away, who had named them.
#: UNION drops what was met before, so a circle of deputies comes to its end.
STOOD_IN_FOR = """
    WITH RECURSIVE stood_in_for(person_id) AS (
        SELECT person_id FROM members_absence
        WHERE deputy_id = %s AND state = 'approved' AND %s BETWEEN starts_on AND ends_on
        UNION
        SELECT further.person_id FROM members_absence AS further
        JOIN stood_in_for ON further.deputy_id = stood_in_for.person_id
        WHERE further.state = 'approved' AND %s BETWEEN further.starts_on AND further.ends_on
    )
    SELECT person_id FROM stood_in_for WHERE person_id <> %s
"""

STAFF = (Role.GROUP_ADMIN, Role.GROUP_STAFF, Role.UNIT_CONTACT)


def speaking_for_a_union(*, on: date):
    """The people whose deputy speaks for the union of a unit while they are away: its contacts and their
    deputies.
    """
    held = RoleGrant.objects.in_force(on=on).filter(role=Role.UNIT_CONTACT)
    away = Absence.objects.approved().filter(ends_on__gte=on, person__user__grants__in=held)
    return Person.objects.filter(Q(user__grants__in=held) | Q(stands_in__in=away))


class AbsenceQuerySet(models.QuerySet):
    """The words absences are asked for with."""

    def visible_to(self, user):
        """One's own, those one stands in for, those of the studios one steers, and those the union sees."""
        if user.is_superuser:
            return self
        seen = Q(person=user.person_id) | Q(deputy=user.person_id) if user.person_id else Q(pk=None)
        steered = [pk for pk, role in user.studio_roles.items() if role in ("lead", "liaison")]
        seen |= Q(person__memberships__studio__in=steered, person__memberships__left_on=None)
        for role, path in user.scopes:
            if role in STAFF:
                seen |= Q(person__unit__path__startswith=path)
                seen |= Q(person__memberships__studio__unit__path__startswith=path)
        return self.filter(pk__in=self.model._base_manager.filter(seen).values("pk"))

    def for_decision_of(self, user):
        """Those about which somebody decides: of the members of a studio he leads, and of his union's people.

        About the days of a lead, and of whoever speaks for a union himself, the union decides: with the days
        goes the choice of who has the post meanwhile. About his own days somebody else decides.
        """
        led = [pk for pk, role in user.studio_roles.items() if role == "lead"]
        members = Person.memberships.rel.related_model.objects.filter(studio__in=led, left_on=None)
        members = members.exclude(role="lead").exclude(person__in=speaking_for_a_union(on=user.today))
        decided = Q(person__in=members.values("person"))
        for role, path in user.scopes:
            if role in STAFF:
                decided |= Q(person__unit__path__startswith=path)
                decided |= Q(person__memberships__studio__unit__path__startswith=path)
        rows = self.filter(pk__in=self.model._base_manager.filter(decided).values("pk"))
        return rows.exclude(person=user.person_id) if user.person_id else rows

    def in_force(self, *, on):
        """Those who are away on a day, with leave to be."""
        return self.approved().filter(starts_on__lte=on, ends_on__gte=on)

    def approved(self):
        return self.filter(state=Absence.State.APPROVED)

    def waiting(self):
        return self.filter(state=Absence.State.ASKED)

    def touching(self, first, last):
        """Those with at least one day between two."""
        return self.filter(starts_on__lte=last, ends_on__gte=first)


class Absence(models.Model):
    """One person's days away, the first and the last included. Asked for, then decided by somebody else.

    ``deputy`` stands in for him on these days: what asks for an act of his is told to the deputy, who may do
    it. Two approved absences of one person never share a day.
    """

    class Kind(models.TextChoices):
        TRIP = "trip", pgettext_lazy("absence", "business trip")
        SICK = "sick", pgettext_lazy("absence", "sick leave")
        TRAINING = "training", pgettext_lazy("absence", "training")
        SHIFTS = "shifts", pgettext_lazy("absence", "night shifts")
        OTHER = "other", pgettext_lazy("absence", "other")

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("absence", "to be decided")
        APPROVED = "approved", pgettext_lazy("absence", "approved")
        REFUSED = "refused", pgettext_lazy("absence", "refused")
        ENDED = "ended", pgettext_lazy("absence", "called off")

    OPEN = (State.ASKED, State.APPROVED)

    person = models.ForeignKey(Person, models.PROTECT, related_name="absences", verbose_name=_("Who is away"))
    deputy = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="stands_in", verbose_name=_("Deputy")
    )
    kind = models.CharField(pgettext_lazy("absence", "Reason"), max_length=8, choices=Kind)
    starts_on = models.DateField(_("First day away"))
    ends_on = models.DateField(_("Last day away"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    opinion = models.CharField(_("opinion"), max_length=200, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["starts_on", "id"]
        indexes = [models.Index(fields=["person", "state", "ends_on"], name="absence_of_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="absence_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(deputy=None) | ~Q(deputy=F("person")),
                name="nobody_is_his_own_deputy",
                violation_error_message=_("The deputy is somebody else."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "refused"]) | Q(decided_at__isnull=False),
                name="decided_absence_says_when",
            ),
        ]

    def __str__(self):
        return self.person.name

    def get_absolute_url(self):
        return reverse("absence", args=[self.pk])

    @staticmethod
    def stood_in_for(person_id: int, *, on: date) -> RawSQL:
        """The people whom somebody stands in for on a day, also for a deputy away himself; a subquery."""
        return RawSQL(STOOD_IN_FOR, [person_id, on, on, person_id])

    def is_over(self, on: date) -> bool:
        return self.ends_on < on

    def approve(self, *, by: User, at: datetime, deputy: Person | None, opinion: str = "") -> None:
        """He may be away. NotAllowedNow for oneself, and where he or the deputy is away already."""
        self._refuse_own(by)
        with transaction.atomic():
            # Of two approvals for one person the second waits here, and then sees the first.
            list(Person.objects.select_for_update().filter(pk=self.person_id))
            same_days = Absence.objects.approved().touching(self.starts_on, self.ends_on)
            if same_days.filter(person=self.person_id).exists():
                raise NotAllowedNow(_("%s is away on some of these days already.") % self.person)
            if deputy and same_days.filter(person=deputy).exists():
                raise NotAllowedNow(_("%s is away on some of these days, too.") % deputy)
            self._decide(self.State.APPROVED, by=by, at=at, deputy=deputy, opinion=opinion)

    def refuse(self, *, by: User, at: datetime, opinion: str) -> None:
        """He is needed, and reads why. NotAllowedNow for oneself."""
        self._refuse_own(by)
        self._decide(self.State.REFUSED, by=by, at=at, opinion=opinion)

    def end(self, *, on: date) -> None:
        """He is there again on a day: the days until then stay; without any it is called off."""
        if not self.is_over(on):
            standing = Absence.objects.filter(pk=self.pk, state__in=self.OPEN, ends_on__gte=on)
            begun = standing.filter(state=self.State.APPROVED, starts_on__lt=on)
            not_begun = standing.filter(Q(state=self.State.ASKED) | Q(starts_on__gte=on))
            if begun.update(ends_on=on - timedelta(days=1)) or not_begun.update(state=self.State.ENDED):
                self.refresh_from_db()
                return
        raise NotAllowedNow

    def _refuse_own(self, by: User) -> None:
        if by.person_id == self.person_id:
            raise NotAllowedNow(_("Nobody decides about his own absence."))

    def _decide(self, state: str, *, by: User, at: datetime, **fields) -> None:
        asked = Absence.objects.waiting().filter(pk=self.pk)
        if not asked.update(state=state, decided_by=by, decided_at=at, **fields):
            raise NotAllowedNow
        self.refresh_from_db()


class LeftAsIs(models.Model):
    """What the absent one keeps himself, reminders included; named as notices name it."""

    absence = models.ForeignKey(Absence, models.CASCADE, related_name="left_as_is")
    about = models.CharField(max_length=80)

    class Meta:
        verbose_name = _("left as it is")
        verbose_name_plural = _("left as it is")
        constraints = [
            models.UniqueConstraint(fields=["absence", "about"], name="left_as_it_is_once"),
        ]

    def __str__(self):
        return self.about


def away_until(person: str, *, on: date):
    """The last day away of the person in a column of the outer query, None for whoever is there on a day."""
    away = Absence.objects.in_force(on=on).filter(person=models.OuterRef(person))
    return models.Subquery(away.values("ends_on")[:1])
