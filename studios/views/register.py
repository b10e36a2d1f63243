"""The list of studios and its export."""

from django.core.paginator import Paginator
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from core import workdays
from core.access import open_to_all_signed_in, permitted_globally
from core.lists import Look
from studios import export, register
from studios.filters import StudioFilter
from studios.lists import REGISTER
from studios.models import Studio

PER_PAGE = 50
#: So many studios can be chosen at once: a form with more fields is refused.
MOST_CHOSEN = 900


class Seen:
    """What the address of a request asks of the register: the same for the page and for its export."""

    def __init__(self, request):
        self.on = timezone.localdate()
        self.pace = register.Pace.of(self.on, workdays.load())
        self.visible = Studio.objects.visible_to(request.user)
        self.filter = StudioFilter(
            request.GET,
            queryset=self.visible,
            request=request,
            period=self.pace.period,
            under=self.pace.under,
            on=self.on,
        )
        self.order = request.GET.get("o", "")

    @property
    def ids(self):
        ids = self.filter.qs.in_order(self.order, period=self.pace.period).values_list("pk", flat=True)
        if self.order.removeprefix("-") != "overdue":
            return ids
        # Counted once for all and sorted here: asked studio by studio it would take the database seconds.
        late = Studio.objects.overdue_counts(on=self.on)
        return sorted(ids, key=lambda pk: late.get(pk, 0), reverse=self.order.startswith("-"))

    @cached_property
    def count(self):
        # Asked without the order: sorting what is only counted would cost more than counting it.
        return self.filter.qs.order_by().count()


class CountedOnce(Paginator):
    """Pages of a list whose length is known."""

    def __init__(self, *args, count, **kwargs):
        super().__init__(*args, **kwargs)
        self.count = count


@open_to_all_signed_in
@require_safe
def studios(request):
    """The studios one may see, narrowed, sorted and paged by the address."""
    look = Look.of(request, REGISTER)
    if look.default:
        return redirect(look.default)
    seen = Seen(request)
    page = CountedOnce(seen.ids, PER_PAGE, count=seen.count).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "look": look,
        "rows": register.rows(page.object_list, pace=seen.pace, on=seen.on),
        "counted": ngettext("%(count)d studio", "%(count)d studios", seen.count) % {"count": seen.count},
        "hidden": 0 if seen.count else seen.visible.count(),
        "filter": seen.filter,
        "pace": seen.pace,
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
    seen = Seen(request)
    ids = list(seen.ids)
    title = (
        _("Register of studios")
        + " · "
        + (ngettext("%(count)d studio", "%(count)d studios", len(ids)) % {"count": len(ids)})
    )
    columns = Look.of(request, REGISTER).columns
    rows = register.all_rows(ids, pace=seen.pace, on=seen.on)
    stream = export.register(rows, columns=columns, title=title, on=seen.on)
    name = _("Register of studios") + f" {seen.on.isoformat()}.xlsx"
    return FileResponse(stream, as_attachment=True, filename=name)
