"""Recording who came, and signing in by the code on the screen."""

import segno
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.access import permitted
from core.errors import NotAllowedNow
from core.requests import read_or_write
from studios import attending
from studios.forms.attendance import AttendanceForm
from studios.models import Activity, Attendance
from studios.views.crumbs import of_activity


@permitted("studios.change_activities", Activity)
@read_or_write
def activity_attendance(request, activity):
    """Everybody is preset; who was not there takes one click."""
    on = timezone.localdate()
    if activity.is_cancelled or activity.held_on > on:
        messages.error(request, _("Who came is recorded on the day."))
        return redirect(activity)
    rows = attending.preset(activity)
    form = AttendanceForm(request.POST or None, rows=rows)
    if request.method == "POST" and form.is_valid():
        overtaken = attending.record(activity, form.marks, on=on)
        messages.success(request, _("Who came is recorded."))
        if overtaken:
            names = "、".join(person.name for person in overtaken)
            messages.info(request, _("Somebody else had changed these meanwhile; kept: %s") % names)
        return redirect(activity)
    context = {
        "form": form,
        "activity": activity,
        "by_code": any(row.signed_at for row in rows),
        "breadcrumbs": of_activity(activity),
    }
    return render(request, "studios/attendance.html", context, status=422 if form.is_bound else 200)


@permitted("studios.change_activities", Activity)
@require_safe
def activity_code(request, activity):
    """The code for the screen of the room, drawn anew each time the page is read."""
    to = reverse("activity-here", args=[activity.pk, attending.code_for(activity)])
    rows = activity.attendance.exclude(status=Attendance.Status.NOT_ASKED)
    context = {
        "activity": activity,
        "code": drawn(request.build_absolute_uri(to)),
        "minutes": attending.CODE_LIFE.seconds // 60,
        "came": rows.came().count(),
        "expected": rows.count() or attending.people_of(activity).count(),
        "breadcrumbs": of_activity(activity),
    }
    return render(request, "studios/code.html#code" if request.htmx else "studios/code.html", context)


@permitted("studios.attend", Activity)
@read_or_write
def activity_here(request, activity, code):
    """Where the code leads: one press, and it is recorded that this person is there."""
    attending.check_code(activity, code)
    if request.method == "POST":
        if request.user.person is None:
            raise NotAllowedNow(_("No person stands behind this sign-in."))
        row = attending.sign_in(activity, request.user.person, at=timezone.now())
        messages.success(request, _("You are signed in: %(status)s.") % {"status": row.get_status_display()})
        return redirect(activity)
    context = {"activity": activity, "breadcrumbs": of_activity(activity)}
    return render(request, "studios/here.html", context)


def drawn(address: str) -> dict:
    """A code to scan as the outline of one path, and how wide it is with the margin it needs."""
    rows = list(segno.make(address, error="m", micro=False).matrix_iter(border=4))
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return {"path": path, "size": len(rows), "address": address}
