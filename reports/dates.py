"""What is on the days of a studio or of one person: activities, deadlines, days away.

The calendar pages and the feeds are made of the same rows.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.translation import gettext as _

from members.models import Absence
from projects.lines import TONES
from projects.models import PlanItem
from reports.year_strip import Event
from studios.models import Activity, Attendance, LeaveRequest, Studio

Status = Attendance.Status


def activities_of(user, studio: Studio | None = None):
    """The activities of a studio; without one those he is asked to, of the studios he belongs to."""
    if studio:
        return Activity.objects.visible_to(user).filter(studio=studio)
    mine = Activity.objects.filter(studio__in=user.studio_ids)
    not_asked = Attendance.objects.filter(person=user.person_id, status=Status.NOT_ASKED)
    return mine.exclude(pk__in=not_asked.values("activity"))


def items_of(user, studio: Studio | None = None):
    """The items of a studio; without one what a person carries from month to month."""
    items = PlanItem.objects.visible_to(user).planned()
    if studio:
        return items.filter(plan__studio=studio)
    if user.person is None:
        return items.none()
    return items.filter(plan__kind="month").carried_by(user.person)


def of_studio(user, studio: Studio, first: date, last: date, *, on: date) -> Iterator[Event]:
    """Activities first, then deadlines of items and topics. Three queries."""
    for activity in _held_between(activities_of(user, studio), first, last):
        yield _event_of(activity, _("Activity"), "info")
    yield from _deadlines(items_of(user, studio), first, last, on=on)
    for topic in studio.topics.filter(due_on__range=(first, last)).order_by("due_on", "pk"):
        yield Event(
            topic.due_on, topic.title, topic.get_absolute_url(), "bulb", "plain", _("Planned end of a topic")
        )


def of_person(user, first: date, last: date, *, on: date) -> Iterator[Event]:
    """His activities with his leave from them, what is due of his, and the days he is away."""
    activities = list(_held_between(activities_of(user), first, last))
    leave = LeaveRequest.objects.filter(person=user.person_id, state__in=LeaveRequest.OPEN)
    asked = {row.activity_id: row for row in leave.filter(activity__in=activities)}
    for activity in activities:
        own = asked.get(activity.pk)
        if own is None:
            yield _event_of(activity, _("Activity"), "info")
        elif own.state == LeaveRequest.State.APPROVED:
            yield _event_of(activity, _("On leave"), "plain", icon="user-minus")
        else:
            yield _event_of(activity, _("Leave asked for"), "warn", icon="user-minus")
    yield from _deadlines(items_of(user), first, last, on=on)
    for absence in Absence.objects.approved().touching(first, last).filter(person=user.person_id):
        yield from _days_away(absence, first, last)


def _held_between(activities, first, last):
    return activities.standing().filter(held_on__range=(first, last)).order_by("held_on", "starts_at", "pk")


def _event_of(activity, word, tone, *, icon="users-group") -> Event:
    begins = f"{activity.starts_at:%H:%M} " if activity.starts_at else ""
    return Event(activity.held_on, begins + activity.subject, activity.get_absolute_url(), icon, tone, word)


def _deadlines(items, first, last, *, on) -> Iterator[Event]:
    for item in items.filter(due_on__range=(first, last)).order_by("due_on", "pk"):
        late = item.is_overdue(on)
        icon = "alert-circle" if late else "circle-check" if item.state == PlanItem.State.DONE else "flag"
        word = _("Overdue") if late else item.get_state_display()
        tone = "bad" if late else TONES[item.state]
        yield Event(item.due_on, item.content, item.get_absolute_url(), icon, tone, word)


def _days_away(absence, first, last) -> Iterator[Event]:
    day, until = max(absence.starts_on, first), min(absence.ends_on, last)
    while day <= until:
        yield Event(
            day, absence.get_kind_display(), absence.get_absolute_url(), "user-minus", "plain", _("Away")
        )
        day += timedelta(days=1)
