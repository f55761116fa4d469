"""When people are told of an indicator: raised once, silent while it holds, told again when worse or after days, cleared."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from yingting.foundation.alerting.rules import DayValue, Limit, Move, Standing, Watch, find
from yingting.foundation.notify.rules import Severity

FIRST = dt.date(2026, 1, 5)
WAIT = Watch("wait", "queueing.wait_mean", days=2, again_days=7, worse=25, severity=Severity.WARNING)
LIMIT = Limit(600, lower_is_better=True, minimum=30)


def days(*values, n=50):
    return [DayValue(FIRST + dt.timedelta(days=place), value, n) for place, value in enumerate(values)]


def live(values, watch=WAIT, limit=LIMIT):
    """What happens day after day, as the worker sees it every evening (and once more, to no effect)."""
    standing, happened = None, []
    for place in range(1, len(values) + 1):
        found = find(standing, values[:place], watch, limit)
        happened.append(found.move.value if found else "")
        if found:
            standing = None if found.move is Move.CLEARED else Standing(found.day, found.value)
            again = find(standing, values[:place], watch, limit)
            # A day that has just raised it, or told again, says nothing new.
            assert found.move is Move.CLEARED or again is None
    return happened


def test_it_is_raised_on_the_day_that_makes_the_row_full_and_then_silent():
    assert live(days(700, 700, 700, 700)) == ["", "raised", "", ""]
    assert live(days(700, 600, 700, 700)) == ["", "", "", "raised"]


def test_the_limit_itself_is_kept_on_both_sides():
    assert live(days(600, 600, 600)) == ["", "", ""]
    share = Limit(0.9, lower_is_better=False)
    assert live(days(0.9, 0.9), limit=share) == ["", ""]
    assert live(days(0.899, 0.899), limit=share) == ["", "raised"]


def test_only_a_much_greater_distance_is_told_as_worse():
    # 100 s beyond: 25 % more is 125 s beyond.
    assert live(days(700, 700, 725, 726, 730)) == ["", "raised", "", "worsened", ""]


def test_it_is_told_again_after_the_rules_days_and_not_before():
    assert live(days(*[700] * 17)) == ["", "raised", *[""] * 6, "reminded", *[""] * 6, "reminded", ""]


def test_it_is_cleared_by_a_day_that_keeps_the_limit_and_may_be_raised_anew():
    assert live(days(700, 700, 590, 700, 700)) == ["", "raised", "cleared", "", "raised"]


def test_a_day_without_enough_cases_says_nothing_for_better_or_worse():
    few = [*days(700), DayValue(FIRST + dt.timedelta(days=1), 100, 29), DayValue(FIRST + dt.timedelta(days=2), 700, 30)]
    assert live(few) == ["", "", "raised"]
    closed = [*days(700, 700), DayValue(FIRST + dt.timedelta(days=2), None, 0)]
    assert live(closed) == ["", "raised", ""]
    assert find(None, days(700, 700, n=29), WAIT, LIMIT) is None
    assert find(None, [], WAIT, LIMIT) is None


def test_late_facts_that_mend_the_last_day_clear_it():
    standing = Standing(FIRST + dt.timedelta(days=1), 700)
    found = find(standing, days(700, 580), WAIT, LIMIT)
    assert (found.move, found.value, found.days) == (Move.CLEARED, 580, 0)


def test_what_is_told_says_since_when():
    found = find(None, days(700, 500, 700, 701, 702), WAIT, LIMIT)
    assert (found.days, found.value, found.day) == (3, 702, FIRST + dt.timedelta(days=4))


@settings(max_examples=50)
@given(st.lists(st.one_of(st.none(), st.floats(0, 2000)), max_size=40), st.integers(1, 5))
def test_between_raised_and_cleared_there_is_exactly_one_of_each(values, in_a_row):
    happened = live(days(*values), Watch("wait", "x", days=in_a_row))
    life = [one for one in happened if one in ("raised", "cleared")]
    assert life == ["raised", "cleared"] * (len(life) // 2) + ["raised"] * (len(life) % 2)
    is_open = False
    for one in happened:
        is_open = (is_open or one == "raised") and one != "cleared"
        assert one not in ("worsened", "reminded") or is_open
