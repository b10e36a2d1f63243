"""The people in the studios one sees."""

from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.access import open_to_all_signed_in
from core.gathering import in_order_of
from core.lists import Look
from studios.models import Membership
from studios.people_list import ORDERS, PEOPLE, PeopleFilter

PAGE = 50


@open_to_all_signed_in
@require_safe
def people(request):
    """Everybody who belongs to a studio today, once, narrowed as the address says."""
    look, on = Look.of(request, PEOPLE), timezone.localdate()
    if look.default:
        return redirect(look.default)
    seen = Membership.objects.visible_to(request.user).current(on=on)
    narrowed = PeopleFilter(request.GET, seen, request=request, on=on)
    rows = narrowed.people.select_related("unit").order_by(
        *(in_order_of(request.GET.get("o", ""), ORDERS) or ["initials"]), "pk"
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    hidden = seen.order_by().values("person").distinct().count() if narrowed.used and not page else 0
    context = {"filter": narrowed, "look": look, "page": page, "hidden": hidden}
    return render(request, "studios/people.html", context)
