"""The list of activities of all the studios one sees."""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.access import open_to_all_signed_in
from core.gathering import Counted, Total, in_order_of
from core.lists import Look
from core.shown import number
from studios.activity_list import ACTIVITIES, ORDERS, ActivityFilter, totals
from studios.models import Activity

PAGE = 50


@open_to_all_signed_in
@require_safe
def activities(request):
    """Every activity this person may see, narrowed as the address says, the newest first."""
    look = Look.of(request, ACTIVITIES)
    if look.default:
        return redirect(look.default)
    seen = Activity.objects.visible_to(request.user)
    narrowed = ActivityFilter(request.GET, seen, request=request, on=timezone.localdate())
    rows = narrowed.qs.order_by(
        *(in_order_of(request.GET.get("o", ""), ORDERS) or ["-held_on"]), "-pk"
    ).select_related("studio__unit")
    sums = totals(narrowed.qs)
    page = Counted(rows, PAGE, count=sums["count"]).get_page(request.GET.get("page"))
    context = {
        "filter": narrowed,
        "look": look,
        "page": page,
        "totals": [
            Total(_("Activities"), number(sums["count"])),
            Total(_("Present"), number(sums["present"] or 0)),
            Total(_("Absent"), number(sums["absent"] or 0)),
        ],
        "today": timezone.localdate(),
        "hidden": narrowed.left_out if narrowed.used and not sums["count"] else 0,
    }
    return render(request, "studios/all_activities.html", context)
