"""Every indicator of the queue, computed twice over arbitrary days: by its declaration on DuckDB, and plainly in Python."""

import datetime as dt
from collections import Counter

import hypothesis.strategies as st
import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from yingting.domains.queueing.indicators import INDICATORS, VISIT_INDICATORS, HallTerms, returns, segment_visits
from yingting.domains.queueing.tables import TABLES, VISITS, Labels, fold_day
from yingting.domains.queueing.tests import journals
from yingting.domains.queueing.tests.by_hand import by_hand
from yingting.indicators.measuring import MissingColumnsError, measure

terms = st.builds(
    HallTerms,
    limit_itself_keeps=st.booleans(),
    abandoned_in_denominator=st.booleans(),
    transfer_restarts_wait=st.booleans(),
    good_from=st.sampled_from([4, 5]),
)
customers = st.lists(st.sampled_from([None, "ann", "bob"]), min_size=7, max_size=7)
A_WEEK = dt.timedelta(days=7)


@st.composite
def two_weeks(draw):
    """Rows of two halls: days of one, whose tickets may be issued exactly a week apart, and a day of another.

    Some facts are not there yet, as when they are settled late, and some visits come from a log that knows less.
    """
    steps = draw(journals.steps)
    walked = [
        journals.Day("a").walk(steps).end(),
        journals.Day("b", journals.MONDAY + A_WEEK).walk(draw(st.sampled_from([steps, steps[:12]]))),
        journals.Day("d", journals.MONDAY + A_WEEK + dt.timedelta(days=draw(st.integers(1, 2)))).walk([("issue", 0, 0)]),
        draw(journals.days("c")),
    ]  # fmt: skip
    late = draw(st.integers(2, 60))
    rows = {table.name: [] for table in TABLES}
    for day, hall in zip(walked, ("H01", "H01", "H01", "H02"), strict=True):
        facts = [fact for place, fact in enumerate(day.facts()) if day.name != "c" or place % late]
        folded = fold_day(facts, Labels(hall, "Asia/Shanghai"))
        for name, kept in rows.items():
            kept += getattr(folded, name)
    journals.to_the_minute(rows)
    known = draw(customers)
    for place, visit in enumerate(rows["visits"]):
        visit["customer"] = known[place % len(known)]
        visit["segment"] = {None: None, "ann": "big"}.get(visit["customer"], "")
        if visit["hall"] == "H02" and place % 3 == 0:
            visit |= {"abandonment_recorded": False, "rating_asked": None}
    return rows


def opened(rows):
    tables = {
        table.name: ibis.memtable(pa.Table.from_pylist(rows.get(table.name, []), schema=table.schema))
        for table in TABLES
    }  # fmt: skip
    visits = tables["visits"]
    return {**tables, "returns": returns(visits), "segment_visits": segment_visits(visits)}


def measured(rows, t, **more):
    """Return all readings by key, of all rows together."""
    found = {}
    for name, table in opened(rows).items():
        on_it = [one for one in INDICATORS if one.table == name]
        found |= measure(on_it, table, t, **more)[0].by_key
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=two_weeks(), t=terms, least=st.integers(1, 5))
@pytest.mark.req("QUE-02", "QUE-04")
def test_every_indicator_agrees_with_its_definition_in_plain_python(rows, t, least):
    found, wanted = measured(rows, t, minimum_sample=least), by_hand(rows, t)
    assert set(found) == set(wanted) == {one.key for one in INDICATORS}
    for one in INDICATORS:
        value, n = wanted[one.key]
        reading = found[one.key]
        assert reading.n == n, one.key
        if value is None or (one.minimum_sample is not None and n < least):
            assert (reading.value, reading.is_rated) == (None, False), one.key
        else:
            assert reading.value == pytest.approx(value, rel=1e-12, abs=1e-9), one.key


def test_arbitrary_days_have_something_for_every_indicator_to_measure():
    """Otherwise the test above would prove nothing."""
    rated = Counter()

    @settings(max_examples=30, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
    @given(rows=two_weeks())
    def look(rows):
        rated.update(key for key, (value, n) in by_hand(rows, HallTerms()).items() if value is not None and n)

    look()
    assert {one.key: rated[one.key] for one in INDICATORS if rated[one.key] < 5} == {}


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=two_weeks(), t=terms)
def test_grouped_readings_equal_readings_of_each_hall_alone(rows, t):
    for name, table in opened(rows).items():
        on_it = [one for one in INDICATORS if one.table == name]
        for one in measure(on_it, table, t, ("hall",)):
            alone = opened({key: [row for row in some if row["hall"] == one.group[0]] for key, some in rows.items()})
            assert one.by_key == measure(on_it, alone[name], t)[0].by_key


# ---------------------------------------------------------------------------------------------- exact cases


def served(wait, **more):
    row = {"hall": "H01", "outcome": "served", "wait_s": wait, "wait_last_s": wait, "abandonment_recorded": True}
    return {**row, **more}


def of_visits(rows, t=None, **more):
    return measured({"visits": rows}, t or HallTerms(), **more)


