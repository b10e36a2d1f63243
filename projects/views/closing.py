"""Closing a period in two pages: what is not told yet; what is left over with the summary."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core import typed_days, workdays
from core.access import permitted
from core.requests import read_or_write
from projects import closing
from projects.closing import WORDS, Choice
from projects.closing_preview import preview
from projects.models import ChangeRequest, PlanItem
from projects.models.numbers import plain
from projects.sheet import sheet_of
from projects.views import crumbs
from projects.views.confirming import known_plan
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
