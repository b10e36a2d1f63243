"""The list of studios and its export."""

from django.db.models import Count, Sum
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from core import shown, workdays
from core.access import open_to_all_signed_in, permitted_globally
from core.as_of import AsOf
from core.calendar import Period
from core.gathering import Counted, Total, gathered
from core.lists import Look
from studios import export, register
from studios.filters import StudioFilter
from studios.lists import REGISTER
from studios.models import Membership, Studio

PER_PAGE = 50
#: So many studios can be chosen at once: a form with more fields is refused.
MOST_CHOSEN = 900


class Seen:
    """What the address of a request asks of the register: the same for the page and for its export."""

    def __init__(self, request, grouping=None):
        self.grouping = grouping
        self.on = timezone.localdate()
        self.month, self.calendar = Period.containing(self.on), workdays.load()
        self.visible = Studio.objects.visible_to(request.user)
        self.filter = StudioFilter(
            request.GET,
            queryset=self.visible,
            request=request,
            period=self.month,
            on=self.on,
            calendar=self.calendar,
        )
        self.order = request.GET.get("o", "")

    @property
    def ids(self):
        first = self.grouping.first if self.grouping else ()
        studios = self.filter.qs.in_order(self.order, period=self.month, first=first)
        if self.order.removeprefix("-") != "overdue":
            return studios.values_list("pk", flat=True)
        # Counted once for all and sorted here: asked studio by studio it would take the database seconds.
        late, sign = Studio.objects.overdue_counts(on=self.on), -1 if self.order.startswith("-") else 1
        places = {}
        rows = [
            (places.setdefault(tuple(group), len(places)), pk)
            for pk, *group in studios.values_list("pk", *(self.grouping.by if self.grouping else ()))
        ]
        return [pk for _place, pk in sorted(rows, key=lambda row: (row[0], sign * late.get(row[1], 0)))]

    @cached_property
    def _sums(self):
        # Asked without the order: sorting what is only counted would cost more than counting it.
        return self.filter.qs.order_by().aggregate(count=Count("pk"), funds=Sum("annual_funds"))

    @property
    def count(self):
        return self._sums["count"]

    @property
    def totals(self):
        """What all studios of the address come to. One query beside the counting."""
        of_these = self.filter.qs.order_by().values("pk")
        people = Membership.objects.current(on=self.on).filter(studio__in=of_these)
        return [
            Total(_("Studios"), shown.number(self.count)),
            Total(_("Members"), shown.number(people.order_by().count())),
            Total(_("Annual funds (10,000 yuan)"), shown.wan(self._sums["funds"])),
        ]


@open_to_all_signed_in
@require_safe
def studios(request):
    """The studios one may see, narrowed, sorted and paged by the address."""
    look = Look.of(request, REGISTER)
    if look.default:
        return redirect(look.default)
    seen = Seen(request, look.grouping)
    page = Counted(seen.ids, PER_PAGE, count=seen.count).get_page(request.GET.get("page"))
    rows = register.rows(page.object_list, month=seen.month, on=seen.on, calendar=seen.calendar)
    context = {
        "page": page,
        "as_of": AsOf(timezone.now(), seen.filter.qs.plans_of(seen.month).last_change(naming=True)),
        "look": look,
        "rows": rows,
        "groups": gathered(rows, look.grouping, seen.filter.qs, record=lambda row: row.studio),
        "totals": seen.totals if seen.count else [],
        "counted": ngettext("%(count)d studio", "%(count)d studios", seen.count) % {"count": seen.count},
        "hidden": 0 if seen.count else seen.visible.count(),
        "filter": seen.filter,
        "month": seen.month,
        "may_export": request.user.has_perm("studios.export_studios"),
        "query": request.GET.urlencode(),
        "may_remind": request.user.has_perm("reports.chase"),
    }
    if context["may_remind"] and seen.count <= MOST_CHOSEN:
        context["choose_all"] = f"{look.address}&cols={look.cols}&chosen=all"
        context["all_chosen"] = list(seen.ids) if request.GET.get("chosen") == "all" else []
    fragment = "#results" if request.htmx else ""
    response = render(request, f"studios/register.html{fragment}", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@permitted_globally("studios.export_studios")
@require_safe
def studios_export(request):
    """The same studios and columns in the same order, all pages of them, as a workbook."""
    look = Look.of(request, REGISTER)
    seen = Seen(request, look.grouping)
    ids = list(seen.ids)
    title = (
        _("Register of studios")
        + " · "
        + (ngettext("%(count)d studio", "%(count)d studios", len(ids)) % {"count": len(ids)})
    )
    rows = register.all_rows(ids, month=seen.month, on=seen.on, calendar=seen.calendar)
    stream = export.register(rows, columns=look.columns, title=title, on=seen.on)
    name = _("Register of studios") + f" {seen.on.isoformat()}.xlsx"
    return FileResponse(stream, as_attachment=True, filename=name)
