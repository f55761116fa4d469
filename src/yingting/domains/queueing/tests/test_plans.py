"""What the hot statements read. PostgreSQL keeps plans that were made while the tables were empty; SQLite has no statistics."""

from __future__ import annotations

import re

import pytest
from django.db import connection

from yingting.domains.queueing import statements
from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.domains.queueing.rules.calling import Standing

pytestmark = pytest.mark.django_db
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="PostgreSQL keeps plans; SQLite makes them anew"
)
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite plans without statistics")


def empty_without_statistics(cursor):
    """Make every table as new for this transaction: what earlier tests left behind must not choose the plan."""
    tables = ", ".join(connection.ops.quote_name(name) for name in connection.introspection.table_names(cursor))
    cursor.execute(f"TRUNCATE {tables}")
    cursor.execute("DELETE FROM pg_statistic WHERE starelid >= 16384")


def generic_plan(text):
    names = {}

    def number(found):
        return f"${names.setdefault(found.group(1), len(names) + 1)}"

    with connection.cursor() as cursor:
        empty_without_statistics(cursor)
        cursor.execute("EXPLAIN (GENERIC_PLAN) " + re.sub(r"%\((\w+)\)s", number, text).replace("%", "%%"))
        return "\n".join(row[0] for row in cursor.fetchall())


@on_postgresql
@pytest.mark.parametrize("name", ["start", "finish"])
def test_a_step_finds_its_ticket_by_id_and_its_session_by_the_clerk(name):
    plan = generic_plan(statements.texts()[name])
    assert re.search(r"queueing_ticket_pkey on queueing_ticket", plan), plan
    assert "queueing_one_counter_a_clerk" in plan, plan
    assert "Seq Scan" not in plan, plan


@on_postgresql
@pytest.mark.parametrize("name", ["take", "call"])
def test_taking_and_calling_read_no_table_from_end_to_end(name):
    plan = generic_plan(statements.texts()[name])
    assert "Seq Scan" not in plan, plan


@on_sqlite
def test_the_look_ahead_reads_only_those_who_wait(cast, now, monkeypatch):
    asked = []
    monkeypatch.setattr(statements, "one_row", lambda sql, params: asked.append((sql, params)) or {})
    setup = fresh_setup(cast.hall)
    queue = next(iter(setup.queues.values()))
    place = Standing(None, queue.letter, 1, 2, now, now, now)
    statements.outlook(setup, day=setup.day(now), queue=queue.id, place=place, levels={}, now=now)
    [(sql, params)] = asked
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + sql, params)
        plan = "\n".join(row[3] for row in cursor.fetchall())
    assert "queueing_ticket USING INDEX queueing_next" in plan, plan
    assert "queueing_countersession USING INDEX queueing_session_day" in plan, plan
