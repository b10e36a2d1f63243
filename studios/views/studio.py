"""One studio: its overview, its facts, its level, its state, its history."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import undo
from core.access import permitted
from core.as_of import AsOf
from core.errors import NotAllowedNow
from core.history import entries, merged
from core.requests import read_or_write
from core.versions import save_form
from studios import changes
from studios.forms.studio import LevelForm, StateForm, StudioForm
from studios.models import Studio
from studios.overview import linked, overview
from studios.tabs import below, frame
from studios.views.act import act_page

CHANGES_PER_PAGE = 50
undo.register(Studio, undo.Door("studios.change_studio", after=changes.follow_facts))


@permitted("studios.view_studio", Studio)
@require_safe
def studio(request, studio):
    """三定, 五有, facts, plans, members without an indicator, what happened."""
    today = timezone.localdate()
    context = frame(studio, user=request.user, active="studio", on=today)
    context |= overview(studio, on=today)
    context["as_of"] = AsOf(timezone.now(), studio.plans.filter(year=today.year).last_change())
    context["five_haves"] = linked(context["five_haves"], studio, user=request.user, on=today)
    context["sees_contacts"] = request.user.has_perm("studios.view_contacts", studio)
    context["may_change"] = request.user.has_perm("studios.change_studio", studio)
    context["may_change_lead"] = request.user.has_perm("studios.change_lead", studio)
    return render(request, "studios/studio.html", context)


@permitted("studios.change_studio", Studio)
@read_or_write
def studio_edit(request, studio):
    """The facts; two people saving are merged, or asked field by field."""
    today = timezone.localdate()

    def make_form():
        fresh = Studio.objects.visible_to(request.user).select_related("unit").get(pk=studio.pk)
        return StudioForm(request.POST or None, instance=fresh, by=request.user, on=today)

    if request.method == "POST":
        form, saved = save_form(make_form)
        if saved:
            way_back = undo.offer_form(form, by=request.user, at=timezone.now())
            messages.success(request, _("Saved."), extra_tags=way_back)
            if form.merged:
                kept = "、".join(form.merged)
                messages.info(request, _("Somebody else had changed these meanwhile; kept: %s") % kept)
            return redirect(form.instance)
    else:
        form = make_form()
    context = {"form": form, "studio": studio, "title": _("Edit the studio"), "breadcrumbs": below(studio)}
    return render(request, "studios/edit.html", context)


@permitted("studios.raise_level", Studio)
@read_or_write
def studio_level(request, studio):
    """A naming at a higher level."""
    today = timezone.localdate()
    form = LevelForm(request.POST or None, studio=studio, on=today, initial={"day": today})

    def act(level, doc_no, day):
        changes.raise_level(studio, level, doc_no=doc_no, on=day, by=request.user)

    return _by_form(request, studio, form, act, title=_("New level"), submit=_("Record the naming"))


@permitted("studios.change_state", Studio)
@read_or_write
def studio_state(request, studio):
    """Running, rectifying, suspended, withdrawn, closed."""
    today = timezone.localdate()
    form = StateForm(request.POST or None, studio=studio, on=today, initial={"day": today})

    def act(state, day, reason):
        changes.change_state(studio, state, on=day, by=request.user, reason=reason)

    return _by_form(request, studio, form, act, title=_("Change of state"), submit=_("Change the state"))


def _by_form(request, studio, form, act, *, title, submit):
    """A form that ends in one verb; what the verb refuses is said at the form, and nothing typed is lost."""
    if request.method == "POST" and form.is_valid():
        try:
            act(**form.cleaned_data)
        except NotAllowedNow as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(studio)
    return act_page(request, form, below(studio), studio=studio, title=title, submit=submit)


@permitted("studios.view_history", Studio)
@require_safe
def studio_history(request, studio):
    """Every field of the studio and of its memberships: old, new, who, when."""
    of_members = studio.memberships.model.history.filter(studio=studio)
    people = dict(studio.memberships.values_list("person_id", "person__name"))
    found = entries(studio.history.select_related("history_user__person"))
    found += entries(
        of_members.select_related("history_user__person"),
        subject=lambda record: people.get(record.person_id, ""),
    )
    context = frame(studio, user=request.user, active="studio-history", on=timezone.localdate())
    context["page"] = Paginator(merged(found), CHANGES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "studios/history.html", context)
