"""The activities of a studio, and the page of each."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import file_views, workdays
from core.access import permitted
from core.calendar import Period
from core.forms import FilesForm
from core.gathering import Total
from core.history import changes_of
from core.requests import read_or_write
from core.shown import number, percent_shown
from core.versions import save_form
from studios import activities, bin, rhythm, series
from studios.forms.activities import ActivityForm, CallOffForm, NewActivityForm
from studios.models import Activity, ActivityFile, Attendance, LeaveRequest, Studio
from studios.tabs import frame
from studios.views.act import act_page
from studios.views.crumbs import of_activities, of_activity
from studios.views.series import say_spread

PER_PAGE = 50
FIRST_YEAR, LAST_YEAR = 2001, 2099


@permitted("studios.view_studio", Studio)
@require_safe
def studio_activities(request, studio):
    """All activities, the newest first."""
    today = timezone.localdate()
    context = frame(studio, user=request.user, active="studio-activities", on=today) | {
        "page": Paginator(studio.activities.all(), PER_PAGE).get_page(request.GET.get("page")),
        "may_change": request.user.has_perm("studios.change_activities", studio),
        "rhythm": rhythm.of_month(studio, Period.containing(today), on=today),
        "year": today.year,
        "month": Period.containing(today).key,
        "today": today,
    }
    return render(request, "studios/activities.html", context)


@permitted("studios.view_studio", Studio)
@require_safe
def studio_attendance(request, studio, year):
    """Who took part in a year, and the hours of study of each."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    shares = rhythm.attendance_of(studio, Period.of_year(year))
    all_of_them = rhythm.together(shares)

    def to(year):
        return str(year), reverse("studio-attendance", args=[studio.pk, year])

    context = frame(studio, user=request.user, active="studio-activities", on=timezone.localdate()) | {
        "year": year,
        "shares": shares,
        "all": all_of_them,
        "behind": f"{reverse('activities')}?studio={studio.pk}&year={year}",
        "totals": [
            Total(_("Asked to"), number(all_of_them.asked)),
            Total(_("Came"), number(all_of_them.came)),
            Total(_("Late"), number(all_of_them.late)),
            Total(_("On leave"), number(all_of_them.on_leave)),
            Total(_("Absent"), number(all_of_them.absent)),
            Total(_("Attendance rate"), percent_shown(all_of_them.rate)),
            Total(_("Hours of study"), floatformat(all_of_them.hours, -1)),
        ],
        "previous": to(year - 1),
        "next": to(year + 1),
        "breadcrumbs": of_activities(studio),
    }
    return render(request, "studios/year_attendance.html", context)


@permitted("studios.view_studio", Activity)
@require_safe
def activity(request, activity):
    """One activity: what, when, where, what came of it."""
    return _activity_page(request, activity)


def _activity_page(request, activity, *, files_form=None, status=200):
    user, today = request.user, timezone.localdate()
    context = {
        "activity": activity,
        "studio": activity.studio,
        "files": activity.files.select_related("by__person"),
        "may_change": user.has_perm("studios.change_activities", activity),
        "decisions": _decisions(activity),
        "may_call_off": user.has_perm("studios.call_off_activity", activity),
        "files_form": files_form or FilesForm(),
        "history": changes_of(activity) if user.has_perm("studios.view_history", activity) else None,
        "has_come": activity.held_on <= today,
        "is_to_come": activity.state == Activity.State.PLANNED and activity.held_on >= today,
        "leave": LeaveRequest.objects.visible_to(user)
        .filter(activity=activity)
        .select_related("person", "decided_by__person", "activity__studio__unit"),
        "may_ask": user.has_perm("studios.attend", activity)
        and activity.state == Activity.State.PLANNED
        and timezone.now() < activity.begins,
        "me": user.person_id,
        "month": Period.containing(today).key,
        "attendance": activity.attendance.exclude(status=Attendance.Status.NOT_ASKED).select_related(
            "person"
        ),
        "today": today,
        "breadcrumbs": of_activities(activity.studio),
    }
    return render(request, "studios/activity.html", context, status=status)


