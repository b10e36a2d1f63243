"""Series of activities: laid out at once, changed and called off from one of them on.

What was held never changes; what somebody changed on one activity alone stays as he changed it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.utils import bulk_create_with_history

from core.workdays import Workdays
from members.models import User
from notifications.sending import tell
from studios import recurring
from studios.activities import members_with_login
from studios.models import Activity, Series
from studios.recurring import Slot

State = Activity.State

#: What the activities of a series have in common, and so may be changed for several of them.
SHARED = ("subject", "kind", "kind_word", "starts_at", "ends_at", "place", "host", "hours", "agenda")


class Scope(TextChoices):
    """For which activities of a series a change is meant."""

    THIS = "this", gettext_lazy("only this one")
    FOLLOWING = "following", gettext_lazy("this one and all after it")
    FUTURE = "future", gettext_lazy("all that are still to come")


@transaction.atomic
def lay_out(series: Series, like: Activity, slots: list[Slot], *, by: User, on: date) -> Series:
    """Store the series and an activity ``like`` the one given for each of its days; the members are told."""
    series.subject = like.subject
    series.first_on, series.last_on = slots[0].on, slots[-1].on
    series.save()
    common = {name: getattr(like, name) for name in SHARED}
    rows = [
        Activity(
            studio=series.studio,
            series=series,
            series_on=slot.on,
            held_on=slot.held_on,
            state=State.PLANNED,
            **common,
        )
        for slot in slots
        if slot.held_on
    ]
    made = bulk_create_with_history(rows, Activity, default_user=by)
    _tell(series, "series_planned", made, by=by, on=on, times=len(made))
    return series


def reached(activity: Activity, scope: str, *, on: date):
    """The other activities that a change to this one is meant for: planned, and not past."""
    others = Activity.objects.filter(series=activity.series_id, state=State.PLANNED, held_on__gte=on)
    if scope == Scope.FOLLOWING:
        others = others.filter(series_on__gt=activity.series_on)
    elif scope != Scope.FUTURE:
        others = others.none()
    return others.exclude(pk=activity.pk).order_by("series_on")


@transaction.atomic
def spread(
    activity: Activity, was: Mapping[str, Any], scope: str, *, by: User, on: date, calendar: Workdays
) -> int:
    """Give others of the series what was changed on this one. Returns how many were changed.

    ``was`` holds the former value of each field that was changed; another day moves the others by as many
    days, and off the days of rest as the series says.
    """
    changed = [name for name in SHARED if name in was]
    moved = activity.held_on - was["held_on"] if "held_on" in was else None
    rows = list(reached(activity, scope, on=on).select_for_update(of=("self",))) if changed or moved else []
    for row in rows:
        for name in changed:
            setattr(row, name, getattr(activity, name))
        fields = [*changed]
        if moved:
            fields += _move(row, row.held_on + moved, activity.series.on_rest, calendar)
        row.save_if_unchanged(seen=row.version, fields=fields)
    if rows and "subject" in was:
        Series.objects.filter(pk=activity.series_id).update(subject=activity.subject)
    if rows:
        _tell(activity.series, "series_changed", rows, by=by, on=on, times=len(rows))
    return len(rows)


@transaction.atomic
def call_off(activity: Activity, scope: str, *, reason: str, by: User, on: date) -> int:
    """The others of the series that are meant do not take place either. Returns how many."""
    rows = list(reached(activity, scope, on=on).select_for_update(of=("self",)))
    for row in rows:
        row.state, row.cancel_reason = State.CANCELLED, reason
        row.save_if_unchanged(seen=row.version, fields=["state", "cancel_reason"])
    if rows:
        _tell(activity.series, "series_called_off", rows, by=by, on=on, reason=reason)
    return len(rows)


def _move(row: Activity, to: date, on_rest: str, calendar: Workdays) -> list[str]:
    """Set the day; on a day of rest as the series says. Gives the fields that were set."""
    held_on = recurring.placed(to, on_rest, calendar=calendar)
    row.held_on = held_on or to
    if held_on:
        return ["held_on"]
    row.state, row.cancel_reason = State.CANCELLED, _("A day of rest.")
    return ["held_on", "state", "cancel_reason"]


def _tell(series: Series, kind: str, rows: list[Activity], *, by: User, on: date, **params) -> None:
    """One notice about all of them, named by the next."""
    if not rows:
        return
    next_one = min(rows, key=lambda row: row.held_on)
    tell(
        members_with_login(series.studio, on=on),
        kind,
        about=series,
        url=series.get_absolute_url(),
        once=f"{next_one.pk}:{next_one.version}",
        params={"studio": series.studio.name, "held_on": next_one.held_on.isoformat(), **params},
        by=by,
    )
