"""What the rows of a ledger say about each other: numbers, names, parents, people.

Works on rows as they were read; a field that could not be read is None and is not judged again. Nor is the
name of a studio that there is not: it is said once, with how many rows hang on it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.calendar import MONTH, QUARTER, YEAR, Period

from .rows import Fault, ItemRow, Ledger, MemberRow
from .sheets import ACHIEVEMENTS, ACTIVITIES, ITEMS, MEMBERS, PLAN_LEVELS, SHEETS, STUDIOS, TOPICS, Sheet

_NUMBERED = (TOPICS, ITEMS, ACTIVITIES, ACHIEVEMENTS)
_ABOVE = {MONTH: QUARTER, QUARTER: YEAR, YEAR: None}
#: How alike two names of studios are where one was probably meant to be the other: one wrong character.
_ALIKE = 0.85


def faults_between(
    ledger: Ledger, *, known_studios: Collection[str] = (), known_topics: Collection[str] = ()
) -> list[Fault]:
    """What is wrong between the rows of a ledger."""
    studios = {row.name for row in ledger.studios if row.name} | set(known_studios)
    lost: list[Fault] = []
    if STUDIOS.name in ledger.sheets or studios:  # else it is said once, for the sheet
        unknown = _unknown_studios(ledger, studios)
        lost = [_unknown_studio(name, rows, ledger) for name, rows in unknown.items()]
        ledger = _without_studios(ledger, set(unknown))
    return [
        *_twice(STUDIOS, ledger.studios, "name", _("This studio is listed twice, also in row %(row)s.")),
        *(fault for sheet in _NUMBERED for fault in _numbers_twice(sheet, getattr(ledger, sheet.rows_field))),
        *lost,
        *_dates(ledger),
        *_members(ledger),
        *_topics(ledger, set(known_topics)),
        *_items(ledger.items),
        *_owners(ledger),
    ]


def _fault(
    sheet: Sheet, row: int | None, field: str | None, message: str, *, severity: str = "error"
) -> Fault:
    return Fault(severity, sheet.name, row, sheet.column(field).header if field else None, message)


# -- names and numbers


def _twice(sheet: Sheet, rows: Iterable[Any], field: str, message: str) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for row in rows:
        value = getattr(row, field)
        if value and first.setdefault(value, row.row) != row.row:
            yield _fault(sheet, row.row, field, message % {"row": first[value], "value": value})


def _numbers_twice(sheet: Sheet, rows: Iterable[Any]) -> Iterator[Fault]:
    return _twice(sheet, rows, "number", _("The number %(value)s is already in row %(row)s."))


def _unknown_studios(ledger: Ledger, studios: Collection[str]) -> dict[str, list[tuple[Sheet, int]]]:
    """The names that belong to no studio, each with the places of the rows that use it."""
    places: dict[str, list[tuple[Sheet, int]]] = defaultdict(list)
    for sheet in SHEETS[1:]:
        for row in getattr(ledger, sheet.rows_field):
            if row.studio and row.studio not in studios:
                places[row.studio].append((sheet, row.row))
    return places


def _unknown_studio(name: str, places: list[tuple[Sheet, int]], ledger: Ledger) -> Fault:
    """One wrong name, where it stands first: how many rows hang on it, and which name is probably meant."""
    by_sheet = Counter(sheet.name for sheet, _row in places)
    words = {
        "name": name,
        "count": len(places),
        "where": pgettext("between things", ", ").join(f"{at} {count}" for at, count in by_sheet.items()),
    }
    said = _("There is no studio “%(name)s”.")
    if len(places) > 1:
        said = ngettext(
            "There is no studio “%(name)s”; %(count)d row hangs on it: %(where)s.",
            "There is no studio “%(name)s”; %(count)d rows hang on it: %(where)s.",
            len(places),
        )
    registered = {row.name: row.row for row in ledger.studios if row.name}
    for meant in get_close_matches(name, registered, n=1, cutoff=_ALIKE):
        words |= {"fault": said % words, "row": registered[meant], "register": STUDIOS.name, "meant": meant}
        said = _("%(fault)s Row %(row)d of %(register)s names “%(meant)s”: is that the same studio?")
    sheet, row = places[0]
    return _fault(sheet, row, "studio", said % words)


def _without_studios(ledger: Ledger, unknown: Collection[str]) -> Ledger:
    """The ledger with these names not understood, so that nothing else is judged by them."""
    changed: dict[str, Any] = {
        sheet.rows_field: tuple(
            replace(row, studio=None) if row.studio in unknown else row
            for row in getattr(ledger, sheet.rows_field)
        )
        for sheet in SHEETS[1:]
    }
    return replace(ledger, **changed) if unknown else ledger


# -- dates


def _dates(ledger: Ledger) -> Iterator[Fault]:
    for sheet, start, end, message in (
        (MEMBERS, "joined_on", "left_on", _("The date of leaving lies before the date of joining.")),
        (TOPICS, "starts_on", "due_on", _("The planned end lies before the start.")),
        (ITEMS, "starts_on", "due_on", _("The due date lies before the start.")),
    ):
        for row in getattr(ledger, sheet.rows_field):
            first, last = getattr(row, start), getattr(row, end)
            if first and last and last < first:
                yield _fault(sheet, row.row, end, message)


# -- people


def _members(ledger: Ledger) -> Iterator[Fault]:
    names: dict[str, MemberRow] = {}
    confused: set[int] = set()
    present: dict[tuple[str, tuple[str, ...]], int] = {}
    leads: dict[str, MemberRow] = {}
    for row in ledger.members:
        if row.staff_number and row.name:
            first = names.setdefault(row.staff_number, row)
            if first.name != row.name:
                message = _("The staff number %(number)s belongs to %(name)s in row %(row)s.")
                words = {"number": row.staff_number, "name": first.name, "row": first.row}
                confused.add(row.row)
                yield _fault(MEMBERS, row.row, "staff_number", message % words)
        if row.left_on or not row.studio or not row.name:
            continue
        at = present.setdefault((row.studio, row.who), row.row)
        if at != row.row and row.row not in confused:
            yield _fault(
                MEMBERS,
                row.row,
                "name",
                _("%(name)s is already in row %(row)s.") % {"name": row.name, "row": at},
            )
        if row.role == "lead":
            first = leads.setdefault(row.studio, row)
            if first is not row:
                message = _("The studio already has a lead in row %(row)s: %(name)s.")
                yield _fault(MEMBERS, row.row, "role", message % {"row": first.row, "name": first.name})
    yield from _leads(ledger, leads)
    yield from _liaisons(ledger)


def _nowhere(ledger: Ledger) -> set[str]:
    """Who is on the roster of a studio that was not understood: of them nothing can be missed anywhere."""
    return {row.name for row in ledger.members if not row.studio and row.name}


def _leads(ledger: Ledger, leads: Mapping[str, MemberRow]) -> Iterator[Fault]:
    with_roster, nowhere = {row.studio for row in ledger.members}, _nowhere(ledger)
    for studio in ledger.studios:
        if not studio.lead or (studio.name not in leads and studio.lead in nowhere):
            continue
        lead = leads.get(studio.name)
        if studio.name not in with_roster:
            message = _("No roster of this studio is here; %(name)s is not taken in as its lead.")
            yield _fault(STUDIOS, studio.row, "lead", message % {"name": studio.lead}, severity="warning")
        elif lead is None:
            yield _fault(STUDIOS, studio.row, "lead", _("The roster names no lead of this studio."))
        elif lead.name != studio.lead:
            message = _("The roster names %(name)s as the lead, in row %(row)s.")
            yield _fault(STUDIOS, studio.row, "lead", message % {"name": lead.name, "row": lead.row})


def _liaisons(ledger: Ledger) -> Iterator[Fault]:
    liaisons = {(row.studio, row.name) for row in ledger.members if row.role == "liaison" and not row.left_on}
    with_roster, nowhere = {row.studio for row in ledger.members}, _nowhere(ledger)
    for studio in ledger.studios:
        if studio.name not in with_roster:
            continue
        for name in filter(None, studio.liaison.split("、")):
            if (studio.name, name) not in liaisons and name not in nowhere:
                message = _("%(name)s is no liaison by the roster; the roster counts.")
                yield _fault(STUDIOS, studio.row, "liaison", message % {"name": name}, severity="warning")


def _owners(ledger: Ledger) -> Iterator[Fault]:
    if MEMBERS.name not in ledger.sheets:
        return
    roster, nowhere = {(row.studio, row.name) for row in ledger.members if row.name}, _nowhere(ledger)
    for sheet in (TOPICS, ITEMS):
        for row in getattr(ledger, sheet.rows_field):
            known = (row.studio, row.owner) in roster or row.owner in nowhere
            if row.owner and row.studio and not known:
                message = _("%(name)s is not on the roster of this studio.")
                yield _fault(sheet, row.row, "owner", message % {"name": row.owner}, severity="warning")


# -- topics


def without_lost_topics(ledger: Ledger, known: Collection[str]) -> tuple[Ledger, list[Fault]]:
    """A ledger that came without its topics, without the references to them; one warning a sheet says so."""
    if TOPICS.name in ledger.sheets:
        return ledger, []
    faults = []
    for sheet in (ITEMS, ACHIEVEMENTS):
        rows = getattr(ledger, sheet.rows_field)
        kept = tuple(replace(row, topic="") if row.topic and row.topic not in known else row for row in rows)
        lost = sum(row is not before for row, before in zip(kept, rows, strict=True))
        if lost:
            message = ngettext(
                "The sheet of topics is missing; %(count)s reference to a topic is not taken in.",
                "The sheet of topics is missing; %(count)s references to topics are not taken in.",
                lost,
            )
            faults.append(_fault(sheet, None, "topic", message % {"count": lost}, severity="warning"))
            changed: dict[str, Any] = {sheet.rows_field: kept}
            ledger = replace(ledger, **changed)
    return ledger, faults


def _topics(ledger: Ledger, known: set[str]) -> Iterator[Fault]:
    studios = {row.number: row.studio for row in ledger.topics if row.number}
    for sheet in (ITEMS, ACHIEVEMENTS):
        for row in getattr(ledger, sheet.rows_field):
            if not row.topic:
                continue
            if row.topic not in studios and row.topic not in known:
                yield _fault(
                    sheet, row.row, "topic", _("There is no topic %(number)s.") % {"number": row.topic}
                )
            elif row.studio and studios.get(row.topic, row.studio) not in {row.studio, None}:
                message = _("The topic %(number)s belongs to another studio.") % {"number": row.topic}
                yield _fault(sheet, row.row, "topic", message, severity="warning")


# -- plan items


def _items(items: Iterable[ItemRow]) -> Iterator[Fault]:
    by_number: dict[str, ItemRow] = {}
    for row in items:
        if row.number:
            by_number.setdefault(row.number, row)
    parents = {number: row.parent for number, row in by_number.items()}
    sources = {number: row.carried_from for number, row in by_number.items()}
    in_ring, in_chain = _rings(parents), _rings(sources)
    successors: dict[str, list[int]] = defaultdict(list)
    for row in items:
        if row.level and row.period and Period.parse(row.period).kind != row.level:
            word = next(word for word, code in PLAN_LEVELS.items() if code == row.level)
            message = _("The period does not fit the level %(level)s.") % {"level": word}
            yield _fault(ITEMS, row.row, "period", message)
        if row.parent:
            yield from _parent(row, by_number.get(row.parent), ring=row.number in in_ring)
        if row.carried_from:
            yield from _carried(row, by_number.get(row.carried_from), ring=row.number in in_chain)
            if row.state != "cancelled":
                successors[row.carried_from].append(row.row)
    for number, rows in successors.items():
        for at in rows[1:]:
            message = _("The item %(number)s is already carried on in row %(row)s.")
            yield _fault(ITEMS, at, "carried_from", message % {"number": number, "row": rows[0]})


def _rings(above: Mapping[str, str]) -> set[str]:
    """The numbers that lie on a ring: from them one comes back to them."""
    rings: set[str] = set()
    done: set[str] = set()
    for number in above:
        path: dict[str, int] = {}
        at = number
        while at in above and at not in path and at not in done:
            path[at] = len(path)
            at = above[at]
        if at in path:
            rings |= {member for member, place in path.items() if place >= path[at]}
        done |= set(path)
    return rings


def _parent(row: ItemRow, parent: ItemRow | None, *, ring: bool) -> Iterator[Fault]:
    words = {"number": row.parent}
    if parent is None:
        yield _fault(ITEMS, row.row, "parent", _("There is no item %(number)s.") % words)
    elif ring:
        yield _fault(ITEMS, row.row, "parent", _("The items above each other form a ring."))
    else:
        if row.studio and parent.studio and parent.studio != row.studio:
            yield _fault(
                ITEMS, row.row, "parent", _("The item %(number)s belongs to another studio.") % words
            )
        if row.level and parent.level:
            if parent.level != _ABOVE[row.level]:
                message = _(
                    "A month item hangs under a quarter item and a quarter item under a year item only."
                )
                yield _fault(ITEMS, row.row, "parent", message)
            elif row.period and parent.period and not _lies_in(row.period, parent.period):
                message = _("The item %(number)s belongs to another period.") % words
                yield _fault(ITEMS, row.row, "parent", message)


def _lies_in(period: str, above: str) -> bool:
    return Period.parse(above) in Period.parse(period).line


def _carried(row: ItemRow, source: ItemRow | None, *, ring: bool) -> Iterator[Fault]:
    words = {"number": row.carried_from}
    if source is None:
        yield _fault(ITEMS, row.row, "carried_from", _("There is no item %(number)s.") % words)
    elif ring:
        yield _fault(ITEMS, row.row, "carried_from", _("The items that carry each other on form a ring."))
    else:
        if row.studio and source.studio and source.studio != row.studio:
            message = _("The item %(number)s belongs to another studio.") % words
            yield _fault(ITEMS, row.row, "carried_from", message)
        if row.level and source.level and row.level != source.level:
            message = _("The item %(number)s is of another level.") % words
            yield _fault(ITEMS, row.row, "carried_from", message)
        elif row.period and source.period and Period.parse(source.period) >= Period.parse(row.period):
            message = _("The item %(number)s does not lie in an earlier period.") % words
            yield _fault(ITEMS, row.row, "carried_from", message)
        elif source.state not in {"carried", None}:
            message = _("The item %(number)s is not marked as carried over.") % words
            yield _fault(ITEMS, row.row, "carried_from", message, severity="warning")
