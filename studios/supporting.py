"""Support asked of the union: raised, answered once, or withdrawn. Each verb is one conditional UPDATE."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowedNow
from core.workdays import Workdays
from members.models import Role, User
from notifications.sending import tell
from studios.models import SupportRequest

Answer = SupportRequest.Answer


@transaction.atomic
def ask(request: SupportRequest, *, by: User, on: date) -> None:
    """Ask the union of the unit or of the group."""
    request.asked_by, request.asked_on = by, on
    request.save()
    _tell(_asked(request, by), "support_asked", request, by=by)


@transaction.atomic
def answer(
    request: SupportRequest, answer: str, *, text: str, given_by: date | None, by: User, on: date
) -> None:
    """Grant it, grant a part, or say why not."""
    if request.asked_by_id == by.pk:
        raise NotAllowedNow(_("Nobody answers his own request."))
    _move(request, answer=answer, text=text, given_by=given_by, answered_by=by, answered_on=on)
    _tell([request.asked_by], "support_answered", request, by=by, text=text)


def withdraw(request: SupportRequest) -> None:
    """It is not needed any more."""
    _move(request, answer=Answer.WITHDRAWN)


def waiting_for(user: User, *, calendar: Workdays, on: date) -> list[SupportRequest]:
    """What this person is to answer, the oldest first, each with ``days`` and ``late``."""
    waiting = SupportRequest.objects.waiting_for(user).select_related("studio").order_by("asked_on", "pk")
    return measured(waiting, calendar=calendar, on=on)


def measured(requests, *, calendar: Workdays, on: date) -> list[SupportRequest]:
    """The requests, each with ``days`` (working days to its answer, or so far) and ``late``; ``is_to_come``
    where the day that what was granted is there by is still ahead.
    """
    rows = list(requests)
    for row in rows:
        row.is_to_come = row.given_by is not None and row.given_by >= on
        row.days, row.late = row.waited(calendar, on=on), row.is_overdue(calendar, on=on)
    return rows


def _asked(request: SupportRequest, by: User) -> list[User]:
    """The union that is asked; the group's where the unit has nobody else."""
    unit = request.studio.unit
    if request.level == SupportRequest.Level.UNIT:
        contacts = [user for user in User.objects.contacts(unit) if user != by]
        if contacts:
            return contacts
    return list(User.objects.holding_today(Role.GROUP_STAFF, at=unit))


def _move(request: SupportRequest, **fields: Any) -> None:
    if not SupportRequest.objects.waiting().filter(pk=request.pk).update(**fields):
        raise NotAllowedNow
    request.refresh_from_db()


def _tell(people, kind: str, request: SupportRequest, *, by: User, **params: str) -> None:
    tell(
        people,
        kind,
        about=request,
        url=request.get_absolute_url(),
        once=request.answer,
        params={"studio": request.studio.name, **params},
        by=by,
    )
