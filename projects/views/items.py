"""Items: the list behind every count, one item's page, writing it, breaking it down, its indicators."""

from datetime import timedelta

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import undo, workdays
from core.access import open_to_all_signed_in, permitted
from core.as_of import AsOf
from core.errors import NotAllowedNow
from core.gathering import Counted, Total, gathered, in_order_of
from core.history import changes_of
from core.htmx import respond
from core.lists import Look
from core.offline import keep_offline
from core.requests import number_of, read_or_write
from core.shown import number
from core.versions import save_form
from projects import changes, export
from projects.binding import was_confirmed
from projects.breakdown import break_down, plan_of
from projects.breakdown_form import BreakdownForm
from projects.bulk import MOST
from projects.bulk_form import BulkForm
from projects.expected import Pace
from projects.filters import ItemFilter
from projects.forms import IndicatorForm, ItemCellForm, ItemForm
from projects.lesson_library import lesson_of
from projects.lines import Line, finishes, lines
from projects.lists import ITEMS
from projects.models import DecisionItem, Indicator, PlanItem, ProgressEntry
from projects.month_page import in_order
from projects.problem_board import open_rows
from projects.report_forms import ReportForm, StateForm
from projects.views import crumbs
from projects.views.change_requests import asking
from studios.models import Studio

PAGE = 50
LATELY = timedelta(days=31)
ORDERS = {
    "due": "due_on",
    "progress": "share",
    "weight": "weight",
    "studio": "plan__studio__name",
    "period": "plan__starts_on",
}


def _narrowed(request, look, *, on):
    """What the address asks of the items: the filter, and its rows in their order."""
    narrowed = ItemFilter(request.GET, PlanItem.objects.visible_to(request.user), request=request, on=on)
    return narrowed, narrowed.qs.order_by(
        *(look.grouping.first if look.grouping else ()),
        *in_order_of(request.GET.get("o", ""), ORDERS),
        "-plan__starts_on",
        "pk",
    )


@require_safe
@open_to_all_signed_in
def items(request):
    """Every item this person may see, narrowed as the address says."""
    look = Look.of(request, ITEMS)
    if look.default:
        return redirect(look.default)
    on = timezone.localdate()
    narrowed, rows = _narrowed(request, look, on=on)
    sums = narrowed.qs.totals(on=on)
    page = Counted(rows.for_list(on=on), PAGE, count=sums["count"]).get_page(request.GET.get("page"))
    shown = list(page)
    pace = Pace(on, workdays.load())
    lines = [
        Line(item, on, pace=pace, may_change=request.user.has_perm("projects.change_item", item))
        for item in shown
    ]
    context = {
        "filter": narrowed,
        "look": look,
        "page": page,
        "lines": lines,
        "as_of": AsOf(timezone.now(), narrowed.qs.last_change(naming=True)),
        "groups": gathered(lines, look.grouping, narrowed.qs, record=lambda line: line.item),
        "totals": _totals(sums, narrowed),
        "bulk": BulkForm(items=[item.pk for item in shown])
        if any(line.may_change for line in lines)
        else None,
        "most": MOST,
        "hidden": narrowed.left_out if narrowed.used and not shown else 0,
    }
    return render(request, "projects/items.html", context)


def _totals(sums, narrowed):
    """What all items of the list come to; a count opens its rows unless they are narrowed by it already."""
    narrows = {
        "planned": (_("planned"), {"state": "planned"}),
        "done": (_("done"), {"state": "done"}),
        "overdue": (_("overdue"), {"overdue": "1"}),
    }
    free = not {"state", "overdue", "on_time"} & set(narrowed.used)
    return [
        Total(_("Items"), number(sums["count"])),
        *(
            Total(label, number(sums[name]), narrowed.address_with(**narrowing) if free else "")
            for name, (label, narrowing) in narrows.items()
        ),
    ]


@require_safe
@open_to_all_signed_in
def items_export(request):
    """The same items and columns in the same order, all pages of them, as a workbook."""
    look, on = Look.of(request, ITEMS), timezone.localdate()
    _filter, rows = _narrowed(request, look, on=on)
    count = rows.order_by().count()
    if count > export.MOST:
        raise NotAllowedNow(export.TOO_MANY % {"most": export.MOST, "count": count})
    batches = rows.for_list().iterator(chunk_size=500)
    stream = export.items(batches, columns=look.columns, count=count, on=on)
    return FileResponse(stream, as_attachment=True, filename=_("Plan items") + f" {on.isoformat()}.xlsx")


