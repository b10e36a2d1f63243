"""Telling people something, once: `tell` stores it, `deliver` brings one person what waits for him.

Nothing here trusts its own memory. What was told is a row with a unique key, a message is a row that exists
before it is sent, and a worker that dies between the two leaves a lease that runs out.
"""

import logging
import smtplib
from collections.abc import Iterable
from copy import copy
from datetime import date, datetime
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from core import jobs, workdays
from core.errors import NotAllowedNow
from members.models import Absence
from notifications import deputies, kinds, letters
from notifications.models import Digest, MailWishes, Notice

log = logging.getLogger(__name__)

DELIVER = "notifications.deliver"
"""The job that sends one message."""

PAUSE = Digest.LEASE
"""Between two attempts to send one message."""


def tell(
    recipients: Iterable,
    kind: str,
    *,
    about,
    url: str,
    once: str,
    params: dict | None = None,
    by=None,
    on: date | None = None,
) -> None:
    """Tell each of the users something, unless he was told it before. Part of the caller's transaction.

    ``about`` is the record (or its name as text, "projects.item:12"), ``once`` what makes this occasion
    different from the next about the same record (a due date, a version): the same kind, record and
    occasion reach a person once, however often this is called. ``url`` is a path of this site. Whoever
    acts (``by``) is not told of his own act, and nobody without an active login is. LookupError for an
    unknown kind, KeyError for a parameter that its sentences miss.

    What asks for an act is told to the deputy of whoever is away on the day (``on``, else today), and the
    absent one's own notice is stored as not sent.
    """
    sort = kinds.known(kind)
    name = reference(about)
    subject = str(about)[:200] if isinstance(about, models.Model) else ""
    params = {"subject": subject, **(params or {})}
    (
        sort.say(sort.sentence, params),
        sort.say(sort.reason, params),
    )  # both fail here or never
    if not url.startswith("/") or url.startswith("//"):
        raise ValueError(f"{url!r} is no path of this site.")
    key = f"{kind}:{name}:{once}"
    people = {user.pk: user for user in recipients if user is not None and user.is_active and user != by}
    instead = deputies.told_instead(people.values(), name, on=on) if sort.deputy else {}
    notices = []
    for user in people.values():
        notice = Notice(
            recipient=user,
            key=key,
            kind=kind,
            about=name,
            subject=params["subject"][:200],
            url=url,
            params=params,
            urgency=sort.urgency,
        )
        notices.append(notice)
        if user.pk in instead:
            notices.append(_for_deputy(notice, *instead[user.pk]))
    # One's own first: whoever is told something for himself is not told it again for somebody else.
    notices.sort(key=lambda notice: notice.on_behalf_of_id is not None)
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    if sort.immediate and people:
        jobs.want("notifications.tell_now", key=f"tell_now:{key}"[:250], notice_key=key)


def _for_deputy(notice: Notice, deputy, absence: Absence) -> Notice:
    """The notice for the deputy; that of the absent one himself is marked as not sent."""
    notice.state, notice.suppressed_because = Notice.State.SUPPRESSED, kinds.Because.AWAY
    instead = copy(notice)
    instead.state, instead.suppressed_because = Notice.State.PLANNED, ""
    instead.recipient, instead.on_behalf_of = deputy, notice.recipient
    instead.params = {
        **notice.params,
        "absent": absence.person.name,
        "away_until_on": absence.ends_on.isoformat(),
    }
    return instead


def reference(about) -> str:
    """A record as text: "projects.item:12". Text stays as it is."""
    return f"{about._meta.label_lower}:{about.pk}" if isinstance(about, models.Model) else about


def is_time(now: datetime, calendar: workdays.Workdays) -> bool:
    """Whether the day's messages may go out: a working day, and the hour has come."""
    local = timezone.localtime(now)
    return local.hour >= settings.REMINDER_HOUR and calendar.is_workday(local.date())


def due(on: date, now: datetime) -> list[tuple[int, str]]:
    """(recipient, ``once``) of every message to be sent on a day: new ones, and those that did not arrive."""
    had_one = Digest.objects.filter(local_date=on, once="").values("recipient")
    people = get_user_model().objects.filter(
        is_active=True, pk__in=Notice.objects.waiting().values("recipient")
    )
    people = people.exclude(mail_wishes__hour__gt=timezone.localtime(now).hour)
    new = people.exclude(pk__in=had_one).order_by("pk").values_list("pk", flat=True)
    again = Digest.objects.free(now).filter(local_date=on, recipient__is_active=True)
    return [(pk, "") for pk in new] + list(again.order_by("pk").values_list("recipient", "once"))


def want(recipient: int, *, on: date, once: str = "") -> None:
    """Want one person's message of a day to be sent by a worker."""
    key = f"deliver:{recipient}:{on}:{once}"[:250]
    jobs.want(DELIVER, key=key, recipient=recipient, on=str(on), once=once)


@transaction.atomic
def try_again(digest_id: int, *, now: datetime) -> None:
    """Give a message that did not arrive all its attempts anew; NotAllowedNow if there is none such.

    The Message-ID stays, so that a mail that did arrive after all is known as the same one.
    """
    message = Digest.objects.undelivered().filter(pk=digest_id).first()
    taken = message and Digest.objects.filter(pk=message.pk, state=message.state).update(
        state=Digest.State.PLANNED, attempts=0, lease_until=now
    )
    if not taken:
        raise NotAllowedNow
    want(message.recipient_id, on=message.local_date, once=message.once)


