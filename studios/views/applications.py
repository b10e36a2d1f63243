"""Applying for a studio to be named, and the queue of those who check and decide."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Case, Value, When
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import file_views
from core.access import open_to_all_signed_in, permitted, permitted_globally
from core.requests import read_or_write
from core.uploads import accept
from core.versions import save_form
from studios import criteria, naming
from studios.forms.applications import ApplicationForm, FileForm, OpinionForm
from studios.leads import warn_without_account
from studios.models import Application, ApplicationFile, Membership

State = Application.State
PAGE = 30


@require_safe
@open_to_all_signed_in
def applications(request):
    """What waits for me first, then all the others I may see."""
    seen = Application.objects.visible_to(request.user).distinct()
    waiting = Application.objects.waiting_for(request.user)
    order = Case(When(pk__in=waiting.values("pk"), then=Value(0)), default=Value(1))
    listed = seen.annotate(turn=order).select_related("unit", "applicant__person", "studio")
    page = Paginator(listed.order_by("turn", "-submitted_at", "-pk"), PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "studios/applications.html",
        {
            "page": page,
            "waiting": [application for application in page.object_list if application.turn == 0],
            "others": [application for application in page.object_list if application.turn == 1],
            "waiting_count": waiting.count(),
        },
    )


@read_or_write
@permitted_globally("studios.apply")
def application_new(request):
    """The empty form; nothing is stored before it is saved for the first time."""
    application = Application.begun_by(request.user)
    form = ApplicationForm(request.POST or None, instance=application, once=True)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            if not form.claim():
                return redirect("applications")
            form.save()
        return _saved(request, application)
    return _edit_page(request, application, form)


@read_or_write
@permitted("studios.change_application", Application)
def application_edit(request, application):
    """Go on with an application, as long as it is not handed in."""
    if not application.is_editable:
        messages.error(request, _("It has been handed in and cannot be changed now."))
        return redirect(application)

    def make_form():
        fresh = get_object_or_404(Application.objects.visible_to(request.user).editable(), pk=application.pk)
        return ApplicationForm(request.POST or None, instance=fresh)

    if request.method == "POST":
        form, saved = save_form(make_form)
        if saved:
            return _saved(request, form.instance)
    else:
        form = make_form()
    return _edit_page(request, application, form)


def _saved(request, application):
    """After saving: on with the form, or handed in if that was asked for and nothing is missing."""
    edit = reverse("application-edit", args=[application.pk])
    act = request.POST.get("act", "")
    if act == "submit":
        if criteria.missing(application):
            messages.warning(request, _("Saved. A few things are missing before it can be handed in."))
            return redirect(f"{edit}?check=1")
        naming.submit(application, by=request.user, at=timezone.now())
        messages.success(request, _("Handed in. You are told how it goes on."))
        return redirect(application)
    messages.success(request, _("Saved. You can go on at any time."))
    places = {name: f"#id_{name}" for name in ApplicationForm.TABLES}
    places |= {place: f"#{place}" for place in ApplicationForm.PLACES}
    return redirect(edit + places.get(act, ""))


def _edit_page(request, application, form):
    shown = application.pk and "check" in request.GET
    lacking = criteria.missing(application) if shown else {}
    last = application.steps.filter(state=State.RETURNED).last() if application.pk else None
    context = {
        "application": application,
        "form": form,
        "missing": [(form.fields[name].label, name, fault) for name, fault in lacking.items()],
        "returned": last if application.state == State.RETURNED else None,
        "returned_labels": [
            (form.fields[name].label, name) for name in application.returned_fields if name in form.fields
        ],
        "files": application.files.all() if application.pk else [],
        "file_form": FileForm(),
        "breadcrumbs": [(_("Applications"), reverse("applications"))],
    }
    return render(request, "studios/application_form.html", context)


@require_safe
@permitted("studios.view_application", Application)
def application(request, application):
    """One application, for all who may read it."""
    return _page(request, application)


def _page(request, application, opinion=None):
    """One page with all there is to know, and the form of whose turn it is."""
    acting = _whose_turn(request.user, application)
    deciding = acting == "decide"
    roles = dict(Membership.Role.choices)
    labels = {name: field.label for name, field in ApplicationForm.base_fields.items()}
    steps = application.steps.select_related("by__person").order_by("-pk")
    context = {
        "application": application,
        "team": [{**row, "role_shown": roles.get(row.get("role"))} for row in application.team],
        "conditions": criteria.conditions(application),
        "steps": [(step, [labels.get(name, name) for name in step.fields]) for step in steps],
        "course": _course(application),
        "files": application.files.all(),
        "mine": application.applicant_id == request.user.pk,
        "open": application.state in Application.OPEN,
        "acting": acting,
        "no_account": bool(acting) and not naming.lead_has_account(application),
        "opinion": opinion or (OpinionForm(deciding=deciding, seen=application.version) if acting else None),
        "breadcrumbs": [(_("Applications"), reverse("applications"))],
    }
    return render(request, "studios/application.html", context)


def _whose_turn(user, application):
    """ "check" or "decide" if it is this person's turn, else ""."""
    if application.state == State.SUBMITTED and user.has_perm("studios.check_application", application):
        return "check"
    if application.state == State.UNIT_CHECKED and user.has_perm("studios.decide_application", application):
        return "decide"
    return ""


