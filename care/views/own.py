"""What is kept about oneself: consent, the records, and who read them."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from care import sealing
from care.models import CareReading, CareRecord, Consent
from core.access import open_to_all_signed_in, permitted
from core.errors import NotAllowedNow
from core.htmx import came_from

READINGS = 30


@require_safe
@open_to_all_signed_in
def care(request):
    """One's own page of care."""
    user = request.user
    own = user.person_id is not None and sealing.is_set_up()
    readings = CareReading.objects.filter(person=user.person_id).select_related("by__person")
    context = {
        "person": user.person,
        "set_up": sealing.is_set_up(),
        "consent": Consent.objects.standing().filter(person=user.person_id).first() if own else None,
        "records": CareRecord.objects.about(user.person_id).read(by=user, at=timezone.now()) if own else [],
        "readings": list(readings[:READINGS]) if own else [],
        "works": user.has_perm("care.work"),
        "names_workers": user.has_perm("care.name_workers"),
    }
    return render(request, "care/own.html", context)


@require_POST
@open_to_all_signed_in
def care_consent(request):
    """Give one's consent (``on=1``) or take it back, which deletes what was kept."""
    if request.user.person is None:
        raise NotAllowedNow(_("No person stands behind this sign-in."))
    if request.POST.get("on") == "1":
        Consent.give(by=request.user, at=timezone.now())
        messages.success(request, _("You have consented. You can take it back at any time."))
    else:
        Consent.withdraw(by=request.user, at=timezone.now())
        messages.success(request, _("Your consent is taken back; the records are deleted."))
    return redirect("care")


@require_POST
@permitted("care.delete_record", CareRecord)
def care_record_delete(request, record):
    """Delete one record: about oneself, or written by oneself."""
    record.delete()
    messages.success(request, _("The record is deleted."))
    return redirect(came_from(request, default="/care/"))
