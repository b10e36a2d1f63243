"""Asking to change what a confirmed plan has bound (变更申请), and deciding on it.

While a request waits, work goes on under what was confirmed. Each verb is one transaction that takes the line
of plans first; the first decision counts, whoever comes second gets NotAllowedNow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.calendar import Period
from core.errors import NotAllowedNow
from core.versions import ChangedMeanwhile
from notifications.sending import tell
from projects.audiences import People
from projects.binding import crosses, must_ask
from projects.changes import carry_over, next_period, set_state
from projects.freezing import freeze
from projects.models import ChangeRequest, Frozen, Indicator, Milestone, Plan, PlanItem
from projects.models.numbers import plain
from projects.progress import ReasonMissing, add_up, lock_open, still_there

State = ChangeRequest.State
#: What is left as it is: nothing of it is changed any more.
LET_GO = (PlanItem.State.CARRIED, PlanItem.State.CANCELLED, PlanItem.State.TOLERATED)


class ItemChanged(NotAllowedNow):
    """What is to be changed no longer is what it was when somebody asked."""

    sentence = gettext_lazy(
        "This was changed after it was asked for. Refuse it; a new request may start from what stands now."
    )


def changed(record: PlanItem | Indicator, wanted: Mapping[str, Any]) -> dict[str, list]:
    """What is changed, as a request keeps it: ``[old, new]``, and the names of relations."""
    found = {}
    for name, new in wanted.items():
        old = getattr(record, name)
        if old != new:
            found[name] = [_kept(old), _kept(new)]
            if isinstance(old or new, models.Model):
                found[name] += [str(value or "") for value in (old, new)]
    return found


def _kept(value):
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, Decimal | int):
        return plain(Decimal(value))
    return value.isoformat() if isinstance(value, date) else value


@transaction.atomic
def ask(
    item: PlanItem, changes: dict, *, by, at: datetime, reason: str, indicator: Indicator | None = None
) -> ChangeRequest:
    """Ask for a change of an item, or of one indicator of it. Raises ReasonMissing, or NotAllowedNow."""
    request = _request(item, changes, by=by, at=at, reason=reason, indicator=indicator)
    if item.change_requests.open().exists():
        raise NotAllowedNow(_("A change of this item is asked for already."))
    request.save()
    people = _people(item, at)
    deciding = people.find("union", item.studio)[0]
    _tell(deciding, "change_asked", request, by=by)
    return request


def _request(item, changes, *, by, at, reason, indicator) -> ChangeRequest:
    if not reason.strip():
        raise ReasonMissing
    lock_open(item.plan)
    item = still_there(PlanItem.objects.select_related("plan__studio__unit"), item.pk)
    if not item.plan.is_bound or item.state in LET_GO or not changes:
        raise NotAllowedNow
    return ChangeRequest(
        item=item, indicator=indicator, changes=changes, reason=reason.strip(), asked_by=by, asked_at=at
    )


@transaction.atomic
def approve(request: ChangeRequest, *, by, at: datetime, remark: str = "") -> ChangeRequest:
    """Do exactly what was asked, and seal the next baseline. Raises ItemChanged, or NotAllowedNow."""
    request = _decided(request, State.APPROVED, by=by, at=at, remark=remark)
    _apply(request, by=by, at=at)
    _seal(request.item.plan, [request], by=by, at=at)
    _tell_who_asked(request, "change_approved", at=at, by=by)
    return request


@transaction.atomic
def refuse(request: ChangeRequest, *, by, at: datetime, remark: str) -> ChangeRequest:
    """Leave everything as it was confirmed, and say why. Raises ReasonMissing, or NotAllowedNow."""
    if not remark.strip():
        raise ReasonMissing
    request = _decided(request, State.REFUSED, by=by, at=at, remark=remark)
    _tell_who_asked(request, "change_refused", at=at, by=by)
    return request


@transaction.atomic
def withdraw(request: ChangeRequest, *, by, at: datetime) -> ChangeRequest:
    """Take back what was asked for, while nobody has decided."""
    return _decided(request, State.WITHDRAWN, by=by, at=at, own=True)


def _decided(request: ChangeRequest, state: str, *, by, at, remark="", own=False) -> ChangeRequest:
    lock_open(request.item.plan)
    waiting = ChangeRequest.objects.open().filter(pk=request.pk)
    if not own:
        waiting = waiting.exclude(asked_by=by)
    if not waiting.update(state=state, decided_by=by, decided_at=at, remark=remark.strip()):
        raise NotAllowedNow
    return ChangeRequest.objects.for_list().select_related("item__plan__studio__unit").get(pk=request.pk)


@transaction.atomic
def revise(
    asked: Iterable[tuple[PlanItem, dict]],
    *,
    by,
    at: datetime,
    reason: str,
    indicator: Indicator | None = None,
) -> list[ChangeRequest]:
    """Change at once what was confirmed, by who may decide it: kept as requests that were approved at once.

    One baseline is sealed for each plan, whatever the number of its items.
    """
    made: dict[int, list[ChangeRequest]] = {}
    for item, changes in asked:
        request = record(item, changes, by=by, at=at, reason=reason, indicator=indicator)
        _apply(request, by=by, at=at)
        made.setdefault(item.plan_id, []).append(request)
    for requests in made.values():
        _seal(requests[0].item.plan, requests, by=by, at=at)
    return [request for requests in made.values() for request in requests]


def record(item: PlanItem, changes: dict, *, by, at, reason: str, indicator=None) -> ChangeRequest:
    """Keep as an approved request what is changed in the caller's transaction. Raises ReasonMissing."""
    request = _request(item, changes, by=by, at=at, reason=reason, indicator=indicator)
    request.state, request.decided_by, request.decided_at = State.APPROVED, by, at
    request.save()
    return request


