"""Reports: what is issued, drawing one up, issuing it, and its files."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from core import workdays
from core.access import permitted, permitted_globally
from core.calendar import Period, periods_of_year
from core.errors import NotAllowedNow
from core.requests import number_of
from core.versions import save_form
from members.models import Unit
from projects.models import Problem
from reports import issuing
from reports.contents import Contents
from reports.drawing_up import draw_up
from reports.exports import docx, xlsx
from reports.exports.columns import COLUMNS
from reports.exports.issued import Issued
from reports.forms import ReportForm
from reports.models import Report
from reports.scope import units_of
from reports.sentences import handed_in, rate, reasons, sentences, title

PER_PAGE = 30
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: What each issuing button asks for beside the issuing, and where it lies.
FILES = {"word": "report-word", "excel": "report-excel"}


@require_safe
@permitted_globally("reports.view_reports")
def report_list(request):
    """The reports one comes for, and all that are issued. A fixed number of queries."""
    on, units = timezone.localdate(), list(units_of(request.user))
    unit = _chosen(request, units)
    issues = unit is not None and request.user.has_perm("reports.issue_report", unit)
    issued = Report.objects.visible_to(request.user).with_replaced().defer("contents")
    page = Paginator(issued.select_related("unit", "issued_by__person"), PER_PAGE)
    last = Period.containing(on).previous
    context = {
        "unit": unit,
        "tabs": [(one.name, f"?unit={one.pk}", one == unit, None) for one in units] if units[1:] else [],
        "presets": issuing.presets(unit, on=on) if issues else [],
        "last": last,
        "below": issuing.of_units_below(unit, last) if issues else [],
        "page": page.get_page(request.GET.get("page")),
    }
    return render(request, "reports/reports.html", context)


def _chosen(request, units):
    """The unit of the address, else the first that one reads; None where there is none."""
    if not request.GET.get("unit"):
        return units[0] if units else None
    return get_object_or_404(units_of(request.user), pk=number_of(request.GET["unit"]))


@require_safe
@permitted("reports.issue_report", Unit)
def report_draft(request, unit, period):
    """The report as it would be issued now, with the text that goes with it."""
    return _draft_page(request, unit, _begun(period), None)


@require_POST
@permitted("reports.issue_report", Unit)
def report_issue(request, unit, period):
    """Save the text; and freeze and issue the report, where the button says so."""
    period, act = _begun(period), request.POST.get("act", "")
    issues = act == "issue" or act in FILES
    make = partial(_form, request.POST, unit, period, issues=issues)
    try:
        with transaction.atomic():
            form, saved = save_form(make)
            if saved and issues:
                now = {"at": timezone.now(), "on": timezone.localdate(), "calendar": workdays.load()}
                issuing.issue(form.instance, by=request.user, **now)
    except IntegrityError:  # somebody else wrote the first word of it this very moment
        raise NotAllowedNow from None
    if not saved:
        return _draft_page(request, unit, period, form)
    if not issues:
        messages.success(request, _("The text is saved. The report is not issued yet."))
        return redirect(issuing.address(unit, period))
    messages.success(request, _("Version %(number)d is issued.") % {"number": form.instance.number})
    file = f"?file={act}" if act in FILES else ""
    return redirect(f"{form.instance.get_absolute_url()}{file}")


def _form(data, unit, period, *, issues=False):
    return ReportForm(data, instance=Report.draft_of(unit, period), issues=issues)


def _begun(key: str) -> Period:
    """The period of an address; 404 for what is none or has not begun."""
    try:
        period = Period.parse(key)
    except ValueError as error:
        raise Http404 from error
    if period.starts_on > timezone.localdate():
        raise Http404
    return period


def _draft_page(request, unit, period, form):
    on = timezone.localdate()
    contents = draw_up(unit, period, on=on, calendar=workdays.load())
    versions = list(Report.objects.issued().of(unit, period).select_related("unit", "issued_by__person"))
    frozen = Contents.from_data(versions[0].contents) if versions else None

    def step(to: Period, *more):
        return str(to), issuing.address(unit, to), *more

    context = {
        "unit": unit,
        "form": form or _form(None, unit, period),
        "to": reverse("report-issue", args=[unit.pk, period.key]),
        "versions": versions,
        "frozen": frozen,
        "is_like_frozen": bool(frozen) and frozen.is_like(contents),
        "period": period,
        "previous": step(period.previous),
        "next": step(period.next) if period.next.starts_on <= on else None,
        "options": [step(one, one == period) for one in periods_of_year(period.year) if one.starts_on <= on],
        **_drawn(contents),
        "breadcrumbs": _above(),
    }
    return render(request, "reports/report_draft.html", context, status=422 if form else 200)


@require_safe
@permitted("reports.view_report", Report)
def issued_report(request, report):
    """An issued report as it was frozen; with ``?file=`` the file comes right after the page."""
    newer = Report.objects.issued().of(report.unit, report.span).filter(number__gt=report.number).first()
    context = {
        "report": report,
        "newer": newer,
        "again": issuing.address(report.unit, report.span)
        if request.user.has_perm("reports.issue_report", report.unit)
        else "",
        **_drawn(Contents.from_data(report.contents)),
        "breadcrumbs": _above(),
    }
    response = render(request, "reports/report.html", context)
    if file := FILES.get(request.GET.get("file", "")):
        response.headers["Refresh"] = f"0; url={reverse(file, args=[report.pk])}"
    return response


@require_safe
@permitted("reports.view_report", Report)
def report_word(request, report):
    """The issued report as a Word document."""
    return _file(report, docx.write, WORD, "docx")


@require_safe
@permitted("reports.view_report", Report)
def report_excel(request, report):
    """The issued report as a workbook."""
    return _file(report, xlsx.write, EXCEL, "xlsx")


def _file(report, write, content_type, ending):
    contents = Contents.from_data(report.contents)
    issued = Issued(
        contents=contents,
        summary=report.summary,
        number=report.number,
        reason=report.reason,
        on=timezone.localdate(report.issued_at),
        by=str(report.issued_by),
    )
    response = HttpResponse(write(issued), content_type=content_type)
    version = _("version %(number)d") % {"number": report.number}
    header = content_disposition_header(
        as_attachment=True, filename=f"{title(contents)} {version}.{ending}".replace("/", " ")
    )
    response.headers["Content-Disposition"] = header
    return response


def _drawn(contents: Contents) -> dict:
    """What the page says of the contents."""
    return {
        "contents": contents,
        "heads": {column.key: column.head for column in COLUMNS},
        "title": title(contents),
        "sentences": sentences(contents),
        "rate": rate(contents.total, contents.total.completion_percent),
        "rows": [
            {
                "line": line,
                "rate": rate(line.figure, line.figure.completion_percent),
                "reasons": reasons(line),
                "handed_in": handed_in(line),
            }
            for line in contents.lines
        ],
        "problems": [(one, Problem.Level(one.level).label) for one in contents.problems],
    }


def _above():
    return [(pgettext("issued", "Reports"), reverse("reports"))]
