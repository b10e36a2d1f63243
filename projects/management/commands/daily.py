"""The day's work by hand: what the workers do between half past six and eight, here and now."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core import jobs, workdays
from notifications import kinds, sending
from notifications.models import Notice
from projects import reminders
from projects.tasks import do_day


class Command(BaseCommand):
    help = "Lay out missing plans, remind whoever is due on a day and send the day's messages."

    def add_arguments(self, parser):
        parser.add_argument("--on", type=_day, metavar="DATE", help="the day (YYYY-MM-DD), today if left out")
        parser.add_argument("--dry-run", action="store_true", help="only show who would be told what")

    def handle(self, *, on, dry_run, **options):
        on = on or timezone.localdate()
        calendar = workdays.load()
        works = calendar.is_workday(on)
        self.stdout.write(f"{on}: {'working day' if works else 'rest day, nobody is reminded'}")
        due = reminders.to_tell(on, calendar)
        told = set(
            Notice.objects.filter(key__in={reminder.key for reminder in due}).values_list("recipient", "key")
        )
        new = 0
        for reminder in due:
            for user in reminder.recipients:
                if (user.pk, reminder.key) not in told:
                    new += 1
                    self.stdout.write(f"  {user}: {_sentence(reminder)}")
        unreachable = sum(reminder.unreachable for reminder in due)
        already = sum(len(reminder.recipients) for reminder in due) - new
        self.stdout.write(f"to tell: {new}, told before: {already}, without a login: {unreachable}")
        if dry_run:
            return
        do_day(str(on))
        sent = sending.digest(on=on, now=timezone.now()) if works else 0
        self.stdout.write(f"messages sent: {sent}, other jobs done: {jobs.run_waiting()}")


def _sentence(reminder):
    kind = kinds.known(reminder.kind)
    return kind.say(kind.sentence, {"subject": str(reminder.about), **reminder.params})


def _day(text):
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text} is no day; write YYYY-MM-DD.") from None