@require_safe
@open_to_all_signed_in
@keep_offline("mine")
def my_items(request):
    """What I answer for and the indicators I carry, reported on in place."""
    on = timezone.localdate()
    pace = Pace(on, workdays.load())
    person = request.user.person
    mine = PlanItem.objects.none()
    if person:
        mine = (
            PlanItem.objects.visible_to(request.user)
            .carried_by(*request.user.acts_for)
            .filter(plan__kind="month")
        )
    still = in_order(mine.open().in_open_plans().for_list(on=on), on=on)
    overdue = [item for item in still if item.is_overdue(on)]
    now = [item for item in still if item not in overdue and item.plan.starts_on <= on]
    later = [item for item in still if item not in overdue and item.plan.starts_on > on]
    lately = mine.done().carried_by(person).filter(done_on__gt=on - LATELY)
    done = list(lately.for_list().order_by("-done_on", "-pk")[:10])
    bearing = Indicator.objects.none()
    if person:
        bearing = Indicator.objects.visible_to(request.user).filter(
            person=person, item__state__in=PlanItem.OPEN
        )
    boxes = [
        (_("Overdue"), "clock-exclamation", "bad", lines(overdue, request.user, on=on, pace=pace)),
        (_("Now"), "target-arrow", "plain", lines(now, request.user, on=on, pace=pace)),
        (_("Later"), "calendar-due", "plain", lines(later, request.user, on=on, pace=pace)),
        (_("Done lately"), "circle-check", "plain", lines(done, request.user, on=on)),
    ]
    # What presses most is reported on without a tap more.
    for line in [line for *_box, rows in boxes for line in rows if line.report][:1]:
        line.opened = True
    context = {
        "boxes": boxes,
        "nothing": not (still or done),
        "indicators": bearing.select_related("item__plan").prefetch_related("milestones"),
        "person": person,
    }
    return render(request, "projects/my_items.html", context)


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
    calendar = workdays.load()
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
        saved = []
        changes.save_items(item.plan, lambda: saved.append(save_form(make_form)))
        form, is_saved = saved[0]
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
        saved = []
        try:
            changes.save_items(item.plan, lambda: saved.append(save_form(make_form)))
        except NotAllowedNow as refusal:
            saved, reasons = [(make_form(), False)], [str(refusal)]
        form, is_saved = saved[0]
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
        messages.success(request, _("%(count)d items are in the plans.") % {"count": len(made)})
        return redirect(item.plan)
    context = {
        "item": item,
        "form": form,
        "breadcrumbs": [*crumbs.of_item(item), (item.content, item.get_absolute_url())],
    }
    return render(request, "projects/break_down.html", context, status=422 if data is not None else 200)


@read_or_write
@permitted("projects.change_item", PlanItem)
def indicator_new(request, item):
    """Give a member an indicator of the item; from then on the item comes to its indicators."""
    item.plan.refuse_if_closed()
    if item.below.exists():
        messages.error(request, _("This item is made of the items below it; give those the indicators."))
        return redirect(item)
    data = request.POST if request.method == "POST" else None
    form = IndicatorForm(data, instance=Indicator(item=item), on=timezone.localdate(), once=True)
    if data is not None and form.is_valid():
        changes.save_items(item.plan, lambda: form.claim() and form.save())
        messages.success(request, _("The indicator is set."))
        return redirect(item)
    return _indicator_page(request, form, item)


@read_or_write
@permitted("projects.change_item", Indicator)
def indicator_edit(request, indicator):
    item = indicator.item
    item.plan.refuse_if_closed()

    def make_form():
        fresh = Indicator.objects.select_related("item__plan__studio").get(pk=indicator.pk)
        return IndicatorForm(request.POST or None, instance=fresh, on=timezone.localdate())

    if request.method == "POST":
        saved = []
        changes.save_items(item.plan, lambda: saved.append(save_form(make_form)))
        form, is_saved = saved[0]
        if is_saved:
            messages.success(request, _("Saved."))
            return asking(request, item, form.asked, indicator) if form.asked else redirect(item)
    else:
        form = make_form()
    return _indicator_page(request, form, item)


def _indicator_page(request, form, item):
    context = {
        "form": form,
        "item": item,
        "indicator": form.instance if form.instance.pk else None,
        "is_fixed": was_confirmed(item),
        "breadcrumbs": [*crumbs.of_item(item), (item.content, item.get_absolute_url())],
    }
    return render(request, "projects/indicator_form.html", context, status=422 if form.is_bound else 200)


@require_POST
@permitted("projects.change_item", Indicator)
def indicator_delete(request, indicator):
    """Take an indicator away on which nothing was reported."""
    item = indicator.item
    changes.delete_indicator(indicator)
    messages.success(request, _("The indicator is deleted."))
    return redirect(item)