def digest(*, on: date, now: datetime) -> int:
    """Send everybody the day's message here and now. Safe to repeat. Returns how many were sent."""
    return sum(deliver(recipient, on=on, once=once, now=now) for recipient, once in due(on, now))


def deliver(recipient: int, *, on: date, now: datetime, once: str = "") -> bool:
    """Send one person what waits for him, unless somebody else is at it or he had it. True if it was sent.

    No transaction is open while the mail server is talked to.
    """
    user = get_user_model().objects.filter(pk=recipient, is_active=True).first()
    message = user and _claim(user, on, once, now)
    if not message:
        return False
    notices = _without_mail(message, _gather(message, now))
    if not notices:
        _own(message).delete()
        return False
    try:
        if message.channel == Digest.Channel.EMAIL:
            letters.compose(message, notices).send()
    except Exception as error:
        log.warning("Message %s was not sent.", message, exc_info=True)
        _failed(message, error, now)
        return False
    return _sent(message, now)


def _claim(user, on: date, once: str, now: datetime) -> Digest | None:
    """Insert first, send after. Of two workers one gets the row; the other one None."""
    channel = Digest.Channel.EMAIL if user.email else Digest.Channel.INBOX
    Digest.objects.bulk_create(
        [
            Digest(
                recipient=user,
                channel=channel,
                local_date=on,
                once=once,
                message_id=_message_id(user.pk, channel, on, once),
            )
        ],
        ignore_conflicts=True,
    )
    seen = Digest.objects.free(now).filter(recipient=user, channel=channel, local_date=on, once=once).first()
    taken = seen and Digest.objects.free(now).filter(pk=seen.pk, attempts=seen.attempts).update(
        state=Digest.State.CLAIMED, attempts=F("attempts") + 1, claimed_at=now, lease_until=now + Digest.LEASE
    )
    return Digest.objects.select_related("recipient").get(pk=seen.pk) if taken else None


def _message_id(*parts) -> str:
    """The same for the same message, however often it is tried."""
    return f"<{sha256(repr(parts).encode()).hexdigest()[:40]}@{urlsplit(settings.SITE_URL).hostname}>"


def _gather(message: Digest, now: datetime) -> list[Notice]:
    """Take along what waits and still holds; mark what no longer does, also among what was told before."""
    free = Notice.objects.free_for(message)
    stale: dict[str, list[int]] = {}
    for notice in free:
        notice.recipient = message.recipient  # one user for all: his rights are looked up once
        if why := notice.sort.why_no_longer(notice):
            stale.setdefault(why, []).append(notice.pk)
    for why, ids in stale.items():
        Notice.objects.waiting().filter(pk__in=ids).update(
            state=Notice.State.SUPPRESSED, suppressed_because=why, digest=message
        )
    free.update(digest=message)
    settle(message.recipient, now)
    return list(Notice.objects.waiting().filter(digest=message).order_by("urgency", "pk"))


def _without_mail(message: Digest, notices: list[Notice]) -> list[Notice]:
    """What is left to mail: the kinds that the person does not want by mail are told in the inbox alone."""
    wishes = MailWishes.objects.of(message.recipient)
    silent = [notice.pk for notice in notices if not wishes.mails(notice.kind)]
    if message.channel != Digest.Channel.EMAIL or not silent:
        return notices
    Notice.objects.waiting().filter(pk__in=silent).update(state=Notice.State.SENT, digest=None)
    return [notice for notice in notices if notice.pk not in silent]


def settle(recipient, now: datetime) -> None:
    """Mark the newest unread notices as settled where what they told is no longer so."""
    settled = []
    told = Notice.objects.unread().filter(recipient=recipient, state=Notice.State.SENT)
    for notice in told.order_by("-pk")[:100]:
        notice.recipient = recipient
        if notice.sort.why_no_longer(notice):
            settled.append(notice.pk)
    Notice.objects.filter(pk__in=settled).update(done_at=now)


def _own(message: Digest):
    """The row, as long as this attempt holds it."""
    return Digest.objects.filter(pk=message.pk, state=Digest.State.CLAIMED, attempts=message.attempts)


@transaction.atomic
def _sent(message: Digest, now: datetime) -> bool:
    if not _own(message).update(state=Digest.State.SENT, sent_at=now, error=""):
        return False  # taken for dead meanwhile: whoever took over will say it, with the same Message-ID
    Notice.objects.waiting().filter(digest=message).update(state=Notice.State.SENT)
    return True


@transaction.atomic
def _failed(message: Digest, error: Exception, now: datetime) -> None:
    """Keep the server's answer. After the last attempt the notices wait for the next day's message."""
    broke_off = isinstance(error, (smtplib.SMTPServerDisconnected, TimeoutError))
    state = Digest.State.UNCERTAIN if broke_off else Digest.State.FAILED
    held = _own(message).update(state=state, error=repr(error)[:500], lease_until=now + PAUSE)
    if held and message.attempts >= Digest.MAX_ATTEMPTS:
        Notice.objects.waiting().filter(digest=message).update(state=Notice.State.FAILED)
