"""Failing is allowed, not trying is not: since when nothing has been heard of a studio.

A topic that begins, an activity and a report are signs of life; the latest of them counts. All studios are
asked for at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.models import Plan, Topic
from studios.models import Activity, Studio

DAYS = 30
"""Without a sign of life for more days than this a studio is silent."""


@dataclass(frozen=True)
class Silence:
    """The last sign of life of each sort; ``since`` is the latest, or the day of naming without any."""

    topic_on: date | None = None
    met_on: date | None = None
    reported_on: date | None = None
    named_on: date | None = None

    @property
    def since(self) -> date | None:
        acts = (self.topic_on, self.met_on, self.reported_on)
        return max(filter(None, acts), default=self.named_on)

    @property
    def due_on(self) -> date | None:
        """The last day on which it is not silent yet; None where there is no day to count from."""
        return self.since + timedelta(days=DAYS) if self.since else None

    def days(self, on: date) -> int | None:
        """For how many days nothing has been heard."""
        return (on - self.since).days if self.since else None

    def reason(self, on: date) -> str:
        """What has been missing, each with its days."""
        said = (
            (_("without a new topic: %(since)s"), _("no topic yet"), self.topic_on),
            (_("without an activity: %(since)s"), _("no activity yet"), self.met_on),
            (_("without progress: %(since)s"), _("no progress yet"), self.reported_on),
        )
        return " · ".join(
            since % {"since": _days((on - last).days)} if last else never for since, never, last in said
        )


def _days(count: int) -> str:
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


def of(studios: Iterable[Studio], *, on: date) -> dict[int, Silence]:
    """How long each studio has been silent on a day, by its id. Three queries, however many there are."""
    studios = list(studios)
    ids = [studio.pk for studio in studios]
    topics = _latest(Topic.objects.filter(starts_on__lte=on), "starts_on", ids)
    met = _latest(Activity.objects.standing().filter(held_on__lte=on), "held_on", ids)
    reported = _latest(Plan.objects.filter(reported_at__isnull=False), "reported_at", ids)
    return {
        studio.pk: Silence(
            topic_on=topics.get(studio.pk),
            met_on=met.get(studio.pk),
            reported_on=timezone.localdate(reported[studio.pk]) if studio.pk in reported else None,
            named_on=studio.named_on,
        )
        for studio in studios
    }


def _latest(rows, field: str, ids: list[int]) -> dict:
    rows = rows.filter(studio__in=ids) if len(ids) <= 5000 else rows
    return dict(rows.order_by().values_list("studio").annotate(Max(field)))
