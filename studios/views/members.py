"""The roster of a studio: who belongs, who did, how the team is made up, and who comes."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.access import permitted
from core.requests import read_or_write
from core.versions import save_form
from members.models.absence import away_until
from studios.forms.members import MembershipForm, MembershipNewForm
from studios.models import Membership, Studio
from studios.structure import PRIVATE, facts_of, structure, value_of
from studios.tabs import frame
from studios.views.act import act_page
from studios.views.crumbs import of_members


@permitted("studios.view_studio", Studio)
@require_safe
def studio_members(request, studio):
    """Current and former members, and what each carries."""
    today = timezone.localdate()
    roster = studio.memberships.select_related("person__unit")
    present = roster.current(on=today).annotate(away_until=away_until("person", on=today))
    rank = {role: place for place, role in enumerate(Membership.Role.values)}
    members = sorted(present, key=lambda member: (rank[member.role], member.pk))
    without = studio.memberships.current(on=today).without_indicator(year=today.year)
    context = frame(studio, user=request.user, active="studio-members", on=today) | {
        "members": members,
        "structure": structure(map(facts_of, members), on=today),
        "former": roster.left(on=today).order_by("-left_on", "-pk"),
        "without_indicator": set(without.values_list("pk", flat=True)),
        "sees_contacts": request.user.has_perm("studios.view_contacts", studio),
        "may_change": request.user.has_perm("studios.change_members", studio),
        "may_review": request.user.has_perm("studios.view_reviews", studio),
        "year": today.year,
        "may_change_lead": request.user.has_perm("studios.change_lead", studio),
    }
    return render(request, "studios/members.html", context)


@permitted("studios.view_studio", Studio)
@require_safe
def studio_structure(request, studio):
    """How the team is made up, and where it is lopsided; with ``fact`` and ``value`` who stands in a row."""
    today = timezone.localdate()
    members = list(studio.memberships.current(on=today).select_related("person__unit"))
    made_up = structure(map(facts_of, members), on=today)
    # What does not stand on the page of a person is not told by his name here either.
    private = request.user.has_perm("studios.change_members", studio)
    opened = [chart.key for chart in made_up.charts if private or chart.key not in PRIVATE]
    fact, value = request.GET.get("fact", ""), request.GET.get("value", "")
    chosen = next(
        (
            (chart.title, share.label)
            for chart in made_up.charts
            for share in chart.shares
            if (chart.key, share.key) == (fact, value) and fact in opened
        ),
        None,
    )
    context = frame(studio, user=request.user, active="studio-members", on=today) | {
        "structure": made_up,
        "opened": opened,
        "chosen": chosen,
        "those": [each for each in members if chosen and value_of(facts_of(each), fact, on=today) == value],
        "breadcrumbs": of_members(studio),
    }
    return render(request, "studios/structure.html", context)


@permitted("studios.change_members", Studio)
@read_or_write
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
@read_or_write
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


def _page(request, studio, form, *, title, submit):
    return act_page(request, form, of_members(studio), studio=studio, title=title, submit=submit)
