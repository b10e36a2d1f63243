"""Exceptions from the calendar as people paste them: a day, whether it is worked, and why, one a line."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.errors import NotAllowedNow
from core.models import WorkdayOverride
from core.versions import ChangedMeanwhile

YEARS = range(2010, 2100)
"""The years that the public calendar speaks of."""

WORDS = {
    **dict.fromkeys(["上班", "补班", "班", "works", "working", "work"], True),
    **dict.fromkeys(["休息", "放假", "休", "rests", "rest", "off"], False),
}
"""What says whether a day is worked; the first that a line goes on with counts."""

# 2027-02-06, 2027/2/6, 2027年2月6日, 2月6日, each also with its weekday in brackets behind it.
_DAY = re.compile(
    r"(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\s*(?:\([^)]*\))?[\s,;:、]*"
)
_NOTE_LENGTH = WorkdayOverride._meta.get_field("note").max_length


@dataclass(frozen=True)
class Line:
    """An exception as it was typed."""

    day: date
    works: bool
    note: str


def read(text: str, *, year: int) -> tuple[list[Line], list[str]]:
    """The exceptions in a text, and a sentence for each line that is none. Empty lines are skipped.

    A day without a year lies in ``year``.
    """
    lines: dict[date, Line] = {}
    faults = []
    for number, raw in enumerate(text.splitlines(), 1):
        typed = " ".join(unicodedata.normalize("NFKC", raw).split())
        if not typed:
            continue
        try:
            line = _read_line(typed, year)
            if line.day in lines:
                raise ValueError(_("this day stands further up already"))
        except ValueError as fault:
            faults.append(
                _("Line %(number)d, “%(typed)s”: %(fault)s.")
                % {"number": number, "typed": typed[:40], "fault": fault}
            )
        else:
            lines[line.day] = line
    return list(lines.values()), faults


def _read_line(typed: str, year: int) -> Line:
    match = _DAY.match(typed)
    if not match:
        raise ValueError(_("it does not begin with a day such as 2027-02-06"))
    try:
        day = date(int(match[1] or year), int(match[2]), int(match[3]))
    except ValueError:
        raise ValueError(_("there is no such day")) from None
    if day.year not in YEARS:
        raise ValueError(_("the year lies too far away"))
    said = typed[match.end() :]
    word = next((word for word in WORDS if said.lower().startswith(word)), None)
    if word is None:
        raise ValueError(_("behind the day, say “works” or “rests”"))
    note = said[len(word) :].strip(" ,;:、")
    if len(note) > _NOTE_LENGTH:
        raise ValueError(_("the note has more than %(limit)d characters") % {"limit": _NOTE_LENGTH})
    return Line(day, WORDS[word], note)


@transaction.atomic
def keep(lines: list[Line]) -> tuple[int, int]:
    """Store all of them; a day that has an exception gets the new one. (added, changed).

    NotAllowedNow if somebody else enters one of the days at this very moment.
    """
    stored = {row.day: row for row in WorkdayOverride.objects.filter(day__in=[line.day for line in lines])}
    added = changed = 0
    try:
        for line in lines:
            row = stored.get(line.day)
            if row is None:
                WorkdayOverride.objects.create(day=line.day, works=line.works, note=line.note)
                added += 1
            elif (row.works, row.note) != (line.works, line.note):
                row.works, row.note = line.works, line.note
                row.save_if_unchanged(seen=row.version, fields=["works", "note"])
                changed += 1
    except (IntegrityError, ChangedMeanwhile):
        raise NotAllowedNow from None
    return added, changed
