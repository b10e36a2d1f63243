"""Problems: the board, one problem's page, raising one, and each step towards its end."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import F
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from core import workdays
from core.access import open_to_all_signed_in, permitted
from core.lists import Look
from core.requests import number_of, read_or_write
from projects import coordination
from projects.models import PlanItem, Problem, Topic
from projects.problem_board import BOARD, ORDERS, ProblemFilter, counts, rows
from projects.problem_forms import ProblemForm, SayForm
from projects.views import crumbs
from studios.models import Studio

PAGE = 50
STILL_OPEN_FIRST = F("closed_on").desc(nulls_first=True)

#: What each text is asked for with; the names are those of the addresses.
LABELS = {
    "comment": gettext_lazy("Comment"),
    "pass-on": gettext_lazy("Why it has to go one level up"),
    "solve": gettext_lazy("How it was solved"),
    "withdraw": gettext_lazy("Why it is withdrawn"),
}


@require_safe
@open_to_all_signed_in
def problems(request):
    """Every problem this person may see, narrowed as the address says; open ones first."""
    look = Look.of(request, BOARD)
    if look.default:
        return redirect(look.default)
    on = timezone.localdate()
    seen = Problem.objects.visible_to(request.user)
    narrowed = ProblemFilter(request.GET, seen, request=request, on=on)
    order = request.GET.get("o", "")
    key = ORDERS.get(order.lstrip("-"))
    chosen = [_turned(key) if order.startswith("-") else key] if key else [STILL_OPEN_FIRST]
    found = narrowed.qs.order_by(*chosen, "due_on", "pk").select_related("studio__unit", "coordinator")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    place, address = _place(narrowed)
    context = {
        "filter": narrowed,
        "look": look,
        "page": page,
        "rows": rows(page, on=on, calendar=workdays.load()),
        "counts": counts(seen.filter(**place), on=on),
        "here": address,
        "hidden": narrowed.left_out if narrowed.used and not page.object_list else 0,
    }
    return render(request, "projects/problems.html", context)


def _turned(key):
    return key.removeprefix("-") if key.startswith("-") else f"-{key}"


def _place(narrowed):
    """The studio or unit the figures at the top are of, and the beginning of the addresses behind them."""
    used = narrowed.used
    if studio := used.get("studio"):
        return {"studio": studio}, f"?studio={studio.pk}"
    if unit := used.get("unit"):
        return {"studio__unit__path__startswith": unit.path}, f"?unit={unit.pk}"
    return {}, "?view=all"


@require_safe
@permitted("projects.view_problem", Problem)
def problem(request, problem):
    """One problem: what it is, with whom, until when, and everything that was done about it."""
    return _page(request, problem)


@read_or_write
@permitted("projects.raise_problem", Studio)
def problem_new(request, studio):
    """The short form; an item or a topic comes with the link that leads here."""
    now, calendar = timezone.now(), workdays.load()
    on = timezone.localdate(now)
    item, topic = _hangs_on(request, studio)
    data = request.POST if request.method == "POST" else None
    fresh = Problem(studio=studio, item=item, topic=topic)
    form = ProblemForm(data, instance=fresh, on=on, calendar=calendar, once=True)
    if data is not None and form.is_valid():
        with transaction.atomic():
            if form.claim():
                coordination.raise_problem(form.instance, by=request.user, at=now)
        if not form.instance.pk:
            return redirect(studio)
        messages.success(
            request,
            _("The problem is raised. %(who)s is asked to coordinate it.")
            % {"who": form.instance.coordinator or _("Nobody yet")},
        )
        return redirect(form.instance)
    context = {
        "form": form,
        "studio": studio,
        "item": item,
        "topic": topic,
        "breadcrumbs": crumbs.of_studio(studio),
    }
    return render(request, "projects/problem_form.html", context, status=422 if form.is_bound else 200)


def _hangs_on(request, studio):
    """The item and the topic named in the address, if they are this studio's."""
    item = PlanItem.objects.filter(plan__studio=studio, pk=number_of(request.GET.get("item"))).first()
    topics = Topic.objects.filter(studio=studio)
    topic = topics.filter(pk=number_of(request.GET.get("topic"))).first()
    return item, topic or (item.topic if item else None)


@require_POST
@permitted("projects.coordinate_problem", Problem)
def problem_take(request, problem):
    """Step forward."""
    coordination.take_in_hand(problem, by=request.user, at=timezone.now())
    messages.success(request, _("You have taken it in hand."))
    return redirect(problem)


@require_POST
@permitted("projects.coordinate_problem", Problem)
def problem_pass_on(request, problem):
    """One level up, with the reason."""

    def act(text):
        coordination.pass_on(problem, by=request.user, at=timezone.now(), reason=text)

    return _say(request, problem, "pass-on", act, done=_("It is passed on."))


@require_POST
@permitted("projects.coordinate_problem", Problem)
def problem_solve(request, problem):
    """Close it, saying how."""

    def act(text):
        coordination.solve(problem, by=request.user, at=timezone.now(), note=text)

    return _say(request, problem, "solve", act, done=_("The problem is solved."))


@require_POST
@permitted("projects.withdraw_problem", Problem)
def problem_withdraw(request, problem):
    """Take it back."""

    def act(text):
        coordination.withdraw(problem, by=request.user, at=timezone.now(), reason=text)

    return _say(request, problem, "withdraw", act, done=_("The problem is withdrawn."))


@require_POST
@permitted("projects.comment_problem", Problem)
def problem_comment(request, problem):
    """Say something about it."""

    def act(text):
        coordination.comment(problem, by=request.user, at=timezone.now(), text=text)

    return _say(request, problem, "comment", act, done=_("The comment stands below."))


def _say(request, problem, act, do, *, done):
    form = SayForm(request.POST, label=LABELS[act], auto_id=f"{act}_%s")
    if not form.is_valid():
        return _page(request, problem, said={act: form}, status=422)
    do(form.cleaned_data["text"])
    messages.success(request, done)
    return redirect(problem)


def _page(request, problem, *, said=None, status=200):
    on, calendar, user = timezone.localdate(), workdays.of_page(request), request.user
    forms = {act: SayForm(label=label, auto_id=f"{act}_%s") for act, label in LABELS.items()} | (said or {})
    coordinates = problem.is_open and user.has_perm("projects.coordinate_problem", problem)
    in_hand = problem.state == Problem.State.IN_HAND
    context = {
        "problem": problem,
        "row": rows([problem], on=on, calendar=calendar)[0],
        "escalates_on": problem.escalates_on(calendar),
        "steps": problem.steps.select_related("by__person", "coordinator"),
        "may_take": coordinates and not in_hand,
        "solving": forms["solve"] if coordinates and in_hand else None,
        "passing_on": forms["pass-on"] if coordinates and problem.next_level else None,
        "withdrawing": (
            forms["withdraw"]
            if problem.is_open and user.has_perm("projects.withdraw_problem", problem)
            else None
        ),
        "commenting": forms["comment"] if user.has_perm("projects.comment_problem", problem) else None,
        "sees_studio": user.has_perm("studios.view_studio", problem.studio),
        "breadcrumbs": [(_("Problems"), BOARD.url)],
    }
    return render(request, "projects/problem.html", context, status=status)