def _decisions(activity):
    """(decision, the plan item made of it or None); what became of them is known to the app of the plans."""
    if not activity.decided:
        return []
    became = activity.items_of_decisions.select_related("item__plan")
    items = {row.decision: row.item for row in became}
    return [(text, items.get(text[:300])) for text in activity.decided]


@permitted("studios.change_activities", Studio)
@read_or_write
def activity_new(request, studio):
    """An activity that was held, or will be."""
    today = timezone.localdate()
    blank = Activity(studio=studio)
    initial = {"held_on": today, "host": studio.lead or ""}
    form = NewActivityForm(request.POST or None, instance=blank, initial=initial, on=today, once=True)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            if form.claim():
                put_down = form.save(commit=False)
                activities.announce(put_down, by=request.user, on=today, was_held=form.was_held)
                messages.success(request, _("The activity is recorded."))
        return redirect(blank if blank.pk else reverse("studio-activities", args=[studio.pk]))
    above, template = of_activities(studio), "studios/activity_new.html"
    return act_page(request, form, above, studio=studio, title=_("New activity"), template=template)


@permitted("studios.change_activities", Activity)
@read_or_write
def activity_edit(request, activity):
    """Correct an activity, or add what came of it."""

    def make_form():
        mine = Activity.objects.visible_to(request.user).select_related("studio__unit")
        by_name = activity.attendance.exists()
        return ActivityForm(
            request.POST or None,
            instance=mine.get(pk=activity.pk),
            by_name=by_name,
            initial={"scope": request.GET.get("scope", series.Scope.THIS)},
        )

    form = make_form()
    if request.method == "POST":
        with transaction.atomic():
            form, saved = save_form(make_form)
            if saved:
                say_spread(request, _follow_up(form, by=request.user))
        if saved:
            messages.success(request, _("Saved."))
            return redirect(activity)
    above = of_activity(activity)
    return act_page(request, form, above, studio=activity.studio, title=activity.subject)


def _follow_up(form, *, by):
    """Tell the members, or give the others of the series the same; how many those were."""
    saved, on = form.instance, timezone.localdate()
    was, _lists = form.replaced()
    changed = series.spread(
        saved, was, form.cleaned_data.get("scope", ""), by=by, on=on, calendar=workdays.load()
    )
    if not changed:
        activities.tell_of_change(saved, was, by=by, on=on)
    return changed


@require_POST
@permitted("studios.call_off_activity", Activity)
def activity_delete(request, activity):
    """Put an activity into the bin."""
    kept = bin.put(activity, by=request.user, at=timezone.now())
    messages.success(request, _("The activity is in the bin."), extra_tags=f"bin:{kept.pk}")
    return redirect("studio-activities", activity.studio_id)


@permitted("studios.call_off_activity", Activity)
@read_or_write
def activity_call_off(request, activity):
    """It does not take place."""
    initial = {"scope": request.GET.get("scope", series.Scope.THIS)}
    form = CallOffForm(request.POST or None, repeats=activity.repeats, initial=initial)
    if request.method == "POST" and form.is_valid():
        why = {"reason": form.cleaned_data["reason"], "by": request.user, "on": timezone.localdate()}
        with transaction.atomic():
            activities.call_off(activity, **why)
            say_spread(request, series.call_off(activity, form.cleaned_data.get("scope", ""), **why))
        messages.success(request, _("Called off; the members are told."))
        return redirect(activity)
    above, title = of_activity(activity), _("“%s” does not take place") % activity
    return act_page(request, form, above, studio=activity.studio, title=title, submit=_("Call it off"))


@require_POST
@permitted("studios.call_off_activity", Activity)
def activity_take_up(request, activity):
    """It takes place after all."""
    activities.take_up(activity, by=request.user, on=timezone.localdate())
    messages.success(request, _("It takes place after all; the members are told."))
    return redirect(activity)


@require_POST
@permitted("studios.change_activities", Activity)
def activity_hold(request, activity):
    """It was held."""
    activities.hold(activity, on=timezone.localdate())
    messages.success(request, _("Saved."))
    return redirect(activity)


activity_file_new = file_views.adding("studios.change_activities", Activity, _activity_page)
activity_file_delete = file_views.removing("studios.change_activities", ActivityFile)
activity_file = file_views.opening("studios.view_studio", ActivityFile)
