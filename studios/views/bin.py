"""The bin of a studio: what was deleted, by whom, and the way back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.access import permitted
from studios import bin
from studios.models import Deleted, Studio
from studios.tabs import frame

PER_PAGE = 50


@permitted("studios.use_bin", Studio)
@require_safe
def studio_bin(request, studio):
    """What was deleted in the last ninety days, the latest first."""
    kept = studio.bin.select_related("by__person")
    context = frame(studio, user=request.user, active="studio-bin", on=timezone.localdate()) | {
        "page": Paginator(kept, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "studios/bin.html", context)


@require_POST
@permitted("studios.use_bin", Deleted)
def bin_restore(request, kept):
    """Bring a record back with all that hung on it."""
    record = bin.take_out(kept, by=request.user)
    messages.success(request, _("“%(title)s” is back.") % {"title": kept.title})
    return redirect(record)
