"""The months that are over are closed: most by their leads, some late or by the calendar, one is open."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from django.utils import timezone

from core import workdays
from members.models import User
from projects import belated, closing
from projects.freezing import copy_with, rows_of
from projects.models import Frozen, Plan, PlanItem, PlanStep
from studios.models import Membership, Studio

#: The studios of which one month was opened again, and of which something was told too late.
REOPENED, BELATED = 3, 1
BY_ITSELF = 0.08
BEHIND = (PlanItem.State.UNDONE, PlanItem.State.CARRIED)


def make(group) -> None:
    """Seal every month of a working studio whose days of grace are over, as it stands. Nothing is moved."""
    calendar = workdays.load()
    leads = leads_of_studios()
    plans = Plan.objects.filter(kind=Plan.Kind.MONTH, planned__gt=0, ends_on__lt=group.on)
    working = plans.filter(studio__state__in=Studio.WORKING).select_related("studio__unit")
    over = [
        plan
        for plan in working.order_by("studio", "starts_on")
        if plan.last_day_to_close(calendar) < group.on
    ]
    for studio, months in groupby(over, key=lambda plan: plan.studio_id):
        _seal(group, list(months), leads.get(studio), calendar)
    _afterwards(group, over, leads)


def leads_of_studios() -> dict[int, User]:
    """Who leads each studio and signs in."""
    leading = Membership.objects.filter(role=Membership.Role.LEAD, left_on=None).exclude(person__user=None)
    return {row.studio_id: row.person.user for row in leading.select_related("person__user__person")}


def _seal(group, months: list[Plan], lead: User | None, calendar) -> None:
    """Close the months of one studio."""
    rows = rows_of(months)
    copies, steps = [], []
    for plan in months:
        by = None if group.chance.random() < BY_ITSELF else lead
        last = plan.last_day_to_close(calendar)
        at = _moment(group, plan, last, by, calendar)
        data = copy_with(plan, rows[plan.pk], by=by, at=at, texts=dict.fromkeys(closing.TEXTS, ""))
        copies.append(
            Frozen(
                plan=plan,
                kind=Frozen.Kind.CLOSING,
                number=1,
                data=data,
                seal=Frozen.seal_of(data),
                by=by,
                at=at,
                late=by is not None and timezone.localdate(at) > last,
            )
        )
        steps.append(PlanStep(plan=plan, act=PlanStep.Act.CLOSED, by=by, at=at))
    Frozen.objects.bulk_create(copies)
    PlanStep.objects.bulk_create(steps)
    Plan.objects.filter(pk__in=[plan.pk for plan in months]).update(state=Plan.State.CLOSED)


def _moment(group, plan: Plan, last, by, calendar) -> datetime:
    """When it was closed: within the days of grace, or once the last report on it was in."""
    if by is None:
        day, hour = calendar.shift(last, 1), 6
    else:
        day, hour = calendar.shift(plan.ends_on, group.chance.randint(1, 3)), group.chance.randint(9, 17)
    at = timezone.make_aware(datetime.combine(day, time(hour, 30)))
    reported = (plan.reported_at or at) + timedelta(minutes=20)
    return min(max(at, reported), group.noon)


def _afterwards(group, over: list[Plan], leads) -> None:
    """One month is opened again by the union; of another something is told that came too late."""
    newest = {plan.studio.position: plan for plan in over}
    if plan := newest.get(REOPENED):
        plan.refresh_from_db()
        until = group.on + timedelta(days=5)
        closing.reopen(
            plan, by=group.admin, at=group.noon, reason="补录外协试验结果，经基层工会同意", until=until
        )
    item = (
        PlanItem.objects.filter(plan__in=over, plan__studio__position=BELATED, state__in=BEHIND)
        .select_related("plan__studio")
        .order_by("-plan__starts_on", "pk")
        .first()
    )
    if item:
        belated.tell_belated(
            item,
            by=leads[item.plan.studio_id],
            at=group.noon,
            points=Decimal(20),
            note="补充试验已完成，数据报领衔人确认",
            token=UUID(int=group.chance.getrandbits(128)),
        )
