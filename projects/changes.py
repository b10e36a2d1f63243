"""What happens to items beside plain reports: carried over, let go, taken up again, deleted.

Each verb is one transaction that takes the line of plans first, as a report does, and leaves every figure
above added up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.calendar import Period
from core.errors import NotAllowedNow
from projects.binding import crosses, refuse_if_bound, was_confirmed
from projects.models import Indicator, Lesson, Milestone, Plan, PlanItem, ProgressEntry, Topic
from projects.progress import ReasonMissing, add_up, lock_line, lock_open, report, still_there
from projects.rollup import to_decimal
from studios import bin
from studios.models import Deleted

Saved = TypeVar("Saved")
State = PlanItem.State
#: The least that an indicator can weigh.
LEAST = Decimal("0.000001")


def next_period(plan: Plan, *, on: date) -> Period:
    """Where the rest of an item goes on: the next period that is open, and never one that is over already."""
    span = max(plan.span.next, Period.containing(on, plan.span.kind))
    later = Plan.objects.closed().filter(studio=plan.studio_id, kind=plan.kind, starts_on__gte=span.starts_on)
    closed = set(later.values_list("period", flat=True))
    while span.key in closed:
        span = span.next
    return span


@transaction.atomic
def carry_over(
    item: PlanItem,
    *,
    by,
    at: datetime,
    reason: str,
    due_on: date | None = None,
    parent: PlanItem | None = None,
    into: Period | None = None,
    accepted: bool = False,
    token: UUID | None = None,
) -> PlanItem:
    """Carry the rest of an item on in a later plan (``into``, or the next open one); gives the new item.

    ``accepted``: what is done is accepted as done in full and keeps the weight it has earned, so that the two
    items weigh what the one did.

    The new item weighs what is left (weight x (1 - share)), so the item above comes to the same just before
    and just after. Across the quarter it hangs under no quarter item unless ``parent`` is given, and out of a
    confirmed plan takes the union's yes. The same ``token`` twice carries once. Raises ReasonMissing, Bound,
    or NotAllowedNow where nothing is left to carry.
    """
    token = token or uuid4()
    lock_line(item.plan)
    if earlier := ProgressEntry.objects.filter(token=token).select_related("item").first():
        return earlier.item.carried_to.latest("pk")
    item = _fresh(item)
    item.plan.refuse_if_closed()
    if not item.is_open:
        raise NotAllowedNow
    share = Fraction(item.share or 0) if item.below.exists() else item.own_share
    rest = to_decimal(Fraction(item.weight) * (1 - share))
    if not rest:
        raise NotAllowedNow(_("Nothing is left to carry over: mark the item as done."))
    if accepted and rest == item.weight:
        raise NotAllowedNow(_("Nothing of it is done yet, so there is nothing to accept."))
    plan = _plan(item, into or next_period(item.plan, on=timezone.localdate(at)))
    if plan.year != item.plan.year:
        lock_open(plan)
    plan.refuse_if_closed()
    span = plan.span
    if crosses(item.plan, span):
        refuse_if_bound(item, by)
    if parent is None and item.parent_id:
        parent = _above(item.parent, span)
    if accepted:
        item.weight -= rest
        item.save_if_unchanged(seen=item.version, fields=["weight"])
    ended = State.DONE if accepted else State.CARRIED
    # What is accepted was done when it was last told of, not when that was accepted.
    done_on = timezone.localdate(item.reported_at) if accepted and item.reported_at else None
    report(item, by=by, at=at, state=ended, reason=reason, token=token, done_on=done_on)
    rest_item = PlanItem.objects.create(
        plan=plan,
        parent=parent,
        carried_from=item,
        topic=item.topic,
        kind=item.kind,
        content=item.content,
        done_when=item.done_when,
        owner=item.owner,
        owner_name=item.owner_name,
        other_helpers=item.other_helpers,
        due_on=due_on or plan.ends_on,
        weight=rest,
    )
    rest_item.helpers.set(item.helpers.all())
    _carry_indicators(item, rest_item)
    # What is not decided yet is decided where the work goes on.
    for lesson in Lesson.objects.filter(item=item).exclude(state=Lesson.State.CONFIRMED):
        lesson.item = rest_item
        lesson.save(update_fields=["item"])
    add_up(item.plan)
    if plan.year != item.plan.year:
        add_up(plan)
    return rest_item


def _fresh(item: PlanItem) -> PlanItem:
    rows = PlanItem.objects.select_for_update(of=("self",)).select_related("plan__studio", "parent__plan")
    return still_there(rows, item.pk)


def _above(parent: PlanItem, span: Period) -> PlanItem | None:
    """What the rest serves in a period: the same as before, or what carries that on."""
    if parent.plan.span == span.parent:
        return parent
    return parent.carried_to.filter(plan__period=span.parent.key if span.parent else "").first()


def _plan(item: PlanItem, span: Period) -> Plan:
    plans = Plan.objects.filter(studio=item.plan.studio_id, period=span.key)
    if not plans.exists():
        Plan.lay_out([item.plan.studio], span.year)
    return plans.get()


def _carry_indicators(item: PlanItem, rest_item: PlanItem) -> None:
    """Give the new item what is left of each indicator; those that were reached stay behind.

    Each weighs what is left of it, so that a step there counts as much as it did here.
    """
    for old in item.indicators.prefetch_related("milestones"):
        if old.share == 1:
            continue
        left = [milestone for milestone in old.milestones.all() if milestone.reached_on is None]
        new = Indicator.objects.create(
            item=rest_item,
            person_id=old.person_id,
            kind=old.kind,
            name=old.name,
            unit_of_measure=old.unit_of_measure,
            weight=max(to_decimal(Fraction(old.weight) * (1 - old.share)).quantize(LEAST), LEAST),
            **rest_of_number(old),
        )
        Milestone.objects.bulk_create(Milestone(indicator=new, title=row.title) for row in left)


def rest_of_number(old: Indicator) -> dict:
    """From where to where what is left of an indicator goes."""
    if old.kind != Indicator.Kind.NUMBER or old.value is None or old.share == 0:
        return {"start": old.start, "target": old.target}
    if old.start == 0:
        # What is counted from nothing is counted from nothing again: 40 of 100 leave 60.
        return {"start": old.start, "target": old.target - old.value}
    # A level goes on from where it stands: from 15 % to 14 %.
    return {"start": old.value, "target": old.target}


@transaction.atomic
def set_state(
    item: PlanItem, state: str, *, by, at: datetime, reason: str = "", token: UUID | None = None
) -> ProgressEntry:
    """Say how an open item ends (done, not done, cancelled, tolerated), or take up again one that ended.

    Carrying over has its own verb. Raises ReasonMissing, Bound where cancelling takes the union's yes, or
    NotAllowedNow where the item is no longer in a state from which this is possible.
    """
    if state == State.CARRIED:
        raise ValueError("use carry_over")
    token = token or uuid4()
    lock_line(item.plan)
    if earlier := ProgressEntry.objects.filter(token=token).first():
        return earlier
    item = _fresh(item)
    if (state == State.IN_PROGRESS) == item.is_open or state == item.state:
        raise NotAllowedNow
    if state == State.CANCELLED:
        refuse_if_bound(item, by)
    if state == State.IN_PROGRESS:
        if not reason.strip():
            raise ReasonMissing
        if item.carried_to.exclude(state=State.CANCELLED).exists():
            raise NotAllowedNow(_("Its rest lives on in another item. Cancel or delete that one first."))
    return report(item, by=by, at=at, state=state, reason=reason, token=token)


@transaction.atomic
def report_row(
    item: PlanItem,
    *,
    by,
    at: datetime,
    percent: Decimal | None = None,
    values: Mapping[Indicator, Decimal | Iterable[int]] | None = None,
    note: str = "",
    files: Iterable = (),
    token: UUID,
) -> list[ProgressEntry]:
    """One form, all that it says: the item's percentage, or the values of several of its indicators.

    ``values`` holds a number, or the ids of the milestones reached. The files belong to the first entry.
    """
    if not values:
        return [report(item, by=by, at=at, percent=percent, note=note, files=files, token=token)]
    lock_line(item.plan)
    if earlier := list(ProgressEntry.objects.filter(token=token)):
        return earlier
    entries: list[ProgressEntry] = []
    for indicator, value in values.items():
        moved = {"value": value} if isinstance(value, Decimal) else {"milestones": value}
        entries.append(
            report(
                item,
                by=by,
                at=at,
                indicator=indicator,
                note=note,
                files=() if entries else files,
                token=uuid5(token, str(indicator.pk)) if entries else token,
                **moved,
            )
        )
    return entries


@transaction.atomic
def save_items(plan: Plan, save: Callable[[], Saved]) -> Saved:
    """Run a form's ``save`` on items or indicators of a plan and add up; nothing of it stays if it fails.

    Returns what ``save`` returns.
    """
    lock_open(plan)
    saved = save()
    add_up(plan)
    return saved


@contextmanager
def of_its_plan(item: PlanItem):
    """Take the plans above an item and add them up after what is done to it."""
    lock_open(item.plan)
    yield
    add_up(item.plan)


bin.register(PlanItem, of_its_plan)
bin.register(Topic)


@transaction.atomic
def delete_item(item: PlanItem, *, by, at: datetime) -> Deleted:
    """Put an item into the bin on which nothing was ever reported and under which nothing hangs."""
    lock_open(item.plan)
    if was_confirmed(item):
        raise NotAllowedNow(_("It stands in the confirmed plan. Cancel it instead, with a reason."))
    if item.carried_from_id or item.journal.exists() or item.below.exists():
        raise NotAllowedNow(
            _("Something was reported on this item or hangs below it. Cancel it instead, with a reason.")
        )
    return bin.put(item, by=by, at=at)


@transaction.atomic
def delete_indicator(indicator: Indicator) -> None:
    """Take away an indicator on which nothing was ever reported and that no confirmed plan holds."""
    plan = indicator.item.plan
    lock_open(plan)
    if was_confirmed(indicator.item) or indicator.change_requests.exists():
        raise NotAllowedNow(_("Its item stands in the confirmed plan; the indicator stays."))
    if indicator.journal.exists():
        raise NotAllowedNow(_("Something was reported on this indicator; it stays."))
    indicator.delete()
    add_up(plan)
