"""Triggers that let the journal grow and never change, on SQLite and PostgreSQL."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

_SQLITE = {
    event: f"""CREATE TRIGGER journal_fact_no_{event} BEFORE {event.upper()} ON journal_fact
               BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END"""
    for event in ("update", "delete")
}
_POSTGRESQL = """
CREATE OR REPLACE FUNCTION journal_only_grows() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the journal only grows' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER journal_fact_no_change BEFORE UPDATE OR DELETE ON journal_fact
FOR EACH ROW EXECUTE FUNCTION journal_only_grows();
"""


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers (the table must exist)."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for statement in _SQLITE.values():
                cursor.execute(statement)
        else:
            cursor.execute(_POSTGRESQL)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers: for undoing the migration, and for tests that empty their database."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for event in _SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS journal_fact_no_{event}")
        else:
            cursor.execute("DROP TRIGGER IF EXISTS journal_fact_no_change ON journal_fact")
