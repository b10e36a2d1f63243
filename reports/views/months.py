"""Studios x months: how each month stands, a click opens it; and "extend by n days" for the chosen."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from core import workdays
from core.access import permitted_globally
from core.as_of import AsOf
from core.calendar import Period
from core.errors import NotAllowedNow
from core.filters import HouseFilterSet
from core.forms import HouseForm
from core.requests import number_of
from projects import closing
from projects.models import Plan
from reports import chasing, months
from studios.filters import UnitFilter, units_of
from studios.models import Studio

PER_PAGE = 50
MOST_DAYS = 10


class MonthsFilter(HouseFilterSet):
    """The studios of one unit."""

    unit = UnitFilter(label=gettext_lazy("Unit"), queryset=units_of, method="by_unit")

    class Meta:
        model = Studio
        fields: list[str] = []

    def by_unit(self, studios, _name, unit):
        return studios.within(unit) if unit else studios


class ExtendForm(HouseForm):
    """Which month, and by how many working days."""

    month = forms.ChoiceField(label=gettext_lazy("Month"))
    days = forms.IntegerField(
        label=gettext_lazy("Working days more"), min_value=1, max_value=MOST_DAYS, initial=2
    )

    def __init__(self, *args, year, **kwargs):
        super().__init__(*args, **kwargs)
        parts = [month for quarter in Period.of_year(year).split() for month in quarter.split()]
        self.fields["month"].choices = [(month.key, str(month)) for month in parts]


@require_safe
@permitted_globally("reports.chase")
def months_grid(request, year):
    """The grid of a year. A fixed number of queries, whatever the number of studios."""
    if not 2000 <= year < 2100:
        raise Http404
    on = timezone.localdate()
    asked = MonthsFilter(request.GET, queryset=chasing.to_chase(request.user), request=request)
    ordered = asked.qs.select_related("unit").order_by("unit__position", "unit__path", "position", "pk")
    page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("page"))
    before = Period.containing(on).previous
    context = {
        "year": Period.of_year(year),
        "as_of": AsOf(timezone.now(), months.last_step(asked.qs, year)),
        "filter": asked,
        "page": page,
        "rows": months.rows(page, year, on=on, calendar=workdays.load()),
        "heads": [month for quarter in Period.of_year(year).split() for month in quarter.split()],
        "form": ExtendForm(year=year, initial={"month": before.key}),
        "previous": (str(year - 1), reverse("months", args=[year - 1])),
        "next": (str(year + 1), reverse("months", args=[year + 1])),
        "breadcrumbs": [(_("Chasing"), reverse("chasing-now"))],
    }
    return render(request, "reports/months.html", context)


@require_POST
@permitted_globally("reports.chase")
def months_extend(request, year):
    """First what would move and what would not; done when it was seen (``sure``)."""
    if not 2000 <= year < 2100:
        raise Http404
    back = reverse("months", args=[year])
    form = ExtendForm(request.POST, year=year)
    chosen = [pk for pk in map(number_of, request.POST.getlist("studio")) if pk is not None]
    if not form.is_valid() or not chosen:
        messages.warning(request, _("Choose studios, a month, and one to ten working days."))
        return redirect(back)
    on, calendar = timezone.localdate(), workdays.load()
    studios = chasing.to_chase(request.user).filter(pk__in=chosen[: months.MOST])
    period, days = form.cleaned_data["month"], form.cleaned_data["days"]
    plans = Plan.objects.filter(studio__in=studios, period=period).select_related("studio__unit")
    found = months.moves(plans.order_by("studio__position", "pk"), days, on=on, calendar=calendar)
    will = [move for move in found if not move.why_not]
    if "sure" in request.POST:
        moved = _carry_out(request, will)
        said = ngettext("%(count)d month closes later.", "%(count)d months close later.", moved)
        messages.success(request, said % {"count": moved})
        return redirect(back)
    context = {
        "year": year,
        "form": form,
        "will": will,
        "wont": [move for move in found if move.why_not],
        "period": Period.parse(period),
        "breadcrumbs": [(_("Chasing"), reverse("chasing-now")), (str(year), back)],
    }
    return render(request, "reports/months_extend.html", context)


@transaction.atomic
def _carry_out(request, will) -> int:
    """Move those that still close on the day that was seen; how many were moved."""
    seen = set(request.POST.getlist("seen"))
    moved = 0
    for move in will:
        if f"{move.plan.pk}:{move.before}" not in seen:
            continue
        try:
            closing.extend(move.plan, by=request.user, at=timezone.now(), seen=move.before, to=move.after)
        except NotAllowedNow:
            continue
        moved += 1
    return moved
