"""The indicators of an item: what each member carries of it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.access import permitted
from core.requests import read_or_write
from core.versions import save_form
from projects import changes
from projects.binding import was_confirmed
from projects.forms import IndicatorForm
from projects.models import Indicator, PlanItem
from projects.views import crumbs
from projects.views.change_requests import asking


@read_or_write
@permitted("projects.change_item", PlanItem)
def indicator_new(request, item):
    """Give a member an indicator of the item; from then on the item comes to its indicators."""
    item.plan.refuse_if_closed()
    if item.below.exists():
        messages.error(request, _("This item is made of the items below it; give those the indicators."))
        return redirect(item)
    data = request.POST if request.method == "POST" else None
    form = IndicatorForm(data, instance=Indicator(item=item), on=timezone.localdate(), once=True)
    if data is not None and form.is_valid():
        changes.save_items(item.plan, lambda: form.claim() and form.save())
        messages.success(request, _("The indicator is set."))
        return redirect(item)
    return _indicator_page(request, form, item)


@read_or_write
@permitted("projects.change_item", Indicator)
def indicator_edit(request, indicator):
    """Change an indicator; two who change it at once choose field by field."""
    item = indicator.item
    item.plan.refuse_if_closed()

    def make_form():
        fresh = Indicator.objects.select_related("item__plan__studio").get(pk=indicator.pk)
        return IndicatorForm(request.POST or None, instance=fresh, on=timezone.localdate())

    if request.method == "POST":
        form, is_saved = changes.save_items(item.plan, lambda: save_form(make_form))
        if is_saved:
            messages.success(request, _("Saved."))
            return asking(request, item, form.asked, indicator) if form.asked else redirect(item)
    else:
        form = make_form()
    return _indicator_page(request, form, item)


def _indicator_page(request, form, item):
    context = {
        "form": form,
        "item": item,
        "indicator": form.instance if form.instance.pk else None,
        "is_fixed": was_confirmed(item),
        "breadcrumbs": [*crumbs.of_item(item), (item.content, item.get_absolute_url())],
    }
    return render(request, "projects/indicator_form.html", context, status=422 if form.is_bound else 200)


@require_POST
@permitted("projects.change_item", Indicator)
def indicator_delete(request, indicator):
    """Take an indicator away on which nothing was reported."""
    item = indicator.item
    changes.delete_indicator(indicator)
    messages.success(request, _("The indicator is deleted."))
    return redirect(item)