def lapse(plan: Plan, *, by, at: datetime) -> None:
    """What nobody decided before the plan is closed is asked for no longer; who asked is told."""
    lapsing = ChangeRequest.objects.open().of_plan(plan)
    requests = list(lapsing.for_list())
    lapsing.update(state=State.WITHDRAWN, decided_at=at)
    for request in requests:
        _tell([request.asked_by], "change_lapsed", request, by=by, of_period=plan.period)


def letting_go(item: PlanItem, state: str, *, on: date, due_on: date | None = None) -> dict:
    """What has to be asked for where an item is to be cancelled or carried over; empty where that is free."""
    if not item.plan.is_bound:
        return {}
    if state == PlanItem.State.CANCELLED:
        return {"state": [item.state, state]}
    if state == PlanItem.State.CARRIED:
        into = next_period(item.plan, on=on)
        if crosses(item.plan, into):
            return {"into": [item.plan.period, into.key]} | (
                changed(item, {"due_on": due_on}) if due_on else {}
            )
    return {}


@transaction.atomic
def let_go(
    item: PlanItem, state: str, *, by, at: datetime, reason: str, due_on: date | None = None
) -> ChangeRequest | None:
    """Cancel an item or carry it over where the confirmation binds that: asked for, or done at once by who
    may decide it. None where nothing is bound and it goes its ordinary way."""
    changes = letting_go(item, state, on=timezone.localdate(at), due_on=due_on)
    if not changes:
        return None
    if must_ask(item, by):
        return ask(item, changes, by=by, at=at, reason=reason)
    return revise([(item, changes)], by=by, at=at, reason=reason)[0]


def drifted(request: ChangeRequest) -> dict[str, str]:
    """What stands now, as people read it, of the fields that no longer are what they were when asked for."""
    record = request.record
    found = {}
    for name, values in request.changes.items():
        now = _now(record, name)
        if name not in ("state", "into") and now != values[0]:
            found[name] = str(getattr(record, name) or "") if len(values) > 2 else request.read(name, now)
    return found


def _now(record: PlanItem | Indicator, name: str):
    """A field of a record as a request keeps it."""
    if name == "steps":
        return steps_of(record)
    return None if name in ("state", "into") else _kept(getattr(record, name))


def steps_of(indicator: Indicator) -> str:
    """The milestones of an indicator, one on a line."""
    return "\n".join(row.title for row in indicator.milestones.all())


def _apply(request: ChangeRequest, *, by, at: datetime) -> None:
    """Do what a request says, through the verbs that everybody else goes through."""
    item, changes = request.item, request.changes
    if item.state in LET_GO:
        raise ItemChanged
    told = {"by": by, "at": at, "reason": request.reason}
    if "state" in changes:
        set_state(item, changes["state"][1], **told)
    elif "into" in changes:
        due_on = date.fromisoformat(changes["due_on"][1]) if changes.get("due_on") else None
        carry_over(item, into=Period.parse(changes["into"][1]), due_on=due_on, **told)
    else:
        _set_fields(request)
        add_up(item.plan)


def _set_fields(request: ChangeRequest) -> None:
    rows = type(request.record).objects.select_for_update(of=("self",))
    record = still_there(rows, request.record.pk)
    request.indicator, request.item = (record, request.item) if request.indicator_id else (None, record)
    if drifted(request):
        raise ItemChanged
    names = [name for name in request.changes if name != "steps"]
    for name in names:
        field = record._meta.get_field(name)
        setattr(record, field.attname, field.to_python(request.changes[name][1]))
    if "owner" in names:
        record.owner_name = ""
        names.append("owner_name")
    try:
        record.validate_constraints()
        record.save_if_unchanged(seen=record.version, fields=names)
    except ValidationError as wrong:
        raise NotAllowedNow(" ".join(wrong.messages)) from wrong
    except ChangedMeanwhile as somebody:
        raise ItemChanged from somebody
    if "steps" in request.changes:
        set_steps(record, request.changes["steps"][1].split("\n"))


def set_steps(indicator: Indicator, steps: list[str]) -> None:
    """Give an indicator its milestones; those that keep their words stay reached."""
    reached = {row.title: row.reached_on for row in indicator.milestones.all()}
    if list(reached) == steps:
        return
    indicator.milestones.all().delete()
    Milestone.objects.bulk_create(
        Milestone(indicator=indicator, title=title, reached_on=reached.get(title)) for title in steps
    )


def _seal(plan: Plan, requests: Iterable[ChangeRequest], *, by, at: datetime) -> None:
    """The next baseline; a plan that was never confirmed has none."""
    plan.refresh_from_db()
    if plan.frozen.baselines().exists():
        baseline = freeze(plan, Frozen.Kind.BASELINE, by=by, at=at)
        for request in requests:
            request.baseline = baseline
            request.save(update_fields=["baseline"])


def _people(item: PlanItem, at: datetime) -> People:
    return People([item.studio], (), on=timezone.localdate(at))


def _tell_who_asked(request: ChangeRequest, kind: str, *, at: datetime, by) -> None:
    recipients = _people(request.item, at).steering_and(request.studio, request.asked_by)
    _tell(recipients, kind, request, by=by)


def _tell(recipients, kind: str, request: ChangeRequest, *, by, **more) -> None:
    params = {
        "studio": request.studio.name,
        "subject": request.item.content,
        "changes": request.said[:200],
        "text": request.remark or request.reason,
        **more,
    }
    url = reverse("change-request", args=[request.pk])
    tell(recipients, kind, about=request, url=url, once=f"change:{request.pk}:{kind}", params=params, by=by)
