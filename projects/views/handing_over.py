"""Members leave, go to another studio, hand over the lead: each in one act with what they carry."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access import permitted
from core.errors import NotAllowedNow
from core.requests import read_or_write
from projects import handing_over
from projects.handing_over_forms import LeadForm, LeavingForm, TransferForm
from studios.leads import warn_without_account
from studios.models import Membership, Studio
from studios.views.act import act_page
from studios.views.crumbs import of_members


@permitted("studios.change_members", Membership)
@read_or_write
def membership_end(request, membership):
    """Let a member go, with the reason; what he carries is handed over or left knowingly."""
    on = timezone.localdate()
    form = LeavingForm(request.POST or None, initial={"left_on": on}, membership=membership, on=on)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        told = {"on": typed["left_on"], "reason": typed["reason"], "by": request.user, "at": timezone.now()}
        try:
            handing_over.leave(membership, lines=form.handed_over, to=form.successor, **told)
        except NotAllowedNow as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%s has left the studio.") % membership.person)
            return redirect("studio-members", membership.studio_id)
    title = _("%s leaves the studio") % membership.person
    return _page(request, membership.studio, form, title=title, submit=_("End the membership"))


@permitted("studios.change_members", Membership)
@read_or_write
def membership_transfer(request, membership):
    """Let a member go to another studio as of a day."""
    on = timezone.localdate()
    form = TransferForm(
        request.POST or None, initial={"day": on}, membership=membership, by=request.user, on=on
    )
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        told = {"on": typed["day"], "reason": typed["reason"], "by": request.user, "at": timezone.now()}
        try:
            handing_over.transfer(
                membership, typed["studio"], typed["role"], lines=form.handed_over, to=form.successor, **told
            )
        except NotAllowedNow as refusal:
            form.add_error(None, str(refusal))
        else:
            said = {"person": membership.person, "studio": typed["studio"]}
            messages.success(request, _("%(person)s belongs to %(studio)s now.") % said)
            return redirect("studio-members", membership.studio_id)
    title = _("%s goes to another studio") % membership.person
    return _page(request, membership.studio, form, title=title, submit=_("Transfer"))


@permitted("studios.change_lead", Studio)
@read_or_write
def studio_lead_change(request, studio):
    """Hand the studio over, with everything that waits for its lead."""
    on = timezone.localdate()
    form = LeadForm(
        request.POST or None,
        studio=studio,
        by=request.user,
        on=on,
        initial={"day": on, "stays": Membership.Role.MEMBER},
    )
    if request.method == "POST" and form.is_valid():
        try:
            _change_lead(form, by=request.user)
        except NotAllowedNow as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%s leads the studio now.") % form.person)
            warn_without_account(request, form.person)
            return redirect(studio)
    return _page(
        request,
        studio,
        form,
        title=_("Change of lead"),
        submit=_("Hand over"),
        now=form.lead,
        at_the_post=handing_over.at_the_post(studio, on=on),
    )


@transaction.atomic
def _change_lead(form, *, by):
    typed = form.cleaned_data
    if not form.person.pk:
        form.person.save()
    handing_over.change_lead(
        form.studio,
        form.person,
        on=typed["day"],
        reason=typed["reason"],
        stays=typed.get("stays") or None,
        lines=form.handed_over,
        rename=typed.get("rename", False),
        by=by,
        at=timezone.now(),
    )


def _page(request, studio, form, *, title, submit, **more):
    above, template = of_members(studio), "projects/handing_over.html"
    return act_page(
        request, form, above, studio=studio, title=title, submit=submit, template=template, **more
    )
