"""What is append-only: triggers that refuse to change or delete a row, in both databases."""

#: What each table is called in the refusal.
TABLES = {"projects_progressentry": "journal", "projects_pointentry": "points"}


def _sqlite(table: str) -> list[str]:
    name = TABLES[table]
    return [
        f"""CREATE TRIGGER IF NOT EXISTS {name}_is_append_only_{verb.lower()} BEFORE {verb} ON {table}
            BEGIN SELECT RAISE(ABORT, 'the {name} is append-only'); END"""
        for verb in ("UPDATE", "DELETE")
    ]


def _sqlite_off(table: str) -> list[str]:
    return [f"DROP TRIGGER IF EXISTS {TABLES[table]}_is_append_only_{verb}" for verb in ("update", "delete")]


def _postgresql(table: str) -> list[str]:
    name = TABLES[table]
    return [
        f"""CREATE OR REPLACE FUNCTION {name}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'the {name} is append-only'; END $$""",
        f"DROP TRIGGER IF EXISTS {name}_is_append_only ON {table}",
        f"""CREATE TRIGGER {name}_is_append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {name}_is_append_only()""",
    ]


def _postgresql_off(table: str) -> list[str]:
    return [f"DROP TRIGGER IF EXISTS {TABLES[table]}_is_append_only ON {table}"]


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
