"""Properties of the drawn customers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yingting.twin.customers import BusinessShape, HallShape, arrival_times, log_normal, plan_day

SHAPE = HallShape(
    half_hours=(10.0, 30.0, 0.0, 5.0), businesses=(BusinessShape("a", 0.75, 90.0), BusinessShape("b", 0.25, 300.0, 0.9))
)


def days(count, shape=SHAPE, seed=7):
    return [plan_day(shape, np.random.default_rng([seed, n])) for n in range(count)]


def test_the_same_seed_gives_the_same_day_and_another_seed_another():
    assert plan_day(SHAPE, np.random.default_rng(1)) == plan_day(SHAPE, np.random.default_rng(1))
    assert plan_day(SHAPE, np.random.default_rng(1)) != plan_day(SHAPE, np.random.default_rng(2))


@given(seed=st.integers(0, 2**32), half_hours=st.lists(st.floats(0, 80), min_size=1, max_size=26))
@settings(max_examples=60, deadline=None)
def test_customers_come_in_order_within_the_hours_and_every_length_is_possible(seed, half_hours):
    shape = HallShape(half_hours=tuple(half_hours), businesses=SHAPE.businesses)
    plan = plan_day(shape, np.random.default_rng(seed))
    times = [one.arrives_s for one in plan]
    assert times == sorted(times)
    assert all(0 <= at < 1800 * len(half_hours) for at in times)
    for one in plan:
        assert 12 <= one.handling_s <= 1800
        assert 0 < one.way_s <= 50
        assert one.patience_s >= 120
        assert one.score in (None, 1, 2, 3, 4, 5)
        assert not (one.is_care and one.is_star)
        assert (one.second is None) or (one.sent_on is None and one.parked_s is None)
        assert one.sent_on != one.business


def test_nobody_comes_in_a_half_hour_without_customers():
    assert all(not 3600 <= one.arrives_s < 5400 for day in days(50) for one in day)


def test_days_vary_more_than_poisson_alone_as_measured_in_real_halls():
    counts = np.array([len(day) for day in days(600)])
    # Mean 45; variance of a Poisson mixture with a Gamma(k) factor: 45 + 45²/28.7 = 115.6. Five standard errors around each.
    assert counts.mean() == pytest.approx(45.0, abs=5 * (115.6 / 600) ** 0.5)
    assert counts.var() == pytest.approx(115.6, abs=5 * 115.6 * (2 / 599) ** 0.5)


def test_shares_and_handling_times_are_as_declared():
    everyone = [one for day in days(400) for one in day]
    count = len(everyone)
    assert np.mean([one.business == "a" for one in everyone]) == pytest.approx(
        0.75, abs=5 * (0.75 * 0.25 / count) ** 0.5
    )
    assert np.mean([one.is_care for one in everyone]) == pytest.approx(SHAPE.care_share, abs=5 * (0.06 / count) ** 0.5)
    handled = np.array([one.handling_s for one in everyone if one.business == "a"])
    assert handled.mean() == pytest.approx(90.0, rel=0.03)
    assert handled.std() / handled.mean() == pytest.approx(0.6, rel=0.1)


def test_the_log_normal_has_the_mean_and_the_spread_that_it_is_asked_for():
    dice = np.random.default_rng(3)
    drawn = np.array([log_normal(180.0, 0.8, dice) for _ in range(40_000)])
    assert drawn.mean() == pytest.approx(180.0, rel=0.02)
    assert drawn.std() == pytest.approx(144.0, rel=0.06)


def test_arrivals_follow_the_busyness_of_the_day():
    quiet = np.mean([len(arrival_times([20.0] * 10, 0.5, np.random.default_rng(n))) for n in range(200)])
    assert quiet == pytest.approx(100.0, abs=5 * (100 / 200) ** 0.5)