@pytest.mark.req("QUE-02")
def test_ten_minutes_exactly_is_within_the_limit_and_the_switch_turns_it():
    rows = [served(600.0), served(600.001)]
    assert of_visits(rows, minimum_sample=1)["queueing.wait_within_limit"].value == 0.5
    strict = of_visits(rows, HallTerms(limit_itself_keeps=False), minimum_sample=1)
    assert strict["queueing.wait_within_limit"].value == 0.0


def test_below_the_minimum_sample_a_value_is_not_rated_never_zero():
    few, enough = of_visits([served(60.0)] * 29), of_visits([served(60.0)] * 30)
    assert (few["queueing.wait_mean"].value, few["queueing.wait_mean"].n) == (None, 29)
    assert (enough["queueing.wait_mean"].value, enough["queueing.wait_mean"].is_rated) == (60.0, True)
    assert few["queueing.tickets"].value == 29


def test_an_empty_day_counts_nothing_and_rates_nothing():
    found = of_visits([])
    assert {key for key, one in found.items() if one.is_rated} == {
        "queueing.tickets", "queueing.served", "queueing.handlings", "queueing.idle_waiting", "queueing.forced_mode",
    }  # fmt: skip
    assert {(one.value, one.n) for one in found.values()} == {(0.0, 0), (None, 0)}


def test_a_log_that_does_not_see_people_leave_has_no_abandonment_rate():
    found = of_visits([served(60.0, abandonment_recorded=False)] * 40)["queueing.abandonment"]
    assert (found.value, found.n) == (None, 0)


@pytest.mark.parametrize(("wait", "kept", "error"), [(300.0, 1.0, -60.0), (420.0, 1.0, 60.0), (421.0, 0.0, 61.0)])
def test_both_ends_of_the_range_on_the_ticket_keep_the_promise(wait, kept, error):
    found = of_visits([served(wait, quoted_low_min=5.0, quoted_high_min=7.0)], minimum_sample=1)
    assert (found["queueing.quote_kept"].value, found["queueing.quote_error"].value) == (kept, error)


@pytest.mark.parametrize(("after", "share"), [(A_WEEK, 0.5), (A_WEEK + dt.timedelta(microseconds=1), 0.0)])
def test_a_customer_back_after_exactly_seven_days_has_come_again(after, share):
    first = dt.datetime(2026, 1, 5, 1, tzinfo=dt.UTC)
    own = {"customer": "ann", "business": "card"}
    rows = [
        served(60.0, visit="1", issued_at=first, **own),
        served(60.0, visit="2", issued_at=first + after, **own),
        served(60.0, visit="3", issued_at=first, **{**own, "business": "fee"}),
        served(60.0, visit="4", issued_at=first + dt.timedelta(days=9), customer=None),
    ]  # fmt: skip
    found = of_visits(rows, minimum_sample=1)["queueing.repeat_7d"]
    assert (found.value, found.n) == (share, 2), "the visit a week later is not judged yet"


def test_a_table_without_the_needed_columns_is_a_programming_error():
    with pytest.raises(MissingColumnsError, match=r"queueing\.abandonment needs abandonment_recorded"):
        measure(VISIT_INDICATORS, opened({})["visits"].drop("abandonment_recorded"), HallTerms())


def test_every_indicator_declares_what_it_is():
    columns = {name: set(table.columns) for name, table in opened({}).items()}
    assert VISITS.name in columns
    for one in INDICATORS:
        assert one.key.startswith("queueing.")
        assert one.title
        assert one.formula
        assert one.source
        assert set(one.needs) <= columns[one.table], one.key


@pytest.mark.req("QUE-01")
def test_promises_are_judged_by_where_they_came_from():
    """Two by a model (one kept), two from handling times alone, one from before anybody wrote it down, one without a range."""
    rows = [
        served(300.0, quoted_low_min=4.0, quoted_high_min=7.0, quoted_by=3),  # middle 330 s: 30 s early, kept
        served(500.0, quoted_low_min=4.0, quoted_high_min=7.0, quoted_by=4),  # 170 s late
        served(60.0, quoted_low_min=0.0, quoted_high_min=1.0, quoted_by=0),  # 30 s late, kept
        served(0.0, quoted_low_min=2.0, quoted_high_min=6.0, quoted_by=0),  # 240 s early
        served(180.0, quoted_low_min=1.0, quoted_high_min=5.0),  # to the second, kept
        served(90.0, quoted_by=0),
        {**served(None, quoted_low_min=1.0, quoted_high_min=9.0, quoted_by=2), "outcome": "abandoned"},
    ]
    found = of_visits(rows, minimum_sample=1)
    told = {name: (found[f"queueing.quote_{name}"].value, found[f"queueing.quote_{name}"].n) for name in (
        "kept", "kept_by_model", "by_model", "width", "off", "error",
    )}  # fmt: skip
    assert told == {
        "kept": (0.6, 5), "kept_by_model": (0.5, 2), "by_model": (0.6, 5), "width": (180.0, 5),
        "off": (pytest.approx((30 + 170 + 30 + 240 + 0) / 5), 5),
        "error": (pytest.approx((-30 + 170 + 30 - 240 + 0) / 5), 5),
    }  # fmt: skip
