"""Rank correlation with its interval: do units that are high in the one stand high in the other?

Spearman's coefficient is Pearson's of the mid-ranks. Its interval is the percentile bootstrap over units (Efron & Tibshirani
1993, "An Introduction to the Bootstrap", ch. 13), seeded from the input: the same pairs always give the same interval.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from yingting.indicators.beta import Floats
from yingting.indicators.comparing import seed_of
from yingting.indicators.fairness import Fairness

FEWEST_PAIRS = 5
_BLOCK = 200  # resamples at a time: bounds the memory to about 50 bytes × 200 × pairs


@dataclass(frozen=True, slots=True)
class Correlation:
    """Spearman's coefficient (−1…1) of n pairs; all None when there are too few pairs or one side never changes."""

    value: float | None
    low: float | None
    high: float | None
    n: int


def spearman(pairs: Iterable[tuple[float, float]], fairness: Fairness) -> Correlation:
    """Return the rank correlation of the pairs and its interval at the settings' level.

    >>> spearman([(1, 2), (2, 4), (3, 9), (4, 16), (5, 30)], Fairness()).value
    1.0
    """
    given = sorted((float(x), float(y)) for x, y in pairs)
    n = len(given)
    if n < FEWEST_PAIRS or len({x for x, _ in given}) < 2 or len({y for _, y in given}) < 2:
        return Correlation(None, None, None, n)
    x, y = np.array(given).T
    once = np.ones((1, n))
    value = float(_weighted(x, y, once)[0])
    random = np.random.default_rng(seed_of(fairness.seed, given))
    found = []
    for start in range(0, fairness.draws, _BLOCK):
        some = min(_BLOCK, fairness.draws - start)
        picked = random.integers(n, size=(some, n)) + np.arange(some)[:, None] * n
        counts = np.bincount(picked.ravel(), minlength=some * n).reshape(some, n)
        found.append(_weighted(x, y, counts.astype(np.float64)))
    resampled = np.concatenate(found)
    tail = (1 - fairness.level) / 2
    low, high = np.quantile(resampled[np.isfinite(resampled)], [tail, 1 - tail])
    return Correlation(value, float(low), float(high), n)


def _weighted(x: Floats, y: Floats, counts: Floats) -> Floats:
    """Return Spearman's coefficient of each resample (a row of counts); nan where one side never changes."""
    n = counts.sum(axis=1, keepdims=True)
    middle = (n + 1) / 2
    a, b = _mid_ranks(x, counts) - middle, _mid_ranks(y, counts) - middle
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = (counts * a * b).sum(axis=1) / np.sqrt(
            (counts * a**2).sum(axis=1) * (counts * b**2).sum(axis=1)
        )
    # Rounding may push a perfect correlation a hair over 1.
    return np.clip(found, -1.0, 1.0)


def _mid_ranks(values: Floats, counts: Floats) -> Floats:
    """Return the mid-rank of each value when value i occurs counts[i] times."""
    _, places = np.unique(values, return_inverse=True)
    of_value = np.zeros((counts.shape[0], places.max() + 1))
    order = np.argsort(places, kind="stable")
    starts = np.searchsorted(places[order], np.arange(of_value.shape[1]))
    of_value[:] = np.add.reduceat(counts[:, order], starts, axis=1)
    below = of_value.cumsum(axis=1) - of_value
    ranks: Floats = (below + (of_value + 1) / 2)[:, places]
    return ranks
