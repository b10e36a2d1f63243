"""The roster of a studio: who belongs, who did, and the change of lead."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.access import permitted
from core.errors import NotAllowedNow
from core.versions import save_form
from studios import changes
from studios.forms.members import LeadForm, MembershipEndForm, MembershipForm, MembershipNewForm
from studios.models import Membership, Studio
from studios.tabs import below, frame

require_form = require_http_methods(["GET", "HEAD", "POST"])


@permitted("studios.view_studio", Studio)
@require_safe
def studio_members(request, studio):
    """Current and former members, and what each carries."""
    today = timezone.localdate()
    roster = studio.memberships.select_related("person")
    rank = {role: place for place, role in enumerate(Membership.Role.values)}
    without = studio.memberships.current(on=today).without_indicator(year=today.year)
    context = frame(studio, user=request.user, active="studio-members", on=today) | {
        "members": sorted(roster.current(on=today), key=lambda member: (rank[member.role], member.pk)),
        "former": roster.left(on=today).order_by("-left_on", "-pk"),
        "without_indicator": set(without.values_list("pk", flat=True)),
        "sees_contacts": request.user.has_perm("studios.view_contacts", studio),
        "may_change": request.user.has_perm("studios.change_members", studio),
        "may_change_lead": request.user.has_perm("studios.change_lead", studio),
    }
    return render(request, "studios/members.html", context)


@permitted("studios.change_members", Studio)
@require_form
def membership_new(request, studio):
    """Take somebody in, known or unknown to the software."""
    today = timezone.localdate()
    form = MembershipNewForm(
        request.POST or None,
        instance=Membership(studio=studio),
        initial={"joined_on": today},
        by=request.user,
        on=today,
        once=True,
    )
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            if form.claim():
                form.save()
                messages.success(request, _("%s belongs to the studio now.") % form.person)
        return redirect("studio-members", studio.pk)
    return _page(request, studio, form, title=_("New member"), submit=_("Take in"))


@permitted("studios.change_members", Membership)
@require_form
def membership_edit(request, membership):
    """What a member does; two people saving are merged, or asked field by field."""
    today = timezone.localdate()

    def make_form():
        mine = Membership.objects.visible_to(request.user).select_related("person", "studio__unit")
        return MembershipForm(request.POST or None, instance=mine.get(pk=membership.pk), on=today)

    form = make_form()
    if request.method == "POST":
        form, saved = save_form(make_form)
        if saved:
            messages.success(request, _("Saved."))
            return redirect("studio-members", membership.studio_id)
    return _page(request, membership.studio, form, title=membership.person.name, submit=_("Save"))


@permitted("studios.change_members", Membership)
@require_form
def membership_end(request, membership):
    """Let a member go, with the reason."""
    today = timezone.localdate()
    form = MembershipEndForm(request.POST or None, initial={"left_on": today}, on=today)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            changes.end_membership(membership, on=typed["left_on"], reason=typed["reason"])
        except NotAllowedNow as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%s has left the studio.") % membership.person)
            return redirect("studio-members", membership.studio_id)
    title = _("%s leaves the studio") % membership.person
    return _page(request, membership.studio, form, title=title, submit=_("End the membership"))


@permitted("studios.change_lead", Studio)
@require_form
def studio_lead_change(request, studio):
    """Hand the studio over."""
    today = timezone.localdate()
    form = LeadForm(
        request.POST or None,
        studio=studio,
        by=request.user,
        on=today,
        initial={"day": today, "stays": Membership.Role.MEMBER},
    )
    if request.method == "POST" and form.is_valid():
        try:
            form.save()
        except NotAllowedNow as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%s leads the studio now.") % form.person)
            return redirect(studio)
    title = _("Change of lead")
    return _page(request, studio, form, title=title, submit=_("Hand over"), now=form.lead)


def _page(request, studio, form, *, title, submit, **more):
    back = reverse("studio-members", args=[studio.pk])
    context = {
        "form": form,
        "studio": studio,
        "title": title,
        "submit": submit,
        "back": back,
        "breadcrumbs": below(studio, (_("Members"), back)),
        **more,
    }
    return render(request, "studios/act.html", context)
