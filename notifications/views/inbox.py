"""The inbox: what one was told, by record, the unread first."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.access import open_to_all_signed_in
from core.htmx import respond
from notifications import kinds
from notifications.models import Notice

PAGE = 50


@require_GET
@open_to_all_signed_in
def inbox(request):
    return render(request, "notifications/inbox.html", _inbox(request))


@require_GET
@open_to_all_signed_in
def follow(request, pk):
    """Go to what the notice is about; having gone there, one has read it."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    _mark_read(Notice.objects.filter(pk=notice.pk))
    return redirect(notice.url)


@require_POST
@open_to_all_signed_in
def read(request, pk):
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    _mark_read(Notice.objects.filter(pk=notice.pk))
    return respond(request, "notifications/inbox.html#messages", _inbox(request), otherwise="inbox")


@require_POST
@open_to_all_signed_in
def read_all(request):
    """All of one's own, or those of the kind that is being looked at."""
    _mark_read(_of_kind(request, Notice.objects.visible_to(request.user)))
    return respond(request, "notifications/inbox.html#messages", _inbox(request), otherwise="inbox")


def _mark_read(notices):
    notices.filter(read_at=None).update(read_at=timezone.now())


def _of_kind(request, notices):
    kind = request.GET.get("kind")
    return notices.filter(kind=kind) if kind else notices


def _inbox(request):
    mine = Notice.objects.visible_to(request.user)
    newest = _of_kind(request, mine).order_by(F("read_at").asc(nulls_first=True), "-created_at", "-pk")
    page = Paginator(newest, PAGE).get_page(request.GET.get("page"))
    records: dict[str, list[Notice]] = {}
    for notice in page.object_list:
        records.setdefault(notice.about or notice.key, []).append(notice)
    kind = request.GET.get("kind", "")
    names = list(mine.order_by("kind").values_list("kind", flat=True).distinct())
    return {
        "page": page,
        "records": [(notices[0].subject, notices) for notices in records.values()],
        "unread": mine.unread().count(),
        "query": f"?{request.GET.urlencode()}" if request.GET else "",
        "tabs": [(_("All"), "?", not kind, None)]
        + [(kinds.get(name).label, f"?{urlencode({'kind': name})}", name == kind, None) for name in names],
    }
