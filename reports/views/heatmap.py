"""The heat map of a year: one look over all studios, each cell a door to its month."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import workdays
from core.access import permitted_globally
from core.calendar import Period
from core.requests import number_of
from members.models import Unit
from reports import as_of, heat
from reports.scope import units_of
from studios.models import Studio

PER_PAGE = 100
YEARS = range(1990, 2100)


@require_safe
@permitted_globally("reports.view_heatmap")
def heatmap_now(request):
    """The heat map of this year."""
    return redirect("heatmap", timezone.localdate().year)


@require_safe
@permitted_globally("reports.view_heatmap")
def heatmap(request, year):
    """Units above, studios below, twelve months across."""
    unit = unit_of(request)
    year = known_year(year)
    on, calendar = timezone.localdate(), workdays.load()
    by = request.GET.get("by")
    by = by if by in heat.MEASURES else heat.PROGRESS
    studios = Studio.objects.active().within(unit)
    ids = heat.studio_ids(studios, request.GET.get("o", ""), year, on=on, calendar=calendar)
    page = Paginator(ids, PER_PAGE).get_page(request.GET.get("page"))
    units = [unit, *Unit.objects.filter(parent=unit)]
    rows = heat.unit_rows(units, year, by=by, on=on, calendar=calendar)
    whole = Period.of_year(year)
    context = {
        "year": whole,
        "as_of": as_of.of_unit(
            unit, whole, user=request.user, at=timezone.now(), stored_at=rows[0].stored_at
        ),
        "unit": unit,
        "months": heat.months_of(year),
        "page": page,
        "units": rows,
        "studios": heat.studio_rows(page.object_list, year, by=by, on=on, calendar=calendar),
        "measures": _measures(request, by),
        "legend": _legend(),
        "by": by,
        **steps(request, "heatmap", year),
    }
    return render(request, "reports/heatmap.html", context)


def unit_of(request) -> Unit:
    """The unit of the address, or the first that the person reads; 404 unless it lies below one of those."""
    mine = list(units_of(request.user))
    chosen = request.GET.get("unit", "")
    if not mine:
        raise Http404
    if not chosen:
        return mine[0]
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=number_of(chosen))
    if not any(unit.path.startswith(above.path) for above in mine):
        raise Http404
    return unit


def known_year(year: int) -> int:
    """The year of an address; 404 for one that nobody plans for."""
    if year not in YEARS:
        raise Http404
    return year


def steps(request, name, year: int) -> dict:
    """The years before and after; unit, measure and order stay."""
    kept = {key: value for key, value in request.GET.items() if key in ("unit", "by", "o")}
    query = f"?{urlencode(kept)}" if kept else ""

    def step(to):
        return str(Period.of_year(to)), reverse(name, args=[to]) + query

    return {"previous": step(year - 1), "next": step(year + 1)}


def _measures(request, by):
    """One tab for each measure; what else stands in the address stays."""
    labels = {heat.PROGRESS: _("Progress"), heat.ON_TIME: _("On-time rate")}
    kept = {key: value for key, value in request.GET.items() if key in ("unit", "o")}
    return [
        (label, f"?{urlencode({**kept, 'by': measure})}", measure == by, None)
        for measure, label in labels.items()
    ]


def _legend():
    """(step, what it means) from cold to warm."""
    bounds = [*zip(heat.STEPS, heat.STEPS[1:], strict=False)]
    return [*((step, f"{low}–{high - 1}%") for step, (low, high) in enumerate(bounds)), (len(bounds), "100%")]
