"""The ledger workbook in the browser: send it, see what it would change, import it; or take one away."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.access import permitted, permitted_globally
from core.requests import read_or_write
from reports.forms import LedgerForm
from reports.ledger import receiving
from reports.ledger.collecting import collect
from reports.ledger.opening import Refused
from reports.ledger.writing import write
from reports.models import LedgerUpload

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Rows that one page lists; the counts are always those of the whole file.
PER_PAGE = 100
MOST_FAULTS = 300


@read_or_write
@permitted_globally("reports.import_ledger")
def ledger(request):
    """The door of the ledger: send one in, take one away, and what was sent before."""
    form = LedgerForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(receiving.receive(form.cleaned_data["file"], by=request.user, at=timezone.now()))
        except Refused as refused:
            form.add_error("file", str(refused))
    sent = LedgerUpload.objects.visible_to(request.user).select_related("by__person", "applied_by__person")
    page = Paginator(sent, 20).get_page(request.GET.get("page"))
    return render(
        request, "reports/ledger.html", {"form": form, "page": page}, status=422 if form.errors else 200
    )


@require_safe
@permitted("reports.import_ledger", LedgerUpload)
def ledger_check(request, upload):
    """What a sent ledger would change: every fault, the counts, each cell old and new."""
    context = {"upload": upload, "breadcrumbs": [(_("Ledger"), "ledger")]}
    if upload.is_waiting:
        try:
            context |= _seen(receiving.plan_of(upload), request.GET.get("page"))
        except Refused as refused:
            context["refused"] = str(refused)
    return render(request, "reports/ledger_check.html", context)


def _seen(plan, page) -> dict:
    changed = [(row, change) for row in plan.touched for change in row.changes]
    return {
        "plan": plan,
        "faults": plan.faults[:MOST_FAULTS],
        "faults_left": max(0, len(plan.faults) - MOST_FAULTS),
        "errors": sum(fault.is_error for fault in plan.faults),
        "changes": Paginator(changed, PER_PAGE).get_page(page),
    }


@require_POST
@permitted("reports.import_ledger", LedgerUpload)
def ledger_apply(request, upload):
    """Have exactly the file that was shown imported."""
    receiving.start(upload, by=request.user)
    messages.success(request, _("The import has begun. You are told when it is finished."))
    return redirect(upload)


@require_POST
@permitted("reports.import_ledger", LedgerUpload)
def ledger_throw_away(request, upload):
    """Forget a file that was sent and not imported."""
    receiving.throw_away(upload)
    messages.success(request, _("The file was thrown away; nothing was changed."))
    return redirect("ledger")


@require_safe
@permitted_globally("reports.export_ledger")
def ledger_export(request):
    """The whole ledger as a workbook."""
    on = timezone.localdate()
    content = collect()
    response = HttpResponse(write(content, group=content.group, on=on), content_type=WORKBOOK)
    name = _("Ledger of the innovation studios %(day)s.xlsx") % {"day": on.isoformat()}
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response
