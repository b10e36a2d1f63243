"""Place and equipment of a studio, and the yearly stock-take."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q, Sum
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.access import permitted
from core.errors import NotAllowedNow
from core.history import entries
from core.requests import read_or_write
from core.versions import save_form
from studios import bin, equipment_book, stock_taking
from studios.forms.equipment import EquipmentForm, StockTakeForm, VenueForm
from studios.models import Equipment, StockTake, StockTakeRow, Studio, Venue
from studios.tabs import below, frame
from studios.views.act import act_page


@permitted("studios.view_studio", Studio)
@require_safe
def studio_equipment(request, studio):
    """The place, every piece of equipment, and the stock-takes."""
    user, today = request.user, timezone.localdate()
    differing = ~Q(rows__result=StockTakeRow.Result.FOUND)
    counted = studio.stock_takes.annotate(count=Count("rows"), differing=Count("rows", filter=differing))
    takes = list(counted.order_by("-year"))
    equipment = list(studio.equipment.select_related("custodian"))
    context = frame(studio, user=user, active="studio-equipment", on=today) | {
        "venue": Venue.objects.filter(studio=studio).first(),
        "equipment": equipment,
        "value": studio.equipment.to_be_counted().aggregate(total=Sum("value"))["total"],
        "takes": takes,
        "may_begin": bool(equipment) and all(take.year != today.year for take in takes),
        "may_change": user.has_perm("studios.change_equipment", studio),
        "may_change_studio": user.has_perm("studios.change_studio", studio),
        "today": today,
    }
    return render(request, "studios/equipment.html", context)


@permitted("studios.view_studio", Studio)
@require_safe
def equipment_export(request, studio):
    """The ledger of the equipment as a workbook."""
    title = _("%(studio)s: equipment") % {"studio": studio}
    rows = studio.equipment.select_related("custodian")
    book = equipment_book.ledger(rows, title=title, on=timezone.localdate())
    return FileResponse(book, as_attachment=True, filename=f"{title}.xlsx")


@permitted("studios.change_equipment", Studio)
@read_or_write
def venue_edit(request, studio):
    """What the standards ask of the place."""

    def make_form():
        if request.method != "POST":
            known = Venue.objects.filter(studio=studio).first()
            return VenueForm(instance=known or Venue(studio=studio))
        return VenueForm(request.POST, instance=Venue.objects.get_or_create(studio=studio)[0])

    form = make_form()
    if request.method == "POST":
        form, saved = save_form(make_form)
        if saved:
            messages.success(request, _("Saved."))
            return redirect("studio-equipment", studio.pk)
    return _page(request, studio, form, title=_("The place"))


@permitted("studios.change_equipment", Studio)
@read_or_write
def equipment_new(request, studio):
    """A piece of equipment."""
    blank = Equipment(studio=studio)
    form = EquipmentForm(request.POST or None, instance=blank, on=timezone.localdate(), once=True)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            if form.claim():
                form.save()
                messages.success(request, _("Saved."))
        return redirect(blank if blank.pk else reverse("studio-equipment", args=[studio.pk]))
    return _page(request, studio, form, title=_("New equipment"))


@permitted("studios.change_equipment", Equipment)
@read_or_write
def equipment_edit(request, piece):
    """Correct a piece, hand it to somebody else, scrap it; below, what was changed."""

    def make_form():
        fresh = Equipment.objects.visible_to(request.user).get(pk=piece.pk)
        return EquipmentForm(request.POST or None, instance=fresh, on=timezone.localdate())

    form = make_form()
    if request.method == "POST":
        form, saved = save_form(make_form)
        if saved:
            messages.success(request, _("Saved."))
            return redirect(piece)
    history = entries(piece.history.select_related("history_user__person"))
    return _page(request, piece.studio, form, title=str(piece), history=history)


@require_POST
@permitted("studios.change_equipment", Equipment)
def equipment_delete(request, piece):
    """Put a piece into the bin; what was counted once is scrapped instead."""
    kept = bin.put(piece, by=request.user, at=timezone.now())
    messages.success(request, _("The equipment is in the bin."), extra_tags=f"bin:{kept.pk}")
    return redirect("studio-equipment", piece.studio_id)


@require_POST
@permitted("studios.change_equipment", Studio)
def stock_take_begin(request, studio):
    """Begin the count of this year."""
    return redirect(stock_taking.begin(studio, on=timezone.localdate()))


@permitted("studios.view_studio", StockTake)
@require_safe
def stock_take(request, take):
    """What is counted, and afterwards the differences."""
    rows = _rows_of(take)
    may_count = take.is_open and request.user.has_perm("studios.change_equipment", take)
    form = StockTakeForm(take=take, rows=rows) if may_count else None
    return _stock_take_page(request, take, rows, form)


@require_POST
@permitted("studios.change_equipment", StockTake)
def stock_take_count(request, take):
    """Save what was found; close the count if that was asked for."""
    rows = _rows_of(take)
    form = StockTakeForm(request.POST, take=take, rows=rows)
    if form.is_valid() and _counted(request, take, form):
        return redirect(take)
    return _stock_take_page(request, take, rows, form, status=422)


def _rows_of(take):
    return list(take.rows.select_related("equipment__custodian"))


def _stock_take_page(request, take, rows, form, *, status=200):
    context = {
        "take": take,
        "studio": take.studio,
        "rows": rows,
        "differences": [row for row in rows if row.result != StockTakeRow.Result.FOUND],
        "form": form,
        "may_see": take.state == StockTake.State.CLOSED
        and request.user.has_perm("studios.see_stock_take", take),
        "breadcrumbs": _above(take.studio),
    }
    return render(request, "studios/stock_take.html", context, status=status)


def _counted(request, take, form):
    """Save what was found, close if asked for; False, said at the form, if somebody was faster."""
    try:
        with transaction.atomic():
            stock_taking.record(take, form.found, seen=form.cleaned_data["seen"])
            if request.POST.get("act") == "close":
                stock_taking.close(take, by=request.user, at=timezone.now())
    except NotAllowedNow as refusal:
        form.add_error(None, str(refusal))
        form.data = form.data.copy()
        form.data["seen"] = StockTake.objects.visible_to(request.user).get(pk=take.pk).version
        return False
    closed = _("The stock-take is closed; the union is told.")
    messages.success(request, _("Saved.") if take.is_open else closed)
    return True


@require_POST
@permitted("studios.see_stock_take", StockTake)
def stock_take_see(request, take):
    """The union has looked at it."""
    stock_taking.see(take, by=request.user, at=timezone.now())
    messages.success(request, _("Seen."))
    return redirect(take)


def _above(studio):
    return below(studio, (_("Place and equipment"), reverse("studio-equipment", args=[studio.pk])))


def _page(request, studio, form, *, title, history=None):
    above, template = _above(studio), "studios/equipment_form.html"
    return act_page(request, form, above, studio=studio, title=title, template=template, history=history)
