"""The first screen, for each role its own; and the one page of a company leader."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.access import open_to_all_signed_in, permitted_globally
from core.calendar import Period
from core.requests import number_of
from members.models import Role
from reports import as_of
from reports.desk import desk
from reports.leading import one_page
from reports.scope import units_of
from studios import attending
from studios.models import Membership, Studio
from studios.rules import STAFF


@require_safe
@open_to_all_signed_in
def home(request):
    """An officer's desk, a leader's page, a lead's month, a member's items: what this person comes for."""
    user = request.user
    if user.is_superuser or user.holds(*STAFF):
        return _desk(request)
    if user.holds(Role.COMPANY_LEADER):
        return redirect("leader")
    steered = [pk for pk, role in user.studio_roles.items() if role in Membership.STEERING]
    if len(steered) == 1:
        return redirect("month", steered[0], Period.containing(timezone.localdate()).key)
    if steered:
        return _choice(request, steered)
    if user.studio_roles:
        return redirect("my-items")
    if user.has_perm("members.manage_users"):
        return redirect("users")
    return render(request, "reports/home_nobody.html")


def _desk(request):
    units = list(units_of(request.user))
    if not units:
        return render(request, "reports/home_nobody.html")
    unit = _chosen(request, units)
    context = desk(unit, user=request.user, on=timezone.localdate())
    context["as_of"] = _as_of(request, unit, context["month"], context["figure"])
    return render(request, "reports/desk.html", {**context, "tabs": _tabs(units, unit)})


def _as_of(request, unit, period, figure):
    return as_of.of_unit(unit, period, user=request.user, at=timezone.now(), stored_at=figure.at)


def _choice(request, steered):
    on = timezone.localdate()
    studios = Studio.objects.filter(pk__in=steered).select_related("unit")
    month = Period.containing(on)
    context = {
        "choice": [(studio, reverse("month", args=[studio.pk, month])) for studio in studios],
        "activities": attending.to_record(steered, on=on)[:6],
        "today": on,
    }
    return render(request, "reports/home_choice.html", context)


@require_safe
@permitted_globally("reports.view_leader")
def leader(request):
    """Totals, units ranked, verified benefit, best achievements: one page, also on paper."""
    units = list(units_of(request.user))
    if not units:
        raise Http404
    unit = _chosen(request, units)
    context = one_page(unit, on=timezone.localdate())
    context["as_of"] = _as_of(request, unit, context["year"], context["figure"])
    return render(
        request, "reports/leader.html", {**context, "tabs": _tabs(units, unit), "on": timezone.localdate()}
    )


def _chosen(request, units):
    """The unit of the address among those one reads, else the first of them."""
    if not request.GET.get("unit"):
        return units[0]
    return get_object_or_404(units_of(request.user), pk=number_of(request.GET["unit"]))


def _tabs(units, chosen):
    """One tab for each unit, none where there is no choice."""
    if len(units) == 1:
        return []
    return [(unit.name, f"?unit={unit.pk}", unit == chosen, None) for unit in units]
