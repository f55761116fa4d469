"""Sales against quality, and the rank correlation: closed forms, the zone of doubt, order and chance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yingting.indicators.comparing import Verdict, compare, share_of
from yingting.indicators.correlating import Correlation, spearman
from yingting.indicators.declaring import BetterIs
from yingting.indicators.fairness import Fairness
from yingting.indicators.quadrants import Quadrant, scatter

QUICK = Fairness(draws=400)


def test_the_rank_correlation_has_its_textbook_value():
    """Without ties 1 − 6Σd²/(n(n² − 1)); here Σd² = 18 and n = 7."""
    pairs = list(zip([1, 2, 3, 4, 5, 6, 7], [2, 1, 5, 6, 3, 4, 7], strict=True))
    assert sum((x - y) ** 2 for x, y in pairs) == 18
    assert spearman(pairs, QUICK).value == pytest.approx(1 - 6 * 18 / (7 * 48))


def test_ties_take_their_mean_rank():
    found = spearman([(1, 1), (1, 2), (2, 2), (3, 3), (3, 5)], QUICK).value
    assert found == pytest.approx(np.corrcoef([1.5, 1.5, 3, 4.5, 4.5], [1, 2.5, 2.5, 4, 5])[0, 1])


def test_too_few_pairs_or_a_side_that_never_changes_have_no_correlation():
    assert spearman([(1, 1), (2, 2), (3, 3), (4, 4)], QUICK) == Correlation(None, None, None, 4)
    assert spearman([(1, 7)] * 9, QUICK) == Correlation(None, None, None, 9)
    assert spearman([], QUICK) == Correlation(None, None, None, 0)


def test_the_interval_holds_the_true_correlation_about_as_often_as_it_says():
    rho, rounds = 0.5, 150
    true = 6 / np.pi * np.arcsin(rho / 2)  # of two normal variables correlated by rho
    inside = 0
    for number in range(rounds):
        random = np.random.default_rng(number)
        x, noise = random.normal(size=(2, 60))
        found = spearman(zip(x, rho * x + np.sqrt(1 - rho**2) * noise, strict=True), QUICK)
        inside += found.low <= true <= found.high
    assert inside / rounds == pytest.approx(0.95, abs=0.05)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=30), st.randoms())
def test_the_correlation_does_not_hang_on_the_order_of_the_pairs(pairs, random):
    found = spearman(pairs, QUICK)
    random.shuffle(pairs)
    assert spearman(pairs, QUICK) == found
    if found.value is not None:
        assert -1 <= found.low <= found.high <= 1


def _halls(rates, n=4000):
    return [share_of(f"H{at}", round(rate * n), n) for at, rate in enumerate(rates)]


@pytest.mark.req("PRF-32")
def test_a_hall_that_sells_well_and_serves_badly_is_found_and_a_middling_one_is_not_placed():
    sales = compare(_halls([0.30, 0.29, 0.20, 0.11, 0.10, 0.201]), BetterIs.HIGHER, Fairness())
    late = compare(_halls([0.50, 0.10, 0.30, 0.10, 0.50, 0.301]), BetterIs.LOWER, Fairness())
    found = scatter(sales, late, (BetterIs.HIGHER, BetterIs.LOWER), Fairness())
    assert [(place.unit, place.quadrant) for place in found.places] == [
        ("H0", Quadrant.SALES_ONLY),
        ("H1", Quadrant.BOTH_GOOD),
        ("H2", Quadrant.CANNOT_SAY),
        ("H3", Quadrant.QUALITY_ONLY),
        ("H4", Quadrant.BOTH_WEAK),
        ("H5", Quadrant.CANNOT_SAY),
    ]
    assert found.places[2].sales_side is Verdict.CANNOT_TELL
    assert found.medians[""] == pytest.approx((0.2, 0.3), abs=0.002)
    assert (found.correlation.n, found.correlation.low < 0 < found.correlation.high) == (6, True)


def test_halls_without_one_of_the_two_are_not_placed():
    sales = compare([*_halls([0.3, 0.2]), share_of("few", 1, 5)], BetterIs.HIGHER, QUICK)
    quality = compare(_halls([0.3]), BetterIs.HIGHER, QUICK)
    found = scatter(sales, quality, (BetterIs.HIGHER, BetterIs.HIGHER), QUICK)
    assert [place.unit for place in found.places] == ["H0"]
    assert found.correlation.value is None
