"""The hot path's way to the database: one cursor of the driver kept per thread, on Django's own connection.

Django makes a new cursor with its wrappers for every statement, which costs as much again as sending it. Here the connection,
its transactions, its errors and its reopening stay Django's; only the cursor is ours.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

Row = dict[str, Any]


class _Kept(threading.local):
    """The cursor of this thread, and the connection that it belongs to."""

    raw: Any = None
    cursor: Any = None


_kept = _Kept()
_columns: dict[str, tuple[str, ...]] = {}


@cache
def _question_marks(sql: str) -> str:
    """The text as sqlite3 wants it."""
    return sql.replace("%s", "?")


def one_row(sql: str, params: Any = ()) -> Row | None:
    """Run one statement with `%s` (PostgreSQL: also `%(name)s`) and return its first row by column name; None when it gives none.

    Values must be as the driver takes them: PostgreSQL takes ids, dates, instants and lists; SQLite text and numbers.
    Raises Django's database errors (IntegrityError and so on).
    """
    connection = connections[DEFAULT_DB_ALIAS]
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    raw = connection.connection
    if _kept.raw is not raw:
        with connection.wrap_database_errors:
            _kept.raw, _kept.cursor = raw, raw.cursor()
    cursor = _kept.cursor
    text = _question_marks(sql) if connection.vendor == "sqlite" else sql
    with connection.wrap_database_errors:
        cursor.execute(text, params)
        names = _columns.get(sql)
        if names is None:  # describing the columns anew for every call would cost a tenth of it
            names = _columns[sql] = tuple(column[0] for column in cursor.description or ())
        if not names:
            return None
        # All rows are fetched: on SQLite a statement that has not run to its end would still be open at COMMIT.
        rows: Sequence[Sequence[Any]] = cursor.fetchall()
    return dict(zip(names, rows[0], strict=True)) if rows else None
