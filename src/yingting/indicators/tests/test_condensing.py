"""Condensed queries say what the declarations say."""

from __future__ import annotations

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yingting.indicators.condensing import condensed

ROWS = st.lists(
    st.tuples(st.sampled_from("ab"), st.one_of(st.none(), st.floats(0, 1e4)), st.one_of(st.none(), st.booleans())),
    max_size=30,
)
SCHEMA = ibis.schema({"hall": "string", "wait_s": "float64", "is_served": "boolean"})


def metrics(rows):
    served, wait = rows.is_served, rows.wait_s
    return {
        "all": rows.count(),
        "served": rows.count(where=served),
        "known": wait.count(where=served),
        "mean": wait.mean(where=served),
        "total": wait.sum(where=served),
        "longest": wait.max(where=served),
        "shortest": wait.min(where=served),
        "median": wait.quantile(0.5, where=served),
        "p90": wait.quantile(0.9, where=served),
        "median_of_all": wait.quantile(0.5),
        "share": (wait <= 600).cast("float64").mean(where=served & wait.notnull()),
        "ratio": wait.sum(where=served) / rows.count(where=served),
        "different": rows.hall.nunique(where=served),
    }


def answers(table, aggregates, by):
    query = table.group_by(by).aggregate(**aggregates).order_by(by) if by else table.aggregate(**aggregates)
    return query.to_pyarrow().to_pylist()


def known(row):
    return {name: value for name, value in row.items() if isinstance(value, int | float)}


@settings(deadline=None, max_examples=30)
@given(rows=ROWS, by=st.sampled_from(([], ["hall"])))
def test_the_condensed_query_gives_the_same_values_as_the_plain_one(rows, by):
    names = SCHEMA.names
    table = ibis.memtable([dict(zip(names, row, strict=True)) for row in rows], schema=SCHEMA)
    plain = metrics(table)
    for condensed_row, plain_row in zip(answers(*condensed(table, plain), by), answers(table, plain, by), strict=True):
        assert {name for name, value in condensed_row.items() if value is None} == {
            name for name, value in plain_row.items() if value is None
        }
        assert known(condensed_row) == pytest.approx(known(plain_row), rel=1e-12)


def test_quantiles_of_one_column_are_sorted_once_and_filters_are_computed_once():
    table = ibis.table(SCHEMA, name="visits")
    wider, cheap = condensed(table, metrics(table))
    text = ibis.to_sql(wider.aggregate(**cheap), dialect="duckdb")
    assert text.count("QUANTILE_CONT") == 3  # the list of two, named twice; and the one over all rows
    assert text.count("[0.5, 0.9]") == 2
    assert text.count('CASE WHEN "t0"."is_served" THEN "t0"."wait_s"') == 1
    assert text.count("FILTER") == 1  # counting different values is left as it is
