"""Topics: the list, one topic's page, writing it."""

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from core import undo, workdays
from core.access import open_to_all_signed_in, permitted
from core.as_of import AsOf
from core.errors import NotAllowedNow
from core.gathering import Counted, Total, gathered, in_order_of
from core.history import changes_of
from core.lists import Look
from core.requests import read_or_write
from core.shown import number, wan
from core.versions import save_form
from projects import export, stated_topics
from projects.filters import TopicFilter
from projects.forms import TopicForm
from projects.lesson_library import lesson_of
from projects.lines import Line
from projects.lists import TOPICS
from projects.models import PlanItem, Topic
from projects.problem_board import open_rows
from projects.views import crumbs
from studios import bin
from studios.models import Studio

PAGE = 50
ORDERS = {"title": "title", "due": "due_on", "studio": "studio__name", "state": "state"}
TONES = {
    Topic.State.REGISTERED: "plain",
    Topic.State.RUNNING: "info",
    Topic.State.SUSPENDED: "warn",
    Topic.State.CLOSED: "good",
    Topic.State.TERMINATED: "bad",
    Topic.State.TOLERATED: "info",
}
undo.register(Topic, undo.Door("projects.change_topic"))


@require_safe
@open_to_all_signed_in
def topics(request):
    """Every topic this person may see, narrowed as the address says."""
    look = Look.of(request, TOPICS)
    if look.default:
        return redirect(look.default)
    narrowed, rows = _narrowed(request, look)
    if studio := narrowed.used.get("studio"):
        stated_topics.lay_out(on=timezone.localdate(), studios=[studio])
    sums = narrowed.qs.totals()
    page = Counted(rows, PAGE, count=sums["count"]).get_page(request.GET.get("page"))
    shown = list(page)
    for each in shown:
        each.tone = TONES[each.state]
    may_add = studio is not None and request.user.has_perm("projects.change_topic", studio)
    context = {
        "filter": narrowed,
        "look": look,
        "page": page,
        "as_of": AsOf(timezone.now(), narrowed.qs.last_change()),
        "groups": gathered(shown, look.grouping, narrowed.qs),
        "totals": _totals(sums, narrowed),
        "add_to": studio if may_add else None,
        "hidden": narrowed.left_out if narrowed.used and not shown else 0,
    }
    return render(request, "projects/topics.html", context)


def _narrowed(request, look):
    """What the address asks of the topics: the filter, and its rows in their order."""
    narrowed = TopicFilter(request.GET, Topic.objects.visible_to(request.user), request=request)
    rows = narrowed.qs.order_by(
        *(look.grouping.first if look.grouping else ()),
        *in_order_of(request.GET.get("o", ""), ORDERS),
        "pk",
    )
    return narrowed, rows.select_related("studio__unit", "owner")


def _totals(sums, narrowed):
    """What all topics of the list come to; a count opens its rows unless they are narrowed by it already."""
    free = "state" not in narrowed.used
    return [
        Total(_("Topics"), number(sums["count"])),
        *(
            Total(label, number(sums[state]), narrowed.address_with(state=state) if free else "")
            for state, label in (
                ("open", pgettext("topics", "not concluded")),
                ("closed", Topic.State.CLOSED.label),
            )
        ),
        Total(_("Budget (10,000 yuan)"), wan(sums["budget"])),
    ]


@require_safe
@open_to_all_signed_in
def topics_export(request):
    """The same topics and columns in the same order, all pages of them, as a workbook."""
    look, on = Look.of(request, TOPICS), timezone.localdate()
    _filter, rows = _narrowed(request, look)
    count = rows.order_by().count()
    if count > export.MOST:
        raise NotAllowedNow(export.TOO_MANY % {"most": export.MOST, "count": count})
    stream = export.topics(rows.iterator(), columns=look.columns, count=count, on=on)
    return FileResponse(stream, as_attachment=True, filename=_("Topics") + f" {on.isoformat()}.xlsx")


@require_safe
@permitted("projects.view_topic", Topic)
def topic(request, topic):
    """One topic with the items that serve it."""
    on, calendar = timezone.localdate(), workdays.of_page(request)
    items = PlanItem.objects.filter(topic=topic).for_list(on=on).order_by("-plan__starts_on", "pk")
    helping = [*(person.name for person in topic.helpers.all()), topic.other_helpers]
    context = {
        "topic": topic,
        "helpers": "、".join(filter(None, helping)),
        "lines": [Line(item, on) for item in items],
        **lesson_of(topic, request.user),
        "problem_rows": open_rows(topic.problems, on=on, calendar=calendar),
        "raise_to": crumbs.raising(topic.studio, request.user, topic=topic.pk),
        "may_change": request.user.has_perm("projects.change_topic", topic),
        "tone": TONES[topic.state],
        "plan_item": f"{reverse('item-new', args=[topic.studio_id, on.year])}?topic={topic.pk}",
        "history": changes_of(topic) if request.user.has_perm("studios.view_history", topic) else None,
        "breadcrumbs": crumbs.of_studio(topic.studio),
    }
    return render(request, "projects/topic.html", context)


@read_or_write
@permitted("projects.change_topic", Studio)
def topic_new(request, studio):
    """Fix a topic for a studio."""
    data = request.POST if request.method == "POST" else None
    form = TopicForm(data, instance=Topic(studio=studio), on=timezone.localdate(), once=True)
    if data is not None and form.is_valid():
        with transaction.atomic():
            if form.claim():
                form.save()
        messages.success(request, _("The topic is registered."))
        return redirect(form.instance if form.instance.pk else studio)
    return _form_page(request, form, crumbs.of_studio(studio))


@read_or_write
@permitted("projects.change_topic", Topic)
def topic_edit(request, topic):
    """Change a topic; two who change it at once choose field by field."""

    def make_form():
        fresh = Topic.objects.select_related("studio").get(pk=topic.pk)
        return TopicForm(request.POST or None, instance=fresh, on=timezone.localdate())

    form, saved = save_form(make_form) if request.method == "POST" else (make_form(), False)
    if saved:
        way_back = undo.offer_form(form, by=request.user, at=timezone.now())
        messages.success(request, _("Saved."), extra_tags=way_back)
        return redirect(topic)
    return _form_page(
        request, form, [*crumbs.of_studio(topic.studio), (topic.title, topic.get_absolute_url())]
    )


@require_POST
@permitted("projects.change_topic", Topic)
def topic_delete(request, topic):
    """Put a topic into the bin that no item serves."""
    kept = bin.put(topic, by=request.user, at=timezone.now())
    messages.success(request, _("The topic is in the bin."), extra_tags=f"bin:{kept.pk}")
    return redirect(f"{reverse('topics')}?studio={topic.studio_id}")


def _form_page(request, form, breadcrumbs):
    context = {"form": form, "breadcrumbs": breadcrumbs}
    return render(request, "projects/topic_form.html", context, status=422 if form.is_bound else 200)
