"""Who is told in the place of whoever is away: what asks for an act reaches somebody who is there."""

from collections.abc import Iterable
from copy import copy
from datetime import date

from members.models import Absence, Person, User
from notifications.models import Notice


def told_instead(people: Iterable, about: str, *, on: date | None = None) -> dict[int, tuple[User, Absence]]:
    """Who is told of a record instead of those among the users who are away, with that absence, by user id.

    A deputy who is away himself has his own deputy told, and so on. Where the deputies go round in a circle,
    or the last one cannot sign in, and what the absent one kept for himself, nobody is told instead.
    """
    persons = {user.person_id: user for user in people if user.person_id}
    if not persons:
        return {}
    away = _away(persons, about, on=on or next(iter(persons.values())).today)
    found = {}
    for person, user in persons.items():
        deputy = _last_deputy(person, away)
        account = getattr(deputy, "user", None)
        if account and account.is_active:
            found[user.pk] = account, away[person]
    return found


def _away(persons: Iterable[int], about: str, *, on: date) -> dict[int, Absence]:
    """The absences with a deputy, by person: of these people, of their deputies, and of those in turn."""
    absences = Absence.objects.in_force(on=on).exclude(deputy=None).exclude(left_as_is__about=about)
    absences = absences.select_related("person", "deputy__user")
    away: dict[int, Absence] = {}
    asked = set(persons)
    while asked:
        found = {absence.person_id: absence for absence in absences.filter(person__in=asked)}
        away |= found
        asked = {absence.deputy_id for absence in found.values()} - away.keys()
    return away


def _last_deputy(person: int, away: dict[int, Absence]) -> Person | None:
    """Who is there at the end of somebody's deputies; None without any, and where they form a circle."""
    met, deputy = {person}, None
    while absence := away.get(person):
        deputy, person = absence.deputy, absence.deputy_id
        if person in met:
            return None
        met.add(person)
    return deputy


def stands_in(notice: Notice) -> bool:
    """Whether the deputy who was told stands in still."""
    recipient = notice.recipient
    if recipient.person_id is None:
        return False
    stood_in_for = Absence.stood_in_for(recipient.person_id, on=recipient.today)
    return Person.objects.filter(user=notice.on_behalf_of_id, pk__in=stood_in_for).exists()


def as_if_told_himself(notice: Notice) -> Notice:
    """The same notice with the absent one as its recipient, where a deputy was told."""
    if not notice.on_behalf_of_id:
        return notice
    his = copy(notice)
    his.recipient = notice.on_behalf_of
    return his
