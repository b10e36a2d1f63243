"""What a studio asks of its union, and the answers."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import workdays
from core.access import permitted
from core.requests import read_or_write
from studios import supporting
from studios.forms.support import SupportAnswerForm, SupportForm
from studios.models import Studio, SupportRequest
from studios.models.support import WORKDAYS_TO_ANSWER
from studios.tabs import below, frame
from studios.views.act import act_page

PER_PAGE = 50


@permitted("studios.view_support", Studio)
@require_safe
def studio_support(request, studio):
    """Every request with its answer and the working days it took."""
    today = timezone.localdate()
    page = Paginator(
        studio.support.select_related("asked_by__person", "answered_by__person"), PER_PAGE
    ).get_page(request.GET.get("page"))
    rows = supporting.measured(page.object_list, calendar=workdays.of_page(request), on=today)
    for row in rows:
        row.studio = studio
    context = frame(studio, user=request.user, active="studio-support", on=today) | {
        "page": page,
        "rows": rows,
        "days": WORKDAYS_TO_ANSWER,
        "may_ask": request.user.has_perm("studios.ask_support", studio),
    }
    return render(request, "studios/support.html", context)


@permitted("studios.ask_support", Studio)
@read_or_write
def support_new(request, studio):
    """Ask for funds, equipment or people."""
    blank = SupportRequest(studio=studio)
    form = SupportForm(request.POST or None, instance=blank, once=True)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            if form.claim():
                supporting.ask(form.save(commit=False), by=request.user, on=timezone.localdate())
                messages.success(request, _("The union is asked; you are told how it decides."))
        return redirect("studio-support", studio.pk)
    return _page(request, studio, form, title=_("Ask for support"), submit=_("Send to the union"))


@permitted("studios.answer_support", SupportRequest)
@read_or_write
def support_answer(request, asked):
    """Granted, partly granted or not, and by when."""
    form = SupportAnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        supporting.answer(asked, **form.cleaned_data, by=request.user, on=timezone.localdate())
        messages.success(request, _("Answered; whoever asked is told."))
        return redirect(asked)
    return _page(request, asked.studio, form, title=str(asked), submit=_("Answer"))


@require_POST
@permitted("studios.withdraw_support", SupportRequest)
def support_withdraw(request, asked):
    """It is not needed any more."""
    supporting.withdraw(asked)
    messages.success(request, _("Withdrawn."))
    return redirect(asked)


def _page(request, studio, form, *, title, submit):
    above = below(studio, (_("Support"), reverse("studio-support", args=[studio.pk])))
    return act_page(request, form, above, studio=studio, title=title, submit=submit)
