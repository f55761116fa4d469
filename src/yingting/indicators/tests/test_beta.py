"""The beta distribution against its closed forms."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from yingting.indicators.beta import beta_cdf, beta_quantile


def _one(value):
    return np.array([float(value)])


@pytest.mark.parametrize("x", [0.0, 1e-9, 0.2, 0.5, 0.93, 1.0])
def test_the_distribution_function_has_its_closed_forms(x):
    assert beta_cdf(_one(x), _one(1), _one(1))[0] == pytest.approx(x, abs=1e-14)
    assert beta_cdf(_one(x), _one(7), _one(1))[0] == pytest.approx(x**7, abs=1e-14)
    assert beta_cdf(_one(x), _one(2), _one(3))[0] == pytest.approx(6 * x**2 - 8 * x**3 + 3 * x**4, abs=1e-13)
    assert beta_cdf(_one(x), _one(0.5), _one(0.5))[0] == pytest.approx(2 / np.pi * np.arcsin(np.sqrt(x)), abs=1e-13)


def test_it_is_the_chance_of_at_least_a_successes_in_many_trials():
    """Iₓ(a, n − a + 1) = P(Binomial(n, x) ≥ a); the reference is summed in whole numbers."""
    from fractions import Fraction
    from math import comb

    n, a, x = 60, 47, Fraction(4, 5)
    exact = sum(comb(n, j) * x**j * (1 - x) ** (n - j) for j in range(a, n + 1))
    assert beta_cdf(_one(0.8), _one(a), _one(n - a + 1))[0] == pytest.approx(float(exact), rel=1e-12)


@settings(max_examples=50, deadline=None)
@given(st.floats(0.005, 0.995), st.floats(0.3, 20_000), st.floats(0.3, 20_000))
@example(0.986328125, 134.0, 0.5)  # the density rises without bound towards 1: a small step there is a large share
@example(0.995, 20_000.0, 0.3)  # two neighbouring floating-point numbers lie further apart than the tolerance
def test_the_quantile_turns_the_distribution_function_back(p, a, b):
    x = beta_quantile(p, _one(a), _one(b))
    assert 0 < x[0] < 1
    below, above = (beta_cdf(np.nextafter(x, end), _one(a), _one(b))[0] for end in (0.0, 1.0))
    assert below - 1e-9 <= p <= above + 1e-9


def test_one_call_serves_units_of_very_different_size():
    a, b = np.array([1.0, 40.0, 90_000.0]), np.array([1.0, 2.0, 10_000.0])
    assert beta_cdf(beta_quantile(0.025, a, b), a, b) == pytest.approx([0.025] * 3, abs=1e-9)
