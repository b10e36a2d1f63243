"""The way to the month that is now, whoever one is."""

from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.access import open_to_all_signed_in
from core.calendar import Period
from studios.models import Membership


@require_safe
@open_to_all_signed_in
def my_month(request):
    """This month of one's own studio, of the one that one leads where there are several; else the studios."""
    return _of_own_studio(request, "month")


@require_safe
@open_to_all_signed_in
def my_sheet(request):
    """The month sheet of the same studio; else the studios."""
    return _of_own_studio(request, "month-sheet")


def _of_own_studio(request, page):
    roles = request.user.studio_roles
    own = sorted(roles, key=lambda studio: (roles[studio] not in Membership.STEERING, studio))
    if not own:
        return redirect("studios")
    return redirect(page, pk=own[0], period=Period.containing(timezone.localdate()))
