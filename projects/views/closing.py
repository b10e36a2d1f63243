"""Closing a period in two pages: what is not told yet; what is left over with the summary. And after it."""

from uuid import uuid4

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from core import typed_days, workdays
from core.access import permitted
from core.forms import HouseForm
from core.requests import read_or_write
from core.shown import day
from projects import belated, closing
from projects.closing import WORDS, Choice
from projects.closing_preview import preview
from projects.freezing import against_baseline, compared, said
from projects.models import ChangeRequest, PlanItem
from projects.models.numbers import plain
from projects.sheet import sheet_of
from projects.views import crumbs
from projects.views.confirming import known_plan
from projects.views.life import life
from projects.views.sheet import save_cells
from studios.models import Studio

#: The boxes of the summary, by the names of ``closing.TEXTS``.
BOXES = {
    "done": pgettext_lazy("month summary", "What was done"),
    "difficulties": gettext_lazy("Difficulties"),
    "help": gettext_lazy("Help wanted"),
}


def _steps(plan, now: int):
    labels = [_("Is everything in?"), _("What is left over"), _("Summary")]
    states = ["done" if number < now else "now" if number == now else "next" for number in range(3)]
    if now == 1:
        states[2] = "now"
    return [(label, state, "") for label, state in zip(labels, states, strict=True)]


def _frame(plan, *, now):
    calendar = workdays.load()
    return {
        "plan": plan,
        "studio": plan.studio,
        "steps": _steps(plan, now),
        "last_day": plan.last_day_to_close(calendar),
        "closable": plan.may_be_closed_on(timezone.localdate(), calendar),
        "first_day": calendar.on_or_before(plan.ends_on),
        "within": closing.still_open_within(plan),
        "breadcrumbs": crumbs.of_plan(plan),
    }


@read_or_write
@permitted("projects.close_plan", Studio)
def plan_close(request, studio, period):
    """Step 1: what nobody has told yet this month, each with its cell. Empty ones may stay empty."""
    plan = known_plan(studio, period)
    plan.refuse_if_closed()
    groups = _untold(plan, request.user)
    wrong = {}
    if request.method == "POST":
        wrong = save_cells(request, groups)
        if not wrong:
            return redirect("plan-leftovers", pk=studio.pk, period=period)
    rows = [row for _title, rows in groups for row in rows]
    context = {**_frame(plan, now=0), "rows": rows, "wrong": len(wrong)}
    return render(request, "projects/close.html", context, status=422 if wrong else 200)


def _untold(plan, user):
    groups = sheet_of(plan, user) if plan.kind == "month" else []
    return [(title, [row for row in rows if row.untold]) for title, rows in groups]


class _Row:
    """One item that is left over, with what is chosen for it."""

    def __init__(self, item: PlanItem, user, typed, *, carries: bool):
        self.item = item
        self.offered = [(act, WORDS[act]) for act in closing.offered(item, user, carries=carries)]
        default = closing.default_for(item, carries=carries)
        known = [act for act, _word in self.offered]
        act = typed.get(f"act-{item.pk}", default.act)
        self.act = act if act in known else default.act
        self.reason = typed.get(f"reason-{item.pk}", default.reason)[:500]
        self.due = typed.get(f"due-{item.pk}", "")
        self.error = ""

    @property
    def choice(self) -> Choice:
        try:
            due_on = typed_days.read(self.due, on=timezone.localdate())
        except ValueError:
            due_on = None
        return Choice(self.act, self.reason, due_on)

    @property
    def may_extend(self) -> bool:
        return any(act == closing.EXTEND for act, _word in self.offered)

    @property
    def weight(self) -> str:
        return plain(self.item.weight)


@read_or_write
@permitted("projects.close_plan", Studio)
def plan_leftovers(request, studio, period):
    """Steps 2 and 3: what becomes of each open item, and the summary in three boxes. Closes when sent."""
    plan = known_plan(studio, period)
    plan.refuse_if_closed()
    typed = request.POST
    left = closing.leftovers(plan)
    on = timezone.localdate()
    carries = closing.may_carry(plan, request.user, on=on)
    rows = [_Row(item, request.user, typed, carries=carries) for item in left]
    choices = {row.item.pk: row.choice for row in rows}
    texts = {name: typed.get(name, "")[:2000] for name in closing.TEXTS} if typed else _filled_in(plan, left)
    if request.method == "POST" and "close" in typed:
        for row in rows:
            row.error = closing.why_not(row.item, row.choice)
        shown = {int(pk) for pk in typed.getlist("shown") if pk.isdecimal()}
        if not any(row.error for row in rows) and shown >= set(choices):
            force = typed.get("force") == "1" and request.user.has_perm("projects.reopen_plan", studio)
            frozen = closing.close(
                plan,
                by=request.user,
                at=timezone.now(),
                calendar=workdays.load(),
                choices=choices,
                texts=texts,
                force=force,
            )
            messages.success(
                request,
                _("%(period)s is closed, version %(number)d.")
                % {"period": plan.span, "number": frozen.number},
            )
            return redirect(plan)
        if not shown >= set(choices):
            messages.warning(request, str(closing.LeftoversChanged()))
    wrong = [row for row in rows if row.error]
    context = {
        **_frame(plan, now=1),
        "rows": rows,
        "shown": len(rows),
        "wrong": wrong,
        "preview": preview(plan, left, choices, on=on),
        "crosses": plan.kind == "month" and plan.span.next.parent != plan.span.parent,
        "boxes": [(name, label, texts[name]) for name, label in BOXES.items()],
        "asks": plan.is_bound and not request.user.has_perm("projects.decide_change", studio),
        "carries": carries,
        "requests": ChangeRequest.objects.open().of_plan(plan).for_list(),
        "may_force": request.user.has_perm("projects.reopen_plan", studio),
    }
    if request.htmx:
        return render(request, "projects/close_preview.html", context)
    return render(request, "projects/close_leftovers.html", context, status=422 if wrong else 200)


