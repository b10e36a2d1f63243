"""The Celery application and its timetable.

Beat only knocks; what is due is decided by dates in the database, so a missed, late or doubled knock does
no harm.
"""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("xinhuo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    # Queues again every job whose message was lost with a worker or a broker.
    "sweep": {"task": "core.tasks.sweep", "schedule": crontab()},
    # Often, so that a worker that was away in the morning still sends the day's digest on the same day.
    "digests": {"task": "notifications.tasks.send_digests", "schedule": crontab(minute="*/15")},
    # Before the early shift: finds whoever is to be reminded, so that the day's digests are complete. Again
    # each hour, for a machine that was off in the morning and for what becomes due during the day.
    "daily": {"task": "projects.tasks.daily", "schedule": crontab(hour="6-20", minute=30)},
    # Ends what was left behind by a job that was cleared away or never stored.
    "imports": {"task": "reports.tasks.give_up_lost_imports", "schedule": crontab(minute=20)},
    # At the quietest hour: proves every stored figure, names those that differ, puts them right.
    "bins": {"task": "studios.tasks.purge_bins", "schedule": crontab(hour=3, minute=10)},
    "figures": {"task": "reports.tasks.check_figures", "schedule": crontab(hour=2, minute=30)},
}
