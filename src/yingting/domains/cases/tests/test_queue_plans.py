"""The questions of the work queue find their rows by an index, whatever number of cases there is."""

import pytest
from django.db import connection

from yingting.domains.cases.queries.queue import Asked, Which, open_of

pytestmark = pytest.mark.django_db


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans small tables without indexes")
@pytest.mark.parametrize("which", Which)
def test_no_view_of_the_queue_reads_all_cases(which, cast, actor_of, now):
    rows = open_of(actor_of("1201"), Asked(which), now)
    for asked in (rows.values_list("pk", flat=True)[:51], rows.order_by().values_list("pk", flat=True)[:1000]):
        sql, params = asked.query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            plan = [row[3] for row in cursor.fetchall()]
        on_cases = [step for step in plan if "cases_case" in step]
        assert on_cases, plan
        assert not [step for step in on_cases if "INDEX" not in step], plan
