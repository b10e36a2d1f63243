"""Breaking plans down (任务分解): the empty plans of a year, and a yearly item over quarters and months."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.calendar import QUARTER, Period
from core.errors import NotAllowedNow
from members.models import Person
from projects import stated_topics
from projects.models import Plan, PlanItem
from projects.progress import add_up, lock_open
from studios.models import Studio

#: From this month on the plans of the coming year are laid out, so that it can be planned before it begins.
PLANNING_STARTS_IN_MONTH = 11


def years_to_plan(on: date) -> list[int]:
    """The years whose plans should be there on a day."""
    return [on.year, on.year + 1] if on.month >= PLANNING_STARTS_IN_MONTH else [on.year]


def lay_out_missing(*, on: date) -> int:
    """Give every working studio the plans it lacks; how many studios lacked some. Safe to run at any time."""
    years = years_to_plan(on)
    complete = Plan.objects.filter(kind=Plan.Kind.YEAR, year__in=years).values("studio")
    lacking = [
        studio
        for year in years
        for studio in Studio.objects.active().exclude(pk__in=complete.filter(year=year))
    ]
    Plan.lay_out({studio.pk: studio for studio in lacking}.values(), *years)
    return len({studio.pk for studio in lacking})


def plan_of(studio: Studio, period: Period, *, on: date) -> Plan | None:
    """The plan of a studio for a period, laid out for the first who looks; None outside the planned years."""
    plan = Plan.objects.filter(studio=studio, period=period.key).first()
    if plan is None and period.year in years_to_plan(on) and studio.is_working:
        Plan.lay_out([studio], period.year)
        stated_topics.lay_out(on=on, studios=[studio])
        plan = Plan.objects.get(studio=studio, period=period.key)
    return plan


@dataclass(frozen=True)
class Share:
    """What a yearly item asks of one quarter or month."""

    period: Period
    content: str
    owner: Person | None = None
    due_on: date | None = None
    weight: Decimal = Decimal(1)


@transaction.atomic
def break_down(item: PlanItem, shares: Iterable[Share]) -> list[PlanItem]:
    """Hang quarter and month items under a yearly item, all or none; gives them.

    A month item goes under the quarter item made with it, or else under the first one there is already.
    Raises NotAllowedNow for a month whose quarter has none.
    """
    lock_open(item.plan)
    plans = {
        plan.period: plan for plan in Plan.objects.filter(studio=item.plan.studio_id, year=item.plan.year)
    }
    above = {}
    for quarter_item in item.below.select_related("plan").order_by("-pk"):
        above[quarter_item.plan.period] = quarter_item
    made = []
    for share in sorted(shares, key=lambda share: share.period.kind != QUARTER):
        parent = item if share.period.kind == QUARTER else above.get(share.period.parent.key)
        if parent is None:
            raise NotAllowedNow(_("A month needs an item of its quarter to serve."))
        plans[share.period.key].refuse_if_closed()
        child = PlanItem.objects.create(
            plan=plans[share.period.key],
            parent=parent,
            topic=item.topic,
            kind=item.kind,
            content=share.content,
            owner=share.owner,
            due_on=share.due_on,
            weight=share.weight,
        )
        if share.period.kind == QUARTER:
            above[share.period.key] = child
        made.append(child)
    add_up(item.plan)
    return made
