"""Evidence from days: the error is that of the days, and days that resemble each other count for less."""

import numpy as np
import pytest

from yingting.indicators.comparing import Why, compare
from yingting.indicators.days import Day, means_by_day, shares_by_day, sums_of
from yingting.indicators.declaring import BetterIs
from yingting.indicators.fairness import Fairness


def test_equal_days_have_the_textbook_error_of_a_mean():
    (one,) = means_by_day(sums_of({"H1": [Day(100, value) for value in (10.0, 12.0, 14.0, 20.0)]}), {"H1": ("city",)})
    assert (one.value, one.n, one.cases, one.peers) == (14.0, 400, 4, ("city",))
    assert one.variance == pytest.approx(np.var([10, 12, 14, 20], ddof=1))


def test_a_days_weight_is_its_cases_and_an_empty_day_counts_for_nothing():
    (one,) = means_by_day(sums_of({"H1": [Day(30, 2.0), Day(10, 6.0), Day(0, 0.0)]}), {})
    assert (one.value, one.cases) == (3.0, 2)
    assert one.variance == pytest.approx(2 * 2 / 1 * (30**2 + 30**2) / 1600)


def test_one_day_tells_nothing_of_the_scatter_of_days():
    evidence = means_by_day(sums_of({"H1": [Day(100, 5.0)], "H2": []}), {})
    assert [(one.value, one.variance) for one in evidence] == [(5.0, None), (None, None)]
    assert {one.unit: one.why for one in compare(evidence, BetterIs.LOWER, Fairness()).not_rated} == {
        "H1": Why.NO_SPREAD,
        "H2": Why.TOO_FEW_CASES,
    }


def test_days_that_scatter_as_chance_does_keep_about_all_cases_worth():
    random = np.random.default_rng(3)
    days = {f"H{at}": [Day(200, int(random.binomial(200, 0.8)) / 200) for _ in range(20)] for at in range(20)}
    worth = [one.cases / one.n for one in shares_by_day(sums_of(days), {}, Fairness())]
    assert np.mean(worth) > 0.85
    assert max(worth) == 1.0


def test_good_and_bad_days_make_cases_worth_less():
    """Half of the days all good, half all bad: twenty coins, not four thousand, so the effect is about 200 · 20/19."""
    days = {f"H{at}": [Day(200, float(day % 2)) for day in range(20)] for at in range(5)}
    for one in shares_by_day(sums_of(days), {}, Fairness()):
        assert one.value == 0.5
        assert one.cases == pytest.approx(4000 / (200 * 20 / 19))


def test_a_unit_without_days_enough_takes_the_effect_of_the_others():
    days = {f"H{at}": [Day(200, float(day % 2)) for day in range(20)] for at in range(5)}
    days["new"] = [Day(100, 0.75)]
    found = {one.unit: one for one in shares_by_day(sums_of(days), {}, Fairness())}
    assert found["new"].cases == pytest.approx(100 / (200 * 20 / 19))


def test_intervals_from_days_hold_the_truth_where_counting_cases_would_not():
    inside, naive, units = 0, 0, 0
    for number in range(25):
        random = np.random.default_rng(number)
        true = random.beta(60, 20, 12)
        days = {
            f"H{at:02}": [
                Day(100, int(random.binomial(100, np.clip(share + random.normal(0, 0.12), 0, 1))) / 100)
                for _ in range(20)
            ]
            for at, share in enumerate(true)
        }
        evidence = shares_by_day(sums_of(days), {}, Fairness())
        for one in compare(evidence, BetterIs.HIGHER, Fairness(draws=200)).standings:
            units += 1
            inside += one.low <= true[int(one.unit[1:])] <= one.high
            error = (one.raw * (1 - one.raw) / one.n) ** 0.5
            naive += abs(one.raw - true[int(one.unit[1:])]) <= 1.96 * error
    assert inside / units > 0.9
    assert naive / units < 0.6
