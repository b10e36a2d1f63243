"""Reporting progress and adding it up: the one door through which figures change.

Every writer (form, sheet, bulk act, import) ends here. A report is one journal entry, the item as it then
stands and the sums of everything above it, in one transaction. The sums are recomputed from the rows, never
adjusted by a difference; the arithmetic itself is ``projects.rollup``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Count, F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import workdays
from core.errors import NotAllowedNow
from core.jobs import want
from projects import expected, rollup
from projects.models import Evidence, Indicator, Milestone, Plan, PlanItem, ProgressEntry
from studios.changes import PORTFOLIO_JOB

State = PlanItem.State


class ReasonMissing(NotAllowedNow):
    sentence = _("Please say why.")


class Gone(NotAllowedNow):
    sentence = _("Somebody has deleted this meanwhile.")


def still_there(rows, pk):
    """The row as it stands now; raises Gone if somebody deleted it after it was read."""
    try:
        return rows.get(pk=pk)
    except rows.model.DoesNotExist:
        raise Gone from None


@transaction.atomic
def report(
    item: PlanItem,
    *,
    by,
    at: datetime,
    percent: Decimal | None = None,
    indicator: Indicator | None = None,
    value: Decimal | None = None,
    milestones: Iterable[int] | None = None,
    state: str | None = None,
    reason: str = "",
    note: str = "",
    files: Iterable = (),
    token: UUID | None = None,
    done_on: date | None = None,
) -> ProgressEntry:
    """Report how far an item, or one member's indicator of it, has come.

    ``percent`` 0..100 for the item itself; ``value`` (or the ids of the ``milestones`` reached) for an
    indicator; ``state`` where the reporter says more than the number does. 100 %, or every indicator
    reached, is done; a little is in progress. ``reason`` is compulsory for not done, carried, cancelled and
    tolerated; ``done_on`` says when it was done, if that was earlier. The same ``token`` twice gives the
    first entry back and changes nothing. Raises ReasonMissing, or NotAllowedNow where the item has been let
    go or is made of the items below it.
    """
    token = token or uuid4()
    lock_line(item.plan)
    if earlier := ProgressEntry.objects.filter(token=token).first():
        return earlier
    item = still_there(PlanItem.objects.select_for_update(of=("self",)).select_related("plan"), item.pk)
    item.plan.refuse_if_closed()
    if item.state in rollup.EXCLUDED | {State.CARRIED} and state is None:
        raise NotAllowedNow(_("This item has been let go; nothing more can be reported on it."))
    if percent is not None and item.below.exists():
        raise NotAllowedNow(_("This item is made of the items below it; report on those."))
    entry = ProgressEntry(
        item=item,
        indicator=indicator,
        by=by,
        at=at,
        token=token,
        note=note or reason,
        state_before=item.state,
        percent_before=item.percent,
        days_late=_days_late(item.plan, timezone.localdate(at)),
    )
    if indicator is not None:
        _move_indicator(indicator, entry, value, milestones, on=timezone.localdate(at))
    if percent is not None:
        item.percent = percent
    moved = percent is not None or indicator is not None
    done_on = done_on or _last_part_done_on(item) or timezone.localdate(at)
    _settle_state(item, state, reason, on=done_on, moved=moved)
    entry.state_after, entry.percent_after = item.state, item.percent
    item.reported_at = at
    item.save(update_fields=["percent", "state", "done_on", "reason", "reported_at"])
    entry.save()
    for file in files:
        Evidence.objects.create(entry=entry, file=file, name=file.name[:150], size=file.size)
    add_up(item.plan)
    return entry


def _days_late(plan: Plan, on: date) -> int | None:
    """How many working days after the end of a month a report on it comes; None in time."""
    if plan.kind != Plan.Kind.MONTH or on <= plan.ends_on:
        return None
    return min(workdays.load().count_between(plan.ends_on, on), 32767) or None


def _last_part_done_on(item: PlanItem) -> date | None:
    """When an item whose parts are all done was done, if it is one: with the last of them."""
    if not item.complete or item.state == State.DONE:
        return None
    parts = PlanItem.objects.filter(Q(parent=item) | Q(parent__parent=item))
    return parts.aggregate(last=Max("done_on"))["last"]


def _move_indicator(indicator, entry, value, milestones, *, on) -> None:
    indicator = still_there(Indicator.objects.select_for_update().filter(item=entry.item), indicator.pk)
    entry.value_before = indicator.value
    if milestones is not None:
        reached = set(milestones)
        ours = Milestone.objects.filter(indicator=indicator)
        ours.filter(pk__in=reached, reached_on=None).update(reached_on=on)
        ours.exclude(pk__in=reached).update(reached_on=None)
        value = Decimal(ours.filter(pk__in=reached).count())
    if value is not None:
        indicator.value = value
        indicator.save()
    entry.value_after = indicator.value


def _settle_state(item: PlanItem, state: str | None, reason: str, *, on: date, moved: bool) -> None:
    if state is None:
        state = _state_by_number(item) if moved else item.state
    if state in PlanItem.NEEDS_REASON and state != item.state and not reason.strip():
        raise ReasonMissing
    if state == State.DONE and item.state != State.DONE:
        item.done_on = on
    elif state != State.DONE:
        item.done_on = None
    if reason.strip():
        item.reason = reason.strip()
    item.state = state


def _state_by_number(item: PlanItem) -> str:
    carried = list(item.indicators.prefetch_related("milestones"))
    if all(indicator.share == 1 for indicator in carried) if carried else item.percent == 100:
        return State.DONE
    if item.state == State.DONE or (item.state == State.NOT_STARTED and (carried or item.percent)):
        return State.IN_PROGRESS
    return item.state


def lock_open(plan: Plan) -> None:
    """``lock_line`` for a writer: raises PlanClosed where the plan is closed by the time it is ours."""
    lock_line(plan)
    plan.refresh_from_db(fields=["state", "closes_on"])
    plan.refuse_if_closed()


def lock_line(plan: Plan) -> None:
    """Take the plans of the line from the year down, so that two writers below one year wait for each other.

    On SQLite, which knows no row locks, the transaction itself starts immediate.
    """
    line = Plan.objects.filter(studio=plan.studio_id, period__in=[span.key for span in plan.span.line])
    list(line.order_by("starts_on", "-ends_on").select_for_update().values_list("pk", flat=True))


@transaction.atomic
def add_up(plan: Plan) -> None:
    """Store what the items of a plan come to, and those above it up to the year.

    A fixed number of queries, whatever the number of items.
    """
    lock_line(plan)
    store(Q(studio=plan.studio_id, year=plan.year))


@transaction.atomic
def store(which: Q) -> int:
    """Recompute and store all items and plans of the chosen plans (whole years of studios); how many changed.

    ``which`` is a condition on plans. Only rows whose figure differs are written, and their versions stay.
    """
    drifts = list(find_drift(which))
    PlanItem.objects.bulk_update(
        [row for row in drifts if isinstance(row, PlanItem)], ["share", "complete"], batch_size=500
    )
    plans = [row for row in drifts if isinstance(row, Plan)]
    Plan.objects.bulk_update(plans, Plan.STORED, batch_size=500)
    for year in sorted({plan.year for plan in plans}):
        want(PORTFOLIO_JOB, key=f"{PORTFOLIO_JOB}:{year}", year=year)
    return len(drifts)


#: So many studios are checked at a time, so that a large group fits into the memory of a small machine.
BATCH_OF_STUDIOS = 200


def find_drift(which: Q | None = None):
    """Every item and plan whose stored figure is not what its rows come to, set to what it should be.

    ``which`` is a condition on plans (whole years of studios): three queries and the arithmetic. Without it
    everything is checked, a batch of studios at a time.
    """
    if which is not None:
        yield from _find_drift(which)
        return
    studios = list(Plan.objects.order_by("studio").values_list("studio", flat=True).distinct())
    for start in range(0, len(studios), BATCH_OF_STUDIOS):
        yield from _find_drift(Q(studio__in=studios[start : start + BATCH_OF_STUDIOS]))


def _find_drift(which: Q):
    plans = {plan.pk: plan for plan in Plan.objects.filter(which).order_by("pk")}
    if not plans:
        return
    of_plans = Q(plan__in=Plan.objects.filter(which))
    items = list(PlanItem.objects.filter(of_plans).prefetch_related("indicators__milestones").order_by("pk"))
    figures = rollup.roll_up(items)
    for item in items:
        figure = figures.items[item.pk]
        if (item.share, item.complete) != (figure.stored, figure.complete):
            item.share, item.complete = figure.stored, figure.complete
            yield item
    counts, expectations = _counts(of_plans), _expectations(plans.values(), items)
    for plan in plans.values():
        figure = figures.plans.get(plan.pk, rollup.NOT_PLANNED)
        should = {
            "progress": figure.stored,
            "complete": figure.complete,
            **counts.get(plan.pk, _NOTHING),
            **expectations[plan.pk],
        }
        if any(getattr(plan, name) != value for name, value in should.items()):
            for name, value in should.items():
                setattr(plan, name, value)
            yield plan


_NOTHING = dict.fromkeys(Plan.COUNTS, 0) | {"reported_at": None}


def _expectations(plans: Iterable[Plan], items: Iterable[PlanItem]) -> dict[int, dict]:
    """What should be stored of what is expected of each plan, on the day that it was last brought to.

    One that has not been brought to a day yet, or by a calendar that has changed since, stays as it is:
    nobody reads it before it is brought to his day.
    """
    calendar = workdays.load()
    paces: dict[date, expected.Pace] = {}
    rows = defaultdict(list)
    for item in items:
        if item.state not in rollup.EXCLUDED and item.share is not None:
            rows[item.plan_id].append((float(item.weight), item.starts_on, item.due_on))
    found = {}
    for plan in plans:
        day = plan.expected_on
        if not rows[plan.pk]:
            found[plan.pk] = expected.NOTHING
        elif day and plan.expected_by in ("", calendar.edition):
            pace = paces.setdefault(day, expected.Pace(day, calendar))
            found[plan.pk] = pace.stored(rows[plan.pk], plan.starts_on, plan.ends_on)
        else:
            found[plan.pk] = {}
    return found


def _counts(of_plans: Q) -> dict[int, dict]:
    rows = (
        PlanItem.objects.filter(of_plans)
        .order_by()
        .values("plan_id")
        .annotate(
            planned=Count("pk", filter=~Q(state=State.CANCELLED)),
            done=Count("pk", filter=Q(state=State.DONE)),
            on_time=Count("pk", filter=Q(state=State.DONE, done_on__lte=F("due_on"))),
            carried=Count("pk", filter=Q(state=State.CARRIED)),
            tolerated=Count("pk", filter=Q(state=State.TOLERATED)),
            cancelled=Count("pk", filter=Q(state=State.CANCELLED)),
            reported_at=Max("reported_at"),
        )
    )
    return {row.pop("plan_id"): row for row in rows}
