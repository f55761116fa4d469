"""The engine against a counter that walks minute by minute, over random calendars and histories."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yingting.kernel.worktime.batches import NEVER, Clocks, due_many, share_many
from yingting.kernel.worktime.deadlines import at_share, breach, due, used
from yingting.kernel.worktime.explaining import compact, explain
from yingting.kernel.worktime.ledgers import EventKind, fold
from yingting.kernel.worktime.tests.worlds import (
    FIRST_DAYS,
    MinuteCounter,
    calendars,
    event,
    histories,
    limits,
    moment,
    worlds,
)  # fmt: skip


def second_of(found):
    return None if found is None else int(found.timestamp())


@pytest.mark.req("CMP-19")
@settings(max_examples=40)
@given(worlds())
def test_a_due_moment_is_the_one_that_counting_minutes_finds(world):
    calendar, limit, history = world
    counter, found = MinuteCounter(calendar, limit, history), due(limit, history.events, calendar)
    assert second_of(found.at) == counter.due
    leans = limit.unit.is_working or limit.may_move
    unknown = counter.years(counter.due or 0) - calendar.published
    assert found.is_provisional == bool(leans and unknown)


@settings(max_examples=30)
@given(worlds(), st.integers(0, 12 * 1440))
def test_what_is_used_and_what_ran_over_is_what_counting_minutes_finds(world, minutes):
    calendar, limit, history = world
    counter, now = MinuteCounter(calendar, limit, history), history.start + 60 * minutes
    found, over = (
        used(limit, history.events, calendar, moment(now)),
        breach(limit, history.events, calendar, moment(now)),
    )
    # A part of a working day is cut down to a whole part of 86,400,000.
    assert found.amount == pytest.approx(float(counter.used(now)), abs=1e-6)
    if counter.due is None or counter.due >= now:
        assert over is None
    else:
        assert (second_of(over.at), over.natural_s) == (counter.due, now - counter.due)
        assert over.amount == pytest.approx(float(counter.used(now) - counter.used(counter.due)), abs=1e-6)


@settings(max_examples=40)
@given(worlds(), st.sampled_from([0.25, 0.5, 0.8, 1.0]))
def test_a_share_is_used_when_that_share_of_the_running_minutes_has_gone(world, share):
    calendar, limit, history = world
    counter, found = MinuteCounter(calendar, limit, history), at_share(limit, history.events, calendar, share)
    if counter.due is None:
        assert found is None
        return
    minutes = counter.running(counter.due)
    wanted = minutes[math.ceil(len(minutes) * share) - 1]
    assert wanted - 60 < second_of(found) <= wanted


@settings(max_examples=40)
@given(worlds())
def test_the_lines_leave_out_no_second_and_add_up_to_the_limit(world):
    calendar, limit, history = world
    found = due(limit, history.events, calendar)
    lines = explain(found)
    if found.at is None:
        assert lines[-1].ends is None
        return
    assert lines[0].begins == moment(history.start)
    assert lines[-1].ends == found.at
    assert all(one.ends == other.begins for one, other in pairwise(lines))
    assert sum(line.counted for line in lines) == pytest.approx(limit.amount)
    assert sum(line.counted for line in compact(lines)) == pytest.approx(limit.amount)
    assert any(line.is_provisional for line in lines) <= found.is_provisional


@settings(max_examples=50)
@given(st.data())
def test_many_clocks_at_once_are_due_when_each_of_them_is(data):
    first = data.draw(st.sampled_from(FIRST_DAYS))
    calendar, limit = data.draw(calendars(first)), data.draw(limits())
    told = data.draw(st.lists(histories(first), min_size=1, max_size=12))
    found = due_many(limit, Clocks.told(limit, [fold(limit, one.events) for one in told]), calendar)
    singly = [due(limit, one.events, calendar) for one in told]
    assert [None if second == NEVER else second for second in found.seconds.tolist()] == [
        second_of(one.at) for one in singly
    ]
    assert found.is_provisional.tolist() == [one.is_provisional for one in singly]
    plain = due_many(limit, Clocks.running(np.array([one.start for one in told])), calendar)
    starts = [due(limit, (event(EventKind.START, one.start),), calendar) for one in told]
    assert plain.seconds.tolist() == [second_of(one.at) for one in starts]


@settings(max_examples=50)
@given(st.data(), st.sampled_from([0.01, 0.3, 0.5, 0.8, 1.0, 1.5]))
def test_many_clocks_at_once_have_used_a_share_when_each_of_them_has(data, share):
    first = data.draw(st.sampled_from(FIRST_DAYS))
    calendar, limit = data.draw(calendars(first)), data.draw(limits())
    told = data.draw(st.lists(histories(first), min_size=1, max_size=12))
    clocks = Clocks.told(limit, [fold(limit, one.events) for one in told])
    found = share_many(limit, clocks, calendar, due_many(limit, clocks, calendar).seconds, share)
    singly = [at_share(limit, one.events, calendar, share) for one in told]
    assert [None if second == NEVER else second for second in found.tolist()] == [second_of(one) for one in singly]
