"""The care workers' pages: for whom they care, and one person's records. Reading is written down."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from care import sealing
from care.forms import RecordForm
from care.models import CareRecord, Consent
from care.models.consent import LONG
from core.access import permitted, permitted_globally
from core.gathering import Counted
from core.requests import read_or_write

PAGE = 50


@require_safe
@permitted_globally("care.work")
def care_people(request):
    """Those who consented; whom nobody visited for longest, first."""
    on = timezone.localdate()
    people = Consent.objects.visible_to(request.user)
    consented, waiting = people.count(), people.long_without(on=on).count()
    only_long = bool(request.GET.get("long"))
    rows = (
        (people.long_without(on=on) if only_long else people).with_last_care().select_related("person__unit")
    )
    page = Counted(rows, PAGE, count=waiting if only_long else consented)
    context = {
        "page": page.get_page(request.GET.get("page")),
        "consented": consented,
        "long_ago": on - LONG,
        "waiting": waiting,
        "breadcrumbs": [(_("Care"), reverse("care"))],
    }
    return render(request, "care/people.html", context)


@read_or_write
@permitted("care.read_records", Consent)
def care_person(request, consent):
    """One person's records, and a form for the next."""
    on, user = timezone.localdate(), request.user
    form = RecordForm(request.POST or None, on=on, once=True)
    if request.method == "POST" and form.is_valid():
        typed = {name: form.cleaned_data[name] for name in ("kind", "happened_on", "text")}
        with transaction.atomic():
            if form.claim():
                CareRecord.write(consent, **typed, by=user, at=timezone.now())
                messages.success(request, _("The record is kept."))
        return redirect("care-person", consent.pk)
    records = CareRecord.objects.filter(consent=consent)
    context = {
        "consent": consent,
        "form": form,
        "records": records.read(by=user, at=timezone.now()) if sealing.is_set_up() else [],
        "set_up": sealing.is_set_up(),
        "breadcrumbs": [(_("Care"), reverse("care")), (_("People"), reverse("care-people"))],
    }
    return render(request, "care/person.html", context, status=422 if form.is_bound else 200)
