"""``manage.py export_ledger FILE``: write what is stored as a ledger workbook."""

from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.ledger.collecting import collect
from reports.ledger.writing import write


class Command(BaseCommand):
    help = "Export the whole ledger as a workbook (.xlsx); importing it again changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="where to write the workbook")

    def handle(self, *, file, **options):
        ledger = collect()
        # beside its place first, so that a half-written workbook never stands under its name
        beside = file.with_name(f".{file.name}.part")
        beside.write_bytes(write(ledger, group=ledger.group, on=timezone.localdate()))
        beside.replace(file)
        counts = {"studios": len(ledger.studios), "items": len(ledger.items)}
        self.stdout.write(_("Written. Studios: %(studios)d, plan items: %(items)d.") % counts)
