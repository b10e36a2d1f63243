"""The chasing grid: who misses what this month, the exact message, and the sending of it."""

import django_filters
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core import workdays
from core.access import permitted_globally
from core.as_of import AsOf
from core.calendar import MONTH, Period
from core.filters import HouseFilterSet
from core.requests import number_of
from reports import chasing, chasing_message
from studios.filters import UnitFilter, units_of
from studios.models import Studio

PER_PAGE = 100
ANYTHING = "any"


class ChasingFilter(HouseFilterSet):
    """Which of the studios; what they miss is known only when the grid is made."""

    unit = UnitFilter(label=_("Unit"), queryset=units_of, method="by_unit")
    missing = django_filters.ChoiceFilter(
        label=_("Missing"),
        choices=[(ANYTHING, _("Anything")), *chasing.LABELS.items()],
        method="by_missing",
    )

    class Meta:
        model = Studio
        fields: list[str] = []

    def by_unit(self, studios, _name, unit):
        return studios.within(unit) if unit else studios

    def by_missing(self, studios, _name, _wanted):
        return studios


class Seen:
    """The rows that an address asks for, and the counts of the whole."""

    def __init__(self, request, month, asked):
        self.month, self.on = month, timezone.localdate()
        self.filter = ChasingFilter(asked, queryset=chasing.to_chase(request.user), request=request)
        self.missing = self.filter.used.get("missing", "")
        everything = chasing.grid(self.filter.qs, month, on=self.on, calendar=workdays.load())
        self.counts = chasing.counts(everything)
        self.all = len(everything)
        self.rows = [row for row in everything if not self.missing or self._misses(row)]

    def _misses(self, row):
        return bool(row.missing) if self.missing == ANYTHING else self.missing in row.missing


def known_month(key):
    """The month written in an address; 404 for anything else."""
    try:
        month = Period.parse(key)
    except ValueError as error:
        raise Http404 from error
    if month.kind != MONTH:
        raise Http404
    return month


@require_safe
@permitted_globally("reports.chase")
def chasing_now(request):
    """The grid of this month."""
    return redirect("chasing", Period.containing(timezone.localdate()).key)


@require_safe
@permitted_globally("reports.chase")
def chasing_grid(request, month):
    """Studios x {plan, progress, activity, report}; who misses something can be chosen and reminded."""
    month = known_month(month)
    seen = Seen(request, month, request.GET)
    query = request.GET.urlencode()
    query = f"?{query}" if query else ""

    def step(to):
        return str(to), reverse("chasing", args=[to.key]) + query

    context = {
        "month": month,
        "page": Paginator(seen.rows, PER_PAGE).get_page(request.GET.get("page")),
        "seen": seen,
        "as_of": AsOf(timezone.now(), seen.filter.qs.plans_of(month).last_change(naming=True)),
        "figures": _figures(seen),
        "found": sum(bool(row.missing) for row in seen.rows),
        "previous": step(month.previous),
        "next": step(month.next),
    }
    return render(request, "reports/chasing.html", context)


def _figures(seen):
    """One figure for each of the four: how many studios miss it, and the list of them."""
    unit = seen.filter.used.get("unit")
    where = f"&unit={unit.pk}" if unit else ""
    here = reverse("chasing", args=[seen.month.key])
    sub = ngettext("of %(count)d studio", "of %(count)d studios", seen.all) % {"count": seen.all}
    return [
        (
            label,
            seen.counts[check],
            f"{sub} · {chasing.COUNTED[check]}",
            f"{here}?missing={check}{where}",
            "bad" if seen.counts[check] else "good",
        )
        for check, label in chasing.LABELS.items()
    ]


@require_POST
@permitted_globally("reports.chase")
def chasing_letters(request, month):
    """First the exact messages to the chosen; sent when they were seen (``send``)."""
    month = known_month(month)
    seen = Seen(request, month, request.POST)
    chosen = {number_of(pk) for pk in request.POST.getlist("studio")}
    rows = seen.rows if request.POST.get("all") else [row for row in seen.rows if row.pk in chosen]
    letters = chasing_message.letters(rows, month, by=request.user, on=seen.on)
    back = reverse("chasing", args=[month.key])
    if not letters:
        messages.warning(request, _("Nobody was chosen who misses something."))
        return redirect(back)
    if request.POST.get("send"):
        told = chasing_message.send(letters, month, by=request.user, on=seen.on)
        said = ngettext("%(count)d studio was reminded.", "%(count)d studios were reminded.", told)
        messages.success(request, said % {"count": told})
        return redirect(back)
    context = {
        "month": month,
        "letters": letters,
        "going": sum(letter.goes_out for letter in letters),
        "unreachable": [letter for letter in letters if not letter.recipients],
        "for_a_group": chasing_message.for_a_group(letters, month),
        "unit": request.POST.get("unit", ""),
        "missing": seen.missing,
        "all": request.POST.get("all", ""),
        "breadcrumbs": [(_("Chasing"), back)],
    }
    return render(request, "reports/chasing_letters.html", context)
