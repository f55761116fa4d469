"""Quantiles of the beta distribution in plain numpy: what the interval of a share needs.

The distribution function is the regularised incomplete beta function by its continued fraction (Abramowitz & Stegun
26.5.8, evaluated by Lentz's method); the quantile is found by Newton steps that never leave a shrinking bracket.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_TINY = 1e-300
_log_gamma: Any = np.vectorize(math.lgamma, otypes=[np.float64])


def beta_cdf(x: Floats, a: Floats, b: Floats) -> Floats:
    """Return P(X <= x) for X ~ Beta(a, b), elementwise over arrays of one shape; a, b > 0, 0 <= x <= 1.

    >>> round(float(beta_cdf(np.array([0.3]), np.array([1.0]), np.array([2.0]))[0]), 12)
    0.51
    """
    return _cdf(x, a, b, _log_beta(a, b))


def beta_quantile(p: float, a: Floats, b: Floats) -> Floats:
    """Return x with P(X <= x) = p for X ~ Beta(a, b), to about a relative 1e-12 of its distance to the nearer end, or
    to the next floating-point number where those lie further apart (x within 1e-4 of 1 only); 0 < p < 1.

    >>> round(float(beta_quantile(0.75, np.array([2.0]), np.array([1.0]))[0]), 9)  # the root of 0.75
    0.866025404
    """
    log_beta = _log_beta(a, b)
    low, high = np.zeros_like(a), np.ones_like(a)
    x = a / (a + b)
    for _step in range(200):
        over = _cdf(x, a, b, log_beta) - p
        low, high = np.where(over < 0, x, low), np.where(over < 0, high, x)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            slope = np.exp((a - 1) * np.log(x) + (b - 1) * np.log1p(-x) - log_beta)
            newton = x - over / slope
        # Newton squares what is left; the distance to the nearer end counts, where a density may rise without bound.
        is_found = np.abs(newton - x) <= 1e-8 * np.minimum(x, 1 - x)
        x = np.where(is_found | ((newton > low) & (newton < high)), newton, (low + high) / 2)
        if is_found.all():
            break
    return x


def _log_beta(a: Floats, b: Floats) -> Floats:
    found: Floats = _log_gamma(a) + _log_gamma(b) - _log_gamma(a + b)
    return found


def _cdf(x: Floats, a: Floats, b: Floats, log_beta: Floats) -> Floats:
    # The fraction converges fast on the near side of the mean only; the far side is its mirror image.
    far = x > (a + 1) / (a + b + 2)
    at, one, other = np.where(far, 1 - x, x), np.where(far, b, a), np.where(far, a, b)
    with np.errstate(divide="ignore"):
        front = np.exp(one * np.log(at) + other * np.log1p(-at) - log_beta) / one
    near = front * _fraction(at, one, other)
    found: Floats = np.where(far, 1 - near, near)
    return found


def _fraction(x: Floats, a: Floats, b: Floats) -> Floats:
    c = np.ones_like(x)
    d = 1 / _kept(1 - (a + b) * x / (a + 1))
    value = d.copy()
    for m in range(1, 10_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _kept(1 + term * d)
            c = _kept(1 + term / c)
            change = c * d
            value = value * change
        if np.all(np.abs(change - 1) < 1e-14):
            break
    return value


def _kept(value: Floats) -> Floats:
    """Lentz's guard: a denominator of zero becomes tiny instead."""
    return np.where(np.abs(value) < _TINY, _TINY, value)
