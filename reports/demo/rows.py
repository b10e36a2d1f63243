"""Rows that wait to be written together, their numbers known before, so that they can point at each other."""

from collections import defaultdict
from itertools import count

from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, connection, connections

from core.history import IMPORT


class Rows:
    """Collects unsaved rows and writes them table by table, faster than the ORM. For an empty database only.

    To be used inside one transaction: rows may point at rows that are written after them.
    """

    def __init__(self):
        self._waiting = defaultdict(list)
        self._numbers = defaultdict(lambda: count(1))

    def number(self, model) -> int:
        """The next free number of a table."""
        return next(self._numbers[model])

    def add(self, row):
        """Keep the row for the next writing; gives it its number unless it has one."""
        if row.pk is None:
            row.pk = self.number(type(row))
        self._waiting[type(row)].append(row)
        return row

    def write(self) -> None:
        """Write all that waits."""
        # Not `connection`: looking the proxy up for every value takes a third of the time.
        database = connections[DEFAULT_DB_ALIAS]
        for model, rows in self._waiting.items():
            fields = model._meta.concrete_fields
            with connection.cursor() as cursor:
                cursor.executemany(
                    f"INSERT INTO {_quoted(model._meta.db_table)} ({_columns(fields)}) "
                    f"VALUES ({', '.join(['%s'] * len(fields))})",
                    [
                        [field.get_db_prep_save(field.pre_save(row, True), database) for field in fields]
                        for row in rows
                    ],
                )
            rows.clear()

    def finish(self, *, at) -> None:
        """Begin the history of all that has one; let the database count on from the numbers given here."""
        with connection.cursor() as cursor:
            for model in self._waiting:
                if hasattr(model, "history"):
                    _begin_history(cursor, model, at)
            for statement in connection.ops.sequence_reset_sql(no_style(), list(self._waiting)):
                cursor.execute(statement)


def _begin_history(cursor, model, at) -> None:
    history = model.history.model
    known = {field.column for field in model._meta.concrete_fields}
    shared = _columns([field for field in history._meta.concrete_fields if field.column in known])
    cursor.execute(
        f"INSERT INTO {_quoted(history._meta.db_table)} "
        f"({shared}, history_date, history_type, history_change_reason) "
        f"SELECT {shared}, %s, '+', %s FROM {_quoted(model._meta.db_table)}",
        [connection.ops.adapt_datetimefield_value(at), IMPORT],
    )


def _columns(fields) -> str:
    return ", ".join(_quoted(field.column) for field in fields)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
