"""Lessons: writing one down, the word of the union on it, and the library of all of them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.access import open_to_all_signed_in, permitted
from core.errors import NotAllowedNow
from core.requests import read_or_write
from projects import lessons
from projects.lesson_forms import DecisionForm, LessonForm
from projects.lesson_library import LessonFilter, similar
from projects.models import Lesson, PlanItem, Topic
from projects.models.lesson import is_in_time, is_unfinished
from projects.views import crumbs
from studios.models import Studio

PAGE = 20
LISTED = 30
"""So many records are listed as a proof; the rest is counted."""


@require_safe
@open_to_all_signed_in
def library(request):
    """What is confirmed of all studios, the newest first, narrowed as the address says."""
    seen = Lesson.objects.visible_to(request.user)
    narrowed = LessonFilter(request.GET, seen, request=request)
    rows = narrowed.qs.order_by("-decided_at", "-pk").select_related("studio__unit", "item__plan", "topic")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": narrowed,
        "page": page,
        "hidden": narrowed.left_out if narrowed.used and not page.object_list else 0,
        "waiting": seen.waiting().filter(studio__in=Studio.objects.visible_to(request.user)).count(),
    }
    return render(request, "projects/lessons.html", context)


@require_safe
@permitted("projects.view_lesson", Lesson)
def lesson(request, lesson):
    """One lesson, with the original records that show how it was tried."""
    return _page(request, lesson)


@read_or_write
@permitted("projects.propose_lesson", PlanItem)
def item_lesson(request, item):
    return _write(request, item, crumbs.of_item(item))


@read_or_write
@permitted("projects.propose_lesson", Topic)
def topic_lesson(request, topic):
    return _write(request, topic, crumbs.of_studio(topic.studio))


def _write(request, record, above):
    """The three texts; whoever speaks for the union tolerates it with them, everybody else proposes it."""
    known = lessons.of(record)
    if not is_unfinished(record):
        raise lessons.Ended
    lessons.refuse_if_late(record, known)
    decides = request.user.has_perm("projects.tolerate", record)
    form = LessonForm(request.POST if request.method == "POST" else None, lesson=known, once=True)
    if form.is_bound and form.is_valid():
        act = lessons.tolerate if decides else lessons.propose
        typed = form.cleaned_data
        try:
            with transaction.atomic():
                if form.claim():
                    act(record, form.texts, by=request.user, at=timezone.now(), seen=typed["seen"])
        except NotAllowedNow as refusal:
            form.add_error(None, str(refusal))
        else:
            said = _("The failure is tolerated.") if decides else _("The union is asked to tolerate it.")
            messages.success(request, said)
            return redirect(lessons.of(record))
    context = {
        "record": record,
        "form": form,
        "decides": decides,
        "remark": known.remark if known and known.state == Lesson.State.RETURNED else "",
        "breadcrumbs": [*above, (str(record), record.get_absolute_url())],
    }
    return render(request, "projects/lesson_form.html", context, status=422 if form.is_bound else 200)


@require_POST
@permitted("projects.tolerate", Lesson)
def lesson_confirm(request, lesson):
    """The union tolerates it."""
    form = DecisionForm(request.POST)
    form.fields["remark"].required = False
    if not form.is_valid():
        return _page(request, lesson, form)
    done = lessons.confirm(lesson, by=request.user, at=timezone.now(), seen=form.cleaned_data["seen"])
    said = _("The failure is tolerated.")
    if done.booked:
        words = {"period": done.item.plan.span, "open": done.booked.plan.span}
        said = (
            _("The failure is tolerated and booked to %(open)s; what is sealed of %(period)s stays.") % words
        )
    messages.success(request, said)
    return redirect(lesson)


@require_POST
@permitted("projects.tolerate", Lesson)
def lesson_return(request, lesson):
    """The union asks for more."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, lesson, form)
    typed = form.cleaned_data
    lessons.give_back(lesson, by=request.user, at=timezone.now(), seen=typed["seen"], remark=typed["remark"])
    messages.success(request, _("It is returned to the studio."))
    return redirect(lesson)


def _page(request, lesson, form=None):
    user, record = request.user, lesson.record
    inside = user.has_perm("studios.view_studio", lesson.studio)
    decides = lesson.is_waiting and user.has_perm("projects.tolerate", lesson)
    may_write = inside and is_unfinished(record) and is_in_time(record, lesson)
    rewrites = may_write and user.has_perm("projects.propose_lesson", record)
    records = lessons.records_of(lesson)
    context = {
        "lesson": lesson,
        "record": record,
        "inside": inside,
        "records": records,
        "entries": records.entries[:LISTED] if inside else [],
        "deciding": form or (DecisionForm(initial={"seen": lesson.version}) if decides else None),
        "rewrites": rewrites,
        "similar": similar(str(record), Lesson.objects.visible_to(user), but=lesson.pk),
        "breadcrumbs": [(_("Lessons"), reverse("lessons"))],
    }
    return render(request, "projects/lesson.html", context, status=422 if form else 200)
