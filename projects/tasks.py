"""The day's work: plans laid out and brought to the day, people reminded."""

from datetime import date

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import jobs, workdays
from core.tasks import SafeToRepeat
from projects import breakdown, closing, consequences, coordination, reminders, stated_topics
from projects.models import Plan

DAILY = "projects.daily"


@shared_task(base=SafeToRepeat, idempotent=True, label=_("Want the day's work"))
def daily() -> None:
    """Want the day's work. Wanted again later in the day, it finds only what has become due since."""
    on = timezone.localdate()
    jobs.want(DAILY, key=f"{DAILY}:{on}", on=str(on))


@jobs.job(DAILY, _("Lay out plans and remind whoever is due"))
def do_day(on: str) -> int:
    """Lay out plans, close months, store what is expected, lift problems, remind. The number reminded."""
    day, calendar = date.fromisoformat(on), workdays.load()
    breakdown.lay_out_missing(on=day)
    stated_topics.lay_out(on=day)
    closing.close_due(on=day, at=timezone.now(), calendar=calendar)
    Plan.objects.brought_to(day, calendar=calendar)
    if last := jobs.last_done(DAILY):
        reminders.log_missed(since=timezone.localdate(last), on=day, calendar=calendar)
    consequences.propose_all(on=day, calendar=calendar)
    coordination.escalate(on=day, at=timezone.now(), calendar=calendar)
    return reminders.remind(on=day, calendar=calendar)
