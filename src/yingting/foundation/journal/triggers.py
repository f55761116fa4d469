"""Triggers that hold what no bulk update may pass by, on SQLite and PostgreSQL.

only grows   rows are inserted, never changed or deleted: the journal's, and those of others that ask for it (`only_grows = True`)
witnessed    columns change only together with a fact about the row: its version stands in the row's `fact_version`
guarded      an update is refused while a condition in SQL over OLD and NEW holds
"""

from __future__ import annotations

from collections.abc import Sequence

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper

JOURNAL = "journal_fact"
_POSTGRESQL = """
CREATE OR REPLACE FUNCTION journal_only_grows() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION journal_only_grows();
"""
# In the function, not in WHEN: a trigger's WHEN may not ask another table.
_GUARD = """
CREATE OR REPLACE FUNCTION {table}_{name}() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN IF {condition} THEN
RAISE EXCEPTION '{table} {sentence}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$;
CREATE TRIGGER {table}_{name} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_{name}();
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


def install_witness(connection: BaseDatabaseWrapper, table: str, columns: Sequence[str]) -> None:
    """Let these columns of a table change only in an update that names a new fact about the row, which is written already."""
    different = " OR ".join(f"{_changed(connection, column)}" for column in columns)
    fact = f"SELECT 1 FROM {JOURNAL} WHERE subject = NEW.id AND version = NEW.fact_version"  # noqa: S608 - the names are ours
    condition = f"({different}) AND NOT (NEW.fact_version > OLD.fact_version AND EXISTS ({fact}))"
    install_guard(connection, table, "witness", condition, "changes only with a fact")


def install_guard(connection: BaseDatabaseWrapper, table: str, name: str, condition: str, sentence: str) -> None:
    """Refuse an update of a row while a condition over OLD and NEW holds; the sentence says why, after the table's name."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                f"CREATE TRIGGER {table}_{name} BEFORE UPDATE ON {table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{table} {sentence}'); END"
            )
        else:
            cursor.execute(_GUARD.format(table=table, name=name, condition=condition, sentence=sentence))


def remove_guard(connection: BaseDatabaseWrapper, table: str, name: str) -> None:
    """Drop a guard, to undo its migration."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"DROP TRIGGER IF EXISTS {table}_{name}" + ("" if connection.vendor == "sqlite" else f" ON {table}")
        )


def _changed(connection: BaseDatabaseWrapper, column: str) -> str:
    differs = "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"
    return f"NEW.{column} {differs} OLD.{column}"
