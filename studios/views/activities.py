"""The activities of a studio."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.access import permitted
from core.versions import save_form
from studios.forms.activities import ActivityForm
from studios.models import Activity, Studio
from studios.tabs import below, frame

PER_PAGE = 50
require_form = require_http_methods(["GET", "HEAD", "POST"])


@permitted("studios.view_studio", Studio)
@require_safe
def studio_activities(request, studio):
    """All activities, the newest first."""
    today = timezone.localdate()
    context = frame(studio, user=request.user, active="studio-activities", on=today) | {
        "page": Paginator(studio.activities.all(), PER_PAGE).get_page(request.GET.get("page")),
        "may_change": request.user.has_perm("studios.change_activities", studio),
        "today": today,
    }
    return render(request, "studios/activities.html", context)


@permitted("studios.change_activities", Studio)
@require_form
def activity_new(request, studio):
    """An activity that was held, or will be."""
    blank = Activity(studio=studio)
    initial = {"held_on": timezone.localdate(), "host": studio.lead or ""}
    form = ActivityForm(request.POST or None, instance=blank, initial=initial, once=True)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            if form.claim():
                form.save()
                messages.success(request, _("The activity is recorded."))
        return redirect("studio-activities", studio.pk)
    return _page(request, studio, form, title=_("New activity"))


@permitted("studios.change_activities", Activity)
@require_form
def activity_edit(request, activity):
    """Correct an activity, or add who came."""

    def make_form():
        mine = Activity.objects.visible_to(request.user).select_related("studio__unit")
        return ActivityForm(request.POST or None, instance=mine.get(pk=activity.pk))

    form = make_form()
    if request.method == "POST":
        form, saved = save_form(make_form)
        if saved:
            messages.success(request, _("Saved."))
            return redirect("studio-activities", activity.studio_id)
    return _page(request, activity.studio, form, title=activity.subject)


def _page(request, studio, form, *, title):
    back = reverse("studio-activities", args=[studio.pk])
    context = {
        "form": form,
        "studio": studio,
        "title": title,
        "submit": _("Save"),
        "back": back,
        "breadcrumbs": below(studio, (_("Activities"), back)),
    }
    return render(request, "studios/act.html", context)
