"""The same change to many items: first the preview, then the act."""

from uuid import uuid4

from django.contrib import messages
from django.db import transaction
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.access import open_to_all_signed_in
from core.lists import said
from core.models import Claim
from core.requests import number_of
from projects import bulk
from projects.bulk_form import BulkForm
from projects.filters import ItemFilter
from projects.models import PlanItem

#: At most so many of those that stayed as they were are named in the message.
NAMED = 5


@require_POST
@open_to_all_signed_in
def items_change(request):
    """What will happen to the chosen items and what will not; done when it was seen (``sure``).

    Whether an item may be changed is asked of every single one.
    """
    user, on, typed = request.user, timezone.localdate(), request.POST
    query = said(QueryDict(typed.get("query", "")))
    back = f"{reverse('items')}?{query}" if query else f"{reverse('items')}?view=all"
    chosen = _chosen(request, query, on=on)
    count = chosen.count()
    if not count:
        messages.warning(request, _("Choose some items first."))
        return redirect(back)
    if count > bulk.MOST:
        most = _("At most %(most)d items can be changed at once; these are %(count)d. Narrow the list down.")
        messages.warning(request, most % {"most": bulk.MOST, "count": count})
        return redirect(back)
    form = BulkForm(typed, items=chosen)
    context = {"form": form, "query": query, "breadcrumbs": [(_("Plan items"), back)], "count": count}
    rows = list(chosen.for_list().order_by("plan__studio__position", "plan__starts_on", "pk"))
    context["rows"] = [(row.pk, row.version) for row in rows]
    if not form.is_valid():
        return render(request, "projects/bulk.html", context, status=422)
    if "sure" in typed and form.cleaned_data["token"]:
        return _carry_out(request, form, back, on=on)
    fates = bulk.preview(rows, form.change, by=user, on=on)
    context |= {
        "change": form.change,
        "token": uuid4(),
        "will": [fate for fate in fates if not fate.why_not],
        "wont": [fate for fate in fates if fate.why_not],
    }
    return render(request, "projects/bulk.html", context)


def _versions(typed):
    """{id: version seen} of the chosen rows; on the list only the id is known."""
    pairs = (row.partition(":") for row in typed.getlist("chosen"))
    numbers = ((number_of(pk), number_of(version)) for pk, _colon, version in pairs)
    return {pk: version or 0 for pk, version in numbers if pk is not None}


def _chosen(request, query, *, on):
    seen = PlanItem.objects.visible_to(request.user)
    if request.POST.get("scope") == "all":
        return ItemFilter(QueryDict(query), seen, request=request, on=on).qs.order_by()
    return seen.filter(pk__in=list(_versions(request.POST))[: bulk.MOST + 1])


def _carry_out(request, form, back, *, on):
    with transaction.atomic():
        token = form.cleaned_data["token"]
        if not Claim.objects.first_use(token):
            messages.info(request, _("This was done already; nothing was changed twice."))
            return redirect(back)
        fates, way_back = bulk.carry_out(
            _versions(request.POST), form.change, by=request.user, at=timezone.now(), on=on, token=token
        )
    done = [fate for fate in fates if not fate.why_not]
    left = [fate for fate in fates if fate.why_not]
    if done:
        told = ngettext("%(count)d item was changed.", "%(count)d items were changed.", len(done))
        messages.success(request, told % {"count": len(done)}, extra_tags=way_back)
    if left:
        named = "；".join(f"{fate.item.content}（{fate.why_not}）" for fate in left[:NAMED])
        if len(left) > NAMED:
            named += " …"
        told = ngettext(
            "%(count)d item stayed as it was: ", "%(count)d items stayed as they were: ", len(left)
        )
        messages.warning(request, told % {"count": len(left)} + named)
    return redirect(back)
