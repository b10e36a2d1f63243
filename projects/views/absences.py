"""Days away: one's own and those one decides about; asking, deciding, and what they touch."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import workdays
from core.access import open_to_all_signed_in, permitted
from core.errors import NotAllowedNow
from core.requests import read_or_write
from members.models import Absence
from projects import absences as acts
from projects.absence_forms import AbsenceForm, DecisionForm, ItemsForm

MOST = 50


@require_safe
@open_to_all_signed_in
def absences(request):
    """What waits for one's decision, who is or will be away, and one's own days."""
    user, on = request.user, timezone.localdate()
    seen = Absence.objects.visible_to(user).select_related("person", "deputy")
    others = seen.exclude(person=user.person_id) if user.person_id else seen
    mine = seen.filter(person=user.person_id).order_by("-starts_on", "-pk") if user.person_id else []
    context = {
        "waiting": list(others.waiting().for_decision_of(user)[:MOST]),
        "away": list(others.approved().filter(ends_on__gte=on)[:MOST]),
        "mine": list(mine[:MOST]),
        "may_ask": user.person_id is not None,
        "today": on,
    }
    return render(request, "projects/absences.html", context)


@open_to_all_signed_in
@read_or_write
def absence_new(request):
    """Ask for days away; a lead enters those of his members, too."""
    user = request.user
    if user.person is None:
        raise NotAllowedNow(_("No person stands behind this sign-in."))
    form = AbsenceForm(request.POST or None, by=user, once=True)
    if request.method == "POST" and form.is_valid():
        absence = form.save(commit=False)
        with transaction.atomic():
            if form.claim():
                acts.ask(absence, by=user, at=timezone.now())
        return redirect(absence if absence.pk else "absences")
    context = {"form": form, "breadcrumbs": [(_("Days away"), reverse("absences"))]}
    return render(request, "projects/absence_form.html", context)


@require_safe
@permitted("members.view_absence", Absence)
def absence(request, absence):
    """One absence: what it touches, line by line, and what can be done about it."""
    user, on = request.user, timezone.localdate()
    return _page(request, absence, items=_items_form(request, absence), user=user, on=on)


@require_POST
@permitted("members.decide_absence", Absence)
def absence_decide(request, absence):
    """Yes, with a deputy; or no, with the reason."""
    refusing = request.POST.get("act") == "refuse"
    form = DecisionForm(request.POST, absence=absence, refusing=refusing)
    if not form.is_valid():
        items = _items_form(request, absence)
        return _page(request, absence, items=items, decision=form, user=request.user, on=timezone.localdate())
    typed, at = form.cleaned_data, timezone.now()
    if refusing:
        acts.refuse(absence, by=request.user, at=at, opinion=typed["opinion"])
        messages.success(request, _("Refused; %s is told why.") % absence.person)
    else:
        acts.approve(absence, by=request.user, at=at, **typed)
        messages.success(request, _("%s may be away.") % absence.person)
    return redirect(absence)


@require_POST
@permitted("members.end_absence", Absence)
def absence_end(request, absence):
    """He does not go, or is there again."""
    acts.end(absence, by=request.user, on=timezone.localdate())
    messages.success(request, _("%s is expected again.") % absence.person)
    return redirect(absence)


@require_POST
@permitted("projects.settle_absence", Absence)
def absence_items(request, absence):
    """What becomes of each item that falls due meanwhile."""
    on = timezone.localdate()
    if absence.state not in Absence.OPEN or absence.is_over(on):
        raise NotAllowedNow
    form = _items_form(request, absence, data=request.POST)
    if not form.is_valid():
        return _page(request, absence, items=form, user=request.user, on=on)
    acts.settle(absence, form.chosen, by=request.user, at=timezone.now(), on=on)
    messages.success(request, _("Saved."))
    return redirect(absence)


def _items_form(request, absence, data=None):
    touched = acts.items_touched(absence, by=request.user)
    return ItemsForm(data, touched=touched, has_deputy=absence.deputy_id is not None)


def _page(request, absence, *, items, user, on, decision=None):
    is_open = absence.state in Absence.OPEN and not absence.is_over(on)
    may_decide = absence.state == Absence.State.ASKED and user.has_perm("members.decide_absence", absence)
    context = {
        "absence": absence,
        "items": items,
        "activities": list(acts.activities_touched(absence, by=user)),
        "reminders": acts.reminders_touched(absence, workdays.of_page(request)),
        "decisions": acts.waiting_for(absence.person),
        "decision": decision or (DecisionForm(absence=absence) if may_decide else None),
        "may_settle": is_open and bool(items.touched) and user.has_perm("projects.settle_absence", absence),
        "may_end": is_open and user.has_perm("members.end_absence", absence),
        "is_ahead": is_open and absence.starts_on >= on,
        "begun": absence.state == Absence.State.APPROVED and absence.starts_on < on,
        "breadcrumbs": [(_("Days away"), reverse("absences"))],
        "today": on,
    }
    status = 422 if items.is_bound or (decision and decision.is_bound) else 200
    return render(request, "projects/absence.html", context, status=status)
