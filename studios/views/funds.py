"""The funds of a studio: its lines in a year, what waits for approval, and the ledger."""

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from core.access import permitted
from core.gathering import Total
from core.htmx import came_from
from core.requests import read_or_write
from core.shown import yuan
from core.uploads import hand_out
from core.versions import save_form
from studios import bin, fund_book, fund_lines, spending
from studios.forms.funds import BudgetForm, IncomeForm, OpinionForm, SpendingForm
from studios.models import FundBudget, FundEntry, Spending, Studio
from studios.models.funds import USUAL_LINES
from studios.tabs import below, frame
from studios.views.act import act_page

LINE_TOTALS = {
    "budget": gettext_lazy("Budget (yuan)"),
    "income": gettext_lazy("Income (yuan)"),
    "spent": gettext_lazy("Spent (yuan)"),
    "waiting": gettext_lazy("Waiting (yuan)"),
    "left": gettext_lazy("Left (yuan)"),
}
FIRST_YEAR, LAST_YEAR = 2001, 2099


@permitted("studios.view_funds", Studio)
@require_safe
def studio_funds(request, studio, year):
    """Budget, income, spent and left of each line; what waits; every entry."""
    _known(year)
    user, today = request.user, timezone.localdate()
    lines = fund_lines.of_year(studio, year)
    total, entries = fund_lines.together(lines), fund_lines.entries(studio, year)
    asked = studio.spendings.filter(on__year=year, state__in=["waiting", "returned"])
    asked = list(asked.select_related("handler", "asked_by__person", "decided_by__person"))
    for each in asked:
        each.studio = studio
    context = frame(studio, user=user, active="studio-funds", on=today) | {
        "year": year,
        "lines": lines,
        "total": total,
        "line_totals": _totals(total, LINE_TOTALS),
        "ledger_totals": _totals(fund_lines.together_of(entries), LINE_TOTALS),
        "over": [line for line in lines if line.is_over],
        "asked": asked,
        "entries": entries,
        "may_budget": user.has_perm("studios.change_budget", studio),
        "may_book": user.has_perm("studios.book_funds", studio),
        "may_ask": user.has_perm("studios.ask_spending", studio),
        "previous": (str(year - 1), reverse("studio-funds", args=[studio.pk, year - 1])),
        "next": (str(year + 1), reverse("studio-funds", args=[studio.pk, year + 1])),
        "today": today,
    }
    return render(request, "studios/funds.html", context)


def _totals(sums, labels):
    """The foot of a table: what all its rows come to, of what is known of them."""
    return [Total(label, yuan(sums[name])) for name, label in labels.items() if name in sums]


@permitted("studios.view_funds", Studio)
@require_safe
def funds_export(request, studio, year):
    """The ledger of the year as a workbook."""
    _known(year)
    title = _("%(studio)s: funds of %(year)d") % {"studio": studio, "year": year}
    book = fund_book.ledger(fund_lines.entries(studio, year), title=title, on=timezone.localdate())
    return FileResponse(book, as_attachment=True, filename=f"{title}.xlsx")


@permitted("studios.change_budget", Studio)
@read_or_write
def budget_new(request, studio, year):
    """A line of the year's budget."""
    _known(year)
    blank = FundBudget(studio=studio, year=year)
    form = BudgetForm(request.POST or None, instance=blank, once=True)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            if form.claim():
                form.save()
                messages.success(request, _("Saved."))
        return redirect("studio-funds", studio.pk, year)
    title = _("New fund line %(year)d") % {"year": year}
    return _form_page(request, studio, form, year=year, title=title, submit=_("Save"))


@permitted("studios.change_budget", FundBudget)
@read_or_write
def budget_edit(request, budget):
    """What the line is allowed; two people saving are merged, or asked field by field."""

    def make_form():
        return BudgetForm(
            request.POST or None, instance=FundBudget.objects.visible_to(request.user).get(pk=budget.pk)
        )

    form = make_form()
    if request.method == "POST":
        form, saved = save_form(make_form)
        if saved:
            messages.success(request, _("Saved."))
            return redirect(budget)
    return _form_page(
        request, budget.studio, form, year=budget.year, title=_("Edit the fund line"), submit=_("Save")
    )


@require_POST
@permitted("studios.change_budget", FundBudget)
def budget_delete(request, budget):
    """Put a line of the budget into the bin; what was booked on it stays."""
    kept = bin.put(budget, by=request.user, at=timezone.now())
    messages.success(request, _("The fund line is in the bin."), extra_tags=f"bin:{kept.pk}")
    return redirect("studio-funds", budget.studio_id, budget.year)


