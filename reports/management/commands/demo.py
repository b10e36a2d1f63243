"""``manage.py demo``: fill an empty database with an invented group, to try the site out."""

from datetime import date
from time import monotonic

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from members.models import Unit, User
from reports.demo import group


class Command(BaseCommand):
    help = "Make the demo group in an empty database: units, studios, people, a year of work, sign-ins."

    def add_arguments(self, parser):
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where there is something already"
        )
        parser.add_argument("--studios", type=int, default=52, help="how many studios (52)")
        parser.add_argument("--seed", type=int, default=2026, help="another number makes another group")
        parser.add_argument("--on", type=date.fromisoformat, help="the day it stands at; today if left out")
        parser.add_argument("--force", action="store_true", help="also where DEBUG is off")

    def handle(self, *, if_empty, studios, seed, on, force, **options):
        if not settings.DEBUG and not force:
            raise CommandError("The demo group is for trying the site out: set DEBUG=1, or say --force.")
        if studios < 1:
            raise CommandError("A group has at least one studio.")
        if Unit.objects.exists() or User.objects.exists():
            if if_empty:
                return
            raise CommandError("There is something in this database; the demo group needs an empty one.")
        began = monotonic()
        group.make(studios=studios, seed=seed, on=on or timezone.localdate())
        self.stdout.write(f"{studios} studios in {monotonic() - began:.0f} s. Sign in as:")
        for user in User.objects.filter(is_demo=True).select_related("person").order_by("pk"):
            self.stdout.write(f"  {user.username:<16} {user.person.name}  {user.person.post}")
