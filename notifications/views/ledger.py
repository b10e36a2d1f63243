"""The ledger of messages: who was told what, and what became of it."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.access import permitted_globally
from notifications.forms import LedgerSearch
from notifications.models import Notice

PAGE = 50


@require_safe
@permitted_globally("notifications.read_ledger")
def ledger(request):
    """Who was told what, of the people one looks after."""
    search = LedgerSearch(request.GET)
    found = search.apply(Notice.objects.overseen_by(request.user))
    found = found.select_related("recipient__person__unit", "digest").order_by("-pk")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "notifications/ledger.html", {"page": page, "search": search})
