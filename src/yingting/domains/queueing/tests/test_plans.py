"""Plans that PostgreSQL keeps: they must be right although they were made while the tables were empty."""

from __future__ import annotations

import re

import pytest
from django.db import connection

from yingting.domains.queueing import statements

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL keeps plans; SQLite makes them anew"),
]


def generic_plan(text):
    names = {}

    def number(found):
        return f"${names.setdefault(found.group(1), len(names) + 1)}"

    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (GENERIC_PLAN) " + re.sub(r"%\((\w+)\)s", number, text).replace("%", "%%"))
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.parametrize("name", ["start", "finish"])
def test_a_step_finds_its_ticket_by_id_and_its_session_by_the_clerk(name):
    plan = generic_plan(statements.texts()[name])
    assert re.search(r"queueing_ticket_pkey on queueing_ticket", plan), plan
    assert "queueing_one_counter_a_clerk" in plan, plan
    assert "Seq Scan" not in plan, plan


@pytest.mark.parametrize("name", ["take", "call"])
def test_taking_and_calling_read_no_table_from_end_to_end(name):
    plan = generic_plan(statements.texts()[name])
    assert "Seq Scan" not in plan, plan
