"""Secret addresses from which the calendar of a phone reads somebody's dates."""

from __future__ import annotations

import secrets
from datetime import datetime
from hashlib import sha256

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.models import User
from studios.models import Studio


class CalendarFeedQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own: what opens a calendar is nobody else's business."""
        return self.filter(user=user)

    def opened_by(self, token: str) -> CalendarFeed | None:
        """The feed of a secret, while its owner may still sign in and see what it shows."""
        feed = self.select_related("user__person", "studio").filter(token_hash=hashed(token)).first()
        if feed is None or not feed.user.is_active:
            return None
        seen = feed.studio is None or Studio.objects.visible_to(feed.user).filter(pk=feed.studio_id).exists()
        return feed if seen else None


class CalendarFeed(models.Model):
    """A person's own dates, or those of a ``studio``. Only the hash of the secret is stored."""

    user = models.ForeignKey(User, models.CASCADE, related_name="calendar_feeds")
    studio = models.ForeignKey(Studio, models.CASCADE, null=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("made at"))
    #: When a calendar asked last, to the hour.
    read_at = models.DateTimeField(_("last read"), null=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(studio=None), name="one_feed_of_his_own_for_each_user"
            ),
            models.UniqueConstraint(fields=["user", "studio"], name="one_feed_for_each_user_and_studio"),
        ]

    def __str__(self):
        return f"{self.user} · {self.studio or ''}"

    @classmethod
    def renew(cls, user: User, studio: Studio | None, *, at: datetime) -> str:
        """The secret of a new address, told this once; an older address of the same dates ends."""
        token = secrets.token_urlsafe(32)
        fields = {"token_hash": hashed(token), "made_at": at, "read_at": None}
        cls.objects.update_or_create(user=user, studio=studio, defaults=fields)
        return token


def hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()
