"""The machine room: whether the background works, and a second try for what failed."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import jobs
from core.access import permitted_globally
from notifications import sending
from notifications.machine_room import look


@require_safe
@permitted_globally("notifications.see_machine_room")
def machine_room(request):
    """The state of the work; ``state`` narrows what is to be done to that of one state."""
    state = request.GET.get("state", "")
    context = {"health": look(timezone.now(), state=state), "state": state}
    return render(request, "notifications/machine_room.html", context)


@require_POST
@permitted_globally("notifications.try_again")
def job_retry(request, pk):
    jobs.try_again(pk, now=timezone.now())
    return _waiting_again(request)


@require_POST
@permitted_globally("notifications.try_again")
def job_dismiss(request, pk):
    jobs.dismiss(pk, by=request.user, now=timezone.now())
    messages.success(request, _("The work is dismissed: it will not be done."))
    return redirect("jobs")


@require_POST
@permitted_globally("notifications.try_again")
def digest_retry(request, pk):
    sending.try_again(pk, now=timezone.now())
    return _waiting_again(request)


def _waiting_again(request):
    messages.success(request, _("It waits for the worker again."))
    return redirect("jobs")
