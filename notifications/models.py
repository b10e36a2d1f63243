"""What somebody is told (a notice), and the message in which it travels (a digest)."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.shown import day
from members.models import Role


class Urgency(models.IntegerChoices):
    """The worst comes first."""

    OVERDUE = 0, pgettext_lazy("urgency", "overdue")
    TODAY = 1, pgettext_lazy("urgency", "due")
    SOON = 2, pgettext_lazy("urgency", "soon")
    INFO = 3, pgettext_lazy("urgency", "for information")


#: Who may look up what others were told, in the units he works for.
LEDGER_READERS = (Role.GROUP_ADMIN, Role.GROUP_STAFF)


class NoticeQuerySet(models.QuerySet):
    """The words notices are asked for with."""

    def visible_to(self, user):
        """One's own, whoever one is, without those that were no longer true when they were to be sent."""
        return self.filter(recipient=user).exclude(state=Notice.State.SUPPRESSED)

    def overseen_by(self, user):
        """What was told to people of the units a person works for, also what was not sent after all.

        Who stands in no unit, such as the system's own login, is overseen with the whole group.
        """
        paths = [path for role, path in user.scopes if role in LEDGER_READERS]
        whole_group = any(path.count("/") == 2 for path in paths)
        if user.is_superuser or whole_group:
            return self
        inside = Q(pk=None)
        for path in paths:
            inside |= Q(recipient__person__unit__path__startswith=path)
        return self.filter(inside)

    def unread(self):
        """Neither looked at nor settled in the meantime."""
        return self.filter(read_at=None, done_at=None)

    def at_hand(self, *, on):
        """Neither settled nor put off to a later day: what lies in the inbox."""
        return self.filter(Q(later_on=None) | Q(later_on__lte=on), done_at=None)

    def put_off(self, *, on):
        """Not settled, and to come back on a later day."""
        return self.filter(later_on__gt=on, done_at=None)

    def mark_read(self, *, at):
        return self.filter(read_at=None).update(read_at=at)

    def mark_done(self, *, at):
        """Put away by the person himself. Returns how many were not settled before."""
        self.mark_read(at=at)
        return self.filter(done_at=None).update(done_at=at)

    def put_off_until(self, day):
        """Out of sight until the morning of that day, then unread again."""
        return self.filter(done_at=None).update(later_on=day, read_at=None)

    def bring_back(self):
        """Into the inbox again, from among the settled or the put off."""
        return self.update(done_at=None, later_on=None)

    def waiting(self):
        """Not yet told, or told in a message that did not arrive."""
        return self.filter(state__in=[Notice.State.PLANNED, Notice.State.FAILED])

    def free_for(self, digest):
        """The waiting ones that this digest may carry: nobody's, its own, an earlier day's left behind."""
        waiting = self.waiting().filter(recipient=digest.recipient_id)
        if digest.once:
            return waiting.filter(Q(digest=None) | Q(digest=digest), key=digest.once)
        left_behind = Q(digest__local_date__lt=digest.local_date, digest__lease_until__lte=digest.claimed_at)
        return waiting.filter(Q(digest=None) | Q(digest=digest) | left_behind)


class Notice(models.Model):
    """One thing one person is told, once: the row is the notification, a channel one way it travels.

    It knows what it is about only as text (``about``), so this app stays below all those that tell things.
    The sentences are made when they are read, in the reader's language, from ``kind`` and ``params``.
    """

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("message", "planned")
        SENT = "sent", pgettext_lazy("message", "sent")
        FAILED = "failed", pgettext_lazy("message", "failed")
        SUPPRESSED = "suppressed", pgettext_lazy("message", "not sent")

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    #: Whose deputy he is told it as; it is true as long as it is for that one, and he is away.
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    key = models.CharField(max_length=250)
    kind = models.CharField(max_length=60)
    about = models.CharField(max_length=80, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=300)
    params = models.JSONField(default=dict)
    urgency = models.PositiveSmallIntegerField(choices=Urgency, default=Urgency.INFO)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    suppressed_because = models.CharField(max_length=20, blank=True)
    digest = models.ForeignKey(
        "notifications.Digest", models.SET_NULL, null=True, blank=True, related_name="notices"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)
    #: When it was found settled (the item done, the application decided), or its reader put it away.
    done_at = models.DateTimeField(null=True, blank=True)
    #: The day on which it comes back to the inbox.
    later_on = models.DateField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["urgency", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key"], name="a_person_is_told_once"),
        ]
        indexes = [
            # For the inbox, and for the bell on every page.
            models.Index(fields=["recipient", "-created_at"], name="notice_inbox"),
            models.Index(fields=["recipient"], condition=Q(read_at=None, done_at=None), name="notice_unread"),
            # For the question every quarter of an hour: who has something waiting?
            models.Index(
                fields=["recipient"], condition=Q(state__in=["planned", "failed"]), name="notice_waiting"
            ),
            # For the message that is sent at once, of which only the key is known.
            models.Index(fields=["key"], name="notice_key"),
        ]

    def __str__(self):
        return f"{self.key} → {self.recipient_id}"

    @cached_property
    def sort(self):
        """The entry of the catalogue: sentence, reason, urgency."""
        from notifications import kinds

        return kinds.get(self.kind)

    @property
    def sentence(self):
        """What is told, in the active language."""
        return self._said("sentence")

    @property
    def why_not_sent(self):
        """Why it was not sent after all, in the active language; empty if it was, or will be."""
        from notifications.kinds import Because

        return str(dict(Because.choices).get(self.suppressed_because, self.suppressed_because))

    @property
    def reason(self):
        """Why this person is told, in the active language."""
        said = self._said("reason")
        if not self.on_behalf_of_id:
            return said
        whose = _("You receive this for %(name)s, who is away until %(until)s.") % {
            "name": self.params["absent"],
            "until": day(date.fromisoformat(self.params["away_until_on"])),
        }
        return f"{whose} {said}"

    def _said(self, part):
        """A text of the kind; the general one for a row older than a parameter which that asks for by now."""
        from notifications.kinds import UNKNOWN

        try:
            return self.sort.say(getattr(self.sort, part), self.params)
        except KeyError:
            return UNKNOWN.say(getattr(UNKNOWN, part), {"subject": self.subject})


