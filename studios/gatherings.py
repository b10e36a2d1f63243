"""Gatherings: called together, changed and called off for all the studios that take part.

Each studio's own activity follows as long as it is planned; once it is recorded who came, it stays.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _
from simple_history.utils import bulk_create_with_history

from core.errors import NotAllowedNow
from core.versions import ChangedMeanwhile
from members.models import Unit, User
from notifications.sending import tell
from studios import bin
from studios.models import Activity, Gathering, Membership, Studio
from studios.rules import STAFF

State = Activity.State


def units_hosted_by(user: User):
    """The units for whose union a person may call studios together."""
    below = Q() if user.is_superuser else Q(pk=None)
    for role, path in user.scopes:
        if role in STAFF:
            below |= Q(path__startswith=path)
    return Unit.objects.filter(below)


@transaction.atomic
def call_together(gathering: Gathering, studios: Iterable[Studio], *, by: User, on: date) -> None:
    """Store a gathering with an activity for each studio; their members are told."""
    gathering.save()
    _add(gathering, studios, by=by)
    _tell(gathering, "gathering_planned", by=by, on=on)


@transaction.atomic
def carry_over(
    gathering: Gathering, was: Mapping[str, Any], studios: Iterable[Studio], *, by: User, at: datetime
) -> None:
    """Bring the studios' activities in line with a gathering that was saved. ``was`` names what changed.

    Studios that no longer take part lose the activity if nothing is recorded on it; else NotAllowedNow.
    """
    rows = {row.studio_id: row for row in gathering.activities.select_for_update(of=("self",))}
    chosen = {studio.pk: studio for studio in studios}
    for pk in rows.keys() - chosen.keys():
        _leave_out(rows[pk], by=by, at=at)
    changed = [name for name in Gathering.SHARED if name in was]
    for pk in rows.keys() & chosen.keys():
        if changed and rows[pk].state == State.PLANNED:
            _take_over(rows[pk], gathering, changed)
    _add(gathering, [studio for pk, studio in chosen.items() if pk not in rows], by=by)
    if changed or rows.keys() != chosen.keys():
        _tell(gathering, "gathering_planned", by=by, on=at.date())


@transaction.atomic
def call_off(gathering: Gathering, *, reason: str, by: User, on: date) -> None:
    """It does not take place, for nobody; the members are told why."""
    if gathering.is_cancelled:
        raise NotAllowedNow
    gathering.is_cancelled, gathering.cancel_reason = True, reason
    try:
        gathering.save_if_unchanged(seen=gathering.version, fields=["is_cancelled", "cancel_reason"])
    except ChangedMeanwhile:
        raise NotAllowedNow from None
    for row in gathering.activities.filter(state=State.PLANNED).select_for_update(of=("self",)):
        row.state, row.cancel_reason = State.CANCELLED, reason
        row.save_if_unchanged(seen=row.version, fields=["state", "cancel_reason"])
    _tell(gathering, "gathering_called_off", by=by, on=on, reason=reason)


def counts(gathering: Gathering) -> dict[str, int]:
    """How many studios and people take part, of all, whoever looks. One query."""
    standing = gathering.activities.standing().order_by()
    return standing.aggregate(
        studios=Count("pk"),
        recorded=Count("pk", filter=Q(state=State.HELD)),
        expected=Sum("expected"),
        present=Sum("present"),
    )


def _add(gathering: Gathering, studios: Iterable[Studio], *, by: User) -> None:
    common = {name: getattr(gathering, name) for name in Gathering.SHARED}
    rows = [Activity(studio=one, gathering=gathering, state=State.PLANNED, **common) for one in studios]
    if rows:
        bulk_create_with_history(rows, Activity, default_user=by)


def _take_over(row: Activity, gathering: Gathering, names: list[str]) -> None:
    for name in names:
        setattr(row, name, getattr(gathering, name))
    row.save_if_unchanged(seen=row.version, fields=names)


def _leave_out(row: Activity, *, by: User, at: datetime) -> None:
    if row.state == State.HELD or row.attendance.exists():
        raise NotAllowedNow(_("%s has recorded who takes part and stays.") % row.studio)
    bin.put(row, by=by, at=at)


def _tell(gathering: Gathering, kind: str, *, by: User, on: date, **params: str) -> None:
    if gathering.held_on < on:
        return
    people = Membership.objects.current(on=on).filter(studio__activities__gathering=gathering)
    tell(
        User.objects.filter(is_active=True, person__in=people.values("person")),
        kind,
        about=gathering,
        url=gathering.get_absolute_url(),
        once=str(gathering.version),
        params={"unit": gathering.unit.name, "held_on": gathering.held_on.isoformat(), **params},
        by=by,
    )
