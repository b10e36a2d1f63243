"""The journal is append-only: triggers that refuse to change or delete an entry, in both databases."""

TABLE = "projects_progressentry"

_SQLITE = [
    f"""CREATE TRIGGER IF NOT EXISTS journal_is_append_only_{verb.lower()} BEFORE {verb} ON {TABLE}
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"""
    for verb in ("UPDATE", "DELETE")
]
_SQLITE_OFF = [f"DROP TRIGGER IF EXISTS journal_is_append_only_{verb}" for verb in ("update", "delete")]

_POSTGRESQL = [
    """CREATE OR REPLACE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$""",
    f"DROP TRIGGER IF EXISTS journal_is_append_only ON {TABLE}",
    f"""CREATE TRIGGER journal_is_append_only BEFORE UPDATE OR DELETE ON {TABLE}
        FOR EACH ROW EXECUTE FUNCTION journal_is_append_only()""",
]
_POSTGRESQL_OFF = [f"DROP TRIGGER IF EXISTS journal_is_append_only ON {TABLE}"]


def protect(connection) -> None:
    """Set the triggers; harmless where they are set."""
    _run(connection, _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL)


def release(connection) -> None:
    """Take the triggers away: for the migration backwards, and for emptying a test database."""
    _run(connection, _SQLITE_OFF if connection.vendor == "sqlite" else _POSTGRESQL_OFF)


def _run(connection, statements) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
