"""One item: its page, writing and changing it, breaking it down."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core import undo, workdays
from core.access import permitted
from core.errors import NotAllowedNow
from core.history import changes_of
from core.htmx import respond
from core.requests import number_of, read_or_write
from core.versions import save_form
from projects import changes
from projects.binding import was_confirmed
from projects.breakdown import break_down, plan_of
from projects.breakdown_form import BreakdownForm
from projects.expected import Pace
from projects.forms import ItemCellForm, ItemForm
from projects.lesson_library import lesson_of
from projects.lines import Line, finishes
from projects.models import DecisionItem, PlanItem, ProgressEntry
from projects.problem_board import open_rows
from projects.report_forms import ReportForm, StateForm
from projects.views import crumbs
from projects.views.change_requests import asking
from studios.models import Studio


@require_safe
@permitted("projects.view_item", PlanItem)
def item(request, item):
    """One item: what it is, how far, by whom, its indicators, what hangs below it, and every report on it."""
    on, user = timezone.localdate(), request.user
    item = (
        PlanItem.objects.for_list(on=on).select_related("parent__plan", "carried_from__plan").get(pk=item.pk)
    )
    journal = ProgressEntry.objects.filter(item=item).select_related("by__person", "indicator__person")
    may_change = user.has_perm("projects.change_item", item) and not item.plan.is_closed
    calendar = workdays.of_page(request)
    pace = Pace(on, calendar)
    below = PlanItem.objects.filter(parent=item).for_list().order_by("plan__starts_on", "pk")
    context = {
        "item": item,
        "line": Line(item, on, pace=pace, finishes=finishes(item, user)),
        "helpers": "、".join(filter(None, [*(each.name for each in item.helpers.all()), item.other_helpers])),
        "report": ReportForm.for_item(item, user),
        "ending": StateForm.for_item(item, user),
        "below": [Line(row, on, pace=pace) for row in below],
        "carried_to": item.carried_to.select_related("plan").first(),
        "belated": item.belated.select_related("plan", "by__person"),
        "may_add_belated": item.plan.is_closed and user.has_perm("projects.report_progress", item),
        **lesson_of(item, user),
        "problem_rows": open_rows(item.problems, on=on, calendar=calendar),
        "raise_to": crumbs.raising(item.studio, user, item=item.pk),
        "journal": journal.prefetch_related("evidence"),
        "may_change": may_change,
        "may_delete": may_change and not was_confirmed(item),
        "asked": item.change_requests.open().select_related("indicator").first(),
        "may_break_down": may_change and item.plan.kind == "year" and item.is_open,
        "may_bear": may_change and item.is_open and not item.has_below,
        "history": changes_of(item) if user.has_perm("studios.view_history", item) else None,
        "breadcrumbs": crumbs.of_item(item),
    }
    return render(request, "projects/item.html", context)


@read_or_write
@permitted("projects.change_plan", Studio)
def item_new(request, studio, period):
    """A new line of a plan; ``quick`` is the short form at the foot of the month page."""
    on = timezone.localdate()
    plan = plan_of(studio, period, on=on)
    if plan is None:
        messages.error(request, _("This period is not planned yet."))
        return redirect(crumbs.address(studio.pk, period))
    plan.refuse_if_closed()
    quick = "quick" in request.POST
    data = request.POST if request.method == "POST" else None
    asked = ("parent", "topic", "kind", "content")
    initial = {name: request.GET[name] for name in asked if name in request.GET}
    form = ItemForm(data, instance=PlanItem(plan=plan), on=on, quick=quick, once=True, initial=initial)
    decided_in, decision = _decided(request, studio)
    if data is not None and form.is_valid():
        with transaction.atomic():
            changes.save_items(plan, lambda: form.claim() and form.save())
            if decided_in and form.instance.pk:
                DecisionItem.objects.bulk_create(
                    [DecisionItem(activity=decided_in, decision=decision, item=form.instance)],
                    ignore_conflicts=True,
                )
        messages.success(request, _("The item is in the plan."))
        return redirect(decided_in or plan)
    context = {
        "form": form,
        "plan": plan,
        "quick": quick,
        "decided_in": decided_in,
        "decision": decision,
        "breadcrumbs": crumbs.of_plan(plan),
    }
    return render(request, "projects/item_form.html", context, status=422 if data is not None else 200)


def _decided(request, studio):
    """(activity, decision) of which the item is made; (None, "") where it is made of none."""
    sent = request.POST or request.GET
    decision = sent.get("decision", "")[:300]
    found = studio.activities.filter(pk=number_of(sent.get("activity"))).first()
    return (found, decision) if found and decision in found.decided else (None, "")


@read_or_write
@permitted("projects.change_item", PlanItem)
def item_edit(request, item):
    """Change a line of a plan; two who change it at once choose field by field."""
    item.plan.refuse_if_closed()

    def make_form():
        fresh = PlanItem.objects.select_related("plan__studio").get(pk=item.pk)
        return ItemForm(request.POST or None, instance=fresh, on=timezone.localdate())

    if request.method == "POST":
        form, is_saved = changes.save_items(item.plan, lambda: save_form(make_form))
        if is_saved:
            way_back = undo.offer_form(form, by=request.user, at=timezone.now())
            messages.success(request, _("Saved."), extra_tags=way_back)
            return asking(request, item, form.asked) if form.asked else redirect(item)
    else:
        form = make_form()
    context = {
        "form": form,
        "item": item,
        "plan": item.plan,
        "breadcrumbs": [*crumbs.of_item(item), (item.content, item.get_absolute_url())],
    }
    return render(request, "projects/item_form.html", context, status=422 if form.is_bound else 200)


@read_or_write
@permitted("projects.change_item", PlanItem)
def item_field(request, item, name):
    """One cell of the list of items, changed in place; without htmx the whole form does it."""
    if name not in ItemCellForm.FIELDS:
        raise Http404
    if not request.htmx:
        return redirect("item-edit", item.pk)
    on, reasons = timezone.localdate(), []

    def make_form():
        fresh = PlanItem.objects.select_related("plan__studio").get(pk=item.pk)
        return ItemCellForm(request.POST or None, instance=fresh, name=name, on=on)

    if request.method == "POST" and item.plan.is_bound:
        form = make_form()
        if form.is_valid() and form.asked:
            typed = form.data[ItemCellForm.FIELDS[name]]
            query = urlencode({ItemCellForm.FIELDS[name]: typed})
            return HttpResponse(headers={"HX-Redirect": f"{reverse('item-change', args=[item.pk])}?{query}"})
    if request.method == "POST":
        try:
            form, is_saved = changes.save_items(item.plan, lambda: save_form(make_form))
        except NotAllowedNow as refusal:
            form, is_saved, reasons = make_form(), False, [str(refusal)]
        if is_saved:
            way_back = undo.offer_form(form, by=request.user, at=timezone.now())
            messages.success(request, _("Saved."), extra_tags=way_back)
            fresh = PlanItem.objects.for_list().get(pk=item.pk)
            context = {"line": Line(fresh, on, pace=Pace(on, workdays.load())), "name": name}
            return respond(request, "projects/item_cell.html", context, otherwise=item)
    else:
        form = make_form()
    reasons += [error for errors in form.errors.values() for error in errors]
    context = {"form": form, "item": item, "name": name, "reasons": reasons}
    status = 422 if form.is_bound else 200
    return render(request, "projects/item_cell_form.html", context, status=status)


@require_POST
@permitted("projects.change_item", PlanItem)
def item_delete(request, item):
    """Put a line into the bin on which nothing was reported."""
    kept = changes.delete_item(item, by=request.user, at=timezone.now())
    messages.success(request, _("The item is in the bin."), extra_tags=f"bin:{kept.pk}")
    return redirect(item.plan)


@read_or_write
@permitted("projects.change_item", PlanItem)
def item_break_down(request, item):
    """A yearly item over its quarters and months, in one form and one transaction."""
    if item.plan.kind != "year":
        return redirect(item)
    on = timezone.localdate()
    data = request.POST if request.method == "POST" else None
    form = BreakdownForm(item, data, on=on)
    if data is not None and form.is_valid():
        made = break_down(item, form.shares)
        said = ngettext("%(count)d item is in the plans.", "%(count)d items are in the plans.", len(made))
        messages.success(request, said % {"count": len(made)})
        return redirect(item.plan)
    context = {
        "item": item,
        "form": form,
        "breadcrumbs": [*crumbs.of_item(item), (item.content, item.get_absolute_url())],
    }
    return render(request, "projects/break_down.html", context, status=422 if data is not None else 200)
