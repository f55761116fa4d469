"""What cannot carry a model is refused with every reason, and every row that is left out says why."""

import dataclasses
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yingting.twin.calibrating.days import DayFacts
from yingting.twin.calibrating.fitting import fit_rebuilt, fit_snapshots, fit_visits
from yingting.twin.calibrating.reasons import WORDS, CannotCalibrate, Demands, Said
from yingting.twin.calibrating.snapshots import Snapshots, counter_pools, planned, rebuild, tickets_of, usable_rows
from yingting.twin.calibrating.tracing import passed_s, seen_wait_s
from yingting.twin.calibrating.visits import Outcome, usable
from yingting.twin.hall import Stint
from yingting.twin.tests.made_up import MONDAY, TRUTH, H, records


@pytest.fixture(scope="module")
def visits():
    return records(TRUTH, 6, seed=1)


def reasons(refusal):
    return [one.code for one in refusal.value.reasons]


# ---------------------------------------------------------------------------------------------- visits
def test_too_few_days_and_visits_are_refused_with_both_reasons(visits):
    few = visits.only(np.flatnonzero(visits.day < MONDAY + 2)[:150])
    with pytest.raises(CannotCalibrate) as refusal:
        fit_visits(few)
    assert reasons(refusal) == ["too_few_days", "too_few_visits"]
    assert str(refusal.value) == "Only 1 days can be used; 5 are needed. Only 150 visits can be used; 200 are needed."


def test_what_is_asked_can_be_changed(visits):
    fit = fit_visits(visits.only(visits.day < MONDAY + 3), demands=Demands(days=3))
    assert len(fit.facts) == 3


def test_visits_without_calls_are_refused(visits):
    never = replace(visits, called_s=np.full(len(visits), math.nan), outcome=np.full(len(visits), Outcome.OPEN))
    with pytest.raises(CannotCalibrate) as refusal:
        fit_visits(never)
    assert reasons(refusal) == ["no_calls"]


def test_visits_without_ends_of_services_are_refused(visits):
    with pytest.raises(CannotCalibrate) as refusal:
        fit_visits(replace(visits, finished_s=np.full(len(visits), math.nan)))
    assert reasons(refusal) == ["no_services"]


def test_visits_without_counters_are_refused_unless_the_days_name_them(visits):
    nobody = replace(visits, counter=np.full(len(visits), -1))
    with pytest.raises(CannotCalibrate) as refusal:
        fit_visits(nobody)
    assert reasons(refusal) == ["no_counters"]


def test_a_broken_clock_is_refused(visits):
    with pytest.raises(CannotCalibrate) as refusal:
        fit_visits(visits, demands=Demands(first_day=MONDAY + 4))
    assert reasons(refusal) == ["clock_broken", "too_many_bad_rows"]
    assert {fault.code for fault in refusal.value.faults} == {"row_day_impossible"}


def test_each_bad_row_has_its_reason_and_the_others_are_used(visits):
    some = visits.only(np.flatnonzero(visits.outcome == Outcome.SERVED)[:20])
    columns = {name: getattr(some, name).copy() for name in ("issued_s", "called_s", "finished_s", "need", "day")}
    columns["issued_s"][0] = math.nan
    columns["called_s"][1] = columns["issued_s"][1] - 1
    columns["finished_s"][2] = columns["called_s"][2] - 1
    columns["issued_s"][3] = 90_000.0
    columns["need"][4] = 9
    columns["day"][5] = 0
    columns["called_s"][6] = math.nan
    bad = replace(some, **columns, started_s=columns["called_s"])
    twice = bad.only(np.append(np.arange(20), 10))
    good, faults = usable(twice)
    assert [(fault.row, fault.code) for fault in faults] == [
        (0, "row_not_a_number"), (1, "row_clock_runs_back"), (2, "row_clock_runs_back"), (3, "row_outside_the_day"),
        (4, "row_unknown_name"), (5, "row_day_impossible"), (6, "row_no_call"), (20, "row_twice"),
    ]  # fmt: skip
    assert len(good) == 13


