"""Closing a month, a quarter, a year (月清): what is left over is settled, then a sealed copy stands.

All of it is one transaction that takes the line of plans first, as every writer does: a report comes before
the closing and is in it, or after it and is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core import shown
from core.calendar import MONTH, Period
from core.errors import NotAllowedNow
from core.workdays import Workdays
from notifications.sending import tell
from projects import lessons
from projects.audiences import People
from projects.binding import crosses, must_ask
from projects.changes import carry_over, next_period, set_state
from projects.freezing import freeze
from projects.models import Frozen, Lesson, Plan, PlanItem, PlanStep
from projects.progress import ReasonMissing, lock_line, lock_open
from projects.revising import lapse, letting_go, record

State = PlanItem.State
Act = PlanStep.Act
CARRY, SPLIT, EXTEND, CANCEL, LEAVE, TOLERATE, DONE = (
    *("carry", "split", "extend", "cancel", "leave", "tolerate", "done"),
)
WORDS = {
    DONE: pgettext_lazy("leftover", "it is done"),
    CARRY: pgettext_lazy("leftover", "carry over the rest"),
    SPLIT: pgettext_lazy("leftover", "accept what is done, new item for the rest"),
    EXTEND: pgettext_lazy("leftover", "extend inside the quarter"),
    CANCEL: pgettext_lazy("leftover", "cancel"),
    LEAVE: pgettext_lazy("leftover", "leave it as not done"),
    TOLERATE: pgettext_lazy("leftover", "tolerate the failure"),
}
#: What can only be chosen with a reason. Carrying over asks for one from the third time on; what is tolerated
#: has its lesson.
NEEDS_REASON = (CANCEL,)
#: The choices that only bring the item into a state.
ENDS_AS = {CANCEL: State.CANCELLED, TOLERATE: State.TOLERATED, DONE: State.DONE}
BY_RULE = gettext_lazy("Not finished by the end of the period.")
#: So many working days the lead has to confirm what was closed by itself.
DAYS_TO_AGREE = 2
#: A summary is written in these boxes.
TEXTS = ("done", "difficulties", "help")


class LeftoversChanged(NotAllowedNow):
    sentence = gettext_lazy("Something has changed meanwhile. Look once more at what is left over.")


@dataclass(frozen=True)
class Choice:
    """What becomes of one item that is left over; ``due_on`` is the new day of one that is extended."""

    act: str
    reason: str = ""
    due_on: date | None = None


def leftovers(plan: Plan) -> list[PlanItem]:
    """The open items of a plan, each with ``carried_before``: whether it was carried over twice already."""
    rows = plan.items.open().for_list().annotate(carried_before=F("carried_from__carried_from"))
    return list(rows.select_related("parent__plan", "lesson").order_by("due_on", "pk"))


def proposal(item: PlanItem) -> Lesson | None:
    """The lesson with which the studio asks the union to tolerate that the item is not reached."""
    lesson = getattr(item, "lesson", None)
    return lesson if lesson and lesson.is_waiting else None


def may_carry(plan: Plan, user, *, on: date) -> bool:
    """Whether this person (None: the calendar) may carry over what is left of a plan: out of a confirmed plan
    into another quarter only by the union's yes."""
    free = not plan.is_bound or (user is not None and user.has_perm("projects.decide_change", plan))
    return free or not crosses(plan, next_period(plan, on=on))


def default_for(item: PlanItem, *, carries: bool = True) -> Choice:
    """What becomes of an item if nobody says otherwise: finished is done, undone stays so, the rest is
    carried over, and with it what waits for the union; where it may not be (``carries``), it is left as not
    done. Nothing is tolerated by itself."""
    if item.complete:
        return Choice(DONE)
    if not carries or (item.state == State.UNDONE and not proposal(item)):
        return Choice(LEAVE, item.reason)
    return Choice(CARRY)


def offered(item: PlanItem, user, *, carries: bool = True) -> list[str]:
    """What this person may choose for an item, in the order in which it is offered."""
    acts = [DONE] if item.complete else [CARRY] if carries else []
    if carries and not item.complete and item.share:
        acts.append(SPLIT)
    if not item.complete and item.plan.kind == MONTH and item.plan.span.next.parent == item.plan.span.parent:
        acts.append(EXTEND)
    acts += [LEAVE] if must_ask(item, user) else [CANCEL, LEAVE]
    return [*acts, TOLERATE] if proposal(item) and user.has_perm("projects.tolerate", item) else acts


