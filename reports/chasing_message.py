"""What chasing says, to whom, and the sending of it: once a day for each studio and month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core.calendar import Period
from members.models import User
from notifications import kinds
from notifications.sending import tell
from projects.audiences import People
from reports import chasing
from reports.chasing import Row
from studios.models import Studio


@dataclass(frozen=True)
class Letter:
    """What is said about one studio. ``unreachable``: how many of those in charge cannot sign in."""

    row: Row
    studio: Studio
    recipients: tuple[User, ...]
    unreachable: int
    sentence: str
    told_today: bool

    @property
    def goes_out(self) -> bool:
        return bool(self.recipients) and not self.told_today

    @property
    def to(self) -> str:
        return "、".join(str(user) for user in self.recipients)


def letters(rows: Iterable[Row], month: Period, *, by, on: date) -> list[Letter]:
    """The exact messages for those of the rows where something is missing. Four queries."""
    rows = [row for row in rows if row.missing]
    studios = Studio.objects.select_related("unit").in_bulk([row.pk for row in rows])
    people = People(studios.values(), (), on=on)
    kind = kinds.known(chasing.KIND)
    found = []
    for row in rows:
        recipients, unreachable = people.find("steering", studios[row.pk])
        recipients = tuple(user for user in recipients if user != by)
        sentence = kind.say(kind.sentence, params(row, month, by=by))
        told = row.reminded_on == on
        found.append(Letter(row, studios[row.pk], recipients, unreachable, sentence, told))
    return found


def params(row: Row, month: Period, *, by) -> dict:
    """What the sentences need, in the active language."""
    return {
        "subject": row.name,
        "month": month.starts_on.isoformat(),
        "missing": chasing.said(row.missing),
        "checks": row.missing,
        "by": str(by),
    }


@transaction.atomic
def send(found: Iterable[Letter], month: Period, *, by, on: date) -> int:
    """Tell those in charge of each studio, each in his language; how many studios are told anew."""
    going = [letter for letter in found if letter.goes_out]
    for letter in going:
        for language, users in _by_language(letter.recipients).items():
            with translation.override(language):
                tell(
                    users,
                    chasing.KIND,
                    about=letter.studio,
                    url=reverse("month", args=[letter.row.pk, month.key]),
                    once=chasing.occasion(month, on),
                    params=params(letter.row, month, by=by),
                    by=by,
                )
    return len(going)


def _by_language(users: Iterable[User]) -> dict[str, list[User]]:
    found = defaultdict(list)
    for user in users:
        found[user.language or settings.LANGUAGE_CODE].append(user)
    return found


def for_a_group(found: Iterable[Letter], month: Period) -> str:
    """The same as one text, to be pasted into a chat group."""
    lines = [
        f"{number}. {letter.row.name}{_lead(letter.row)}" + _(": ") + chasing.said(letter.row.missing)
        for number, letter in enumerate(found, 1)
    ]
    head = _("Innovation studios, %(month)s: still missing") % {"month": month}
    foot = _("Please complete it on Xinhuo. Thank you.")
    return "\n".join([head, *lines, foot])


def _lead(row: Row) -> str:
    return _(" (%(lead)s)") % {"lead": row.lead} if row.lead else ""
