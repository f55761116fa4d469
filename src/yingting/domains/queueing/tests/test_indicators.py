"""Every indicator of the queue, computed twice: by its declaration on DuckDB, and plainly in Python."""

import math

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yingting.domains.queueing.indicators import INDICATORS, STINT_INDICATORS, VISIT_INDICATORS, HallTerms
from yingting.domains.queueing.tables import STINTS, VISITS, stints_from_visits
from yingting.indicators.measuring import MissingColumnsError, measure

seconds = st.one_of(st.none(), st.integers(0, 2000).map(float), st.sampled_from([180.0, 300.0, 480.0, 600.0]))
visit = st.fixed_dictionaries(
    {
        "hall": st.sampled_from(["H01", "H02"]),
        "outcome": st.sampled_from(["served", "served", "served", "abandoned", "no_show", "open"]),
        "wait_s": seconds,
        "wait_last_s": seconds,
        "handling_s": seconds,
        "kind": st.sampled_from(["single", "combined", None]),
        "abandonment_recorded": st.booleans(),
    }
)
terms = st.builds(
    HallTerms,
    limit_itself_keeps=st.booleans(),
    abandoned_in_denominator=st.booleans(),
    transfer_restarts_wait=st.booleans(),
    minimum_sample=st.integers(1, 5),
)


def table(rows):
    full = [{name: row.get(name) for name in VISITS.schema.names} for row in rows]
    return ibis.memtable(pa.Table.from_pylist(full, schema=VISITS.schema))


def quantile(values, q):
    if not values:
        return None
    ranked = sorted(values)
    place = q * (len(ranked) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ranked) - 1)
    return ranked[low] + (ranked[high] - ranked[low]) * (place - low)


def mean(values):
    return math.fsum(values) / len(values) if values else None


def by_hand(rows, t):
    """The definitions once more, in plain Python: (value, n) by key."""
    served = [row for row in rows if row["outcome"] == "served"]
    known = [row for row in rows if row["outcome"] != "open" and row["abandonment_recorded"]]
    ended = [row for row in rows if row["outcome"] != "open"]
    column = "wait_last_s" if t.transfer_restarts_wait else "wait_s"
    waits = [row[column] for row in served if row[column] is not None]
    left = sum(row["outcome"] == "abandoned" for row in rows) if t.abandoned_in_denominator else 0
    handlings = [row["handling_s"] for row in served if row["handling_s"] is not None]
    judged = [row for row in served if row["handling_s"] is not None and row["kind"]]

    def keeps(value, limit):
        return value <= limit if t.limit_itself_keeps else value < limit

    def share(limit):
        n = len(waits) + left
        return (sum(keeps(wait, limit) for wait in waits) / n if n else None, n)

    limits = {"single": t.single_limit_s, "combined": t.combined_limit_s}
    return {
        "queueing.tickets": (len(rows), len(rows)),
        "queueing.served": (len(served), len(served)),
        "queueing.abandonment": (mean([row["outcome"] == "abandoned" for row in known]), len(known)),
        "queueing.no_show": (mean([row["outcome"] == "no_show" for row in ended]), len(ended)),
        "queueing.wait_mean": (mean(waits), len(waits)),
        "queueing.wait_median": (quantile(waits, 0.5), len(waits)),
        "queueing.wait_p90": (quantile(waits, 0.9), len(waits)),
        "queueing.wait_longest": (max(waits, default=None), len(waits)),
        "queueing.wait_within_limit": share(t.wait_limit_s),
        "queueing.wait_within_challenge": share(t.wait_challenge_s),
        "queueing.handlings": (len(served), len(served)),
        "queueing.handling_mean": (mean(handlings), len(handlings)),
        "queueing.handling_median": (quantile(handlings, 0.5), len(handlings)),
        "queueing.handling_p90": (quantile(handlings, 0.9), len(handlings)),
        "queueing.handling_within_limit": (
            mean([keeps(row["handling_s"], limits[row["kind"]]) for row in judged]),
            len(judged),
        ),
    }


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(visit, max_size=60), t=terms)
@pytest.mark.req("QUE-02", "QUE-04")
def test_every_indicator_agrees_with_its_definition_in_plain_python(rows, t):
    visits = table(rows)
    stints = stints_from_visits(visits)
    assert set(stints.columns) == set(STINTS.schema.names)
    (on_visits,) = measure(VISIT_INDICATORS, visits, t, minimum_sample=t.minimum_sample)
    (on_stints,) = measure(STINT_INDICATORS, stints, t, minimum_sample=t.minimum_sample)
    wanted = by_hand(rows, t)
    found = {**on_visits.by_key, **on_stints.by_key}
    assert set(found) == set(wanted) == {one.key for one in INDICATORS}
    for one in INDICATORS:
        value, n = wanted[one.key]
        reading = found[one.key]
        assert reading.n == n, one.key
        if value is None or (one.minimum_sample is not None and n < t.minimum_sample):
            assert (reading.value, reading.is_rated) == (None, False), one.key
        else:
            assert reading.value == pytest.approx(value, rel=1e-12, abs=1e-12), one.key


