"""The month sheet: the whole team's month on one page, saved cell by cell or as one form."""

from contextlib import suppress
from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core import shown, workdays
from core.access import permitted
from core.errors import NotAllowedNow
from core.forms import FilesField
from core.offline import keep_offline
from core.requests import read_or_write
from projects import my_studio
from projects.breakdown import plan_of
from projects.models import Plan, PlanItem
from projects.sheet import Cell, Clash, cells_of, nothing_changed, save_cell, sheet_of, untold
from projects.views import crumbs
from projects.views.life import as_of
from studios.models import Studio
from studios.tabs import frame

#: Items and months may be stated in one press; each statement has a token of its own.
REST = "rest"


@read_or_write
@permitted("projects.view_plan", Studio)
@keep_offline("sheet")
def month_sheet(request, studio, period):
    """Every item of the month with every member's indicator. Without JavaScript it is one large form."""
    if period.kind != "month":
        raise Http404
    on = timezone.localdate()
    plan = plan_of(studio, period, on=on)
    if plan is None:
        raise Http404
    groups = sheet_of(plan, request.user)
    editable = any(row.editable for _title, rows in groups for row in rows)
    wrong: dict[str, Cell] = {}
    if request.method == "POST":
        if not editable:
            raise PermissionDenied("projects.report_progress")
        wrong = save_cells(request, groups)
        if not wrong:
            return redirect("month-sheet", pk=studio.pk, period=period)
        groups = sheet_of(plan, request.user)
        for cell in (cell for _title, rows in groups for row in rows for cell in row.cells):
            if back := wrong.get(cell.key):
                cell.typed, cell.typed_note = back.typed, back.typed_note
                cell.error, cell.theirs = back.error, back.theirs
    context = {
        **frame(studio, user=request.user, active="month", on=on),
        **head(plan, on=on),
        "groups": groups,
        "editable": editable,
        "untold": len(untold(groups)),
        "wrong": len(wrong),
        "rest": uuid4(),
        "month_url": crumbs.address(studio.pk, period),
        "nav": crumbs.period_nav(studio.pk, period, name="month-sheet"),
    }
    context["breadcrumbs"] = [*context["breadcrumbs"], (str(plan.span), context["month_url"])]
    response = render(request, "projects/sheet.html", context, status=422 if wrong else 200)
    return my_studio.remember(request, response, studio)


def head(plan: Plan, *, on) -> dict:
    """What stands at the top of the sheet, also after a cell was saved."""
    found = Plan.objects.filter(pk=plan.pk).standings(on=on, calendar=workdays.load()).get(plan.pk)
    return {
        "plan": plan,
        "expected": found.percent if found else None,
        "as_of": as_of(plan, at=timezone.now()),
    }


def save_cells(request, groups) -> dict[str, Cell]:
    """Save every cell that can be saved; gives the others, with what was typed and what is wrong."""
    saved, wrong = 0, {}
    for _title, rows in groups:
        for row in rows:
            for cell in row.cells:
                if not cell.editable or f"opened-{cell.key}" not in request.POST:
                    continue
                try:
                    saved += _save_one(request, cell)
                except Clash as clash:
                    cell.theirs = clash.entry
                    wrong[cell.key] = cell
                except (ValidationError, NotAllowedNow) as error:
                    cell.error = said(error)
                    wrong[cell.key] = cell
    if saved:
        messages.success(
            request, ngettext("%(count)d value saved.", "%(count)d values saved.", saved) % {"count": saved}
        )
    if not wrong:
        _state(request, groups)
    return wrong


def _save_one(request, cell: Cell) -> bool:
    sent = request.POST
    if sent.get(f"choice-{cell.key}") == "theirs":
        return False
    chosen = sent.getlist(f"value-{cell.key}")
    cell.typed = (",".join(chosen) if cell.kind == "milestones" else chosen[-1] if chosen else "0")[:1000]
    cell.typed_note = sent.get(f"note-{cell.key}", "")
    told = save_cell(
        cell,
        value=cell.typed,
        opened=sent[f"opened-{cell.key}"],
        note=cell.typed_note,
        by=request.user,
        at=timezone.now(),
        token=_token(sent.get(f"token-{cell.key}")),
    )
    return told is not None


