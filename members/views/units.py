"""The tree of units: looked at by those who oversee, changed by the group's administrators."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.access import permitted, permitted_globally
from core.jobs import want
from core.requests import number_of, read_or_write
from members.forms import UnitForm
from members.models import Unit


@require_safe
@permitted_globally("members.see_units")
def units(request):
    """The tree of those one may see, with the people of each."""
    seen = Unit.objects.visible_to(request.user).annotate(people_count=Count("people"))
    return render(request, "members/units.html", {"tree": _grown(seen)})


def _grown(units):
    """Nested lists ``(unit, [below it])``, each level in its own order."""
    below, roots = {}, []
    for unit in sorted(units, key=lambda unit: (unit.path.count("/"), unit.position, unit.pk)):
        node = (unit, below.setdefault(unit.pk, []))
        below[unit.parent_id].append(node) if unit.parent_id in below else roots.append(node)
    return roots


@read_or_write
@permitted_globally("members.manage_units")
def unit_new(request):
    """A unit, or a workshop below one; ``?parent=`` names what it hangs below."""
    parent = Unit.objects.filter(pk=number_of(request.GET.get("parent"))).first()
    workshop = parent is not None and parent.parent_id is not None
    kind = Unit.Kind.WORKSHOP if workshop else Unit.Kind.SUBSIDIARY
    return _keep(request, Unit(), initial={"parent": parent, "kind": kind})


@read_or_write
@permitted("members.manage_units", Unit)
def unit_edit(request, unit):
    """Rename a unit, or hang it elsewhere."""
    return _keep(request, unit)


@transaction.atomic
def _keep(request, unit, initial=None):
    """Two who move units at once wait for each other here, so that no unit comes to lie below itself."""
    if request.method == "POST":
        list(Unit.objects.select_for_update().order_by("pk").values_list("pk"))
        if unit.pk:
            unit.refresh_from_db()
    form = UnitForm(request.POST or None, instance=unit, initial=initial)
    if request.method == "POST" and form.is_valid():
        was = form.initial.get("parent") if unit.pk else None
        form.save()
        if was and was != unit.parent_id:
            year = timezone.localdate().year
            want("portfolio", key=f"portfolio:{year}", year=year)
        messages.success(request, _("Saved."))
        return redirect("units")
    breadcrumbs = [(_("Units"), reverse("units"))]
    return render(request, "members/unit_form.html", {"form": form, "unit": unit, "breadcrumbs": breadcrumbs})
