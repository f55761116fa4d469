"""Emptying the database between tests is the one time when facts, and what else only grows, may go.

Django would empty each of two hundred tables, with rows or without, and note all its models anew: many times the work.
"""

from __future__ import annotations

from django.db import connection, transaction

from yingting.foundation.journal import triggers

# What Django notes of the models is the same for every test.
OF_THE_MODELS = {"django_content_type", "auth_permission"}


def emptied(_test=None) -> None:
    """Take all rows away. No constraint is asked meanwhile: no row is left that could refer to one that is gone."""
    filled = _filled()
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")  # no trigger fires
            for table in filled:
                cursor.execute(f"DELETE FROM {table}")
        return
    growing = filled & set(triggers.growing_tables())
    with connection.constraint_checks_disabled(), transaction.atomic(), connection.cursor() as cursor:
        for table in growing:
            triggers.remove(connection, table)
        for table in filled:
            cursor.execute(f"DELETE FROM {table}")
        for table in growing:
            triggers.install(connection, table)


def _filled() -> set[str]:
    tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - OF_THE_MODELS
    looks = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in sorted(tables))
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(looks))
        return {table for (table,) in cursor.fetchall()}