def test_one_bad_row_in_five_is_refused_with_its_rows(visits):
    bad = visits.called_s.copy()
    bad[::4] = visits.issued_s[::4] - 10
    with pytest.raises(CannotCalibrate) as refusal:
        fit_visits(replace(visits, called_s=bad))
    assert reasons(refusal) == ["too_many_bad_rows"]
    assert len(refusal.value.faults) >= len(visits) / 5


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_no_row_is_lost_and_none_that_is_kept_runs_back(visits, data):
    rows = visits.only(np.arange(30))
    columns = {}
    for name in ("issued_s", "called_s", "started_s", "finished_s", "left_s"):
        columns[name] = np.array(
            data.draw(st.lists(st.floats(-1e5, 3e5) | st.just(math.nan), min_size=30, max_size=30))
        )
    good, faults = usable(replace(rows, **columns))
    assert len(good) + len(faults) == 30
    assert all(fault.code in WORDS for fault in faults)
    with np.errstate(invalid="ignore"):
        assert not (good.called_s < good.issued_s).any()
        assert not (good.finished_s < good.started_s).any()
    assert not (good.waited_s < 0).any()


def test_every_word_can_be_filled():
    for code, words in WORDS.items():
        blanks = {part.split(")")[0] for part in words.split("%(")[1:]}
        assert Said(code, tuple((blank, "x") for blank in blanks)).english
    with pytest.raises(KeyError):
        Said("nothing_like_it")
    assert len(dataclasses.fields(Demands)) > 10


# ---------------------------------------------------------------------------------------------- snapshots
def looked_at(visits, model, step_s=300.0):
    """The snapshots that a screen would have shown of these visits: people waiting, counters open, number now served."""
    rows = []
    times = np.arange(8.5 * H, 20 * H, step_s)
    for day in visits.days:
        for queue, name in enumerate(visits.names.queues):
            mine = visits.only((visits.day == day) & (visits.queue == queue))
            issued, called = (
                np.sort(mine.issued_s),
                np.maximum.accumulate(np.nan_to_num(mine.called_s[np.argsort(mine.issued_s)], nan=0.0)),
            )
            for at in times:
                number = int((called <= at).sum()) if len(called) else 0
                waiting = int((issued <= at).sum()) - number
                there = sum(one.opens_s <= at < one.closes_s and name in one.queues for one in model.stints)
                rows.append((day, at, queue, max(waiting, 0), there, number or math.nan))
    day, at, queue, waiting, there, number = np.array(rows, float).T
    return Snapshots(visits.names.queues, day.astype(int), at, queue.astype(int), waiting, there, number)


@pytest.fixture(scope="module")
def hall():
    """Queues with counters of their own, nobody leaves."""
    stints = tuple(Stint(str(place), 9 * H, 19 * H, ("AAAABB"[place],)) for place in range(6))
    return replace(TRUTH, stints=stints, needs=tuple(replace(one, patience=None) for one in TRUTH.needs))


@pytest.fixture(scope="module")
def rows(hall):
    return looked_at(records(hall, 12, seed=4), hall)


def test_tickets_come_back_from_snapshots(hall, rows):
    truth = records(hall, 12, seed=4)
    rebuilt = rebuild(rows, Demands())
    assert not rebuilt.faults
    assert rebuilt.pools == (("A",), ("B",))
    assert len(rebuilt.visits) == len(truth)
    for day in truth.days:
        seen, real = (one.only((one.day == day) & (one.queue == 0)) for one in (rebuilt.visits, truth))
        gap = np.sort(seen.issued_s) - np.sort(real.issued_s)
        assert ((gap >= 0) & (gap <= 300)).all()
    assert abs(np.nanmean(rebuilt.visits.waited_s) - np.nanmean(truth.waited_s)) < 60


def test_a_hall_fitted_from_snapshots_serves_as_fast_as_the_real_one(hall, rows):
    fit = fit_snapshots(rows)
    mean_a = (10 * 240 + 8 * (0.3 * 40 + 0.7 * 420)) / 18
    found = {need.queue: need.mean_s for need in fit.needs()}
    assert abs(found["A"] / mean_a - 1) < 0.15
    assert {"services_inferred", "coarse_clock", "short_record"} <= {one.code for one in fit.said}
    assert abs(fit.arrivals.rates(next(iter(fit.facts.values()))).sum() / hall.a_day - 1) < 0.2


def test_each_bad_snapshot_has_its_reason(rows):
    few = rows.only(np.arange(40))
    columns = {name: getattr(few, name).copy() for name in ("at_s", "waiting", "number", "day", "queue")}
    columns["waiting"][0] = -1
    columns["at_s"][1] = math.nan
    columns["day"][2] = 0
    columns["at_s"][3] = 90_000.0
    columns["queue"][4] = 7
    columns["at_s"][6] = columns["at_s"][5]
    columns["number"][:20] = math.nan
    columns["number"][20:] = np.arange(20) + 1
    columns["number"][30] = 3
    good, faults = usable_rows(replace(few, **columns), Demands())
    assert {(fault.row, fault.code) for fault in faults} == {
        (0, "row_negative"), (1, "row_not_a_number"), (2, "row_day_impossible"), (3, "row_outside_the_day"),
        (4, "row_unknown_name"), (6, "row_twice"), (30, "row_number_falls"),
    }  # fmt: skip
    assert len(good) == 33


