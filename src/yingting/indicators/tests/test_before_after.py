"""Intervals of differences: published examples, limits that must hold, and how often they cover the truth."""

import math

import numpy as np
import pytest

from yingting.indicators.before_after import (
    Difference,
    Sample,
    Verdict,
    beside_peers,
    difference,
    t_quantile,
    verdict,
    wilson,
)
from yingting.indicators.days import Day, error_of
from yingting.indicators.declaring import BetterIs


# Newcombe 1998, Statistics in Medicine 17, 873-890, table II, method 10: 56/70-48/80, 9/10-3/10, 6/7-2/7, 5/56-0/29, 10/10-0/10.
@pytest.mark.parametrize(
    ("after", "before", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_the_difference_of_shares_has_newcombes_limits(after, before, low, high):
    found = difference(*(Sample(kept / n, n, True) for kept, n in (before, after)))
    assert found.value == after[0] / after[1] - before[0] / before[1]
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


# Tables of Student's t, two-sided 95 % and 99 %.
@pytest.mark.parametrize(
    ("p", "freedom", "value"),
    [(0.975, 1, 12.7062), (0.975, 2, 4.3027), (0.975, 10, 2.2281), (0.975, 30, 2.0423), (0.995, 5, 4.0321), (0.975, 120, 1.9799)],
)  # fmt: skip
def test_students_quantiles_are_those_of_the_tables(p, freedom, value):
    assert round(t_quantile(p, freedom), 4) == value


def test_students_quantile_has_a_closed_form_for_one_and_two_degrees_of_freedom():
    for p in (0.6, 0.9, 0.975, 0.995):
        assert t_quantile(p, 1) == pytest.approx(math.tan(math.pi * (p - 0.5)), rel=1e-7)
        share = 2 * p - 1
        assert t_quantile(p, 2) == pytest.approx(share * math.sqrt(2 / (1 - share**2)), rel=1e-7)


def test_means_have_welchs_limits():
    """Cases 1, 2, 3 and 2, 4, 6, 8: variances 1 and 20/3, squared errors 1/3 and 5/3, freedom 4 / (1/18 + 25/27)."""
    before = Sample(2.0, 3, False, math.sqrt(2 / 3))
    after = Sample(5.0, 4, False, math.sqrt(5))
    found = difference(before, after)
    reach = t_quantile(0.975, 4 / (1 / 18 + 25 / 27)) * math.sqrt(2)
    assert (found.value, found.low, found.high) == pytest.approx((3.0, 3 - reach, 3 + reach), rel=1e-12)


def test_a_declared_value_is_exact_and_two_of_them_have_no_interval():
    declared, after = Sample(600.0, None, False), Sample(300.0, 101, False, 50.0)
    reach = t_quantile(0.975, 100) * 5
    found = difference(declared, after)
    assert (found.low, found.high) == pytest.approx((-300 - reach, -300 + reach), rel=1e-12)
    low, high = wilson(Sample(0.8, 50, True))
    share = difference(Sample(0.5, None, True), Sample(0.8, 50, True))
    assert (share.low, share.high) == pytest.approx((low - 0.5, high - 0.5), rel=1e-12)
    assert difference(declared, declared) == Difference(0.0)


def test_without_spread_or_with_one_case_there_is_no_interval_and_without_any_scatter_it_is_a_point():
    known = Sample(3.0, 40, False, 1.0)
    assert difference(Sample(2.0, 40, False), known) == Difference(1.0)
    assert difference(Sample(2.0, 1, False, 0.0), known) == Difference(1.0)
    assert difference(Sample(2.0, 9, False, 0.0), Sample(3.0, 9, False, 0.0)) == Difference(1.0, 1.0, 1.0)


def test_a_season_that_all_halls_share_is_no_effect():
    season = Difference(-60.0, -80.0, -40.0)
    both = beside_peers(season, season)
    assert both.value == 0
    assert verdict(season, BetterIs.LOWER) is Verdict.BETTER
    assert verdict(both, BetterIs.LOWER) is Verdict.CANNOT_TELL
    assert beside_peers(Difference(1.0), season) == Difference(61.0)


@pytest.mark.parametrize(
    ("low", "high", "better_is", "said"),
    [
        (0.1, 0.2, BetterIs.HIGHER, Verdict.BETTER),
        (0.1, 0.2, BetterIs.LOWER, Verdict.WORSE),
        (-0.2, -0.1, BetterIs.HIGHER, Verdict.WORSE),
        (0.0, 0.2, BetterIs.HIGHER, Verdict.CANNOT_TELL),
        (0.1, 0.2, None, Verdict.NO_INTERVAL),
        (None, None, BetterIs.LOWER, Verdict.NO_INTERVAL),
    ],
)
def test_the_verdict_follows_the_interval(low, high, better_is, said):
    assert verdict(Difference(0.1, low, high), better_is) is said


ROUNDS = 300
BAND = (0.92, 0.98)  # the level is 0.95, and two standard errors of 300 rounds are 0.025


def covered(truth, found):
    return sum(one.low <= truth <= one.high for one in found) / len(found)


def test_intervals_of_shares_cover_the_truth_nineteen_times_in_twenty():
    dice = np.random.default_rng(20260105)
    before, after = dice.binomial(60, 0.55, ROUNDS) / 60, dice.binomial(90, 0.7, ROUNDS) / 90
    found = [difference(Sample(a, 60, True), Sample(b, 90, True)) for a, b in zip(before, after, strict=True)]
    assert BAND[0] <= covered(0.15, found) <= BAND[1]


def means(dice, mean, spread, n):
    cases = dice.normal(mean, spread, (ROUNDS, n))
    return [Sample(a, n, False, b) for a, b in zip(cases.mean(1).tolist(), cases.std(1).tolist(), strict=True)]


def test_intervals_of_means_and_of_differences_in_differences_cover_the_truth():
    dice = np.random.default_rng(20260106)
    moved = list(map(difference, means(dice, 300, 120, 12), means(dice, 240, 60, 20)))
    assert BAND[0] <= covered(-60, moved) <= BAND[1]
    peers = list(map(difference, means(dice, 310, 90, 30), means(dice, 290, 100, 25)))
    assert BAND[0] <= covered(-40, list(map(beside_peers, moved, peers))) <= BAND[1]


def test_what_a_rush_does_to_a_hundred_customers_is_one_piece_of_bad_luck():
    """Ten days of 100 customers, each day with a luck of its own: the days' error covers the truth, that of the cases does not."""
    dice = np.random.default_rng(20260107)
    rounds, days, n = ROUNDS, 10, 100
    blind, seeing = [], []
    for _round in range(rounds):
        sides = []
        for mean in (600, 540):
            cases = mean + dice.normal(0, 90, (days, 1)) + dice.normal(0, 240, (days, n))
            told = [Day(n, float(day)) for day in cases.mean(1)]
            sides.append((float(cases.mean()), float(cases.std()), error_of(told)))
        blind.append(difference(*(Sample(a, days * n, False, b) for a, b, _error in sides)))
        seeing.append(difference(*(Sample(a, days * n, False, b, days, error) for a, b, error in sides)))
    assert covered(-60, blind) < 0.55
    assert BAND[0] <= covered(-60, seeing) <= BAND[1]


def test_shares_of_days_that_scatter_are_covered_too():
    dice = np.random.default_rng(20260108)
    found = []
    for _round in range(ROUNDS):
        sides = []
        for truth in (0.7, 0.8):
            luck = dice.beta(truth * 15, (1 - truth) * 15, 12)
            kept = dice.binomial(80, luck)
            days = [Day(80, float(one) / 80) for one in kept]
            sides.append(Sample(float(kept.sum()) / 960, 960, True, None, 12, error_of(days)))
        found.append(difference(*sides))
    assert BAND[0] <= covered(0.1, found) <= BAND[1]


def test_days_that_say_nothing_or_less_than_chance_leave_the_cases_as_they_are():
    plain = wilson(Sample(0.5, 100, True))
    even = wilson(Sample(0.5, 100, True, None, 10**9, 0.0))
    assert even == pytest.approx(plain, rel=1e-6)
    assert wilson(Sample(1.0, 100, True, None, 2, 0.0)) == wilson(Sample(1.0, 100, True))
    few_days = wilson(Sample(0.5, 100, True, None, 2, 0.0))
    assert few_days[0] < 0.11 < plain[0]