def why_not(item: PlanItem, choice: Choice) -> str:
    """The sentence that says what is missing for a choice; empty where it can be done."""
    if choice.act == CARRY and item.carried_before and not choice.reason.strip():
        return _("It was carried over twice already. Please say why it is to be carried over again.")
    if choice.act in NEEDS_REASON and not choice.reason.strip():
        return _("Please say why.")
    if choice.act == TOLERATE and not proposal(item):
        return _("Say first what was done, what was learnt and what you advise.")
    if choice.act == EXTEND:
        last = item.plan.span.parent.ends_on
        if choice.due_on is None or not item.plan.ends_on < choice.due_on <= last:
            return _("Choose a day after this month and not after %(day)s.") % {"day": shown.day(last)}
    return ""


def still_open_within(plan: Plan) -> list[Plan]:
    """The planned periods right below a quarter or year that are not closed."""
    parts = [span.key for span in plan.span.split()]
    return list(
        Plan.objects.filter(studio=plan.studio_id, period__in=parts, planned__gt=0)
        .not_closed()
        .order_by("starts_on")
    )


@transaction.atomic
def close(
    plan: Plan,
    *,
    by,
    at: datetime,
    calendar: Workdays,
    choices: Mapping[int, Choice],
    texts: Mapping[str, str] | None = None,
    force: bool = False,
) -> Frozen:
    """Settle what is left over, seal the copy, and let nobody write into the period any more; gives the copy.

    ``choices`` are those for every open item, by its id. ``by`` is None where the calendar closes. ``force``
    closes a quarter or year although periods in it are open, and names them. Raises LeftoversChanged,
    ReasonMissing, or NotAllowedNow: closed already, too early, or periods within it are open.
    """
    lock_open(plan)
    on = timezone.localdate(at)
    if not plan.may_be_closed_on(on, calendar):
        first = calendar.on_or_before(plan.ends_on)
        raise NotAllowedNow(_("It can be closed from %(day)s on.") % {"day": shown.day(first)})
    within = still_open_within(plan)
    names = "、".join(str(part.span) for part in within)
    if within and not force:
        raise NotAllowedNow(_("Close these first: %(periods)s.") % {"periods": names})
    left = leftovers(plan)
    if {item.pk for item in left} - set(choices):
        raise LeftoversChanged
    for item in left:
        _settle(item, choices[item.pk], by=by, at=at)
    plan.refresh_from_db()
    late = by is not None and on > plan.last_day_to_close(calendar)
    texts = {name: (texts or {}).get(name, "").strip() for name in TEXTS}
    said = _("Closed although these were open: %(periods)s.") % {"periods": names} if within else ""
    if said:
        texts["forced"] = said
    lapse(plan, by=by, at=at)
    plan.move(Plan.State.CLOSED)
    plan.steps.create(act=Act.CLOSED, by=by, at=at, text=said)
    return freeze(plan, Frozen.Kind.CLOSING, by=by, at=at, texts=texts, late=late)


def _settle(item: PlanItem, choice: Choice, *, by, at: datetime) -> None:
    if sentence := why_not(item, choice):
        raise ReasonMissing(f"{item.content}: {sentence}")
    told = {"by": by, "at": at, "reason": choice.reason.strip() or str(BY_RULE)}
    ends = {CARRY: State.CARRIED, SPLIT: State.CARRIED, CANCEL: State.CANCELLED}.get(choice.act, "")
    if by and (changes := letting_go(item, ends, on=timezone.localdate(at))):
        record(item, changes, **told)
    if choice.act in (CARRY, SPLIT):
        carry_over(item, accepted=choice.act == SPLIT, **told)
    elif choice.act == EXTEND:
        carry_over(item, due_on=choice.due_on, into=Period.containing(choice.due_on), **told)
    elif choice.act == LEAVE:
        if item.state != State.UNDONE:
            set_state(item, State.UNDONE, **told)
    elif choice.act == TOLERATE:
        lessons.confirm(item.lesson, by=by, at=at, seen=item.lesson.version)
    else:
        set_state(item, ENDS_AS[choice.act], **told)


