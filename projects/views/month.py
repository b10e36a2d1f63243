"""The four boxes of a month: the lead's first screen."""

from typing import NamedTuple

from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import workdays
from core.access import permitted
from core.offline import keep_offline
from core.shown import percent_shown
from projects import my_studio
from projects.breakdown import plan_of
from projects.expected import Pace
from projects.forms import ItemForm
from projects.freezing import achieved
from projects.lines import Line, lines
from projects.models import Plan, PlanItem
from projects.month_page import FourBoxes, four_boxes, in_order
from projects.problem_board import BOARD, open_rows
from projects.views import crumbs
from projects.views.life import ToClose, as_of, carried, life, sealed, to_close
from studios.attending import to_record
from studios.leave import waiting_for
from studios.models import Studio
from studios.tabs import frame

#: So many overdue items of earlier months are shown; the rest is behind a link.
MOST_OVERDUE = 20


@require_safe
@permitted("projects.view_plan", Studio)
@keep_offline("month")
def month(request, studio, period):
    """本月完成什么 · 本月学什么 · 下月重点 · 本季度实现什么, each line reported on in place."""
    if period.kind != "month":
        return redirect(crumbs.address(studio.pk, period))
    on = timezone.localdate()
    plan = plan_of(studio, period, on=on)
    if plan is None:
        raise Http404
    next_plan = plan_of(studio, period.next, on=on)
    quarter_plan = studio.plans.get(period=period.parent.key)
    calendar = workdays.of_page(request)
    pace = Pace(on, calendar)
    boxes = _boxes(plan, next_plan, quarter_plan, on=on)
    plan.studio = studio
    may_plan = request.user.has_perm("projects.change_plan", studio)
    overdue = _overdue_before(plan, on=on)
    bearing = studio.memberships.current(on=on)

    def drawn(items: list[PlanItem]) -> list[Line]:
        return lines(items, request.user, on=on, pace=pace)

    context = {
        **frame(studio, user=request.user, active="month", on=on),
        **life(plan, request.user, on=on, calendar=calendar),
        "to_close": _to_close(plan, request.user, on=on, calendar=calendar),
        "carried": carried(plan, [*boxes.finish, *boxes.learn]),
        "belated": plan.belated.select_related("item__plan", "by__person"),
        "next_plan": next_plan,
        "may_plan": may_plan and not plan.is_closed,
        "nav": crumbs.period_nav(studio.pk, period),
        "boxes": [
            (key, title, icon, *folded(each))
            for key, title, icon, each in (
                ("finish", _("To finish this month"), "target-arrow", drawn(boxes.finish)),
                ("learn", _("To learn this month"), "school", drawn(boxes.learn)),
                (
                    "next",
                    _("Emphasis of next month"),
                    "calendar-due",
                    [Line(item, on) for item in boxes.next_month],
                ),
                ("quarter", _("To achieve this quarter"), "flag", drawn(boxes.quarter)),
            )
        ],
        "quick": _quick_form(next_plan, on) if may_plan and next_plan and not next_plan.is_closed else None,
        "overdue": drawn(overdue[:MOST_OVERDUE]),
        "more_overdue": len(overdue) > MOST_OVERDUE,
        "without_indicator": list(bearing.without_indicator(year=on.year).select_related("person")),
        "problem_rows": open_rows(studio.problems, on=on, calendar=calendar),
        "all_problems": f"{BOARD.url}?studio={studio.pk}",
        "raise_to": crumbs.raising(studio, request.user),
        "to_record": list(to_record([studio.pk], on=on)[:3]),
        "waiting": waiting_for(request.user),
        "may_record": request.user.has_perm("studios.change_activities", studio),
        "on": on,
        "next_activity": studio.activities.to_come(on=on).first(),
        **figures(plan, quarter_plan, on=on, calendar=calendar),
    }
    return my_studio.remember(request, render(request, "projects/month.html", context), studio)


def _to_close(plan: Plan, user, *, on, calendar) -> list[ToClose]:
    """The months that wait to be closed: the one before it, and this one."""
    before = Plan.objects.filter(studio=plan.studio_id, period=plan.span.previous.key).first()
    cards = []
    for each in filter(None, (before, plan)):
        each.studio = plan.studio
        cards.append(to_close(each, user, on=on, calendar=calendar))
    return [card for card in cards if card]


