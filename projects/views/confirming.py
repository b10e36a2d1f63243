"""Handing a plan in, and deciding on one that was handed in."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access import permitted
from core.requests import number_of, read_or_write
from projects import confirming, plan_checks
from projects.models import Plan, PlanItem
from projects.progress import ReasonMissing
from projects.views import crumbs
from studios.models import Studio


def known_plan(studio, period) -> Plan:
    """The plan of a studio for the period of an address; 404 where it is not laid out."""
    plan = Plan.objects.filter(studio=studio, period=period.key).first()
    if plan is None:
        raise Http404
    plan.studio = studio
    return plan


def _checked(plan: Plan) -> dict:
    items = list(PlanItem.objects.filter(plan=plan).for_list().order_by("pk"))
    bearing = plan.studio.memberships.current(on=timezone.localdate())
    idle = bearing.without_indicator(year=plan.year).select_related("person")
    names = [membership.person.name for membership in idle]
    return {
        "plan": plan,
        "items": items,
        "warnings": plan_checks.warnings(items, ends_on=plan.ends_on, without_indicator=names),
        "breadcrumbs": crumbs.of_plan(plan),
    }


@read_or_write
@permitted("projects.submit_plan", Studio)
def plan_submit(request, studio, period):
    """What the plan still lacks, with the way to mend each; then it is handed in all the same or later."""
    plan = known_plan(studio, period)
    if request.method == "POST":
        confirming.submit(plan, by=request.user, at=timezone.now(), note=request.POST.get("note", "")[:1000])
        messages.success(request, _("The plan is handed in."))
        return redirect(plan)
    return render(request, "projects/plan_submit.html", _checked(plan))


@read_or_write
@permitted("projects.confirm_plan", Studio)
def plan_decide(request, studio, period):
    """Read a plan line by line; confirm it, or give it back with what is to be changed."""
    plan = known_plan(studio, period)
    note, remarks, error = "", {}, ""
    if request.method == "POST":
        note = request.POST.get("note", "")[:1000]
        typed = (
            (number_of(name.removeprefix("remark-")), text[:500])
            for name, text in request.POST.items()
            if name.startswith("remark-")
        )
        remarks = {pk: text for pk, text in typed if pk is not None and text.strip()}
        told = {"by": request.user, "at": timezone.now(), "note": note, "remarks": remarks}
        try:
            if request.POST.get("act") == "confirm":
                confirming.confirm(plan, **told, seen=request.POST.get("seen", ""))
                messages.success(request, _("The plan is confirmed; this is its baseline."))
            else:
                confirming.give_back(plan, **told)
                messages.success(request, _("The plan is returned."))
            return redirect(plan)
        except ReasonMissing:
            error = _("Say what is to be changed: for the whole plan, or at an item.")
        except confirming.ReadBefore as refusal:
            error = str(refusal)
    context = _checked(plan)
    for item in context["items"]:
        item.remark = remarks.get(item.pk, "")
    context |= {
        "note": note,
        "error": error,
        "seen": confirming.stamp(context["items"]),
        "waits": plan.state == Plan.State.SUBMITTED,
        "step": plan.steps.select_related("by__person").first(),
    }
    return render(request, "projects/plan_decide.html", context, status=422 if error else 200)