def _filled_in(plan, left) -> dict[str, str]:
    """The boxes begin with the titles of the items."""
    done = PlanItem.objects.filter(plan=plan).done().order_by("done_on", "pk")
    difficulties = [f"{item.content}：{item.reason}" if item.reason else item.content for item in left]
    return {
        "done": "\n".join(done.values_list("content", flat=True)),
        "difficulties": "\n".join(difficulties),
        "help": "",
    }


class ReopenForm(HouseForm):
    """Why a closed period is opened again, and until when."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=1000)
    until = forms.DateField(label=gettext_lazy("Open until (inclusive)"))


@require_safe
@permitted("projects.view_plan", Studio)
def plan_versions(request, studio, period):
    """What was sealed of a plan: the copies, what differs between two closings, and every step."""
    return _versions_page(request, known_plan(studio, period))


def _versions_page(request, plan, form=None):
    copies = list(plan.frozen.select_related("by__person").order_by("at", "pk"))
    user = request.user
    may_reopen = plan.is_closed and user.has_perm("projects.reopen_plan", plan.studio)
    chosen = next((copy for copy in copies if str(copy.pk) == request.GET.get("copy")), None)
    chosen = chosen or (copies[-1] if copies else None)
    context = {
        "plan": plan,
        "copies": copies,
        "chosen": chosen,
        "rows": _rows(chosen) if chosen else [],
        "texts": _texts(chosen) if chosen else [],
        "comparison": _comparison(plan, copies, chosen, request.GET.get("with", "")) if chosen else None,
        "requests": ChangeRequest.objects.of_plan(plan).for_list(),
        "against": against_baseline(plan),
        "events": plan.steps.select_related("by__person").prefetch_related("remarks__item"),
        "form": form or (ReopenForm() if may_reopen else None),
        "breadcrumbs": crumbs.of_plan(plan),
        **life(plan, user, on=timezone.localdate(), calendar=workdays.load()),
    }
    return render(request, "projects/plan_versions.html", context, status=422 if form else 200)


def _comparison(plan, copies, chosen, asked):
    """The chosen copy beside another one, or beside the plan as it stands ("today"); by default beside the
    one of its kind before it. None where there is nothing to compare."""
    others = [copy for copy in copies if copy != chosen]
    previous = [copy for copy in others if (copy.kind, copy.number) == (chosen.kind, chosen.number - 1)]
    other = next((copy for copy in others if str(copy.pk) == asked), next(iter(previous), None))
    if asked == "today":
        sides = [(chosen, chosen.name, chosen.shown), (None, _("as it stands"), plan.shown)]
    elif other:
        first, last = sorted((other, chosen), key=lambda copy: (copy.at, copy.pk))
        sides = [(copy, copy.name, copy.shown) for copy in (first, last)]
    else:
        return None
    (before, *old), (after, *new) = sides
    return {"before": old, "after": new, "differences": compared(before, after)}


def _rows(copy):
    return [
        {
            **row,
            "state_said": said("state", row),
            "share_said": said("share", row),
            "href": reverse("item", args=[row["id"]]),
            "rest_href": reverse("item", args=[row["rest"]["id"]]) if row["rest"] else "",
        }
        for row in copy.data["items"]
    ]


def _texts(copy):
    labels = BOXES | {"forced": _("Closed by force")}
    return [
        (label, copy.data["texts"][name]) for name, label in labels.items() if copy.data["texts"].get(name)
    ]


@require_POST
@permitted("projects.reopen_plan", Studio)
def plan_reopen(request, studio, period):
    """Open a closed period again, with a reason and an end."""
    plan = known_plan(studio, period)
    form = ReopenForm(request.POST)
    if not form.is_valid():
        return _versions_page(request, plan, form)
    until = form.cleaned_data["until"]
    closing.reopen(plan, by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"], until=until)
    messages.success(request, _("Open again until %(day)s.") % {"day": day(until)})
    return redirect(plan)


@require_POST
@permitted("projects.submit_plan", Studio)
def plan_agree(request, studio, period):
    """The lead confirms what was closed by itself."""
    plan = known_plan(studio, period)
    closing.agree(plan, by=request.user, at=timezone.now(), calendar=workdays.load())
    messages.success(request, _("The closing is confirmed."))
    return redirect(plan)


class BelatedForm(HouseForm):
    """What was done for an item of a closed month and not told in time."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    points = forms.DecimalField(
        label=gettext_lazy("more done (points)"), min_value=0, max_value=100, max_digits=5, decimal_places=2
    )
    note = forms.CharField(
        label=gettext_lazy("In a sentence"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


@read_or_write
@permitted("projects.report_progress", PlanItem)
def item_belated(request, item):
    """Tell what came too late for a month that is closed; it is booked to the month that is open."""
    if not item.plan.is_closed:
        return redirect(item)
    form = BelatedForm(request.POST or None, initial={"token": uuid4()})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        entry = belated.tell_belated(
            item,
            by=request.user,
            at=timezone.now(),
            points=typed["points"],
            note=typed["note"],
            token=typed["token"],
        )
        messages.success(request, _("Booked to %(period)s.") % {"period": entry.plan.span})
        return redirect(item)
    context = {
        "item": item,
        "form": form,
        "rest": item.carried_to.exclude(state=PlanItem.State.CANCELLED).select_related("plan").first(),
        "breadcrumbs": [*crumbs.of_item(item), (item.content, item.get_absolute_url())],
    }
    return render(request, "projects/belated.html", context, status=422 if form.is_bound else 200)
