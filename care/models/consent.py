"""A person's consent (同意) that notes of care are kept about him; given and withdrawn by himself alone."""

from datetime import datetime, timedelta

from django.db import IntegrityError, models, transaction
from django.db.models import Exists, Max, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from care.models.worker import CareWorker
from core.errors import NotAllowedNow
from members.models import Person, User

#: Changes whenever the sentences change to which people consent.
WORDING = 1
#: Who was not visited for so long stands first.
LONG = timedelta(days=365)


class ConsentQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(withdrawn_at=None)

    def visible_to(self, user):
        """Those of the people for whom a care worker cares; nobody sees them by any role alone."""
        cared_for = Q(pk=None)
        for path in CareWorker.objects.paths_of(user):
            cared_for |= Q(person__unit__path__startswith=path)
        return self.standing().filter(cared_for).exclude(person=user.person_id)

    def with_last_care(self):
        """Adds ``last_care_on``, the day of the last care; whoever waits longest comes first."""
        records = Consent.records.rel.related_model.objects.order_by()
        last = records.filter(consent=OuterRef("pk")).values("consent").annotate(last=Max("happened_on"))
        rows = self.annotate(last_care_on=Subquery(last.values("last")))
        return rows.order_by(models.F("last_care_on").asc(nulls_first=True), "person__name", "pk")

    def long_without(self, *, on):
        """Those of whom no care is recorded within a year before a day."""
        records = Consent.records.rel.related_model.objects.order_by()
        lately = records.filter(consent=OuterRef("pk"), happened_on__gt=on - LONG)
        return self.filter(~Exists(lately))


class Consent(models.Model):
    """One person said yes; withdrawn, every record that hung on it is deleted."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    wording = models.PositiveSmallIntegerField(default=WORDING)
    given_at = models.DateTimeField(_("given at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(withdrawn_at=None), name="a_person_consents_once"
            ),
        ]

    def __str__(self):
        return self.person.name

    @classmethod
    def give(cls, *, by: User, at: datetime) -> None:
        """Consent for oneself; a second time changes nothing."""
        try:
            with transaction.atomic():
                cls.objects.create(person=by.person, given_at=at)
        except IntegrityError:
            return

    @classmethod
    @transaction.atomic
    def withdraw(cls, *, by: User, at: datetime) -> None:
        """Take one's consent back: the records are deleted at once. NotAllowedNow where there is none."""
        standing = cls.objects.standing().filter(person=by.person)
        pks = list(standing.select_for_update().values_list("pk", flat=True))
        if not standing.filter(pk__in=pks).update(withdrawn_at=at):
            raise NotAllowedNow
        cls.records.rel.related_model.objects.filter(consent__in=pks).delete()
