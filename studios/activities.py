"""What happens to an activity as a whole: planned, held, called off, taken up again.

Every verb saves only what nobody else has changed since it was read; whoever comes second gets NotAllowedNow.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowedNow
from core.versions import ChangedMeanwhile
from members.models import User
from notifications.sending import tell
from studios.models import Activity, Membership, Studio

State = Activity.State


def members_with_login(studio: Studio, *, on: date, roles=Membership.Role.values) -> list[User]:
    """The users who belong to a studio on a day, in one of the roles."""
    people = studio.memberships.current(on=on).filter(role__in=roles).values("person")
    return list(User.objects.filter(is_active=True, person__in=people).select_related("person"))


@transaction.atomic
def announce(activity: Activity, *, by: User, on: date, was_held: bool = False) -> None:
    """Tell the members of an activity that was put down; one that was held already is only recorded.

    One of an earlier day was; one of today where it is said so.
    """
    to_come = activity.held_on > on or (activity.held_on == on and not was_held)
    activity.state = State.PLANNED if to_come else State.HELD
    activity.save()
    if to_come:
        _tell(activity, "activity_planned", by=by, on=on)


@transaction.atomic
def call_off(activity: Activity, *, reason: str, by: User, on: date) -> None:
    """It does not take place; the members are told why."""
    _move(activity, State.PLANNED, State.CANCELLED, cancel_reason=reason)
    _tell(activity, "activity_called_off", by=by, on=on, reason=reason)


@transaction.atomic
def take_up(activity: Activity, *, by: User, on: date) -> None:
    """It takes place after all."""
    _move(activity, State.CANCELLED, State.PLANNED, cancel_reason="")
    _tell(activity, "activity_planned", by=by, on=on)


@transaction.atomic
def hold(activity: Activity, *, on: date) -> None:
    """It was held. Not before its day."""
    if activity.held_on > on:
        raise NotAllowedNow(_("Its day has not come yet."))
    _move(activity, State.PLANNED, State.HELD)


def tell_of_change(activity: Activity, was: Mapping[str, Any], *, by: User, on: date) -> None:
    """Tell the members of another day, time or place. ``was`` holds the former value of what was changed."""
    if activity.state == State.PLANNED and {"held_on", "starts_at", "place"} & {*was}:
        begins = activity.starts_at.strftime("%H:%M") if activity.starts_at else ""
        details = " · ".join(filter(None, [begins, activity.place]))
        _tell(activity, "activity_moved", by=by, on=on, details=details)


def _move(activity: Activity, before: str, after: str, **fields: Any) -> None:
    if activity.state != before:
        raise NotAllowedNow
    for name, value in {"state": after, **fields}.items():
        setattr(activity, name, value)
    try:
        activity.save_if_unchanged(seen=activity.version, fields=["state", *fields])
    except ChangedMeanwhile:
        raise NotAllowedNow from None


def _tell(activity: Activity, kind: str, *, by: User, on: date, **params: str) -> None:
    if activity.held_on < on:
        return
    tell(
        members_with_login(activity.studio, on=on),
        kind,
        about=activity,
        url=activity.get_absolute_url(),
        once=str(activity.version),
        params={"studio": activity.studio.name, "held_on": activity.held_on.isoformat(), **params},
        by=by,
    )