@settings(max_examples=15, deadline=None)
@given(rows=st.lists(visit, min_size=1, max_size=40), t=terms)
def test_grouped_readings_equal_readings_of_each_group_alone(rows, t):
    for one in measure(VISIT_INDICATORS, table(rows), t, ("hall",)):
        (alone,) = measure(VISIT_INDICATORS, table([row for row in rows if row["hall"] == one.group[0]]), t)
        assert one.by_key == alone.by_key


def served(wait, **more):
    return {
        "hall": "H01",
        "outcome": "served",
        "wait_s": wait,
        "wait_last_s": wait,
        "abandonment_recorded": True,
        **more,
    }


@pytest.mark.req("QUE-02")
def test_ten_minutes_exactly_is_within_the_limit_and_the_switch_turns_it():
    visits = table([served(600.0), served(600.001)])
    (kept,) = measure(VISIT_INDICATORS, visits, HallTerms(), minimum_sample=1)
    (strict,) = measure(VISIT_INDICATORS, visits, HallTerms(limit_itself_keeps=False), minimum_sample=1)
    assert kept["queueing.wait_within_limit"].value == 0.5
    assert strict["queueing.wait_within_limit"].value == 0.0


def test_below_the_minimum_sample_a_value_is_not_rated_never_zero():
    (few,) = measure(VISIT_INDICATORS, table([served(60.0)] * 29), HallTerms())
    (enough,) = measure(VISIT_INDICATORS, table([served(60.0)] * 30), HallTerms())
    assert (few["queueing.wait_mean"].value, few["queueing.wait_mean"].n) == (None, 29)
    assert (enough["queueing.wait_mean"].value, enough["queueing.wait_mean"].is_rated) == (60.0, True)
    assert few["queueing.tickets"].value == 29


def test_a_log_that_does_not_see_people_leave_has_no_abandonment_rate():
    rows = [served(60.0, abandonment_recorded=False)] * 40
    (found,) = measure(VISIT_INDICATORS, table(rows), HallTerms())
    assert (found["queueing.abandonment"].value, found["queueing.abandonment"].n) == (None, 0)


def test_a_table_without_the_needed_columns_is_a_programming_error():
    with pytest.raises(MissingColumnsError, match=r"queueing\.abandonment needs abandonment_recorded"):
        measure(VISIT_INDICATORS, table([]).drop("abandonment_recorded"), HallTerms())


def test_every_indicator_declares_what_it_is():
    for one in INDICATORS:
        assert one.key.startswith("queueing.")
        assert one.title
        assert one.source
        schema = (VISITS if one.table == "visits" else STINTS).schema
        assert set(one.needs) <= set(schema.names)
