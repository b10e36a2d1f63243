"""Offering an achievement, saying what becomes of it, and the union's word on its use."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from achievements import adopting, page
from achievements.forms import AdoptionForm, OfferForm, UseForm
from achievements.models import Achievement, Adoption
from achievements.views.achievements import show
from core.access import permitted
from core.errors import NotAllowedNow
from core.requests import read_or_write
from core.versions import save_form

State = Adoption.State


@require_POST
@permitted("achievements.offer_achievement", Achievement)
def achievement_offer(request, achievement):
    """Offer it to the chosen studios; their leads are told."""
    form = OfferForm(request.POST, achievement=achievement, once=True)
    if not form.is_valid():
        return show(request, achievement, offer_form=form, status=422)
    typed = form.cleaned_data
    with transaction.atomic():
        if form.claim():
            made = adopting.offer(
                achievement, typed["studios"], text=typed["text"], by=request.user, at=timezone.now()
            )
            said = ngettext(
                "Offered to %(count)d studio; its lead is told.",
                "Offered to %(count)d studios; their leads are told.",
                len(made),
            )
            messages.success(request, said % {"count": len(made)})
    return redirect(f"{achievement.get_absolute_url()}#used")


@require_POST
@permitted("achievements.adopt", Achievement)
def achievement_use(request, achievement):
    """What one's studio says: in use, trying, not for us, no longer."""
    studios = page.steered_by(request.user, achievement)
    pk = request.POST.get("studio", "")
    form = UseForm(request.POST, studios=studios, on=timezone.localdate(), auto_id=f"use_{pk}_%s")
    if not form.is_valid():
        return show(request, achievement, use_form=form, status=422)
    typed = form.cleaned_data
    adoption = adopting.answer(
        achievement, typed["studio"], typed["act"], by=request.user, at=timezone.now(), **form.said
    )
    messages.success(request, _("%(studio)s is told.") % {"studio": achievement.studio})
    return redirect(adoption)


@read_or_write
@permitted("achievements.change_adoption", Adoption)
def adoption_edit(request, adoption):
    """Since when, where, by how many people it is used, and what it saves."""
    if adoption.state not in (State.TRYING, *Adoption.IN_USE):
        raise NotAllowedNow

    def make_form():
        fresh = Adoption.objects.visible_to(request.user).for_list().get(pk=adoption.pk)
        sent = request.POST if request.method == "POST" else None
        return AdoptionForm(sent, instance=fresh, on=timezone.localdate())

    form, saved = save_form(make_form) if request.method == "POST" else (make_form(), False)
    if saved:
        messages.success(request, _("Saved."))
        return redirect(adoption)
    found = adoption.achievement
    context = {
        "form": form,
        "adoption": adoption,
        "breadcrumbs": page.crumbs(adoption.studio, (found.name, found.get_absolute_url())),
    }
    return render(request, "achievements/adoption_form.html", context, status=422 if form.is_bound else 200)


@require_POST
@permitted("achievements.verify_adoption", Adoption)
def adoption_verify(request, adoption):
    """The union confirms the use as it stood on the screen, or takes that back."""
    if request.POST.get("act") == "take-back":
        adopting.take_verification_back(adoption)
        messages.success(request, _("It is no longer verified."))
    else:
        seen = request.POST.get("seen", "")
        if not seen.isdigit():
            raise NotAllowedNow
        adopting.verify(adoption, by=request.user, at=timezone.now(), seen=int(seen))
        messages.success(request, _("The use is verified."))
    return redirect(adoption)