def test_a_gap_while_numbers_move_gives_no_tickets():
    at = np.array([0.0, 300, 600, 6000, 6300])
    number = np.array([math.nan, 1, 2, 30, 31])
    waiting = np.ones(5)
    assert tickets_of(at, waiting, number, 1800.0) is None
    issued, called = tickets_of(at, waiting, number, 7200.0)
    assert len(issued) == len(called) == 32
    assert np.isnan(called[-1])


def test_snapshots_in_which_nobody_waits_are_refused(rows):
    calm = replace(rows, waiting=np.zeros(len(rows)), number=np.where(np.isnan(rows.number), math.nan, 1.0))
    with pytest.raises(CannotCalibrate) as refusal:
        fit_snapshots(calm, demands=Demands(visits=1, days=1))
    assert reasons(refusal) == ["never_waited"]


def test_snapshots_of_two_days_are_refused(rows):
    with pytest.raises(CannotCalibrate) as refusal:
        fit_rebuilt(rebuild(rows.only(rows.day < MONDAY + 2), Demands()))
    assert "too_few_days" in reasons(refusal)


def test_queues_that_open_together_share_their_counters(rows):
    shared = replace(rows, counters=np.where(rows.queue == 1, 3.0, 3.0))
    assert counter_pools(shared) == (("A", "B"),)
    assert counter_pools(replace(rows, counters=np.where(rows.queue == 1, 1.0, 3.0))) == (("A",), ("B",))


def test_a_plan_does_not_know_who_stayed_after_closing(rows):
    rebuilt = rebuild(rows, Demands())
    plan = planned(rebuilt, DayFacts(MONDAY, opens_s=9 * H, closes_s=12 * H))
    assert max(one.closes_s for one in plan.stints) == 12 * H
    with pytest.raises(KeyError):
        planned(rebuilt, DayFacts(MONDAY + 400))


# ---------------------------------------------------------------------------------------------- small things
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), min_size=1, max_size=40))
def test_rebuilding_finds_the_tickets_that_made_the_snapshots(steps):
    """Any history of people coming and being called gives back each ticket at the snapshots between which it happened."""
    at = np.arange(len(steps) + 1) * 300.0
    issued, called = [0], [0]
    for comes, calls in steps:
        issued.append(issued[-1] + comes)
        called.append(min(called[-1] + calls, issued[-1]))
    issued, called = np.array(issued), np.array(called)
    number = np.where(called > 0, called, math.nan).astype(float)
    found = tickets_of(at, (issued - called).astype(float), number, 1e9)
    if not called.any():
        assert len(found[0]) == 0
        return
    first = int(np.argmax(called > 0))
    assert len(found[0]) <= issued[-1]
    # Up to the first call the numbers are guessed from who stopped waiting; afterwards the counts are exact.
    assert int((found[0] > at[first]).sum()) == issued[-1] - issued[first]
    assert int(np.isnan(found[1]).sum()) == issued[-1] - called[-1]
    known = np.isfinite(found[1])
    assert (found[1][known] >= found[0][known]).all()


@given(st.lists(st.tuples(st.floats(0, 1000), st.floats(0, 1000), st.booleans()), min_size=1, max_size=30))
def test_a_number_is_passed_when_a_later_one_is_called(rows):
    joined = np.array([row[0] for row in rows])
    gone = np.array([row[2] for row in rows])
    called = np.where(gone, math.nan, joined + [row[1] for row in rows])
    left = np.where(gone, joined + [row[1] for row in rows], math.nan)
    zeros = np.zeros(len(rows), np.int64)
    found = passed_s(joined, called, left, zeros, zeros)
    assert np.isfinite(found).all()
    assert (found[~gone] == called[~gone]).all()
    assert (found[gone] >= left[gone]).all()


def test_a_wait_is_seen_only_as_often_as_one_looks():
    clock = np.array([0.0, 300.0, 600.0])
    joined, called = np.array([10.0, 10.0, 650.0]), np.array([20.0, 301.0, 700.0])
    assert seen_wait_s(joined, called, clock).tolist() == [0.0, 300.0, 50.0]
    assert seen_wait_s(joined, called, None).tolist() == [10.0, 291.0, 50.0]
