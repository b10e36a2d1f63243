"""A studio's year on one sheet, and its deadlines and activities on a calendar."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core import workdays
from core.access import permitted
from core.as_of import AsOf
from core.calendar import Period
from projects.models import Plan, PlanItem
from reports import dates, year_strip
from reports.views.chasing import known_month
from reports.views.heatmap import known_year
from studios.models import Studio
from studios.tabs import frame


@require_safe
@permitted("projects.view_plan", Studio)
def plan_strip(request, studio, year):
    """Year goals above quarters above months: one landscape page."""
    year = Period.of_year(known_year(year))
    on = timezone.localdate()
    plans = Plan.objects.filter(studio=studio, year=year.year)
    items = PlanItem.objects.filter(plan__in=plans).select_related("owner")
    standings = plans.standings(on=on, calendar=workdays.load())
    by_period = {plan.period: plan for plan in plans}
    ordered = items.order_by("due_on", "pk")
    context = {
        **frame(studio, user=request.user, active="plan", on=on),
        "year": year,
        "as_of": AsOf(timezone.now(), plans.last_change()),
        "parts": year_strip.strip(year.year, by_period, ordered, standings, on=on),
        "previous": (str(year.previous), reverse("plan-strip", args=[studio.pk, year.year - 1])),
        "next": (str(year.next), reverse("plan-strip", args=[studio.pk, year.year + 1])),
    }
    return render(request, "reports/plan_strip.html", context)


@require_safe
@permitted("projects.view_plan", Studio)
def calendar(request, studio, month):
    """Deadlines of items and topics, and activities, on the days of a month; rest days are marked."""
    month = known_month(month)
    on = timezone.localdate()
    events = dates.of_studio(request.user, studio, month.starts_on, month.ends_on, on=on)
    weeks = year_strip.month_grid(month, events, on=on, calendar=workdays.load())
    context = {
        **frame(studio, user=request.user, active="month", on=on),
        "month": month,
        "weeks": weeks,
        "agenda": year_strip.agenda(weeks),
        "previous": (str(month.previous), reverse("studio-calendar", args=[studio.pk, month.previous.key])),
        "next": (str(month.next), reverse("studio-calendar", args=[studio.pk, month.next.key])),
    }
    return render(request, "reports/calendar.html", context)
