"""Who is told in the place of whoever is away: what asks for an act reaches somebody who is there."""

from collections.abc import Iterable
from copy import copy
from datetime import date

from members.models import Absence
from notifications.models import Notice


def absences_of(people: Iterable, about: str, *, on: date | None = None) -> dict[int, Absence]:
    """The absences of those among the users who have a deputy to be told of a record, by the user's id.

    A deputy who cannot sign in is none, and what the absent one kept for himself is told to himself.
    """
    persons = {user.person_id: user for user in people if user.person_id}
    if not persons:
        return {}
    on = on or next(iter(persons.values())).today
    away = Absence.objects.in_force(on=on).filter(person__in=persons, deputy__user__is_active=True)
    away = away.exclude(left_as_is__about=about).select_related("person", "deputy__user")
    return {persons[absence.person_id].pk: absence for absence in away}


def stands_in(notice: Notice) -> bool:
    """Whether the deputy who was told stands in still."""
    on = notice.recipient.today
    away = Absence.objects.in_force(on=on).filter(person__user=notice.on_behalf_of_id)
    return away.filter(deputy__user=notice.recipient_id).exists()


def as_if_told_himself(notice: Notice) -> Notice:
    """The same notice with the absent one as its recipient, where a deputy was told."""
    if not notice.on_behalf_of_id:
        return notice
    his = copy(notice)
    his.recipient = notice.on_behalf_of
    return his
