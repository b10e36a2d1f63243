"""After a closing: its sealed copies and what differs, opening it again, telling what came too late."""

from uuid import uuid4

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import workdays
from core.access import permitted
from core.requests import read_or_write
from core.shown import day
from projects import belated, closing
from projects.closing_forms import BelatedForm, ReopenForm
from projects.freezing import against_baseline, compared, said
from projects.models import ChangeRequest, PlanItem
from projects.views import crumbs
from projects.views.closing import BOXES
from projects.views.confirming import known_plan
from projects.views.life import life
from studios.models import Studio


@require_safe
@permitted("projects.view_plan", Studio)
def plan_versions(request, studio, period):
    """What was sealed of a plan: the copies, what differs between two closings, and every step."""
    return _versions_page(request, known_plan(studio, period))


def _versions_page(request, plan, form=None):
    copies = list(plan.frozen.select_related("by__person").order_by("at", "pk"))
    user = request.user
    may_reopen = plan.is_closed and user.has_perm("projects.reopen_plan", plan.studio)
    chosen = next((copy for copy in copies if str(copy.pk) == request.GET.get("copy")), None)
    chosen = chosen or (copies[-1] if copies else None)
    context = {
        "plan": plan,
        "copies": copies,
        "chosen": chosen,
        "rows": _rows(chosen) if chosen else [],
        "texts": _texts(chosen) if chosen else [],
        "comparison": _comparison(plan, copies, chosen, request.GET.get("with", "")) if chosen else None,
        "requests": ChangeRequest.objects.of_plan(plan).for_list(),
        "against": against_baseline(plan),
        "events": plan.steps.select_related("by__person").prefetch_related("remarks__item"),
        "form": form or (ReopenForm() if may_reopen else None),
        "breadcrumbs": crumbs.of_plan(plan),
        **life(plan, user, on=timezone.localdate(), calendar=workdays.load()),
    }
    return render(request, "projects/plan_versions.html", context, status=422 if form else 200)


def _comparison(plan, copies, chosen, asked):
    """The chosen copy beside another one, or beside the plan as it stands ("today"); by default beside the
    one of its kind before it. None where there is nothing to compare."""
    others = [copy for copy in copies if copy != chosen]
    previous = [copy for copy in others if (copy.kind, copy.number) == (chosen.kind, chosen.number - 1)]
    other = next((copy for copy in others if str(copy.pk) == asked), next(iter(previous), None))
    if asked == "today":
        sides = [(chosen, chosen.name, chosen.shown), (None, _("as it stands"), plan.shown)]
    elif other:
        first, last = sorted((other, chosen), key=lambda copy: (copy.at, copy.pk))
        sides = [(copy, copy.name, copy.shown) for copy in (first, last)]
    else:
        return None
    (before, *old), (after, *new) = sides
    return {"before": old, "after": new, "differences": compared(before, after)}


def _rows(copy):
    return [
        {
            **row,
            "state_said": said("state", row),
            "share_said": said("share", row),
            "href": reverse("item", args=[row["id"]]),
            "rest_href": reverse("item", args=[row["rest"]["id"]]) if row["rest"] else "",
        }
        for row in copy.data["items"]
    ]


def _texts(copy):
    labels = BOXES | {"forced": _("Closed by force")}
    return [
        (label, copy.data["texts"][name]) for name, label in labels.items() if copy.data["texts"].get(name)
    ]


@require_POST
@permitted("projects.reopen_plan", Studio)
def plan_reopen(request, studio, period):
    """Open a closed period again, with a reason and an end."""
    plan = known_plan(studio, period)
    form = ReopenForm(request.POST)
    if not form.is_valid():
        return _versions_page(request, plan, form)
    until = form.cleaned_data["until"]
    closing.reopen(plan, by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"], until=until)
    messages.success(request, _("Open again until %(day)s.") % {"day": day(until)})
    return redirect(plan)


@require_POST
@permitted("projects.submit_plan", Studio)
def plan_agree(request, studio, period):
    """The lead confirms what was closed by itself."""
    plan = known_plan(studio, period)
    closing.agree(plan, by=request.user, at=timezone.now(), calendar=workdays.load())
    messages.success(request, _("The closing is confirmed."))
    return redirect(plan)


@read_or_write
@permitted("projects.report_progress", PlanItem)
def item_belated(request, item):
    """Tell what came too late for a month that is closed; it is booked to the month that is open."""
    if not item.plan.is_closed:
        return redirect(item)
    form = BelatedForm(request.POST or None, initial={"token": uuid4()})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        entry = belated.tell_belated(
            item,
            by=request.user,
            at=timezone.now(),
            points=typed["points"],
            note=typed["note"],
            token=typed["token"],
        )
        messages.success(request, _("Booked to %(period)s.") % {"period": entry.plan.span})
        return redirect(item)
    context = {
        "item": item,
        "form": form,
        "rest": item.carried_to.exclude(state=PlanItem.State.CANCELLED).select_related("plan").first(),
        "breadcrumbs": [*crumbs.of_item(item), (item.content, item.get_absolute_url())],
    }
    return render(request, "projects/belated.html", context, status=422 if form.is_bound else 200)
