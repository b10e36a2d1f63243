"""Change requests: asking, reading, deciding."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.access import permitted
from core.requests import read_or_write
from projects import revising
from projects.binding import must_ask
from projects.forms import IndicatorChangeForm, ItemChangeForm
from projects.models import ChangeRequest, Indicator, PlanItem
from projects.progress import ReasonMissing
from projects.views import crumbs


@read_or_write
@permitted("projects.change_item", PlanItem)
def item_change(request, item):
    """Ask for another due day, weight or person responsible of an item that is confirmed."""
    return _change(request, item, ItemChangeForm)


@read_or_write
@permitted("projects.change_item", Indicator)
def indicator_change(request, indicator):
    """Ask for another target of an indicator that is confirmed, or for another person to carry it."""
    return _change(request, indicator.item, IndicatorChangeForm, indicator)


def _change(request, item, kind_of_form, indicator=None):
    item.plan.refuse_if_closed()
    if not item.plan.is_bound:
        return redirect("indicator-edit", indicator.pk) if indicator else redirect("item-edit", item.pk)
    data = request.POST if request.method == "POST" else None
    typed = {name: value for name, value in request.GET.items() if name in kind_of_form.base_fields}
    form = kind_of_form(data, instance=fresh(indicator or item), on=timezone.localdate(), initial=typed)
    if data is not None and form.is_valid():
        return _send(request, item, form, indicator)
    return change_page(request, item, form, indicator, status=422 if data is not None else 200)


def fresh(record):
    """The record as it stands now; a form of it may have been saved a moment ago."""
    above = "item__plan__studio__unit" if isinstance(record, Indicator) else "plan__studio__unit"
    return type(record).objects.select_related(above).get(pk=record.pk)


def _send(request, item, form, indicator):
    asked = dict(form.asked)
    steps = {"steps": [form.stands("steps"), asked.pop("steps")]} if "steps" in asked else {}
    changes = revising.changed(fresh(indicator or item), asked) | steps
    told = {"by": request.user, "at": timezone.now(), "reason": form.cleaned_data["reason"]}
    if must_ask(item, request.user):
        revising.ask(item, changes, indicator=indicator, **told)
        messages.success(request, _("The change is asked for. Until then the confirmed plan holds."))
    else:
        revising.revise([(item, changes)], indicator=indicator, **told)
        messages.success(request, _("Changed; the next baseline is sealed."))
    return redirect(item)


def asking(request, item, asked: dict, indicator=None):
    """The form of a change request that goes on from an ordinary form, with what was typed there."""
    kind_of_form = IndicatorChangeForm if indicator else ItemChangeForm
    record = fresh(indicator or item)
    form = kind_of_form(instance=record, on=timezone.localdate(), initial=asked)
    return change_page(request, item, form, indicator)


def change_page(request, item, form, indicator=None, status=200):
    """The form of a change, asked for or decided at once, with what waits already."""
    address = reverse("indicator-change", args=[indicator.pk]) if indicator else ""
    context = {
        "form": form,
        "item": item,
        "indicator": indicator,
        "address": address or reverse("item-change", args=[item.pk]),
        "asks": must_ask(item, request.user),
        "waiting": item.change_requests.open().select_related("asked_by__person").first(),
        "breadcrumbs": [*crumbs.of_item(item), (item.content, item.get_absolute_url())],
    }
    return render(request, "projects/change_form.html", context, status=status)


@require_safe
@permitted("projects.view_change", ChangeRequest)
def change_request(request, asked):
    """What is asked, why, what stands now; and the decision, for who may decide."""
    return _request_page(request, asked)


def _request_page(request, asked, *, remark="", error=""):
    asked = ChangeRequest.objects.for_list().select_related("baseline").get(pk=asked.pk)
    user, item = request.user, asked.item
    now = revising.drifted(asked) if asked.is_open else {}
    open_now = asked.is_open and not item.plan.is_closed
    context = {
        "asked": asked,
        "item": item,
        "rows": [(row, now.get(row.name)) for row in asked.rows],
        "has_drifted": bool(now),
        "may_decide": open_now and user.has_perm("projects.decide_change", asked),
        "may_withdraw": open_now and user.has_perm("projects.withdraw_change", asked),
        "remark": remark,
        "error": error,
        "breadcrumbs": [*crumbs.of_item(item), (item.content, item.get_absolute_url())],
    }
    return render(request, "projects/change_request.html", context, status=422 if error else 200)


@require_POST
@permitted("projects.decide_change", ChangeRequest)
def change_request_decide(request, asked):
    """Approve a request, or refuse it with a sentence; on to the next that waits."""
    remark = request.POST.get("remark", "")[:500]
    told = {"by": request.user, "at": timezone.now(), "remark": remark}
    if request.POST.get("act") == "approve":
        revising.approve(asked, **told)
        messages.success(request, _("Approved: it is changed, and the next baseline is sealed."))
    else:
        try:
            revising.refuse(asked, **told)
        except ReasonMissing:
            return _request_page(request, asked, error=_("Say why it is refused."))
        messages.success(request, _("Refused; the confirmed plan stays."))
    waiting = ChangeRequest.objects.waiting_for(request.user).order_by("asked_at", "pk")
    return redirect(waiting.first() or asked)


@require_POST
@permitted("projects.withdraw_change", ChangeRequest)
def change_request_withdraw(request, asked):
    """Take back what was asked for."""
    revising.withdraw(asked, by=request.user, at=timezone.now())
    messages.success(request, _("The request is withdrawn."))
    return redirect(asked.item)
