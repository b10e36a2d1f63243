"""What is append-only: triggers that refuse to change or delete a row, in both databases."""

#: What each table is called in the refusal.
TABLES = {
    "projects_progressentry": "journal",
    "projects_pointentry": "points",
    "studios_fundentry": "funds",
    "care_carereading": "readings",
    "reports_report": "issued reports",
}
#: Where only some rows are: which, asked of the row as it stands.
ONLY = {"reports_report": "OLD.issued_at IS NOT NULL"}


def _guard(table: str) -> str:
    """What its triggers are called."""
    return f"{TABLES[table].replace(' ', '_')}_is_append_only"


def _when(table: str) -> str:
    return f"WHEN ({ONLY[table]})" if table in ONLY else ""


def _sqlite(table: str) -> list[str]:
    return [
        f"""CREATE TRIGGER IF NOT EXISTS {_guard(table)}_{verb.lower()} BEFORE {verb} ON {table}
            {_when(table)}
            BEGIN SELECT RAISE(ABORT, 'the {TABLES[table]} is append-only'); END"""
        for verb in ("UPDATE", "DELETE")
    ]


def _sqlite_off(table: str) -> list[str]:
    return [f"DROP TRIGGER IF EXISTS {_guard(table)}_{verb}" for verb in ("update", "delete")]


def _postgresql(table: str) -> list[str]:
    guard = _guard(table)
    return [
        f"""CREATE OR REPLACE FUNCTION {guard}() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'the {TABLES[table]} is append-only'; END $$""",
        f"DROP TRIGGER IF EXISTS {guard} ON {table}",
        f"""CREATE TRIGGER {guard} BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW {_when(table)} EXECUTE FUNCTION {guard}()""",
    ]


def _postgresql_off(table: str) -> list[str]:
    return [f"DROP TRIGGER IF EXISTS {_guard(table)} ON {table}"]


def protect(connection, *tables: str) -> None:
    """Set the triggers of the tables, of all where none is named; harmless where they are set."""
    _run(connection, _sqlite if connection.vendor == "sqlite" else _postgresql, tables)


def release(connection, *tables: str) -> None:
    """Take the triggers away: for the migration backwards, and for emptying a test database."""
    _run(connection, _sqlite_off if connection.vendor == "sqlite" else _postgresql_off, tables)


def _run(connection, statements_for, tables) -> None:
    with connection.cursor() as cursor:
        for table in tables or TABLES:
            for statement in statements_for(table):
                cursor.execute(statement)
