"""Before and after: how far two samples differ, with an interval, and what may be said of it.

    change = difference(before, after)                    shares: Newcombe's method 10 on Wilson's limits
    effect = beside_peers(change, difference(…peers…))    means: Welch

Cases of one day resemble each other, so the error is taken from how the days scatter (`days.error_of`); only where a period
has a single day are its cases taken as independent.
Sources: Wilson 1927; Newcombe 1998, Statistics in Medicine 17, 873-890; Welch 1947; Korn & Graubard 1998, Survey Methodology 24,
193-201 (a share's cases are worth n / design effect, and fewer where few days tell it); Zou & Donner 2008 (method of variance
estimates recovery), Statistics in Medicine 27, 1693-1702.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from yingting.indicators.beta import beta_quantile
from yingting.indicators.declaring import BetterIs

LEVEL = 0.95


class Verdict(StrEnum):
    """What may be said of a change."""

    BETTER = "better"
    WORSE = "worse"
    CANNOT_TELL = "cannot_tell"
    NO_INTERVAL = "no_interval"  # a quantile, a count, a largest value: how far chance moves it is not known
    NOT_RATED = "not_rated"


@dataclass(frozen=True, slots=True)
class Sample:
    """A share or a mean over n cases; n None: a value that somebody declared, taken as exact.

    spread  the standard deviation of the cases, dividing by n; shares need none
    days    how many days (each hall's apart) the cases come from
    error   the variance of the value as these days tell it; None where there are fewer than two
    """

    value: float
    n: int | None
    is_share: bool
    spread: float | None = None
    days: int = 0
    error: float | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """After minus before, with the limits of its interval (None: there is none)."""

    value: float
    low: float | None = None
    high: float | None = None


def difference(before: Sample, after: Sample, level: float = LEVEL) -> Difference:
    """Return how far a value moved. Without a known error there is no interval.

    >>> moved = difference(Sample(48 / 80, 80, True), Sample(56 / 70, 70, True))  # Newcombe 1998, table II (a)
    >>> round(moved.value, 4), round(moved.low, 4), round(moved.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    moved = after.value - before.value
    if before.n is None and after.n is None:
        return Difference(moved)
    if before.is_share:
        (low_1, high_1), (low_2, high_2) = wilson(before, level), wilson(after, level)
        return Difference(
            moved,
            moved - math.hypot(after.value - low_2, high_1 - before.value),
            moved + math.hypot(high_2 - after.value, before.value - low_1),
        )
    reach = _welch(before, after, level)
    return Difference(moved) if reach is None else Difference(moved, moved - reach, moved + reach)


def interval(sample: Sample, level: float = LEVEL) -> tuple[float, float] | tuple[None, None]:
    """Return the limits of a share or a mean; None where its error is not known.

    >>> [round(limit, 4) for limit in interval(Sample(0.1, 10, True))]
    [0.0179, 0.4042]
    >>> interval(Sample(300.0, 1, False))
    (None, None)
    """
    if sample.is_share:
        return wilson(sample, level)
    reach = _welch(Sample(0.0, None, False), sample, level)
    return (None, None) if reach is None else (sample.value - reach, sample.value + reach)


def beside_peers(measured: Difference, peers: Difference) -> Difference:
    """Return the difference in differences: how much more the halls of the measure moved than their peers.

    >>> both = beside_peers(Difference(-5, -8, -2), Difference(-1, -5, 3))
    >>> both.value, both.low, both.high
    (-4, -9.0, 1.0)
    """
    value = measured.value - peers.value
    if measured.low is None or measured.high is None or peers.low is None or peers.high is None:
        return Difference(value)
    return Difference(
        value,
        value - math.hypot(measured.value - measured.low, peers.high - peers.value),
        value + math.hypot(measured.high - measured.value, peers.value - peers.low),
    )


def verdict(change: Difference, better_is: BetterIs | None) -> Verdict:
    """Say what a change means: nothing, where its interval holds zero or no direction is the good one.

    >>> verdict(Difference(-3, -5, -1), BetterIs.LOWER), verdict(Difference(-3, -7, 1), BetterIs.LOWER)
    (<Verdict.BETTER: 'better'>, <Verdict.CANNOT_TELL: 'cannot_tell'>)
    """
    if change.low is None or change.high is None or better_is is None:
        return Verdict.NO_INTERVAL
    if change.low <= 0 <= change.high:
        return Verdict.CANNOT_TELL
    return Verdict.BETTER if (change.high < 0) is (better_is is BetterIs.LOWER) else Verdict.WORSE


def wilson(share: Sample, level: float = LEVEL) -> tuple[float, float]:
    """Return the limits of a share; those of a declared one are itself.

    >>> [round(limit, 4) for limit in wilson(Sample(0.1, 10, True))]
    [0.0179, 0.4042]
    """
    p = share.value
    if share.n is None:
        return p, p
    z = NormalDist().inv_cdf((1 + level) / 2)
    n: float = share.n
    if share.error is not None and 0 < p < 1:
        effect = max(1.0, share.error / (p * (1 - p) / share.n))
        n = share.n / effect * (z / t_quantile((1 + level) / 2, share.days - 1)) ** 2
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def _welch(before: Sample, after: Sample, level: float) -> float | None:
    """Half the width of the interval of a difference of means; None where a spread is not known."""
    terms = []
    for one in (before, after):
        if one.n is None:
            continue
        if one.error is not None:
            terms.append((one.error, one.days - 1))
        elif one.n < 2 or one.spread is None:
            return None
        else:
            terms.append((one.spread**2 / (one.n - 1), one.n - 1))  # s² / n, where s² = spread²·n/(n-1)
    square = sum(term for term, _df in terms)
    if square == 0:
        return 0.0
    freedom = square**2 / sum(term**2 / df for term, df in terms)
    return t_quantile((1 + level) / 2, freedom) * math.sqrt(square)


@lru_cache(4096)
def t_quantile(p: float, freedom: float) -> float:
    """Return the quantile of Student's t for p over one half, also between whole degrees of freedom.

    t² / (f + t²) follows Beta(1/2, f/2).

    >>> round(t_quantile(0.975, 10), 4), round(t_quantile(0.975, 1), 4), round(t_quantile(0.975, 1e9), 4)
    (2.2281, 12.7062, 1.96)
    """
    (y,) = beta_quantile(2 * p - 1, np.array([0.5]), np.array([freedom / 2]))
    return math.sqrt(freedom * float(y) / (1 - float(y)))