class DigestQuerySet(models.QuerySet):
    """The words messages are asked for with."""

    def free(self, now):
        """What may be claimed: never tried, or tried and the pause or the lease is over."""
        unfinished = self.exclude(state=Digest.State.SENT).filter(attempts__lt=Digest.MAX_ATTEMPTS)
        return unfinished.filter(Q(state=Digest.State.PLANNED) | Q(lease_until__lte=now))

    def undelivered(self):
        """What did not arrive, perhaps, and has something to say that no later message took along."""
        waiting = Notice.objects.waiting().filter(digest=models.OuterRef("pk"))
        failed = self.filter(state__in=[Digest.State.FAILED, Digest.State.UNCERTAIN])
        return failed.filter(models.Exists(waiting), recipient__is_active=True)


class Digest(models.Model):
    """A message to one person: the day's, or (``once`` = key of the notice) one that does not wait for it.

    The row is there before the message is sent. Whoever takes a message up again after a fault uses the
    same Message-ID, so that a mail program can tell a repetition.
    """

    MAX_ATTEMPTS = 3
    LEASE = timedelta(minutes=15)

    class Channel(models.TextChoices):
        EMAIL = "email", pgettext_lazy("channel", "e-mail")
        INBOX = "inbox", pgettext_lazy("channel", "inbox")

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("message", "planned")
        CLAIMED = "claimed", pgettext_lazy("message", "being sent")
        SENT = "sent", pgettext_lazy("message", "sent")
        FAILED = "failed", pgettext_lazy("message", "failed")
        UNCERTAIN = "uncertain", pgettext_lazy("message", "uncertain")

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="digests")
    channel = models.CharField(max_length=10, choices=Channel)
    local_date = models.DateField()
    once = models.CharField(max_length=250, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=120)
    error = models.CharField(max_length=500, blank=True)

    objects = DigestQuerySet.as_manager()

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        ordering = ["-local_date", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "channel", "local_date", "once"], name="a_person_gets_one_digest_a_day"
            ),
        ]
        indexes = [
            models.Index(fields=["local_date"], condition=~Q(state="sent"), name="digest_unfinished"),
        ]

    def __str__(self):
        return f"{self.local_date:%Y-%m-%d} {self.channel} → {self.recipient_id}"


class MailWishesQuerySet(models.QuerySet):
    def of(self, user):
        """A person's wishes; those that everybody begins with, unsaved, where he has said nothing."""
        return self.filter(user=user).first() or self.model(user=user)


class MailWishes(models.Model):
    """What a person wants by mail, and when. The inbox holds everything, whatever he wishes."""

    #: Stands for every kind.
    ALL = "all"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_wishes")
    hour = models.PositiveSmallIntegerField(_("hour of the daily mail"), null=True, blank=True)
    #: The kinds that are not mailed.
    stopped = models.JSONField(default=list, blank=True)

    objects = MailWishesQuerySet.as_manager()

    class Meta:
        verbose_name = _("wishes about mail")
        verbose_name_plural = _("wishes about mail")

    def __str__(self):
        return f"{self.user_id}"

    def mails(self, kind: str) -> bool:
        return kind not in self.stopped and self.ALL not in self.stopped

    def stop(self, kind: str) -> None:
        """Mail nothing of the kind any more."""
        self.stopped = sorted({*self.stopped, kind})
        self.save()
