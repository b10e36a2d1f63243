"""Where a plan stands in its life, as its pages say it: its phase, its seal, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from core.as_of import AsOf, Seal
from core.workdays import Workdays
from projects.closing import may_agree
from projects.models import ChangeRequest, Frozen, Plan, PlanItem, PlanStep

TONES = {
    Plan.Phase.OPEN: "plain",
    Plan.Phase.SUBMITTED: "info",
    Plan.Phase.CONFIRMED: "good",
    Plan.Phase.RUNNING: "info",
    Plan.Phase.GRACE: "warn",
    Plan.Phase.OVERDUE: "bad",
    Plan.Phase.CLOSED: "good",
    Plan.Phase.REOPENED: "warn",
}


def sealed(plan: Plan) -> Frozen | None:
    """The copy that was sealed when the plan was closed, None while it is open; asked for once."""
    if not plan.is_closed:
        return None
    if not hasattr(plan, "sealed_copy"):
        plan.sealed_copy = plan.frozen.closings().select_related("by__person").first()
    return plan.sealed_copy


def as_of(plan: Plan, *, at: datetime) -> AsOf:
    """As of when the figures of a plan hold: its seal, or now with the last change within it."""
    if copy := sealed(plan):
        return AsOf(at, seal=Seal(copy.at, str(copy.by or "")))
    return AsOf(at, Plan.objects.filter(studio=plan.studio_id).within(plan.span).last_change())


@dataclass(frozen=True)
class ToClose:
    """The card of a period that waits to be closed. ``days``: working days left, negative when over."""

    plan: Plan
    open: int
    last_day: date
    days: int
    href: str


def to_close(plan: Plan, user, *, on: date, calendar: Workdays) -> ToClose | None:
    """The card, where there is something planned, the time has come and this person may close it."""
    if not plan.planned or not plan.may_be_closed_on(on, calendar):
        return None
    if not user.has_perm("projects.close_plan", plan.studio):
        return None
    last_day = plan.last_day_to_close(calendar)
    still_open = plan.planned - plan.done - plan.carried - plan.tolerated
    href = reverse("plan-close", args=[plan.studio_id, plan.period])
    return ToClose(plan, still_open, last_day, calendar.count_between(on, last_day), href)


def life(plan: Plan, user, *, on: date, calendar: Workdays) -> dict:
    """What ``projects/plan_state.html`` draws."""
    phase = plan.phase(on, calendar)
    studio = plan.studio
    returned = None
    if plan.state == Plan.State.DRAFT:
        last = plan.steps.prefetch_related("remarks__item").select_related("by__person").first()
        returned = last if last and last.act == PlanStep.Act.RETURNED else None
    seal = sealed(plan)
    draft = plan.state == Plan.State.DRAFT and plan.planned and plan.ends_on >= on
    return {
        "asked": ChangeRequest.objects.open().of_plan(plan).count() if plan.is_bound else 0,
        "phase": (phase.label, TONES[phase]),
        "returned": returned,
        "seal": seal,
        "may_submit": bool(draft) and user.has_perm("projects.submit_plan", studio),
        "may_confirm": plan.state == Plan.State.SUBMITTED and user.has_perm("projects.confirm_plan", studio),
        "may_agree": (
            seal is not None
            and user.has_perm("projects.submit_plan", studio)
            and may_agree(seal, on=on, calendar=calendar)
        ),
    }


@dataclass(frozen=True)
class Carried:
    """An item and the period in which it goes on, or from which it came."""

    item: PlanItem
    other: PlanItem
    onward: bool

    @property
    def there(self) -> str | None:
        """What was done before it was carried on: of this item, or of the one that this one carries on."""
        return (self.item if self.onward else self.other).shown


def carried(plan: Plan, items) -> list[Carried]:
    """The items of a plan that go on elsewhere or came from elsewhere, both ways. Two queries at most."""
    items = {item.pk: item for item in items}
    gone = [pk for pk, item in items.items() if item.state in (PlanItem.State.CARRIED, PlanItem.State.DONE)]
    rests = PlanItem.objects.filter(carried_from__in=gone).exclude(state=PlanItem.State.CANCELLED)
    onward = rests.select_related("plan").order_by("pk") if gone else ()
    found = [Carried(items[rest.carried_from_id], rest, onward=True) for rest in onward]
    sources = {item.carried_from_id for item in items.values() if item.carried_from_id}
    olds = PlanItem.objects.select_related("plan").in_bulk(sources) if sources else {}
    found += [
        Carried(item, olds[item.carried_from_id], onward=False)
        for item in items.values()
        if item.carried_from_id
    ]
    return found