def folded(each: list[Line]) -> tuple[list[Line], list[Line]]:
    """What is still to be seen to, and what is done: that is folded away, a line each."""
    done = [line for line in each if line.item.state == PlanItem.State.DONE]
    return [line for line in each if line.item.state != PlanItem.State.DONE], done


class Figure(NamedTuple):
    """``value`` None is "not planned"; ``href`` opens the rows behind it, ``sub`` stands below."""

    label: str
    value: str | int | None
    href: str
    tone: str = "plain"
    sub: str = ""


def figures(plan: Plan, quarter_plan: Plan, *, on, calendar) -> dict:
    """What stands at the top of the page, also after a report."""
    here = f"{reverse('items')}?studio={plan.studio_id}&period={plan.period}"
    late = plan.items.overdue(on=on).count()
    why, why_quarter = (
        reverse("plan-why", args=[each.studio_id, each.period]) for each in (plan, quarter_plan)
    )
    standings = Plan.objects.filter(pk__in=[plan.pk, quarter_plan.pk]).standings(on=on, calendar=calendar)
    return {
        "plan": plan,
        "as_of": as_of(plan, at=timezone.now()),
        "quarter_plan": quarter_plan,
        "figures": [
            Figure(_("This month"), percent(plan), why, "accent", sub=beside(standings.get(plan.pk))),
            *of_what_was_confirmed(plan),
            Figure(_("Done"), done_of(plan), f"{here}&state=counted"),
            Figure(_("Overdue this month"), late, f"{here}&overdue=1", "bad" if late else "plain"),
            Figure(
                _("This quarter"),
                percent(quarter_plan),
                why_quarter,
                sub=beside(standings.get(quarter_plan.pk)),
            ),
        ],
    }


def of_what_was_confirmed(plan: Plan) -> list[Figure]:
    """What is achieved of the newest baseline, apart from the progress of the plan; none before it is
    confirmed. Two queries after."""
    baseline = plan.frozen.baselines().first() if plan.state != Plan.State.DRAFT else None
    if baseline is None:
        return []
    href = reverse("plan-versions", args=[plan.studio_id, plan.period]) + "#against"
    value = achieved(baseline)
    return [Figure(_("Of what was confirmed"), value and percent_shown(value), href, sub=baseline.name)]


def beside(standing) -> str:
    """How a figure stands beside what is expected of it, as it is written below it."""
    return standing.sentence if standing else ""


def percent(plan: Plan) -> str | None:
    """The figure of a plan; of a closed one that which was sealed."""
    shown = sealed(plan).shown if sealed(plan) else plan.shown
    return shown and percent_shown(shown)


def done_of(plan: Plan) -> str:
    """How many items are done of those that count; of a closed plan as it was sealed."""
    copy = sealed(plan)
    done, counted = (copy.data["done"], copy.counted) if copy else (plan.done, plan.counted)
    return f"{done} / {counted}"


def _boxes(plan, next_plan, quarter_plan, *, on) -> FourBoxes:
    plans = {each.pk: each for each in (plan, next_plan, quarter_plan) if each}
    by_plan = {pk: [] for pk in plans}
    for item in PlanItem.objects.filter(plan__in=plans).for_list(on=on):
        by_plan[item.plan_id].append(item)
    return four_boxes(
        month=by_plan[plan.pk],
        next_month=by_plan[next_plan.pk] if next_plan else [],
        quarter=by_plan[quarter_plan.pk],
        on=on,
    )


def _overdue_before(plan: Plan, *, on) -> list[PlanItem]:
    earlier = Q(plan__studio=plan.studio_id, plan__ends_on__lt=plan.starts_on)
    late = (
        PlanItem.objects.filter(earlier)
        .in_open_plans()
        .overdue(on=on)
        .for_list(on=on)
        .order_by("due_on", "pk")
    )
    return in_order(late[: MOST_OVERDUE + 1], on=on)


def _quick_form(next_plan: Plan, on) -> ItemForm:
    item = PlanItem(plan=next_plan)
    return ItemForm(instance=item, on=on, quick=True, once=True, auto_id="quick_%s")
