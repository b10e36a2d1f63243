"""Why 63 %: every percentage opens the rows it is made of."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.access import permitted
from projects.models import Plan, PlanItem, ProgressEntry
from projects.views import crumbs
from projects.why import why_item, why_plan
from studios.models import Studio


@require_safe
@permitted("projects.view_plan", Studio)
def plan_why(request, studio, period):
    """The figure of a plan, by its items."""
    plan = Plan.objects.filter(studio=studio, period=period.key).select_related("studio").first()
    if plan is None:
        raise Http404
    context = {
        "of": str(plan.span),
        "back": crumbs.address(studio.pk, period),
        "why": why_plan(plan),
        "breadcrumbs": crumbs.of_plan(plan),
    }
    return render(request, "projects/why.html", context)


@require_safe
@permitted("projects.view_item", PlanItem)
def item_why(request, item):
    """The figure of an item, by what hangs below it, its indicators, or its last report."""
    context = {
        "of": item.content,
        "back": item.get_absolute_url(),
        "item": item,
        "why": why_item(item),
        "last": ProgressEntry.objects.filter(item=item).select_related("by__person").first(),
        "breadcrumbs": [*crumbs.of_item(item), (item.content, item.get_absolute_url())],
    }
    return render(request, "projects/why.html", context)
