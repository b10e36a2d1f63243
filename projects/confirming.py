"""Handing a plan in, giving it back, confirming it: the confirmed plan is frozen as its baseline.

Each verb is one transaction with one conditional UPDATE; who comes second gets NotAllowedNow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowedNow
from notifications.sending import tell
from projects.audiences import People
from projects.freezing import freeze
from projects.models import Frozen, Plan, PlanItem, PlanStep, Remark
from projects.progress import ReasonMissing, lock_open

Act = PlanStep.Act


class ReadBefore(NotAllowedNow):
    sentence = _("The plan has changed since you read it. Here is how it stands now: read it once more.")


def stamp(items: Iterable[PlanItem]) -> str:
    """Another text as soon as one of the items, or of their indicators, is changed, added or taken away."""
    versions = [
        (item.pk, item.version, sorted((each.pk, each.version) for each in item.indicators.all()))
        for item in items
    ]
    return sha256(repr(sorted(versions)).encode()).hexdigest()[:16]


@transaction.atomic
def submit(plan: Plan, *, by, at: datetime, note: str = "") -> PlanStep:
    """Hand a plan in. Raises NotAllowedNow where it is empty or no longer being written."""
    lock_open(plan)
    if not plan.items.planned().exists():
        raise NotAllowedNow(_("The plan is empty: there is nothing to confirm yet."))
    plan.move(Plan.State.SUBMITTED)
    step = plan.steps.create(act=Act.SUBMITTED, by=by, at=at, text=note.strip())
    people = _people(plan, at)
    checkers = people.find("union", plan.studio)[0]
    _tell(checkers, "plan_submitted", plan, step, to="plan-decide", by=by)
    return step


@transaction.atomic
def confirm(
    plan: Plan, *, by, at: datetime, note: str = "", remarks: Mapping | None = None, seen: str = ""
) -> Frozen:
    """Confirm a plan that was handed in; gives its baseline, frozen as it stands.

    ``seen`` is the ``stamp`` of what was read; ReadBefore where the studio has changed it since.
    """
    lock_open(plan)
    if seen and seen != stamp(PlanItem.objects.filter(plan=plan).prefetch_related("indicators")):
        raise ReadBefore
    plan.move(Plan.State.CONFIRMED)
    step = _step(plan, Act.CONFIRMED, by, at, note, remarks)
    baseline = freeze(plan, Frozen.Kind.BASELINE, by=by, at=at)
    _tell(_people(plan, at).find("steering", plan.studio)[0], "plan_confirmed", plan, step, by=by)
    return baseline


@transaction.atomic
def give_back(plan: Plan, *, by, at: datetime, note: str, remarks: Mapping | None = None) -> PlanStep:
    """Return a plan to be corrected, with what is to be changed. Raises ReasonMissing."""
    lock_open(plan)
    if not note.strip() and not any((remarks or {}).values()):
        raise ReasonMissing
    if plan.state != Plan.State.SUBMITTED:
        raise NotAllowedNow
    plan.move(Plan.State.DRAFT)
    step = _step(plan, Act.RETURNED, by, at, note, remarks)
    _tell(_people(plan, at).find("steering", plan.studio)[0], "plan_returned", plan, step, by=by)
    return step


def _step(plan: Plan, act: str, by, at: datetime, note: str, remarks: Mapping | None) -> PlanStep:
    """``remarks`` are texts by the id of the item; those of other plans are left out."""
    step = plan.steps.create(act=act, by=by, at=at, text=note.strip())
    items = plan.items.in_bulk([pk for pk, text in (remarks or {}).items() if text.strip()])
    Remark.objects.bulk_create(
        Remark(step=step, item=item, text=remarks[pk].strip()[:500]) for pk, item in items.items()
    )
    return step


def _people(plan: Plan, at: datetime) -> People:
    return People([plan.studio], (), on=timezone.localdate(at))


def _tell(recipients, kind: str, plan: Plan, step: PlanStep, *, to: str = "", by=None) -> None:
    url = reverse(to, args=[plan.studio_id, plan.period]) if to else plan.get_absolute_url()
    params = {"studio": plan.studio.name, "of_period": plan.period, "note": step.text[:200]}
    tell(recipients, kind, about=plan, url=url, once=f"step:{step.pk}", params=params, by=by)
