"""Naming the care workers, person by person."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from care.forms import WorkerForm
from care.models import CareWorker
from core.access import permitted, permitted_globally
from core.requests import read_or_write


@permitted_globally("care.name_workers")
@read_or_write
def care_workers(request):
    """Who cares for whom, and naming one more."""
    user = request.user
    named = CareWorker(named_by=user)
    form = WorkerForm(request.POST or None, instance=named, by=user, on=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        worker = CareWorker.name(
            form.cleaned_data["user"], form.cleaned_data["unit"], by=user, at=timezone.now()
        )
        messages.success(request, _("%s is a care worker now.") % worker.user)
        return redirect("care-workers")
    workers = CareWorker.objects.visible_to(user).standing()
    context = {
        "form": form,
        "workers": list(workers.select_related("user__person", "unit", "named_by__person")),
        "breadcrumbs": [(_("Care"), reverse("care"))],
    }
    return render(request, "care/workers.html", context, status=422 if form.is_bound else 200)


@require_POST
@permitted("care.name_workers", CareWorker)
def care_worker_end(request, worker):
    """Take the right away."""
    worker.end(by=request.user, at=timezone.now())
    messages.success(request, _("%s is no care worker any more.") % worker.user)
    return redirect("care-workers")
