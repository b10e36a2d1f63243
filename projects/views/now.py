"""The way to the month that is now, whoever one is."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.access import open_to_all_signed_in
from core.calendar import Period
from projects import my_studio
from studios.models import Studio


@require_safe
@open_to_all_signed_in
def my_month(request):
    """This month of one's own studio; where there are several, of the last one, or the choice of them."""
    return _of_own_studio(request, "month")


@require_safe
@open_to_all_signed_in
def my_sheet(request):
    """The month sheet of the same studio."""
    return _of_own_studio(request, "month-sheet")


def _of_own_studio(request, page):
    month = Period.containing(timezone.localdate())
    if not request.user.studio_ids:
        return redirect("studios")
    studio = None if "choose" in request.GET else my_studio.meant(request)
    if studio:
        return redirect(page, pk=studio, period=month)
    own = Studio.objects.filter(pk__in=request.user.studio_ids).select_related("unit")
    choice = [(studio, reverse(page, args=[studio.pk, month])) for studio in own]
    return render(request, "projects/month_choice.html", {"choice": choice})
