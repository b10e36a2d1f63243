"""What the database itself refuses: a care record whose consent was withdrawn."""

NAME = "care_record_needs_consent"
MISSING = "NOT EXISTS (SELECT 1 FROM care_consent WHERE id = NEW.consent_id AND withdrawn_at IS NULL)"

SQLITE = [
    f"""CREATE TRIGGER {NAME}_{verb.lower()} BEFORE {verb} ON care_carerecord WHEN {MISSING}
        BEGIN SELECT RAISE(ABORT, 'a care record needs consent'); END"""
    for verb in ("INSERT", "UPDATE")
]
SQLITE_OFF = [f"DROP TRIGGER {NAME}_{verb}" for verb in ("insert", "update")]
POSTGRESQL = [
    f"""CREATE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF {MISSING} THEN RAISE EXCEPTION 'a care record needs consent'
        USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$""",
    f"""CREATE TRIGGER {NAME} BEFORE INSERT OR UPDATE ON care_carerecord
        FOR EACH ROW EXECUTE FUNCTION {NAME}()""",
]
POSTGRESQL_OFF = [f"DROP TRIGGER {NAME} ON care_carerecord", f"DROP FUNCTION {NAME}()"]


def set_up(connection) -> None:
    _run(connection, SQLITE if connection.vendor == "sqlite" else POSTGRESQL)


def take_away(connection) -> None:
    _run(connection, SQLITE_OFF if connection.vendor == "sqlite" else POSTGRESQL_OFF)


def _run(connection, statements) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