def _course(application):
    """The way of an application as steps: (label, done, now, next or bad, note)."""
    way = [State.DRAFT, State.SUBMITTED, State.UNIT_CHECKED, State.APPROVED]
    state = application.state
    at = {State.RETURNED: 0, State.REFUSED: 3, State.WITHDRAWN: 0}.get(
        state, way.index(state) if state in way else 0
    )
    failed = state in (State.REFUSED, State.WITHDRAWN)
    course = []
    for index, step in enumerate(way):
        label = step.label
        now = "done" if state == State.APPROVED else "bad" if failed else "now"
        if index == at and state not in way:
            label = application.get_state_display()
        course.append((label, "done" if index < at else now if index == at else "next", ""))
    return course


@require_POST
@permitted("studios.change_application", Application)
def application_submit(request, application):
    """Hand it in, if nothing is missing."""
    if criteria.missing(application):
        messages.warning(request, _("A few things are missing before it can be handed in."))
        return redirect(f"{reverse('application-edit', args=[application.pk])}?check=1")
    naming.submit(application, by=request.user, at=timezone.now())
    messages.success(request, _("Handed in. You are told how it goes on."))
    return redirect(application)


@require_POST
@permitted("studios.change_application", Application)
def application_withdraw(request, application):
    """Take it back."""
    naming.withdraw(application, by=request.user)
    messages.success(request, _("The application is withdrawn."))
    return redirect(application)


@require_POST
@permitted("studios.check_application", Application)
def application_check(request, application):
    """The unit's union recommends it, returns it or refuses it."""
    form = OpinionForm(request.POST, deciding=False)
    if not form.is_valid():
        return _page(request, application, form)
    said = {"by": request.user, "opinion": form.cleaned_data["opinion"]}
    if form.cleaned_data["act"] == "agree":
        naming.check(application, **said, seen=form.cleaned_data["seen"])
        messages.success(request, _("Recommended; the group decides now."))
        return _on_to_the_next(request, application)
    return _sent_back(request, application, form, said, in_state=State.SUBMITTED)


@require_POST
@permitted("studios.decide_application", Application)
def application_decide(request, application):
    """The group names the studio, returns the application or refuses it."""
    form = OpinionForm(request.POST, deciding=True)
    if not form.is_valid():
        return _page(request, application, form)
    said = {"by": request.user, "opinion": form.cleaned_data["opinion"]}
    if form.cleaned_data["act"] == "agree":
        doc_no = form.cleaned_data["doc_no"]
        seen = form.cleaned_data["seen"]
        studio = naming.approve(application, **said, doc_no=doc_no, on=timezone.localdate(), seen=seen)
        messages.success(request, _("“%s” is named; its people and its plans are ready.") % studio)
        warn_without_account(request, studio.lead)
        return _on_to_the_next(request, studio)
    return _sent_back(request, application, form, said, in_state=State.UNIT_CHECKED)


def _sent_back(request, application, form, said, *, in_state):
    if form.cleaned_data["act"] == "return":
        naming.return_(application, **said, fields=form.cleaned_data["fields_to_correct"], in_state=in_state)
        messages.success(request, _("Returned; the applicant sees what is to be corrected."))
    else:
        naming.refuse(application, **said, in_state=in_state)
        messages.success(request, _("Not named; the applicant is told why."))
    return _on_to_the_next(request, application)


def _on_to_the_next(request, done):
    """To the next that waits for this person's opinion; to what he has just done where none does."""
    waiting = Application.objects.waiting_for(request.user).exclude(applicant=request.user)
    return redirect(waiting.order_by("submitted_at", "pk").first() or done)


@require_POST
@permitted("studios.change_application", Application)
def application_file_new(request, application):
    """Add a proof. Only while it may be corrected."""
    form = FileForm(request.POST, request.FILES)
    back = f"{reverse('application-edit', args=[application.pk])}#files"
    if not application.is_editable or not form.is_valid():
        messages.error(request, _("Please choose a file."))
        return redirect(back)
    try:
        file = accept(form.cleaned_data["file"])
    except ValidationError as fault:
        messages.error(request, fault.messages[0])
        return redirect(back)
    application.files.create(file=file, name=file.name[:150], by=request.user)
    messages.success(request, _("The file is stored."))
    return redirect(back)


@require_POST
@permitted("studios.change_application", ApplicationFile)
def application_file_delete(request, file):
    """Take a proof away, while it may be corrected."""
    if not file.application.is_editable:
        messages.error(request, _("It has been handed in and cannot be changed now."))
    else:
        file.delete()
        messages.success(request, _("The file is removed."))
    return redirect(f"{reverse('application-edit', args=[file.application_id])}#files")


application_file = file_views.opening("studios.view_application", ApplicationFile)
