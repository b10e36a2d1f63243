"""Trends: three questions about a unit's year, each answered by a sentence, a chart and a table."""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.access import permitted_globally
from core.calendar import Period
from reports import as_of, trends
from reports.views.heatmap import known_year, steps, unit_of


@require_safe
@permitted_globally("reports.view_trends")
def trends_now(request):
    """The trends of this year."""
    return redirect("trends", timezone.localdate().year)


@require_safe
@permitted_globally("reports.view_trends")
def trends_page(request, year):
    """How the months go, which units lead, how many studios have come how far."""
    unit = unit_of(request)
    year = known_year(year)
    whole = Period.of_year(year)
    charts = trends.charts(unit, year, on=timezone.localdate())
    stored_at = as_of.stored_at(unit, year)
    context = {
        "year": whole,
        "unit": unit,
        "charts": charts,
        "as_of": as_of.of_unit(unit, whole, user=request.user, at=timezone.now(), stored_at=stored_at),
        **steps(request, "trends", year),
    }
    return render(request, "reports/trends.html", context)
