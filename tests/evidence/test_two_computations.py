"""No indicator without a second computation, and both agree over arbitrary days."""

from random import Random

import hypothesis.strategies as st
import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings

from tests.evidence.days import rows_of_days
from tests.evidence.second import SECOND
from yingting.foundation.lake.declared import declared, indicator_sets
from yingting.foundation.lake.shelves import shelves
from yingting.indicators.measuring import measure

# What is no measure of rows is computed a second time in exact cases: costs in reporting/tests/test_figures.py, open cases and
# complaints per user in domains/cases/tests/test_figures.py, test_real_lists.py and reporting/tests/test_case_figures.py.
ENTERED = {"cost.per_ticket", "cases.open", "cases.open_age", "cases.open_overdue", "cases.per_ten_thousand_users"}
ON_FACTS = [found for found in indicator_sets() if found.answer is None]
TERMS = {found.rows: found.terms(found.limits.shipped if found.limits else None) for found in indicator_sets()}
TABLES = {table.name: table for shelf in shelves() for table in shelf.tables}
NOTHING = {name: [] for name in TABLES}


def second(rows):
    """Return (value, n) of every indicator by its second computation."""
    found = {}
    for name, by_hand in SECOND.items():
        found |= by_hand(rows, TERMS[name])
    return found


def in_memory(rows):
    """Return the opener of rows in memory, as sets of indicators open their tables."""
    return lambda table: ibis.memtable(pa.Table.from_pylist(rows[table.name], schema=table.schema))


def test_no_indicator_is_without_a_second_computation():
    assert set(second(NOTHING)) | ENTERED == set(declared())


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), days=st.integers(0, 3), length=st.sampled_from([4, 40, 160]))
def test_every_indicator_agrees_with_its_second_computation(seed, days, length):
    rows = rows_of_days(Random(seed), days, length)
    wanted = second(rows)
    for found in ON_FACTS:
        (readings,) = measure(found.indicators, found.open(in_memory(rows)), TERMS[found.rows], minimum_sample=1)
        for one in found.indicators:
            value, n = wanted[one.key]
            assert readings[one.key].n == n, one.key
            rated = value is not None and (n > 0 or one.minimum_sample is None)
            assert readings[one.key].value == (pytest.approx(value, rel=1e-12, abs=1e-9) if rated else None), one.key


def test_a_seeded_day_has_something_for_every_indicator():
    """Otherwise the test above, and that on Spark, would prove nothing."""
    found = second(rows_of_days(Random(5)))
    assert [key for key, (value, n) in found.items() if value is None or n < 2] == []
