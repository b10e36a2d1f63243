"""Topics: the list, one topic's page, writing it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import undo
from core.access import open_to_all_signed_in, permitted
from core.lists import Look
from core.versions import save_form
from projects.filters import TopicFilter
from projects.forms import TopicForm
from projects.lines import Line
from projects.lists import TOPICS
from projects.models import PlanItem, Topic
from projects.views import crumbs
from studios.models import Studio

PAGE = 50
ORDERS = {"title": "title", "due": "due_on", "studio": "studio__name", "state": "state"}
TONES = {
    Topic.State.REGISTERED: "plain",
    Topic.State.RUNNING: "info",
    Topic.State.SUSPENDED: "warn",
    Topic.State.CLOSED: "good",
    Topic.State.TERMINATED: "bad",
}
undo.register(Topic, undo.Door("projects.change_topic"))
read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@open_to_all_signed_in
def topics(request):
    """Every topic this person may see, narrowed as the address says."""
    look = Look.of(request, TOPICS)
    if look.default:
        return redirect(look.default)
    narrowed = TopicFilter(request.GET, Topic.objects.visible_to(request.user), request=request)
    order = request.GET.get("o", "")
    key = ORDERS.get(order.lstrip("-"))
    chosen = [f"-{key}" if order.startswith("-") else key] if key else []
    rows = narrowed.qs.order_by(*chosen, "pk")
    page = Paginator(rows.select_related("studio__unit", "owner"), PAGE).get_page(request.GET.get("page"))
    for each in page:
        each.tone = TONES[each.state]
    studio = narrowed.used.get("studio")
    may_add = studio is not None and request.user.has_perm("projects.change_topic", studio)
    context = {"filter": narrowed, "look": look, "page": page, "add_to": studio if may_add else None}
    return render(request, "projects/topics.html", context)


@require_safe
@permitted("projects.view_topic", Topic)
def topic(request, topic):
    """One topic with the items that serve it."""
    on = timezone.localdate()
    items = PlanItem.objects.filter(topic=topic).for_list().order_by("-plan__starts_on", "pk")
    helping = [*(person.name for person in topic.helpers.all()), topic.other_helpers]
    context = {
        "topic": topic,
        "helpers": "、".join(filter(None, helping)),
        "lines": [Line(item, on) for item in items],
        "may_change": request.user.has_perm("projects.change_topic", topic),
        "tone": TONES[topic.state],
        "plan_item": f"{reverse('item-new', args=[topic.studio_id, on.year])}?topic={topic.pk}",
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


def _form_page(request, form, breadcrumbs):
    context = {"form": form, "breadcrumbs": breadcrumbs}
    return render(request, "projects/topic_form.html", context, status=422 if form.is_bound else 200)
