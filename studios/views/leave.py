"""Leave: asking, deciding in one click, coming after all, making it up; and what is to come."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.access import open_to_all_signed_in, permitted
from core.errors import NotAllowedNow
from core.htmx import came_from
from core.requests import read_or_write
from studios import leave
from studios.forms.leave import LeaveForm, MakeUpForm, RefusalForm
from studios.models import Activity, LeaveRequest
from studios.views.act import act_page
from studios.views.crumbs import of_activity

PER_PAGE = 50


@require_safe
@open_to_all_signed_in
def my_activities(request):
    """What is to come in the studios one sees, one's own leave from it, and the leave one has to decide."""
    user, on = request.user, timezone.localdate()
    to_come = Activity.objects.visible_to(user).to_come(on=on).select_related("studio")
    page = Paginator(to_come, PER_PAGE).get_page(request.GET.get("page"))
    mine = LeaveRequest.objects.filter(
        person=user.person_id, activity__in=[row.pk for row in page], state__in=LeaveRequest.OPEN
    )
    asked = {row.activity_id: row for row in mine} if user.person_id else {}
    context = {
        "page": page,
        "rows": [(row, asked.get(row.pk), row.studio_id in user.studio_roles) for row in page],
        "waiting": leave.waiting_for(user),
        "today": on,
    }
    return render(request, "studios/my_activities.html", context)


@permitted("studios.attend", Activity)
@read_or_write
def leave_new(request, activity):
    """Ask to stay away."""
    form = LeaveForm(request.POST or None)
    until = leave.last_moment(activity, on=activity.held_on)
    if request.user.person is None or activity.state != Activity.State.PLANNED or timezone.now() >= until:
        raise NotAllowedNow(_("It is too late to ask for leave from this activity."))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        leave.ask(activity, request.user.person, reason=reason, by=request.user, at=timezone.now())
        messages.success(request, _("Your leave is asked for; you are told how it is decided."))
        return redirect(activity)
    return _page(request, activity, form, title=_("Ask for leave"), submit=_("Ask for leave"))


@require_POST
@permitted("studios.decide_leave", LeaveRequest)
def leave_approve(request, asked):
    """One click: he may stay away."""
    leave.approve(asked, by=request.user, at=timezone.now())
    messages.success(request, _("%s may stay away.") % asked.person)
    return redirect(came_from(request, default=asked.get_absolute_url()))


@permitted("studios.decide_leave", LeaveRequest)
@read_or_write
def leave_refuse(request, asked):
    """He is expected all the same, and reads why."""
    form = RefusalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        leave.refuse(asked, opinion=form.cleaned_data["opinion"], by=request.user, at=timezone.now())
        messages.success(request, _("Refused; %s is told why.") % asked.person)
        return redirect(asked)
    title = _("%s is not given leave") % asked.person
    return _page(request, asked.activity, form, title=title, submit=_("Refuse"))


@require_POST
@permitted("studios.withdraw_leave", LeaveRequest)
def leave_withdraw(request, asked):
    """He comes after all."""
    leave.withdraw(asked, by=request.user, at=timezone.now())
    messages.success(request, _("Your leave is withdrawn; you are expected."))
    return redirect(asked)


@permitted("studios.make_up_leave", LeaveRequest)
@read_or_write
def leave_make_up(request, asked):
    """What was missed was learnt afterwards."""
    on = timezone.localdate()
    initial = {"made_up_on": on, "made_up_hours": asked.activity.hours}
    form = MakeUpForm(request.POST or None, on=on, initial=initial)
    if request.method == "POST" and form.is_valid():
        leave.make_up(asked, **{name: form.cleaned_data[name] for name in form.fields})
        messages.success(request, _("Saved."))
        return redirect(asked)
    title = _("%s has made it up") % asked.person
    return _page(request, asked.activity, form, title=title, submit=_("Save"))


def _page(request, activity, form, *, title, submit):
    above = of_activity(activity)
    return act_page(request, form, above, studio=activity.studio, title=title, submit=submit)
