"""Items: the list behind every count, its workbook, and what one carries oneself."""

from datetime import timedelta

from django.http import FileResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import workdays
from core.access import open_to_all_signed_in
from core.as_of import AsOf
from core.errors import NotAllowedNow
from core.gathering import Counted, Total, gathered, in_order_of
from core.lists import Look
from core.offline import keep_offline
from core.shown import number
from projects import export
from projects.bulk import MOST
from projects.bulk_form import BulkForm
from projects.expected import Pace
from projects.filters import ItemFilter
from projects.lines import Line, lines
from projects.lists import ITEMS
from projects.models import Indicator, PlanItem
from projects.month_page import in_order

PAGE = 50
LATELY = timedelta(days=31)
ORDERS = {
    "due": "due_on",
    "progress": "share",
    "weight": "weight",
    "studio": "plan__studio__name",
    "period": "plan__starts_on",
}


def _narrowed(request, look, *, on):
    """What the address asks of the items: the filter, and its rows in their order."""
    narrowed = ItemFilter(request.GET, PlanItem.objects.visible_to(request.user), request=request, on=on)
    return narrowed, narrowed.qs.order_by(
        *(look.grouping.first if look.grouping else ()),
        *in_order_of(request.GET.get("o", ""), ORDERS),
        "-plan__starts_on",
        "pk",
    )


@require_safe
@open_to_all_signed_in
def items(request):
    """Every item this person may see, narrowed as the address says."""
    look = Look.of(request, ITEMS)
    if look.default:
        return redirect(look.default)
    on = timezone.localdate()
    narrowed, rows = _narrowed(request, look, on=on)
    sums = narrowed.qs.totals(on=on)
    page = Counted(rows.for_list(on=on), PAGE, count=sums["count"]).get_page(request.GET.get("page"))
    shown = list(page)
    pace = Pace(on, workdays.load())
    lines = [
        Line(item, on, pace=pace, may_change=request.user.has_perm("projects.change_item", item))
        for item in shown
    ]
    context = {
        "filter": narrowed,
        "look": look,
        "page": page,
        "lines": lines,
        "as_of": AsOf(timezone.now(), narrowed.qs.last_change(naming=True)),
        "groups": gathered(lines, look.grouping, narrowed.qs, record=lambda line: line.item),
        "totals": _totals(sums, narrowed),
        "bulk": BulkForm(items=[item.pk for item in shown])
        if any(line.may_change for line in lines)
        else None,
        "most": MOST,
        "hidden": narrowed.left_out if narrowed.used and not shown else 0,
    }
    return render(request, "projects/items.html", context)


def _totals(sums, narrowed):
    """What all items of the list come to; a count opens its rows unless they are narrowed by it already."""
    narrows = {
        "planned": (_("planned"), {"state": "planned"}),
        "done": (_("done"), {"state": "done"}),
        "overdue": (_("overdue"), {"overdue": "1"}),
    }
    free = not {"state", "overdue", "on_time"} & set(narrowed.used)
    return [
        Total(_("Items"), number(sums["count"])),
        *(
            Total(label, number(sums[name]), narrowed.address_with(**narrowing) if free else "")
            for name, (label, narrowing) in narrows.items()
        ),
    ]


@require_safe
@open_to_all_signed_in
def items_export(request):
    """The same items and columns in the same order, all pages of them, as a workbook."""
    look, on = Look.of(request, ITEMS), timezone.localdate()
    _filter, rows = _narrowed(request, look, on=on)
    count = rows.order_by().count()
    if count > export.MOST:
        raise NotAllowedNow(export.TOO_MANY % {"most": export.MOST, "count": count})
    batches = rows.for_list().iterator(chunk_size=500)
    stream = export.items(batches, columns=look.columns, count=count, on=on)
    return FileResponse(stream, as_attachment=True, filename=_("Plan items") + f" {on.isoformat()}.xlsx")


@require_safe
@open_to_all_signed_in
@keep_offline("mine")
def my_items(request):
    """What I answer for and the indicators I carry, reported on in place."""
    on = timezone.localdate()
    pace = Pace(on, workdays.load())
    person = request.user.person
    mine = PlanItem.objects.none()
    if person:
        mine = (
            PlanItem.objects.visible_to(request.user)
            .carried_by(*request.user.acts_for)
            .filter(plan__kind="month")
        )
    still = in_order(mine.open().in_open_plans().for_list(on=on), on=on)
    overdue = [item for item in still if item.is_overdue(on)]
    now = [item for item in still if item not in overdue and item.plan.starts_on <= on]
    later = [item for item in still if item not in overdue and item.plan.starts_on > on]
    lately = mine.done().carried_by(person).filter(done_on__gt=on - LATELY)
    done = list(lately.for_list().order_by("-done_on", "-pk")[:10])
    bearing = Indicator.objects.none()
    if person:
        bearing = Indicator.objects.visible_to(request.user).filter(
            person=person, item__state__in=PlanItem.OPEN
        )
    boxes = [
        (_("Overdue"), "clock-exclamation", "bad", lines(overdue, request.user, on=on, pace=pace)),
        (_("Now"), "target-arrow", "plain", lines(now, request.user, on=on, pace=pace)),
        (_("Later"), "calendar-due", "plain", lines(later, request.user, on=on, pace=pace)),
        (_("Done lately"), "circle-check", "plain", lines(done, request.user, on=on)),
    ]
    # What presses most is reported on without a tap more.
    for line in [line for *_box, rows in boxes for line in rows if line.report][:1]:
        line.opened = True
    context = {
        "boxes": boxes,
        "nothing": not (still or done),
        "indicators": bearing.select_related("item__plan").prefetch_related("milestones"),
        "person": person,
    }
    return render(request, "projects/my_items.html", context)
