"""The overview of a unit, or of the group, for a period: every figure opens the rows behind it."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from core import workdays
from core.access import permitted_globally
from core.calendar import MONTH, Period, periods_of_year
from core.requests import number_of
from members.models import Unit
from projects.expected import standing
from reports import as_of, links, overview, pace, tables
from reports.scope import units_of

PER_PAGE = 50


@require_safe
@permitted_globally("reports.view_overview")
def overview_now(request):
    """The overview of this month; the first screen while there is no unit yet."""
    if not units_of(request.user).exists():
        return redirect("home")
    return redirect("overview", Period.containing(timezone.localdate()).key)


@require_safe
@permitted_globally("reports.view_overview")
def overview_page(request, period):
    """One unit's figures of a period, the units directly below it and its studios."""
    try:
        period = Period.parse(period)
    except ValueError as error:
        raise Http404 from error
    on, calendar = timezone.localdate(), workdays.load()
    unit = _unit(request)
    expected = pace.of_units(period, on=on, calendar=calendar)
    figures = overview.of_units(period.year, on=on, period=period.key)
    order, planned = request.GET.get("o", ""), request.GET.get("planned", "")
    studios = tables.studios_of(unit, period, planned=planned)
    page = Paginator(studios.order_by("pk"), PER_PAGE)
    count = page.count
    page.object_list = tables.in_order(studios, order, period, on=on).values_list("pk", flat=True)
    shown = page.get_page(request.GET.get("page"))
    whole = figures[unit.pk].get(period.key, overview.NOBODY)
    beside = standing(whole.progress, expected.get(unit.pk), complete=whole.complete)
    below = Unit.objects.filter(parent=unit)
    return render(
        request,
        "reports/overview.html",
        {
            "period": period,
            "unit": unit,
            "figure": whole,
            "figures": _figures(whole, unit, period, beside),
            "units": tables.unit_rows(below, figures, period, order=order, expected=expected),
            "page": shown,
            "studios": tables.studio_rows(shown.object_list, period, on=on, calendar=calendar),
            "count": count,
            "planned": planned,
            "heat": f"{reverse('heatmap', args=[period.year])}?unit={unit.pk}",
            "trends": f"{reverse('trends', args=[period.year])}?unit={unit.pk}",
            "everything": tables.of_unit(period, unit),
            "as_of": as_of.of_unit(unit, period, user=request.user, at=timezone.now(), stored_at=whole.at),
            "breadcrumbs": _above(request.user, unit, period),
            **_navigation(request, period),
        },
    )


def _unit(request) -> Unit:
    """The unit of the address, or the first that the person reads; 404 unless he reads it."""
    chosen = request.GET.get("unit", "")
    if not chosen:
        first = units_of(request.user).first()
        if first is None:
            raise Http404
        return first
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=number_of(chosen))
    if not request.user.has_perm("reports.view_overview", unit):
        raise PermissionDenied("reports.view_overview")
    return unit


def _figures(figure: overview.Total, unit: Unit, period: Period, beside) -> list[dict]:
    """What stands at the top: the arguments of one `figure` each."""
    behind = links.counts(period=period.key, unit=unit.pk)
    here = tables.of_unit(period, unit)
    of_all = _("%(count)d of %(all)d")
    late = figure.overdue
    planned = ngettext(
        "%(count)d of %(all)d studio planned", "%(count)d of %(all)d studios planned", figure.active
    )
    planned %= {"count": figure.with_plan, "all": figure.active}
    return [
        {
            "label": _("Progress"),
            "value": figure.shown and f"{figure.shown}%",
            "sub": " · ".join([planned, beside.sentence] if beside else [planned]),
            "href": f"{here}&planned=yes#studios",
            "tone": "accent",
        },
        {
            "label": _("Completion rate"),
            "value": percent(figure.completion_percent),
            "sub": of_all % {"count": figure.done, "all": figure.counted},
            "href": behind["done"],
        },
        {
            "label": _("On-time rate"),
            "value": percent(figure.on_time_percent),
            "sub": of_all % {"count": figure.on_time, "all": figure.counted},
            "href": behind["on_time"],
        },
        {"label": _("Overdue"), "value": late, "href": behind["overdue"], "tone": "bad" if late else "plain"},
        {"label": _("Planned items"), "value": figure.planned, "href": behind["planned"]},
        {"label": _("Carried over"), "value": figure.carried, "href": behind["carried"]},
        {"label": _("Tolerated"), "value": figure.tolerated, "href": behind["tolerated"]},
        {"label": _("Cancelled"), "value": figure.cancelled, "href": behind["cancelled"]},
        {
            "label": _("Not planned"),
            "value": figure.not_planned,
            "sub": _("studios"),
            "href": f"{here}&planned=no#studios",
            "tone": "warn" if figure.not_planned else "plain",
        },
    ]


def percent(value: float | None) -> str:
    """A rate as it stands in a figure: whole per cent rounded down, a dash where there is none."""
    return "—" if value is None else f"{int(value)}%"


def _above(user, unit: Unit, period: Period) -> list[tuple[str, str]]:
    """The units above this one that the person reads too, the group first."""
    known = Unit.objects.above(unit).exclude(pk=unit.pk).order_by("path")
    readable = [one for one in known if user.has_perm("reports.view_overview", one)]
    return [(one.name, tables.of_unit(period, one)) for one in readable]


def _navigation(request, period: Period) -> dict:
    """The period before and after, and those of the year to choose from; unit and order stay."""
    kept = {name: value for name, value in request.GET.items() if name in ("unit", "o")}
    query = f"?{urlencode(kept)}" if kept else ""

    def step(to: Period, *more):
        return str(to), reverse("overview", args=[to.key]) + query, *more

    return {
        "previous": step(period.previous),
        "next": step(period.next),
        "options": [step(one, one == period) for one in periods_of_year(period.year)],
        "is_month": period.kind == MONTH,
    }
