"""Gatherings of many studios, and who takes part from one of them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.access import open_to_all_signed_in, permitted, permitted_globally
from core.gathering import Total
from core.requests import read_or_write
from core.shown import dash
from core.versions import save_form
from members.models import Person
from studios import attending, gatherings
from studios.forms.activities import CallOffForm
from studios.forms.gatherings import GatheringForm, ParticipantsForm
from studios.models import Activity, Gathering, Studio
from studios.views.act import act_page
from studios.views.crumbs import of_activity

PER_PAGE = 50


@require_safe
@open_to_all_signed_in
def all_gatherings(request):
    """Those one may see, the newest first."""
    seen = Gathering.objects.visible_to(request.user).select_related("unit")
    standing = Count("activities", filter=~Q(activities__state=Activity.State.CANCELLED))
    rows = seen.annotate(taking_part=standing).order_by("-held_on", "-pk")
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "may_add": request.user.has_perm("studios.call_together"),
        "breadcrumbs": [(_("Activities"), reverse("my-activities"))],
    }
    return render(request, "studios/gatherings.html", context)


@permitted("studios.view_gathering", Gathering)
@require_safe
def gathering(request, gathering):
    """What, when, where; and how each studio one sees takes part."""
    seen, counts = Studio.objects.visible_to(request.user), gatherings.counts(gathering)
    today = timezone.localdate()
    context = {
        "gathering": gathering,
        "rows": gathering.activities.filter(studio__in=seen)
        .select_related("studio__unit")
        .order_by("studio__position", "pk"),
        "counts": counts,
        "totals": [
            Total(_("Expected"), dash(counts["expected"])),
            Total(_("Present"), dash(counts["present"])),
        ],
        "may_change": request.user.has_perm("studios.change_gathering", gathering),
        "is_to_come": not gathering.is_cancelled and gathering.held_on >= today,
        "today": today,
        "breadcrumbs": _crumbs(),
    }
    return render(request, "studios/gathering.html", context)


@permitted_globally("studios.call_together")
@read_or_write
def gathering_new(request):
    """Call studios together."""
    hosts = gatherings.units_hosted_by(request.user)
    form = GatheringForm(
        request.POST or None, hosts=hosts, initial={"unit": hosts.order_by("path").first()}, once=True
    )
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            if form.claim():
                made = form.save(commit=False)
                gatherings.call_together(made, form.chosen, by=request.user, on=timezone.localdate())
                messages.success(request, _("The studios are called together; their members are told."))
        return redirect(form.instance if form.instance.pk else "gatherings")
    return act_page(request, form, _crumbs(), title=_("New gathering"))


@permitted("studios.change_gathering", Gathering)
@read_or_write
def gathering_edit(request, gathering):
    """Change it for all who take part, or who takes part."""
    hosts = gatherings.units_hosted_by(request.user).filter(path__startswith=gathering.unit.path)

    def make_form():
        fresh = Gathering.objects.visible_to(request.user).get(pk=gathering.pk)
        return GatheringForm(request.POST or None, instance=fresh, hosts=hosts)

    form = make_form()
    if request.method == "POST":
        with transaction.atomic():
            form, saved = save_form(make_form)
            if saved:
                was, _lists = form.replaced()
                gatherings.carry_over(form.instance, was, form.chosen, by=request.user, at=timezone.now())
        if saved:
            messages.success(request, _("Saved."))
            return redirect(gathering)
    return act_page(request, form, _crumbs(), title=gathering.subject, back=gathering.get_absolute_url())


@permitted("studios.change_gathering", Gathering)
@read_or_write
def gathering_call_off(request, gathering):
    """It does not take place."""
    form = CallOffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        gatherings.call_off(gathering, reason=reason, by=request.user, on=timezone.localdate())
        messages.success(request, _("Called off; the members are told."))
        return redirect(gathering)
    title = _("“%s” does not take place") % gathering
    back = gathering.get_absolute_url()
    return act_page(request, form, _crumbs(), title=title, submit=_("Call it off"), back=back)


@permitted("studios.change_activities", Activity)
@read_or_write
def activity_participants(request, activity):
    """Say beforehand who goes."""
    people = Person.objects.filter(pk__in=attending.people_of(activity).values("person")).order_by("pk")
    asked = [row.person_id for row in attending.preset(activity) if row.status != row.Status.NOT_ASKED]
    sent = request.POST if request.method == "POST" else None
    form = ParticipantsForm(sent, people=people, initial={"people": asked})
    if form.is_bound and form.is_valid():
        attending.name(activity, form.cleaned_data["people"])
        messages.success(request, _("Saved."))
        return redirect(activity)
    above = of_activity(activity)
    return act_page(request, form, above, studio=activity.studio, title=_("Who takes part"))


def _crumbs():
    return [(_("Activities"), reverse("my-activities")), (_("Gatherings"), reverse("gatherings"))]
