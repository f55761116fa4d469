"""The pure rules: levels, an alert's life, long lines, the effect of forced mode."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingting.domains.peaks.queries.rules_in_force import PEAKS, SHIPPED
from yingting.domains.peaks.rules import (
    Change,
    Life,
    PeakRule,
    Standing,
    Wait,
    effect_of,
    first_that_falls,
    level_of,
    live_on,
    next_level,
    over_throughout,
    period_of,
)
from yingting.foundation.rulebook.kinds import as_body, from_body

T = dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
SETTLE = 5 * MINUTE
# Looks at a hall: seconds since the last look, and the level that the figures reach.
looks = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 3)), max_size=60)


def test_the_shipped_levels_rise_and_survive_the_rulebook():
    assert first_that_falls(SHIPPED.levels) is None
    assert list(PEAKS.check(SHIPPED, "GD/")) == []
    assert from_body(PEAKS, as_body(PEAKS, SHIPPED)) == SHIPPED
    assert [level.waiting for level in SHIPPED.levels] == [30, 50, 80]


def test_levels_that_do_not_rise_or_share_a_code_are_refused():
    one, two, _three = SHIPPED.levels
    assert [problem[0] for problem in PEAKS.check(PeakRule((two, one)), "GD/")] == ["levels"]
    assert len(list(PEAKS.check(PeakRule((one, one)), "GD/"))) == 2
    assert len(list(PEAKS.check(PeakRule(()), "GD/"))) == 1


@given(st.integers(0, 200), st.integers(0, 90), st.integers(0, 200), st.integers(0, 90))
def test_more_people_or_longer_waits_never_lower_the_level(people, minutes, more, longer):
    below = level_of(people, minutes, SHIPPED.levels)
    assert level_of(people + more, minutes + longer, SHIPPED.levels) >= below


@given(looks)
def test_a_level_rises_at_once_and_falls_one_step_only_after_it_has_settled(seen):
    now, standing, below = T, Standing(0), None
    for seconds, reached in seen:
        now += dt.timedelta(seconds=seconds)
        before, standing = standing, next_level(standing, reached, now=now, settle=SETTLE)
        if reached >= before.level:
            assert standing == Standing(reached)
            below = None
        else:
            below = below or now
            assert standing.level in (before.level, before.level - 1)
            assert (standing.level < before.level) == (now - below >= SETTLE)
            if standing.level < before.level:
                below = now if reached < standing.level else None


@given(looks)
def test_no_level_is_left_and_taken_again_within_the_settling_time(seen):
    """A fall is followed by a rise back only when the figures really rise after five minutes below: never two falls and no
    fall and rise of one level within the time by looks that only waver.
    """
    now, standing, falls = T, Standing(0), []
    for seconds, reached in seen:
        now += dt.timedelta(seconds=seconds)
        before, standing = standing, next_level(standing, reached, now=now, settle=SETTLE)
        if standing.level < before.level:
            falls.append(now)
    assert all(later - earlier >= SETTLE for earlier, later in pairwise(falls))


@given(looks)
def test_an_alert_is_raised_once_until_it_ends_and_lapses_once_a_level(seen):
    now, life, happened = T, None, []
    for seconds, reached in seen:
        now += dt.timedelta(seconds=seconds)
        life, changes = live_on(life, reached, now=now, settle=SETTLE, act_within=3 * MINUTE)
        happened += changes
        if Change.ENDED in changes:
            life = None
    is_open = 0
    for change in happened:
        assert is_open == (change is not Change.RAISED)
        is_open = change is not Change.ENDED
    assert happened.count(Change.LAPSED) <= happened.count(Change.RAISED) + happened.count(Change.ESCALATED)


@pytest.mark.req("QUE-09")
@given(st.lists(st.integers(0, 3), min_size=1, max_size=80))
def test_a_storm_of_changes_raises_one_alert(levels):
    """Eighty changes within the settling time: one alert, at most one rise for each level, nothing ends."""
    now, life, happened = T, None, []
    for reached in levels:
        now += dt.timedelta(seconds=3)
        life, changes = live_on(life, reached, now=now, settle=SETTLE, act_within=10 * MINUTE)
        happened += changes
    assert happened.count(Change.RAISED) == (max(levels) > 0)
    assert happened.count(Change.ESCALATED) <= 2
    assert set(happened) <= {Change.RAISED, Change.ESCALATED}


def test_trouble_that_passed_before_the_time_was_over_does_not_lapse():
    life = Life(1, act_by=T + 5 * MINUTE)
    calm, _ = live_on(life, 0, now=T + 4 * MINUTE, settle=SETTLE, act_within=SETTLE)
    assert live_on(calm, 0, now=T + 6 * MINUTE, settle=SETTLE, act_within=SETTLE)[1] == ()
    assert live_on(calm, 0, now=T + 9 * MINUTE, settle=SETTLE, act_within=SETTLE)[1] == (Change.ENDED,)


def test_an_alert_that_was_acted_on_never_lapses_and_a_rise_asks_anew():
    life = Life(1, act_by=T + 5 * MINUTE, acted_at=T + MINUTE)
    assert live_on(life, 1, now=T + 9 * MINUTE, settle=SETTLE, act_within=SETTLE)[1] == ()
    risen, changes = live_on(life, 2, now=T + 9 * MINUTE, settle=SETTLE, act_within=SETTLE)
    assert (changes, risen) == ((Change.ESCALATED,), Life(2, T + 14 * MINUTE))


def test_a_look_that_comes_late_records_the_lapse_and_the_rise():
    risen, changes = live_on(Life(1, T), 2, now=T + 9 * MINUTE, settle=SETTLE, act_within=SETTLE)
    assert changes == (Change.LAPSED, Change.ESCALATED)
    assert risen.lapsed_at is None  # the new level has its own time


spans = st.lists(
    st.tuples(st.integers(0, 40), st.one_of(st.none(), st.integers(1, 40))).map(
        lambda pair: (T + pair[0] * MINUTE, None if pair[1] is None else T + (pair[0] + pair[1]) * MINUTE)
    ),
    max_size=12,
)


@given(spans, st.integers(0, 4))
def test_a_line_is_over_throughout_when_it_is_over_at_every_half_minute(lines, people):
    since, now = T + 20 * MINUTE, T + 40 * MINUTE
    halves = [since + n * MINUTE / 2 for n in range(41)]
    always = all(sum(a <= at and (b is None or at < b) for a, b in lines) > people for at in halves)
    assert over_throughout(lines, people, since=since, now=now) == always


@given(
    st.lists(st.tuples(st.integers(0, 90), st.one_of(st.none(), st.integers(0, 40))), max_size=30), st.integers(1, 59)
)
def test_periods_that_meet_add_up(pairs, cut):
    waits = [Wait(T + a * MINUTE, None if b is None else T + (a + b) * MINUTE, b is not None) for a, b in pairs]
    whole = period_of(waits, T, T + 60 * MINUTE)
    left, right = period_of(waits, T, T + cut * MINUTE), period_of(waits, T + cut * MINUTE, T + 60 * MINUTE)
    assert whole.issued == left.issued + right.issued
    assert whole.called == left.called + right.called
    assert whole.waiting == pytest.approx((left.waiting * cut + right.waiting * (60 - cut)) / 60)


def test_an_effect_says_nothing_of_what_has_not_been():
    waits = [Wait(T + n * MINUTE, T + (n + 4) * MINUTE, True, n % 2 == 0) for n in range(30)]
    running = effect_of(waits, begin=T + 10 * MINUTE, end=None, opened=T, now=T + 20 * MINUTE)
    assert (running.before.issued, running.before.restricted, running.during.issued, running.after) == (10, 5, 10, None)
    assert (running.before.begin, running.before.called, running.before.mean_wait_s) == (T, 6, 240.0)
    ended = effect_of(waits, begin=T + 10 * MINUTE, end=T + 20 * MINUTE, opened=T, now=T + 23 * MINUTE)
    assert (ended.after.issued, ended.after.mean_wait_s, ended.is_after_over) == (3, None, False)
    assert effect_of(waits, begin=T, end=T, opened=T, now=T + 60 * MINUTE).during.waiting is None
