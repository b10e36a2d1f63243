"""Calendars: one's own month, and the secret address by which a phone reads it."""

from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import workdays
from core.access import open_to_all_signed_in
from core.calendar import Period
from core.requests import number_of, read_or_write
from members.sessions import client_address
from reports import dates, feed, year_strip
from reports.models import CalendarFeed
from reports.views.chasing import known_month
from studios.models import Studio
from studios.views.attendance import drawn

#: So many wrong addresses within so many seconds are looked up for one computer.
MISSES, WINDOW = 60, 600
AN_HOUR = timedelta(hours=1)


@require_safe
@open_to_all_signed_in
def my_calendar_now(request):
    """This month."""
    return redirect("my-calendar", Period.containing(timezone.localdate()).key)


@require_safe
@open_to_all_signed_in
def my_calendar(request, month):
    """My activities, what is due of mine, my leave and my days away."""
    month, on = known_month(month), timezone.localdate()
    events = dates.of_person(request.user, month.starts_on, month.ends_on, on=on)
    weeks = year_strip.month_grid(month, events, on=on, calendar=workdays.load())

    def to(month):
        return str(month), reverse("my-calendar", args=[month.key])

    context = {
        "month": month,
        "weeks": weeks,
        "agenda": year_strip.agenda(weeks),
        "previous": to(month.previous),
        "next": to(month.next),
    }
    return render(request, "reports/my_calendar.html", context)


@read_or_write
@open_to_all_signed_in
def calendar_feeds(request):
    """One's feeds: made, renewed, ended. A new address is on the answer to the click and never again."""
    user, studio, address = request.user, _chosen(request), ""
    own = CalendarFeed.objects.visible_to(user)
    if request.method == "POST" and "end" in request.POST:
        own.filter(studio=studio).delete()
        messages.success(request, _("The address no longer opens anything."))
        return redirect("calendar-feeds")
    if request.method == "POST":
        token = CalendarFeed.renew(user, studio, at=timezone.now())
        address = settings.SITE_URL.rstrip("/") + reverse("feed", args=[token])
    known = {made.studio_id: made for made in own}
    studios = Studio.objects.filter(pk__in=user.studio_ids)
    context = {
        "feeds": [(None, known.get(None)), *((one, known.get(one.pk)) for one in studios)],
        "address": address,
        "phone": address.replace("https://", "webcal://").replace("http://", "webcal://"),
        "code": drawn(address) if address else None,
        "breadcrumbs": [(_("Calendar"), reverse("my-calendar-now"))],
    }
    response = render(request, "reports/calendar_feeds.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _chosen(request):
    """The studio whose dates are meant, among one's own; None for all one's own dates."""
    if not request.POST.get("studio"):
        return None
    return get_object_or_404(Studio, pk__in=request.user.studio_ids, id=number_of(request.POST["studio"]))


def _count(misses: str) -> None:
    """One more; from one again where the count has run out this very moment."""
    cache.add(misses, 0, WINDOW)
    try:
        cache.incr(misses)
    except ValueError:
        cache.set(misses, 1, WINDOW)


@login_not_required
@require_safe
def calendar_feed(request, token):
    """The file itself. The address is the key: no session, nothing to change, and wrong ones are 404."""
    misses = f"feed-misses:{client_address(request)}"
    if cache.get(misses, 0) >= MISSES:
        return HttpResponse(status=429, headers={"Retry-After": str(WINDOW)})
    found = CalendarFeed.objects.opened_by(token)
    if found is None:
        _count(misses)
        raise Http404
    now = timezone.now()
    with translation.override(found.user.language or settings.LANGUAGE_CODE):
        body = feed.written(found, on=timezone.localdate())
    if found.read_at is None or found.read_at < now - AN_HOUR:
        CalendarFeed.objects.filter(pk=found.pk).update(read_at=now)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="xinhuo.ics"'
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = quote_etag(sha256(body).hexdigest())
    return get_conditional_response(request, etag=response["ETag"], response=response)
