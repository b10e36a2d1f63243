"""What is told of an item after its period was closed: booked to the open one, moves no sealed figure."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import NotAllowedNow
from projects.changes import next_period
from projects.models import BelatedEntry, Plan, PlanItem
from projects.progress import lock_line


@transaction.atomic
def tell_belated(
    item: PlanItem, *, by, at: datetime, points: Decimal, note: str, token: UUID
) -> BelatedEntry:
    """Book what was done for an item of a closed month to the month that is open. Moves no figure.

    The same ``token`` twice books once.
    """
    lock_line(item.plan)
    if earlier := BelatedEntry.objects.filter(token=token).first():
        return earlier
    item.plan.refresh_from_db(fields=["state"])
    if not item.plan.is_closed:
        raise NotAllowedNow(_("This period is open: report on the item itself."))
    span = next_period(item.plan, on=timezone.localdate(at))
    plans = Plan.objects.filter(studio=item.plan.studio_id, period=span.key)
    if not plans.exists():
        Plan.lay_out([item.plan.studio], span.year)
    return BelatedEntry.objects.create(
        item=item, plan=plans.get(), points=points, note=note, by=by, at=at, token=token
    )
