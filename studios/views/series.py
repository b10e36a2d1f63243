"""Series of activities: making one after a look at its days, and its page."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from core import workdays
from core.access import permitted
from core.requests import read_or_write
from studios import series as series_of
from studios.forms.series import SeriesForm
from studios.models import Activity, Series, Studio
from studios.series import Scope
from studios.views.crumbs import of_activities


@permitted("studios.change_activities", Studio)
@read_or_write
def series_new(request, studio):
    """Typed, looked at, made: the days are shown with their rests and holidays before anything is stored."""
    on = timezone.localdate()
    blank = Activity(studio=studio)
    initial = {
        "first_on": on,
        "host": studio.lead or "",
        "every": Series.Every.WEEK,
        "on_rest": Series.OnRest.SKIP,
    }
    form = SeriesForm(
        request.POST or None, instance=blank, initial=initial, once=True, on=on, calendar=workdays.load()
    )
    if request.method == "POST" and form.is_valid() and "look" not in request.POST:
        made = form.series
        with transaction.atomic():
            if form.claim():
                like = form.save(commit=False)
                series_of.lay_out(made, like, form.slots, by=request.user, on=on)
                messages.success(request, _("The series is made; the members are told."))
        return redirect(made if made.pk else reverse("studio-activities", args=[studio.pk]))
    context = {
        "form": form,
        "studio": studio,
        "days": _with_names(form.slots),
        "breadcrumbs": of_activities(studio),
    }
    return render(request, "studios/series_form.html", context)


def _with_names(slots):
    """(day, day it is held on or None, name of the holiday) of each slot."""
    names: dict = {}
    for year in {slot.on.year for slot in slots}:
        names |= workdays.holiday_names(year, translation.get_language())
    return [(slot.on, slot.held_on, names.get(slot.on, "")) for slot in slots]


@permitted("studios.view_studio", Series)
@require_safe
def series(request, series):
    """Its rhythm, and each of its activities with what became of it."""
    on = timezone.localdate()
    rows = list(series.activities.order_by("series_on", "pk"))
    next_one = next((row for row in rows if row.repeats and row.held_on >= on), None)
    may_change = request.user.has_perm("studios.change_activities", series)
    context = {
        "series": series,
        "studio": series.studio,
        "rows": rows,
        "standing": sum(1 for row in rows if not row.is_cancelled),
        "change": may_change and next_one,
        "scope": Scope.FUTURE,
        "today": on,
        "breadcrumbs": of_activities(series.studio),
    }
    return render(request, "studios/series.html", context)


def say_spread(request, count):
    """Say to how many others of the series a change went."""
    if count:
        said = ngettext(
            "%(count)d more activity of the series was changed.",
            "%(count)d more activities of the series were changed.",
            count,
        )
        messages.success(request, said % {"count": count})
