"""What was changed, field by field: read from the stored versions of a record."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

#: Fields that say nothing to people: what follows from others, the bookkeeping, and what the journal tells.
SILENT = {"id", "version", "initials", "percent", "reported_at"}


#: What a version that an import has written keeps as the reason of its change.
IMPORT = "import"


@dataclass
class Entry:
    """One save: who, when, from where, and a list of (field, before, after)."""

    when: datetime
    who: str
    changes: list[tuple[str, Any, Any]] = field(default_factory=list)
    where: str = ""


def changes_of(record) -> list[Entry]:
    """The changes of one record, the newest first."""
    return entries(record.history.select_related("history_user__person"))


def entries(records: Iterable, *, subject: Callable[[Any], str] = lambda record: "") -> list[Entry]:
    """The changes of the stored versions of any number of objects of one model, the newest first.

    ``records`` are all versions of these objects; ``subject`` names the object of a version where several
    objects stand in one list. One query for each kind of object that is referred to.
    """
    records = sorted(records, key=lambda record: (record.id, record.history_date, record.history_id))
    names = _names_referred_to(records)
    found, before = [], None
    for record in records:
        known = before if before is not None and before.id == record.id else None
        changes = _changes(known, record, names, subject(record))
        if changes:
            who = str(record.history_user or "")
            found.append(Entry(record.history_date, who, changes, _where(record)))
        before = record
    return sorted(found, key=lambda entry: entry.when)[::-1]


def merged(entries: Iterable[Entry]) -> list[Entry]:
    """What one person saved in one second as one entry, the newest first: an import is not a hundred acts."""
    together: dict[tuple, Entry] = {}
    for entry in sorted(entries, key=lambda entry: entry.when, reverse=True):
        key = (entry.when.replace(microsecond=0), entry.who, entry.where)
        one = together.setdefault(key, Entry(entry.when, entry.who, where=entry.where))
        one.changes.extend(entry.changes)
    return list(together.values())


def _where(record) -> str:
    """Where a version came from: an import, somebody's browser, or a command or the timetable."""
    if record.history_change_reason == IMPORT:
        return _("by an import of the ledger")
    return _("in the browser") if record.history_user_id else _("by the system")


def _changes(before, record, names, subject):
    if record.history_type == "-":
        return [(subject or _("Record"), _("existed"), _("deleted"))]
    if before is not None and before.history_type == "-":
        return [(subject or _("Record"), _("deleted"), _("brought back"))]
    if before is None:
        return [(subject or _("Record"), None, _("entered") if record.history_type == "+" else _("taken up"))]
    return [
        (" · ".join(filter(None, [subject, str(column.verbose_name)])), *pair)
        for column in _columns(record)
        if getattr(before, column.attname) != getattr(record, column.attname)
        for pair in [(_said(before, column, names), _said(record, column, names))]
    ]


def _columns(record):
    return [column for column in record.tracked_fields if column.name not in SILENT]


def _said(record, column, names):
    value = getattr(record, column.attname)
    if column.is_relation:
        return names[column.related_model].get(value, value)
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}"
    return dict(column.flatchoices).get(value, value) if column.choices else value


def _names_referred_to(records):
    wanted = defaultdict(set)
    for record in records:
        for column in _columns(record):
            if column.is_relation and (value := getattr(record, column.attname)):
                wanted[column.related_model].add(value)
    return {model: model._base_manager.in_bulk(pks) for model, pks in wanted.items()} | defaultdict(dict)
