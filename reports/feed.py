"""Somebody's dates as an iCalendar file (RFC 5545): what, when, where, and nothing else."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from projects.models import PlanItem
from reports import dates
from reports.models import CalendarFeed
from studios.models import Activity

#: So far back and so far ahead a feed reaches, and so many entries it has of each sort.
BACK, AHEAD, MOST = timedelta(days=92), timedelta(days=400), 500
#: Where nobody said when an activity ends; without an end a phone does not draw it.
USUAL_LENGTH = timedelta(hours=1)
#: How often a calendar should ask again.
AGAIN = timedelta(hours=4)


def written(feed: CalendarFeed, *, on: date) -> bytes:
    """The file. The same rows give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Xinhuo//Calendar//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    name = feed.studio.name if feed.studio else _("My dates")
    calendar.add("x-wr-calname", f"薪火 · {name}")
    calendar.add("refresh-interval", AGAIN, parameters={"value": "DURATION"})
    between = (on - BACK, on + AHEAD)
    activities = dates.activities_of(feed.user, feed.studio).filter(held_on__range=between)
    for activity in _with_change(activities, Activity).order_by("-held_on", "-pk")[:MOST]:
        calendar.add_component(_of_activity(activity, feed))
    items = dates.items_of(feed.user, feed.studio).filter(due_on__range=between)
    for item in _with_change(items, PlanItem).order_by("-due_on", "-pk")[:MOST]:
        calendar.add_component(_of_item(item, feed))
    return calendar.to_ical()


def _with_change(rows, model):
    """Adds ``changed_at``: when the row was saved last; None where that was never written down."""
    saved = model.history.filter(id=OuterRef("pk")).order_by("-history_date")
    return rows.annotate(changed_at=Subquery(saved.values("history_date")[:1]))


def _of_activity(activity: Activity, feed: CalendarFeed) -> Event:
    event = _event("activity", activity, activity.subject, feed)
    if activity.starts_at:
        event.add("dtstart", _utc(activity.held_on, activity.starts_at))
        ends = activity.ends_at and _utc(activity.held_on, activity.ends_at)
        event.add("dtend", ends or _utc(activity.held_on, activity.starts_at) + USUAL_LENGTH)
    else:
        _whole_day(event, activity.held_on)
    if activity.place:
        event.add("location", activity.place)
    event.add("status", "CANCELLED" if activity.is_cancelled else "CONFIRMED")
    return event


def _of_item(item: PlanItem, feed: CalendarFeed) -> Event:
    event = _event("item", item, _("Due: %s") % item.content, feed)
    _whole_day(event, item.due_on)
    event.add("transp", "TRANSPARENT")
    return event


def _event(sort: str, row, summary: str, feed: CalendarFeed) -> Event:
    event = Event()
    event.add("uid", f"{sort}-{row.pk}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", (row.changed_at or feed.made_at).replace(microsecond=0))
    event.add("sequence", row.version)
    event.add("summary", summary)
    return event


def _whole_day(event: Event, day: date) -> None:
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))


def _utc(day: date, time) -> datetime:
    return timezone.make_aware(datetime.combine(day, time)).astimezone(UTC)
