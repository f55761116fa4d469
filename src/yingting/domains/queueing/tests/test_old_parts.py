"""A lake that an older version filled is read on: columns that came later are null in its rows."""

import dataclasses
import datetime as dt
import json

import ibis
import pyarrow as pa
import pytest

from yingting.domains.queueing.indicators import VISIT_INDICATORS, HallTerms
from yingting.domains.queueing.tables import VISITS
from yingting.foundation.lake.fills import DayState
from yingting.foundation.lake.store import Lake
from yingting.indicators.measuring import measure

LATER = ("rating_asked", "customer", "segment")
OLD = dataclasses.replace(VISITS, schema=pa.schema([one for one in VISITS.schema if one.name not in LATER]))
MONDAY = dt.date(2026, 1, 5)


def put(lake, table, day, **row):
    rows = [{"hall": "H01", "business_day": day, "visit": f"{day}", "outcome": "served", "rating": 5, **row}]
    with lake.fills.writing("H01"):
        lake.fills.replace("H01", day, DayState(1, 1, 1), {table: rows})


def as_once_written(lake):
    """Files were listed without their number of columns."""
    for path in lake.root.glob("fills/hall=H01/*.json"):
        listed = json.loads(path.read_text())
        for part in listed["days"].get(str(MONDAY), {}).get("parts", ()):
            del part["columns"]
        path.write_text(json.dumps(listed))


@pytest.mark.parametrize("days", [1, 2])
def test_rows_of_before_a_column_came_are_read_with_those_of_after(tmp_path, days):
    lake = Lake(tmp_path)
    put(lake, OLD, MONDAY)
    as_once_written(lake)
    if days == 2:
        put(lake, VISITS, MONDAY + dt.timedelta(days=1), rating_asked=True, customer="ann", segment="big")
    visits = lake.table(ibis.duckdb.connect(), VISITS, ["H01"])
    assert set(visits.columns) == set(VISITS.schema.names)
    found = visits.order_by("business_day").select("rating", *LATER).to_pyarrow().to_pylist()
    assert [tuple(row.values()) for row in found] == [(5, None, None, None), (5, True, "ann", "big")][:days]
    (readings,) = measure(VISIT_INDICATORS, visits, HallTerms(), minimum_sample=1)
    assert (readings["queueing.rating_mean"].n, readings["queueing.rating_response"].n) == (days, days - 1)
