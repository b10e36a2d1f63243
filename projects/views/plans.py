"""The plan of a year or a quarter: its items as the tree they are, each with its stored figure."""

from collections import defaultdict

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import workdays
from core.access import permitted
from projects.breakdown import plan_of
from projects.expected import Pace
from projects.lines import Line, finishes
from projects.models import Plan, PlanItem
from projects.views import crumbs
from projects.views.life import as_of, life, to_close
from projects.views.month import Figure, beside, done_of, of_what_was_confirmed, percent
from studios.models import Studio
from studios.tabs import frame


@require_safe
@permitted("projects.view_plan", Studio)
def plan(request, studio, period):
    """Year > quarter > month. What hangs under no item stands at the end."""
    if period.kind == "month":
        return redirect(crumbs.address(studio.pk, period))
    on = timezone.localdate()
    shown = plan_of(studio, period, on=on)
    if shown is None:
        raise Http404
    may_plan = request.user.has_perm("projects.change_plan", studio)
    spans = [each.key for quarter in period.split() for each in (quarter, *quarter.split())]
    plans = {each.period: each for each in Plan.objects.filter(studio=studio, period__in=spans)}
    within = [shown, *plans.values()]
    rows = PlanItem.objects.filter(plan__in=within).for_list(on=on).order_by("plan__starts_on", "pk")
    calendar = workdays.load()
    standings = Plan.objects.filter(studio=studio, period__in=[shown.period, *spans]).standings(
        on=on, calendar=calendar
    )
    shown.studio = studio
    card = to_close(shown, request.user, on=on, calendar=calendar)
    context = {
        **frame(studio, user=request.user, active="plan", on=on),
        **life(shown, request.user, on=on, calendar=calendar),
        "to_close": [card] if card else [],
        "plan": shown,
        "as_of": as_of(shown, at=timezone.now()),
        "nav": crumbs.period_nav(studio.pk, period),
        "figures": _figures(shown, [plans[each.key] for each in period.split()], standings, on=on),
        "may_plan": may_plan and not shown.is_closed,
        "empty_act": _("Add an item") if may_plan else "",
        **_tree(list(rows), shown, request.user, Pace(on, calendar)),
    }
    return render(request, "projects/plan.html", context)


def _figures(shown: Plan, parts: list[Plan], standings, *, on) -> list[Figure]:
    here = f"{reverse('items')}?studio={shown.studio_id}&period={shown.period}"
    late = shown.items.overdue(on=on).count()
    return [
        Figure(
            str(shown.span),
            percent(shown),
            reverse("plan-why", args=[shown.studio_id, shown.period]),
            "accent",
            sub=beside(standings.get(shown.pk)),
        ),
        *of_what_was_confirmed(shown),
        Figure(_("Done"), done_of(shown), f"{here}&state=counted"),
        Figure(_("Overdue"), late, f"{here}&overdue=1", "bad" if late else "plain"),
        *(
            Figure(
                str(part.span),
                percent(part),
                crumbs.address(shown.studio_id, part.span),
                sub=beside(standings.get(part.pk)) if part.starts_on <= on else "",
            )
            for part in parts
        ),
    ]


def _tree(rows: list[PlanItem], shown: Plan, user, pace: Pace) -> dict:
    """``branches`` of the plan's own items; ``loose`` are those of the periods within it that serve none."""
    here = {row.pk for row in rows}
    below = defaultdict(list)
    for row in rows:
        if row.parent_id in here:
            below[row.parent_id].append(row)

    def branch(row, level=0):
        yield Line(row, pace.on, level=level, pace=pace, finishes=finishes(row, user))
        for child in below[row.pk]:
            yield from branch(child, level + 1)

    roots = [row for row in rows if row.parent_id not in here]
    return {
        "branches": [list(branch(row)) for row in roots if row.plan_id == shown.pk],
        "loose": [line for row in roots if row.plan_id != shown.pk for line in branch(row)],
    }
