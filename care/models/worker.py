"""Who may read and write care records (关怀专员): named person by person, for a unit and all below it."""

from datetime import datetime

from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowedNow
from members.models import Role, Unit, User

#: Who can be a care worker, and is one no longer when he holds none of these over the unit any more.
STAFF = (Role.GROUP_ADMIN, Role.GROUP_STAFF, Role.UNIT_CONTACT)


class CareWorkerQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(ended_at=None)

    def visible_to(self, user):
        """Those over the units that somebody administers; nobody sees them by being the superuser alone."""
        seen = Q(pk=None)
        for role, path in user.scopes:
            if role == Role.GROUP_ADMIN:
                seen |= Q(unit__path__startswith=path)
        return self.filter(seen)

    def paths_of(self, user) -> list[str]:
        """The subtrees of units for whose people somebody cares, as a member of their union's staff."""
        named = self.standing().filter(user=user).select_related("unit")
        return [worker.unit.path for worker in named if user.holds_over(worker.unit, *STAFF)]


class CareWorker(models.Model):
    """A user who cares for the people of a unit and all below it; ended, the row stays."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("Care worker"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    named_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("named by"))
    named_at = models.DateTimeField(_("named at"))
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("ended by")
    )
    ended_at = models.DateTimeField(_("ended at"), null=True)

    objects = CareWorkerQuerySet.as_manager()

    class Meta:
        verbose_name = _("care worker")
        verbose_name_plural = _("care workers")
        ordering = ["unit__path", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "unit"], condition=Q(ended_at=None), name="a_care_worker_is_named_once"
            ),
            models.CheckConstraint(
                condition=~Q(user=F("named_by")),
                name="nobody_names_himself_care_worker",
                violation_error_message=_("Nobody gives this right to himself."),
            ),
        ]

    def __str__(self):
        return f"{self.user} · {self.unit}"

    @classmethod
    def name(cls, user: User, unit: Unit, *, by: User, at: datetime) -> "CareWorker":
        """Give somebody the right. NotAllowedNow for oneself, and for whoever has it already."""
        if user == by:
            raise NotAllowedNow(_("Nobody gives this right to himself."))
        try:
            with transaction.atomic():
                return cls.objects.create(user=user, unit=unit, named_by=by, named_at=at)
        except IntegrityError:
            raise NotAllowedNow(_("This person is a care worker of this unit already.")) from None

    def end(self, *, by: User, at: datetime) -> None:
        """Take the right away; it is gone with the next click."""
        if not CareWorker.objects.standing().filter(pk=self.pk).update(ended_by=by, ended_at=at):
            raise NotAllowedNow
