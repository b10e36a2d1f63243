"""The quarter-hourly look for messages to send, and the jobs that send them."""

from datetime import date

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import jobs, workdays
from core.tasks import SafeToRepeat
from notifications import sending
from notifications.models import Notice


@shared_task(base=SafeToRepeat, idempotent=True, label=_("Send the day's messages"))
def send_digests() -> None:
    """Want one message for everybody who has something waiting and had none today; on working days only."""
    now = timezone.now()
    if not sending.is_time(now, workdays.load()):
        return
    on = timezone.localdate(now)
    for recipient, once in sending.due(on, now):
        sending.want(recipient, on=on, once=once)


@jobs.job(sending.DELIVER, _("Send one person a message"))
def deliver(recipient: int, on: str, once: str = "") -> None:
    """Send one person the message of a day."""
    sending.deliver(recipient, on=date.fromisoformat(on), once=once, now=timezone.now())


@jobs.job("notifications.tell_now", _("Tell what cannot wait"))
def tell_now(notice_key: str) -> None:
    """Mail at once what cannot wait for the digest, to everybody who was told it under this key."""
    now = timezone.now()
    told = Notice.objects.waiting().filter(key=notice_key, digest=None)
    for recipient in list(told.order_by("pk").values_list("recipient", flat=True)):
        sending.deliver(recipient, on=timezone.localdate(now), once=notice_key, now=now)
