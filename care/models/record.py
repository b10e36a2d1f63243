"""A care record (关怀记录): what was done for a person. Who reads it is written down."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from care.models.consent import Consent
from care.sealing import seal, unseal
from core.errors import NotAllowedNow
from members.models import Person, User


@dataclass(frozen=True)
class Opened:
    """A record with its text, for whoever was written down as its reader. None: no key fits."""

    record: "CareRecord"
    text: str | None


class CareRecordQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and those about the people for whom a care worker cares."""
        cared_for = self.filter(consent__in=Consent.objects.visible_to(user))
        return cared_for | self.about(user.person_id) if user.person_id else cared_for

    def about(self, person):
        return self.filter(consent__person=person, consent__withdrawn_at=None)

    @transaction.atomic
    def read(self, *, by: User, at: datetime) -> list[Opened]:
        """Open the records; whoever reads about somebody else is written down first."""
        records = list(self.select_related("consent", "written_by__person"))
        CareReading.objects.bulk_create(
            CareReading(person_id=record.consent.person_id, record=record.pk, by=by, at=at)
            for record in records
            if record.consent.person_id != by.person_id
        )
        return [Opened(record, unseal(record.sealed)) for record in records]


class CareRecord(models.Model):
    """One care, with its text sealed. The database takes it only where the consent stands."""

    class Kind(models.TextChoices):
        LIFE = "life", pgettext_lazy("care", "life")
        HEALTH = "health", pgettext_lazy("care", "health")
        THOUGHT = "thought", pgettext_lazy("care", "thoughts")

    consent = models.ForeignKey(Consent, models.PROTECT, related_name="records")
    kind = models.CharField(pgettext_lazy("care", "Kind"), max_length=7, choices=Kind)
    happened_on = models.DateField(_("Day"))
    sealed = models.TextField()
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    objects = CareRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("care record")
        verbose_name_plural = _("care records")
        ordering = ["-happened_on", "-id"]

    def __str__(self):
        return f"{self.get_kind_display()} {self.happened_on}"

    @classmethod
    @transaction.atomic
    def write(
        cls, consent: Consent, *, kind: str, happened_on: date, text: str, by: User, at: datetime
    ) -> "CareRecord":
        """Keep what was done. NotAllowedNow where the consent was withdrawn, or about oneself."""
        standing = Consent.objects.standing().select_for_update().filter(pk=consent.pk)
        if not standing.exists() or consent.person_id == by.person_id:
            raise NotAllowedNow(_("There is no consent any more, so nothing is kept."))
        return cls.objects.create(
            consent=consent,
            kind=kind,
            happened_on=happened_on,
            sealed=seal(text),
            written_by=by,
            written_at=at,
        )


class CareReading(models.Model):
    """Who read which record about whom, and when. Append-only; stays when the record is deleted."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    #: The number of the record, which may be gone.
    record = models.BigIntegerField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("reading of a care record")
        verbose_name_plural = _("readings of care records")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["person", "-at"], name="care_reading_of_person")]

    def __str__(self):
        return f"{self.by} · {self.at}"
