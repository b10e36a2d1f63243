"""Reporting in place: how far, how it ends, and the files that prove it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import file_views, workdays
from core.access import permitted
from core.calendar import Period
from core.errors import NotAllowedNow
from core.htmx import came_from, toasts
from core.shown import moment
from projects import changes, revising
from projects.expected import Pace
from projects.lines import Line, line
from projects.models import Evidence, Plan, PlanItem
from projects.report_forms import ReportForm, StateForm
from projects.views import crumbs
from projects.views.month import figures


@require_POST
@permitted("projects.report_progress", PlanItem)
def item_report(request, item):
    """Take one report: a percentage or indicators, a sentence, files."""
    item = _with_all(item)
    item.plan.refuse_if_closed()
    form = ReportForm.for_item(item, request.user, request.POST, request.FILES)
    if form is None:
        raise NotAllowedNow
    if not form.is_valid():
        return _again(request, item, report=form)
    typed = form.cleaned_data
    entries = changes.report_row(
        item,
        by=request.user,
        at=timezone.now(),
        percent=typed.get("percent"),
        values=form.values,
        note=typed["note"],
        files=typed["files"],
        token=typed["token"],
    )
    if any(entry.moves for entry in entries):
        messages.success(request, _("The report is saved."))
    else:
        at = moment(entries[0].at)
        messages.success(request, _("Progress unchanged, recorded at %(at)s.") % {"at": at})
    return _done(request, item)


@require_POST
@permitted("projects.report_progress", PlanItem)
def item_state(request, item):
    """Say how an item ends, or take it up again. The form offers only what this person may do."""
    item = _with_all(item)
    item.plan.refuse_if_closed()
    form = StateForm.for_item(item, request.user, request.POST)
    if form is None:
        raise PermissionDenied("projects.change_item")
    if not form.is_valid():
        return _again(request, item, ending=form)
    typed = form.cleaned_data
    told = {"by": request.user, "at": timezone.now(), "reason": typed["reason"]}
    if asked := revising.let_go(item, typed["state"], due_on=typed.get("due_on"), **told):
        messages.success(request, _("The change is asked for.") if asked.is_open else _("Saved."))
        return _done(request, item)
    told["token"] = typed["token"]
    if typed["state"] == PlanItem.State.CARRIED:
        rest = changes.carry_over(item, due_on=typed.get("due_on"), **told)
        messages.success(request, _("The rest is carried over to %(period)s.") % {"period": rest.plan.span})
    else:
        changes.set_state(item, typed["state"], **told)
        messages.success(request, _("Saved."))
    return _done(request, item)


evidence = file_views.opening("projects.view_evidence", Evidence)


def _with_all(item: PlanItem) -> PlanItem:
    return PlanItem.objects.for_list().get(pk=item.pk)


def _again(request, item, *, report=None, ending=None):
    """The form with what was typed and what is wrong with it: in its row, or on a page of its own."""
    user, on = request.user, timezone.localdate()
    if request.htmx:
        drawn = Line(
            item,
            on,
            report=report or ReportForm.for_item(item, user),
            ending=ending or StateForm.for_item(item, user),
        )
        return render(request, "projects/line.html", {"line": drawn}, status=422)
    context = {
        "item": item,
        "report": report,
        "ending": ending,
        "breadcrumbs": [*crumbs.of_item(item), (item.content, item.get_absolute_url())],
    }
    return render(request, "projects/report.html", context, status=422)


def _done(request, item):
    """The row anew with the figures above it for htmx; back to the row for everybody else."""
    back = came_from(request, default=item.get_absolute_url())
    if not request.htmx:
        return redirect(back if "#" in back else f"{back}#item-{item.pk}")
    item = _with_all(item)
    on = timezone.localdate()
    pace = Pace(on, workdays.load())
    context = {"line": line(item, request.user, on=on, pace=pace)}
    context |= _figures_of_page(back, request.user)
    if item.parent_id and "quarter_plan" in context:
        above = _with_all(item.parent)
        context["above"] = line(above, request.user, on=on, pace=pace)
    response = render(request, "projects/reported.html", context)
    response.write(toasts(request))
    return response


def _figures_of_page(path: str, user) -> dict:
    """The figures at the top of the month page from which the report came; nothing elsewhere."""
    try:
        match = resolve(path.partition("?")[0])
    except Resolver404:
        return {}
    if match.url_name != "month":
        return {}
    period: Period = match.kwargs["period"]
    spans = [period.key, period.parent.key if period.parent else period.key]
    plans = Plan.objects.visible_to(user).filter(studio=match.kwargs["pk"], period__in=spans)
    found = {plan.period: plan for plan in plans}
    if len(found) != 2:
        return {}
    return figures(found[spans[0]], found[spans[1]], on=timezone.localdate(), calendar=workdays.load())
