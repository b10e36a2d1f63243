"""After a new CARE_KEY was put before the old one: seals every care record with it."""

from django.core.management.base import BaseCommand, CommandError

from care import sealing
from care.models import CareRecord


class Command(BaseCommand):
    help = "Seal every care record with the first key of CARE_KEY; afterwards the others can be dropped."

    def handle(self, **options):
        unreadable = []
        for record in CareRecord.objects.only("pk", "sealed").iterator():
            sealed = sealing.resealed(record.sealed)
            if sealed is None:
                unreadable.append(record.pk)
            else:
                CareRecord.objects.filter(pk=record.pk, sealed=record.sealed).update(sealed=sealed)
        if unreadable:
            raise CommandError(f"No key opens these care records: {unreadable}")
        self.stdout.write("All care records are sealed with the first key.")
