"""Triggers that let a table grow and never change, on SQLite and PostgreSQL: the journal's, and those of others that ask for it.

A model whose table has them says `only_grows = True`.
"""

from __future__ import annotations

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper

JOURNAL = "journal_fact"
_POSTGRESQL = """
CREATE OR REPLACE FUNCTION journal_only_grows() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION journal_only_grows();
"""


def install(connection: BaseDatabaseWrapper, table: str = JOURNAL) -> None:
    """Create the triggers of a table (which must exist)."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for event in ("update", "delete"):
                cursor.execute(
                    f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
                )
        else:
            cursor.execute(_POSTGRESQL.format(table=table))


def remove(connection: BaseDatabaseWrapper, table: str = JOURNAL) -> None:
    """Drop the triggers of a table: for undoing its migration, and for tests that empty their database."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for event in ("update", "delete"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{event}")
        else:
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_change ON {table}")


def growing_tables() -> list[str]:
    """Return the tables that have the triggers."""
    return [model._meta.db_table for model in apps.get_models() if getattr(model, "only_grows", False)]