def _state(request, groups) -> None:
    """Record "nothing changed" for one item, or for all of which nothing was said."""
    which = request.POST.get("same")
    if not which:
        return
    rest = untold(sheet_of(groups[0][1][0].item.plan, request.user))
    if which != REST:
        rest = [
            row.item for _title, rows in groups for row in rows if row.editable and str(row.item.pk) == which
        ]
    token = _token(request.POST.get("rest"))
    for item in rest:
        nothing_changed(item, by=request.user, at=timezone.now(), token=uuid5(token, str(item.pk)))
    messages.success(
        request,
        ngettext(
            "Recorded for %(count)d item: nothing changed.",
            "Recorded for %(count)d items: nothing changed.",
            len(rest),
        )
        % {"count": len(rest)},
    )


@require_POST
@permitted("projects.report_progress", PlanItem)
def sheet_cell(request, item):
    """Save one cell, or the statement that nothing changed; answers in JSON.

    200 saved, 409 with both values where somebody else was faster, 422 with the sentence to show at the cell.
    """
    item = PlanItem.objects.for_list().get(pk=item.pk)
    sent = request.POST
    cells = cells_of(item, request.user)
    cell = next((each for each in cells if each.key == sent.get("cell")), None)
    stating = sent.get("same") == "1" and any(each.editable for each in cells)
    if not stating and (cell is None or not cell.editable):
        return JsonResponse({"error": str(NotAllowedNow())}, status=422)
    told = {"by": request.user, "at": timezone.now(), "token": _token(sent.get("token"))}
    try:
        if stating:
            entry = nothing_changed(item, **told)
        else:
            value, opened = sent.get("value", "")[:1000], sent.get("opened", "")
            files = FilesField(required=False).clean(request.FILES.getlist("files"))
            entry = save_cell(
                cell, value=value, opened=opened, note=sent.get("note", ""), files=files, **told
            )
    except Clash as clash:
        return JsonResponse(_both(clash, sent.get("value", "")), status=409)
    except (ValidationError, NotAllowedNow) as error:
        return JsonResponse({"error": said(error)}, status=422)
    return JsonResponse(_saved(request, item, cell, entry))


def _saved(request, item, cell, entry) -> dict:
    """How the cell stands now, and what moved with it."""
    fresh = PlanItem.objects.for_list().get(pk=item.pk)
    now = next((each for each in cells_of(fresh, request.user) if cell and each.key == cell.key), None)
    above = head(fresh.plan, on=timezone.localdate())
    answer = {
        "said": _("Nothing changed.") if cell is None else _("Saved."),
        "item": render_to_string("projects/sheet_progress.html", {"item": fresh}),
        "head": render_to_string("projects/sheet_head.html", above, request),
        "as_of": render_to_string("components/as_of.html", {"holds": above["as_of"]}),
    }
    if entry:
        answer["entry"] = render_to_string("projects/sheet_entry.html", {"entry": entry})
    if now:
        answer |= {"value": now.stored, "share": shown.percent_shown(now.share)}
    return answer


def _both(clash: Clash, typed: str) -> dict:
    entry, cell = clash.entry, clash.cell
    return {
        "value": cell.stored,
        "theirs": cell.said(cell.stored),
        "mine": cell.said(typed),
        "who": str(entry.by) if entry and entry.by else "",
        "when": shown.moment(entry.at) if entry else "",
    }


def said(error) -> str:
    """The sentence of an error, for the person at the cell."""
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


def _token(text) -> UUID:
    with suppress(TypeError, ValueError):
        return UUID(text)
    return uuid4()
