"""Many rows of a table changed at once, each with values of its own: one prepared statement, sent with all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models


def update_many(model: type[models.Model], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Change columns of many rows; each of `rows` is the primary key (`id`) and then the new values in the order of `columns`.

    Must run inside a transaction. It is for columns that are kept beside what they follow from: no signal, no `save`.
    """
    by_name = {field.name: field for field in model._meta.concrete_fields}
    fields, key = [by_name[name] for name in columns], by_name["id"]
    quoted = connection.ops.quote_name
    assigned = ", ".join(f"{quoted(str(field.column))} = %s" for field in fields)
    statement = f"UPDATE {quoted(model._meta.db_table)} SET {assigned} WHERE {quoted(str(key.column))} = %s"  # noqa: S608 - names of ours
    given = [
        (
            *(field.get_db_prep_save(value, connection) for field, value in zip(fields, values, strict=True)),
            key.get_db_prep_value(pk, connection),
        )
        for pk, *values in rows
    ]
    if given:
        with connection.cursor() as cursor:
            cursor.executemany(statement, given)
