"""The inbox: what one was told, by record, the unread first; what is put off or put away lies beside."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.access import open_to_all_signed_in
from core.errors import NotAllowedNow
from core.htmx import respond
from core.shown import day
from notifications import kinds
from notifications.forms import LaterForm
from notifications.models import Notice

PAGE = 50
LATER, DONE = "later", "done"


@require_GET
@open_to_all_signed_in
def inbox(request):
    """One of the three boxes: to read, put off, put away."""
    return render(request, "notifications/inbox.html", _inbox(request))


@require_GET
@open_to_all_signed_in
def follow(request, pk):
    """Go to what the notice is about; having gone there, one has read it."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    Notice.objects.filter(pk=notice.pk).mark_read(at=timezone.now())
    return redirect(notice.url)


@require_POST
@open_to_all_signed_in
def done(request, pk):
    """Put a message away."""
    _own(request, pk).mark_done(at=timezone.now())
    return _listed(request)


@require_POST
@open_to_all_signed_in
def later(request, pk):
    """Put a message off to another day, by a number of days or to the day that was typed."""
    own = _own(request, pk)
    form = LaterForm(request.POST, on=timezone.localdate())
    if not form.is_valid():
        raise NotAllowedNow(" ".join(form.errors["day"]))
    own.put_off_until(form.cleaned_data["day"])
    messages.success(
        request, _("The message comes back on %(day)s.") % {"day": day(form.cleaned_data["day"])}
    )
    return _listed(request)


@require_POST
@open_to_all_signed_in
def back(request, pk):
    """Take a message back into the inbox."""
    _own(request, pk).bring_back()
    return _listed(request)


@require_POST
@open_to_all_signed_in
def read_all(request):
    """All that lie in one's inbox, or those of the kind that is being looked at."""
    mine = Notice.objects.visible_to(request.user).at_hand(on=timezone.localdate())
    _of_kind(request, mine).mark_read(at=timezone.now())
    return _listed(request)


def _own(request, pk):
    """One's own message, as rows to be changed."""
    return Notice.objects.filter(pk=get_object_or_404(Notice.objects.visible_to(request.user), pk=pk).pk)


def _listed(request):
    return respond(
        request,
        "notifications/inbox.html#messages",
        _inbox(request),
        otherwise=f"{reverse('inbox')}{_query(request)}",
    )


def _of_kind(request, notices):
    kind = request.GET.get("kind")
    return notices.filter(kind=kind) if kind else notices


def _query(request, **changes):
    asked = {name: request.GET[name] for name in ("box", "kind", "page") if request.GET.get(name)}
    asked = {name: value for name, value in (asked | changes).items() if value}
    return f"?{urlencode(asked)}" if asked else ""


def _inbox(request):
    on = timezone.localdate()
    mine = Notice.objects.visible_to(request.user)
    boxes = {"": mine.at_hand(on=on), LATER: mine.put_off(on=on), DONE: mine.exclude(done_at=None)}
    box = request.GET.get("box", "")
    inside = boxes.get(box, boxes[""])
    orders = {LATER: ["later_on", "-pk"], DONE: ["-done_at", "-pk"]}
    order = orders.get(box, [F("read_at").asc(nulls_first=True), "-created_at", "-pk"])
    page = Paginator(_of_kind(request, inside).order_by(*order), PAGE).get_page(request.GET.get("page"))
    records: dict[str, list[Notice]] = {}
    for notice in page.object_list:
        records.setdefault(notice.about or notice.key, []).append(notice)
    kind = request.GET.get("kind", "")
    names = list(inside.order_by("kind").values_list("kind", flat=True).distinct())
    labels = {"": _("Inbox"), LATER: _("Later"), DONE: _("Done")}
    return {
        "page": page,
        "box": box,
        "records": [(notices[0].subject, notices) for notices in records.values()],
        "unread": boxes[""].unread().count(),
        "query": _query(request),
        "steps": [(1, _("Tomorrow")), (3, _("In 3 days")), (7, _("In a week"))],
        "tabs": [
            (label, reverse("inbox") + _query(request, box=name, kind="", page=""), name == box, None)
            for name, label in labels.items()
        ],
        "kinds": [(_("All"), reverse("inbox") + _query(request, kind="", page=""), not kind)]
        + [
            (kinds.get(name).label, reverse("inbox") + _query(request, kind=name, page=""), name == kind)
            for name in names
        ],
    }