@permitted("studios.ask_spending", Studio)
@read_or_write
def spending_new(request, studio):
    """Ask for a spending."""
    today = timezone.localdate()
    blank = Spending(studio=studio)
    initial = {"on": today, "handler": request.user.person, "line": request.GET.get("line", "")[:30]}
    form = SpendingForm(
        request.POST or None, request.FILES or None, instance=blank, on=today, initial=initial, once=True
    )
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            if form.claim():
                spending.ask(form.booked(), by=request.user, at=timezone.now())
                _said(request, blank)
        return redirect("studio-funds", studio.pk, form.cleaned_data["on"].year)
    return _form_page(
        request, studio, form, year=today.year, title=_("Ask for a spending"), submit=_("Send to the union")
    )


@permitted("studios.change_spending", Spending)
@read_or_write
def spending_edit(request, asked):
    """Correct what came back, and ask again."""
    today = timezone.localdate()
    form = SpendingForm(request.POST or None, request.FILES or None, instance=asked, on=today)
    if request.method == "POST" and form.is_valid():
        spending.ask_again(form.booked(), by=request.user, at=timezone.now())
        _said(request, asked)
        return redirect(asked)
    title = _("Correct the spending")
    return _form_page(
        request, asked.studio, form, year=today.year, title=title, submit=_("Send to the union again")
    )


def _said(request, asked):
    messages.success(request, _("The union is asked; you are told how it decides."))
    left = fund_lines.free(asked.studio, asked.on.year, asked.line)
    if left < 0:
        over = _("The line “%(line)s” would be over its budget by %(over)s yuan.")
        messages.warning(request, over % {"line": asked.line, "over": yuan(-left)})


@require_POST
@permitted("studios.decide_spending", Spending)
def spending_approve(request, asked):
    """One click: the money may go."""
    told = {"by": request.user, "at": timezone.now(), "seen": request.POST.get("seen", "")}
    entry = spending.approve(asked, **told)
    messages.success(request, _("Approved; it stands in the ledger."))
    return redirect(came_from(request, default=entry.get_absolute_url()))


@permitted("studios.decide_spending", Spending)
@read_or_write
def spending_return(request, asked):
    """Send it back with a reason."""
    form = OpinionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        opinion = form.cleaned_data["opinion"]
        spending.send_back(asked, opinion=opinion, by=request.user, at=timezone.now())
        messages.success(request, _("Returned; whoever asked is told why."))
        return redirect(asked)
    title = _("Return “%(what)s”") % {"what": asked}
    return _form_page(request, asked.studio, form, year=asked.on.year, title=title, submit=_("Return it"))


@require_POST
@permitted("studios.change_spending", Spending)
def spending_withdraw(request, asked):
    """It is not needed after all."""
    spending.withdraw(asked)
    messages.success(request, _("Withdrawn."))
    return redirect(asked)


@require_safe
@permitted("studios.view_funds", Spending)
def spending_file(request, asked):
    """The receipt of a request."""
    return _file_of(asked)


@permitted("studios.book_funds", Studio)
@read_or_write
def income_new(request, studio):
    """Money that came in."""
    today = timezone.localdate()
    blank = FundEntry(studio=studio)
    form = IncomeForm(
        request.POST or None,
        request.FILES or None,
        instance=blank,
        on=today,
        initial={"on": today},
        once=True,
    )
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            if form.claim():
                spending.book_income(form.booked(), by=request.user, at=timezone.now())
                messages.success(request, _("It stands in the ledger."))
        return redirect("studio-funds", studio.pk, form.cleaned_data["on"].year)
    return _form_page(
        request, studio, form, year=today.year, title=_("Book an income"), submit=_("Book the income")
    )


@permitted("studios.book_funds", FundEntry)
@read_or_write
def fund_entry_correct(request, entry):
    """Take an entry back by its counter-entry."""
    form = OpinionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        spending.correct(
            entry,
            reason=form.cleaned_data["opinion"],
            on=timezone.localdate(),
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, _("Taken back by a counter-entry. Book it anew if it has to be."))
        return redirect(entry)
    title = _("Take back “%(what)s”") % {"what": entry}
    return _form_page(
        request, entry.studio, form, year=entry.year, title=title, submit=_("Book the counter-entry")
    )


@require_safe
@permitted("studios.view_funds", FundEntry)
def fund_entry_file(request, entry):
    """The receipt of an entry."""
    return _file_of(entry)


def _file_of(record):
    if not record.file:
        raise Http404
    return hand_out(record.file, record.file_name)


def _known(year):
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404


def _form_page(request, studio, form, *, year, title, submit):
    known = fund_lines.known_lines(studio)
    return act_page(
        request,
        form,
        below(studio, (_("Funds"), reverse("studio-funds", args=[studio.pk, year]))),
        title=title,
        submit=submit,
        studio=studio,
        template="studios/funds_form.html",
        fund_lines=dict.fromkeys([*known, *map(str, USUAL_LINES)]),
    )
