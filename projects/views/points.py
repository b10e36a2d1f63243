"""Points of a studio: what the house rules propose, what was decided, and the ledger with its running sum."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from core.access import open_to_all_signed_in, permitted
from core.gathering import in_order_of
from core.htmx import came_from
from core.lists import Look
from core.requests import number_of
from members.models import Person
from projects import consequences
from projects.consequence_list import CONSEQUENCES, ORDERS, TONES, ConsequenceFilter
from projects.models import Consequence, PointEntry
from projects.models.consequence import signed
from projects.problem_forms import SayForm
from studios.models import Studio
from studios.tabs import frame

PAGE = 50
REASON = gettext_lazy("Reason")
WAITING_FIRST = F("decided_at").desc(nulls_first=True)
WHY = ("version__rule", "person", "item__plan", "topic", "decided_by__person")


@require_safe
@open_to_all_signed_in
def all_consequences(request):
    """Every deduction and reward of the studios this person may see; what may be decided, in place."""
    look = Look.of(request, CONSEQUENCES)
    if look.default:
        return redirect(look.default)
    seen = Consequence.objects.visible_to(request.user)
    narrowed = ConsequenceFilter(request.GET, seen, request=request)
    order = in_order_of(request.GET.get("o", ""), ORDERS)
    found = narrowed.qs.order_by(*order, WAITING_FIRST, "-proposed_on", "pk")
    page = Paginator(found.select_related("studio__unit", *WHY), PAGE).get_page(request.GET.get("page"))
    for each in page:
        each.state_tone = TONES[each.state]
        may = each.state == each.State.PROPOSED and request.user.has_perm("projects.decide_consequence", each)
        each.form = SayForm(label=REASON, auto_id=f"reason-{each.pk}-%s") if may else None
    context = {
        "filter": narrowed,
        "look": look,
        "page": page,
        "counts": seen.counts(),
        "hidden": narrowed.left_out if narrowed.used and not page.object_list else 0,
    }
    return render(request, "projects/consequences.html", context)


@require_safe
@permitted("projects.view_points", Studio)
def studio_points(request, studio):
    """What waits for a decision, the sums of the members, and every entry behind them."""
    return _page(request, studio)


@require_POST
@permitted("projects.decide_consequence", Consequence)
def consequence_decide(request, consequence):
    """Confirm it or let it go; either with a reason."""
    form = SayForm(request.POST, label=REASON, auto_id=f"reason-{consequence.pk}-%s")
    if not form.is_valid():
        return _page(request, consequence.studio, said={consequence.pk: form}, status=422)
    acts = {"confirm": consequences.confirm, "waive": consequences.waive}
    act = acts.get(request.POST.get("act"), consequences.waive)
    act(consequence, by=request.user, at=timezone.now(), reason=form.cleaned_data["text"])
    messages.success(request, _("It is decided."))
    return redirect(came_from(request, default=reverse("studio-points", args=[consequence.studio_id])))


def _page(request, studio, *, said=None, status=200):
    said = said or {}
    here = reverse("studio-points", args=[studio.pk])
    entries = PointEntry.objects.filter(studio=studio)
    sums = list(entries.sums())
    people = Person.objects.in_bulk([pk for pk, _total in sums if pk])
    chosen = people.get(number_of(request.GET.get("person")))
    listed = entries.with_sum() if chosen is None else entries.filter(person=chosen)
    related = [f"consequence__{name}" for name in WHY]
    page = Paginator(listed.select_related("person", "by__person", *related).order_by("-id"), PAGE).get_page(
        request.GET.get("page")
    )
    if chosen is None:
        for entry in page:
            entry.total_shown = signed(entry.total)
    waiting = list(studio.consequences.waiting().select_related(*WHY))
    for each in waiting:
        each.studio = studio
        may = request.user.has_perm("projects.decide_consequence", each)
        blank = SayForm(label=REASON, auto_id=f"reason-{each.pk}-%s")
        each.form = said.get(each.pk, blank) if may else None
        each.is_opened = each.pk in said
    context = {
        **frame(studio, user=request.user, active="studio-points", on=timezone.localdate()),
        "waiting": waiting,
        "decided": studio.consequences.exclude(state="proposed")
        .select_related(*WHY)
        .order_by("-decided_at")[:PAGE],
        "page": page,
        "chosen": chosen,
        "here": here,
        "total": signed(sum((total for _pk, total in sums), 0)),
        "sums": [
            (people.get(pk), signed(total), f"{here}?person={pk}#ledger" if pk else f"{here}#ledger")
            for pk, total in sums
        ],
    }
    return render(request, "projects/points.html", context, status=status)
