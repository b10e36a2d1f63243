"""The working calendar: everybody reads it, the administrators enter what the public one does not know."""

from datetime import date

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import workdays as calendar
from core.access import open_to_all_signed_in, permitted, permitted_globally
from core.errors import NotAllowedNow
from core.models import WorkdayOverride
from core.requests import read_or_write
from core.versions import save_form
from members.calendar_forms import PasteForm, WorkdayForm
from members.calendar_lines import YEARS, keep
from members.year_calendar import months, not_published

ANNOUNCED_FROM = 10
"""From this month on the next year's make-up days are to be expected, and are missed."""


@require_safe
@open_to_all_signed_in
def workdays(request, year=None):
    """The working days of a year, month by month, with our own exceptions."""
    today = timezone.localdate()
    year = _known(year or today.year)
    may_manage = request.user.has_perm("members.manage_workdays")
    entered = list(WorkdayOverride.objects.filter(day__year__in=[year, today.year, today.year + 1]))
    exceptions = [exception for exception in entered if exception.day.year == year]
    asked = {year} if year >= today.year else set()
    asked |= {today.year + 1} if today.month >= ANNOUNCED_FROM else set()
    pages = {exception.day: reverse("workday-edit", args=[exception.pk]) for exception in exceptions}

    def href(day):
        return pages.get(day) or f"{reverse('workday-new')}?day={day}"

    context = {
        "year": year,
        "months": months(
            year,
            exceptions,
            language=get_language(),
            today=today,
            **({"href": href} if may_manage else {}),
        ),
        "exceptions": exceptions,
        "not_published": not_published(sorted(asked), entered),
        "may_manage": may_manage,
        "previous": _step(year - 1),
        "next": _step(year + 1),
    }
    return render(request, "members/workdays.html", context)


def _known(year):
    if year not in YEARS:
        raise Http404
    return year


def _step(year):
    return (str(year), reverse("workdays", args=[year])) if year in YEARS else None


@read_or_write
@permitted_globally("members.manage_workdays")
def workday_new(request):
    """``?day=`` names the day that was pointed at; of one that has an exception, that is opened."""
    day = _day(request.GET.get("day", ""))
    if request.method != "POST" and (row := WorkdayOverride.objects.filter(day=day).first()):
        return redirect("workday-edit", pk=row.pk)
    # Who points at a day means it to be otherwise.
    initial = {"day": day, "works": not calendar.load().is_workday(day)} if day else None
    form = WorkdayForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            row = form.save()
        except IntegrityError:
            raise NotAllowedNow from None
        messages.success(request, _("Saved."))
        return redirect("workdays", year=row.day.year)
    year = day.year if day else timezone.localdate().year
    return render(request, "members/workday_form.html", {"form": form, **_below(year)})


def _day(text):
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@read_or_write
@permitted("members.manage_workdays", WorkdayOverride)
def workday_edit(request, row):
    """Change an exception; two people saving are merged, or asked field by field."""
    data = request.POST if request.method == "POST" else None

    def make_form():
        return WorkdayForm(data, instance=WorkdayOverride.objects.filter(pk=row.pk).first() or row)

    if data is None:
        form = make_form()
    else:
        try:
            form, saved = save_form(make_form)
        except IntegrityError:
            raise NotAllowedNow from None
        if saved:
            messages.success(request, _("Saved."))
            return redirect("workdays", year=form.instance.day.year)
    return render(request, "members/workday_form.html", {"form": form, "row": row, **_below(row.day.year)})


@require_POST
@permitted("members.manage_workdays", WorkdayOverride)
def workday_remove(request, row):
    """Take an exception back."""
    year = row.day.year
    row.delete()
    messages.success(request, _("The public calendar holds for this day again."))
    return redirect("workdays", year=year)


@read_or_write
@permitted_globally("members.manage_workdays")
def workdays_paste(request, year):
    """All lines or none: what cannot be read is named, and the text stays as it was typed."""
    form = PasteForm(request.POST or None, year=_known(year))
    if request.method == "POST" and form.is_valid():
        lines = form.cleaned_data["lines"]
        added, changed = keep(lines)
        said = [ngettext("%(n)d exception added", "%(n)d exceptions added", added) % {"n": added}]
        if changed:
            said.append(ngettext("%(n)d changed", "%(n)d changed", changed) % {"n": changed})
        if same := len(lines) - added - changed:
            said.append(ngettext("%(n)d as before", "%(n)d as before", same) % {"n": same})
        messages.success(request, " · ".join(said))
        return redirect("workdays", year=lines[0].day.year)
    return render(request, "members/workdays_paste.html", {"form": form, **_below(year)})


def _below(year):
    """The breadcrumbs of a form, and the way back."""
    back = reverse("workdays", args=[year])
    return {"back": back, "breadcrumbs": [(_("Working calendar"), back)]}