def close_due(*, on: date, at: datetime, calendar: Workdays) -> int:
    """Close the months whose last day is over, everything left over by rule; how many were closed.

    Safe to repeat, and harmless where somebody closes at the same moment.
    """
    closed = 0
    due = Plan.objects.closing_by_themselves().filter(ends_on__lt=on).select_related("studio__unit")
    for plan in due.order_by("starts_on", "pk"):
        if on > plan.last_day_to_close(calendar):
            with suppress(NotAllowedNow):
                _close_by_itself(plan, at=at, calendar=calendar)
                closed += 1
    return closed


@transaction.atomic
def _close_by_itself(plan: Plan, *, at: datetime, calendar: Workdays) -> None:
    lock_open(plan)
    carries = may_carry(plan, None, on=timezone.localdate(at))
    defaults = {item.pk: default_for(item, carries=carries) for item in leftovers(plan)}
    choices = {pk: replace(choice, reason=choice.reason or str(BY_RULE)) for pk, choice in defaults.items()}
    frozen = close(plan, by=None, at=at, calendar=calendar, choices=choices)
    due_on = calendar.shift(frozen.on, DAYS_TO_AGREE).isoformat()
    once = f"version:{frozen.number}"
    _tell_steering(plan, "month_closed_by_itself", once=once, on=frozen.on, count=len(choices), due_on=due_on)


def _tell_steering(plan: Plan, kind: str, *, once: str, on: date, by=None, **params) -> None:
    tell(
        People([plan.studio], (), on=on).find("steering", plan.studio)[0],
        kind,
        about=plan,
        url=plan.get_absolute_url(),
        once=once,
        params={"studio": plan.studio.name, "of_period": plan.period, **params},
        by=by,
    )


def may_agree(copy: Frozen, *, on: date, calendar: Workdays) -> bool:
    """Whether a closing that happened by itself still waits for the lead's word: two working days."""
    if not copy.is_automatic or on > calendar.shift(copy.on, DAYS_TO_AGREE):
        return False
    return not copy.plan.steps.filter(act=Act.AGREED, at__gte=copy.at).exists()


@transaction.atomic
def agree(plan: Plan, *, by, at: datetime, calendar: Workdays) -> PlanStep:
    """The lead confirms what the calendar has closed."""
    lock_line(plan)
    plan.refresh_from_db()
    copy = plan.frozen.closings().first() if plan.is_closed else None
    if copy is None or not may_agree(copy, on=timezone.localdate(at), calendar=calendar):
        raise NotAllowedNow
    return plan.steps.create(act=Act.AGREED, by=by, at=at)


@transaction.atomic
def extend(plan: Plan, *, by, at: datetime, seen: date, to: date) -> PlanStep:
    """Let a plan close later. ``seen`` is the day on which it closed until now, as whoever acts saw it."""
    before = plan.closes_on
    lock_open(plan)
    if plan.closes_on != before:
        raise NotAllowedNow
    plan.closes_on = to
    plan.save(update_fields=["closes_on"])
    step = plan.steps.create(act=Act.EXTENDED, by=by, at=at, text=f"{seen} → {to}")
    once, on = f"step:{step.pk}", timezone.localdate(at)
    _tell_steering(plan, "month_closes_later", once=once, on=on, by=by, until_on=to.isoformat())
    return step


@transaction.atomic
def reopen(plan: Plan, *, by, at: datetime, reason: str, until: date) -> PlanStep:
    """Open a closed period again until a day, with a reason; closing it anew makes the next version.

    What the union has tolerated since it was closed ends as that.
    """
    lock_line(plan)
    plan.refresh_from_db()
    if not reason.strip():
        raise ReasonMissing
    if until < timezone.localdate(at):
        raise NotAllowedNow(_("The day until which it is open lies in the past."))
    above = plan.span.parent and Plan.objects.closed().filter(
        studio=plan.studio_id, period=plan.span.parent.key
    )
    if above and above.exists():
        raise NotAllowedNow(_("%(period)s is closed; reopen that first.") % {"period": plan.span.parent})
    plan.move(Plan.State.REOPENED, closes_on=until)
    lessons.let_in(plan, by=by, at=at)
    step = plan.steps.create(act=Act.REOPENED, by=by, at=at, text=reason.strip())
    once, on = f"step:{step.pk}", timezone.localdate(at)
    said = {"until_on": until.isoformat(), "reason": step.text[:200]}
    _tell_steering(plan, "plan_reopened", once=once, on=on, by=by, **said)
    return step
