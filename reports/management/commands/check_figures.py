"""``manage.py check_figures``: prove every stored figure, and fail by name on any that differs."""

import sys

from django.core.management.base import BaseCommand

from reports import drift


class Command(BaseCommand):
    help = "Recompute every figure and compare it with what is stored; exit 1 naming the records that differ."

    def add_arguments(self, parser):
        parser.add_argument("--repair", action="store_true", help="store what the figures should be")

    def handle(self, *, repair, **options):
        found = drift.find()
        for name in found.names:
            self.stdout.write(name)
        self.stdout.write(f"drift {len(found)}")
        if found and repair:
            found.repair()
            self.stdout.write("repaired")
        if found:
            sys.exit(1)
