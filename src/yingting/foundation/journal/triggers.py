"""Triggers that let a table grow and never change, on SQLite and PostgreSQL: the journal, and what is frozen for good."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

JOURNAL = "journal_fact"
_EVENTS = ("update", "delete")
_FUNCTION = """
CREATE OR REPLACE FUNCTION {table}_only_grows() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{table} only grows' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_only_grows();
"""


def install(connection: BaseDatabaseWrapper, table: str = JOURNAL) -> None:
    """Create a table's triggers (the table must exist)."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for event in _EVENTS:
                cursor.execute(
                    f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
                )
        else:
            cursor.execute(_FUNCTION.format(table=table))


def remove(connection: BaseDatabaseWrapper, table: str = JOURNAL) -> None:
    """Drop a table's triggers: for undoing the migration, and for tests that empty their database."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for event in _EVENTS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{event}")
        else:
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_change ON {table}")
