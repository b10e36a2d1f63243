"""The running months of some studios are confirmed; a few changes are asked for, and some are decided."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from core.calendar import Period
from members.models import User
from projects import confirming, revising
from projects.models import Plan, PlanItem
from studios.models import Membership, Studio

#: So many studios, the first in the register, have handed in their month.
STUDIOS = 8
#: Why a change is asked for, and what is said to it; one after another. None: not decided yet.
ASKED = [
    ("外协单位设备检修推迟，试验件下月初才能到货", None),
    ("主要参与人借调参加技能大赛集训两周", None),
    ("甲方调整试验窗口，现场试验顺延", "情况属实，同意"),
    ("试验数据需补测一组", ""),
]


def make(group) -> None:
    """Confirm the months as they stand, ask for later due days, decide some of the requests."""
    leads = User.objects.filter(
        person__memberships__role=Membership.Role.LEAD, person__memberships__left_on=None
    ).order_by("pk")
    lead_of = {user.person_id: user for user in leads}
    plans = Plan.objects.of(Period.containing(group.on)).filter(planned__gt=0, state=Plan.State.DRAFT)
    first = plans.filter(studio__state__in=Studio.WORKING, studio__position__lte=STUDIOS)
    asked = list(ASKED)
    for plan in first.select_related("studio__unit").order_by("studio__position", "pk"):
        lead = lead_of.get(plan.studio.lead and plan.studio.lead.pk)
        if lead is None:
            continue
        at = min(timezone.make_aware(datetime.combine(plan.starts_on, time(10))), group.noon)
        confirming.submit(plan, by=lead, at=at)
        confirming.confirm(plan, by=group.staff, at=at)
        rows = PlanItem.objects.filter(plan=plan, due_on__isnull=False).open().order_by("-due_on", "pk")
        item = rows.select_related("plan__studio__unit").first()
        if item and asked:
            _ask(group, item, lead, *asked.pop(0))


def _ask(group, item: PlanItem, lead: User, reason: str, remark: str | None) -> None:
    wanted = revising.changed(item, {"due_on": item.due_on + timedelta(days=9)})
    request = revising.ask(item, wanted, by=lead, at=group.noon, reason=reason)
    if remark:
        revising.approve(request, by=group.staff, at=group.noon, remark=remark)
    elif remark == "":
        revising.refuse(request, by=group.staff, at=group.noon, remark="补测可在月内完成，时限不变")
