"""The rows of a list gathered under headings, and what all of them come to.

The group comes first in the order, so that it is whole over any number of pages; a heading counts what stands
under it on all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.utils.functional import Promise


@dataclass(frozen=True)
class Grouping:
    """What a list can be gathered by: ``?g=key``.

    ``by`` are the columns that tell one group from the next, as the database is asked for them; ``order`` is
    what the groups are sorted by; ``heading`` is what stands over a record's group.
    """

    key: str
    label: str | Promise
    by: tuple[str, ...]
    order: tuple
    heading: Callable[[Any], Any]

    @property
    def first(self) -> tuple:
        """What to sort by before anything else."""
        return (*self.order, *self.by)

    def of(self, record) -> tuple:
        """The group of a record."""
        return tuple(attrgetter(column.replace("__", "."))(record) for column in self.by)

    def counts(self, rows: QuerySet, records: Iterable) -> dict[tuple, int]:
        """How many of all the rows stand in the groups of these records. One query."""
        which = Q(pk__in=[])
        for group in {self.of(record) for record in records}:
            which |= Q(**dict(zip(self.by, group, strict=True)))
        counted = rows.filter(which).order_by().values_list(*self.by).annotate(Count("pk"))
        return {tuple(group): count for *group, count in counted}


@dataclass(frozen=True)
class Group:
    """The rows of a page that stand under one heading; without a heading where nothing is gathered."""

    rows: list
    heading: Any = None
    count: int | None = None


def gathered(
    shown: list, grouping: Grouping | None, rows: QuerySet, *, record: Callable[[Any], Any] = lambda row: row
) -> list[Group]:
    """The ``shown`` rows of a page, under the headings of the grouping; ``rows`` are those of all pages.

    ``record`` gives the record of a shown row.
    """
    if grouping is None or not shown:
        return [Group(shown)]
    counts = grouping.counts(rows, map(record, shown))
    groups = ((key, list(some)) for key, some in groupby(shown, lambda row: grouping.of(record(row))))
    return [Group(some, grouping.heading(record(some[0])), counts.get(key, 0)) for key, some in groups]


@dataclass(frozen=True)
class Total:
    """What all rows of a list come to, on whatever page they stand; ``href`` opens those it counts."""

    label: str
    value: Any
    href: str = ""


class Counted(Paginator):
    """Pages of a list whose length is known."""

    def __init__(self, *args, count: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.count = count


def in_order_of(asked: str, orders: Mapping[str, str]) -> list[str]:
    """The column that ``?o=`` names, downwards with a minus; nothing if it names none."""
    column = orders.get(asked.removeprefix("-"))
    return [f"-{column}" if asked.startswith("-") else column] if column else []


def rank(column: str, choices) -> Case:
    """The choices of a column in the order in which they are declared."""
    return Case(*(When(**{column: value}, then=Value(place)) for place, value in enumerate(choices.values)))
