"""Evidence from days: cases of one day resemble each other, so a unit's days say how sure its value is.

A flood in the morning makes a hundred tickets late, and they are one piece of bad luck, not a hundred. So the error of a
unit's value is taken from how its days scatter about it: with m days, nd cases and the value yd on day d, N = Σ nd, the
variance of the mean y is m/(m − 1) · Σ nd²(yd − y)² / N² (the ratio estimator: Cochran 1977, "Sampling Techniques", 6.3).
For shares the quotient of this and y(1 − y)/N is the design effect (Kish 1965): N cases are worth N / effect independent
ones. This needs no sums of squares: roll-ups by hall and day are enough.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yingting.indicators.comparing import Evidence
from yingting.indicators.fairness import Fairness

Peers = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Day:
    """One day of one unit: the number of cases, and the share or the mean of them."""

    n: int
    value: float


def shares_by_day(days: Mapping[str, Sequence[Day]], peers: Peers, fairness: Fairness) -> tuple[Evidence, ...]:
    """Return the evidence of shares; each unit's design effect is weighed against that of all, and is at least 1."""
    filled = {unit: [day for day in some if day.n] for unit, some in days.items()}
    effects = {unit: effect for unit, some in filled.items() if (effect := _design_effect(some)) is not None}
    freedom = {unit: len(filled[unit]) - 1 for unit in effects}
    total = sum(freedom.values())
    pooled = sum(freedom[unit] * effect for unit, effect in effects.items()) / total if total else 1.0
    d0 = fairness.pooled_cases
    found = []
    for unit, some in filled.items():
        own, weight = effects.get(unit, 0.0), freedom.get(unit, 0)
        effect = max(1.0, (d0 * pooled + weight * own) / (d0 + weight))
        n = sum(day.n for day in some)
        found.append(Evidence(unit, n, _mean(some), n / effect, is_share=True, peers=peers.get(unit, ())))
    return tuple(found)


def means_by_day(days: Mapping[str, Sequence[Day]], peers: Peers) -> tuple[Evidence, ...]:
    """Return the evidence of means: a unit's days are its independent cases.

    >>> (one,) = means_by_day({"H01": [Day(10, 4.0), Day(10, 8.0)]}, {})
    >>> one.value, one.cases, one.variance
    (6.0, 2, 8.0)
    """
    found = []
    for unit, given in days.items():
        some = [day for day in given if day.n]
        variance = error_of(some) * len(some) if len(some) > 1 else None
        n = sum(day.n for day in some)
        found.append(Evidence(unit, n, _mean(some), len(some), False, variance, peers.get(unit, ())))
    return tuple(found)


def _mean(days: Sequence[Day]) -> float | None:
    n = sum(day.n for day in days)
    return sum(day.n * day.value for day in days) / n if n else None


def error_of(days: Sequence[Day]) -> float:
    """Return the variance of the mean of at least two days."""
    mean, n, m = _mean(days) or 0.0, sum(day.n for day in days), len(days)
    return m / (m - 1) * sum((day.n * (day.value - mean)) ** 2 for day in days) / n**2


def _design_effect(days: Sequence[Day]) -> float | None:
    mean = _mean(days)
    if len(days) < 2 or mean is None or not 0 < mean < 1:
        return None
    return error_of(days) / (mean * (1 - mean) / sum(day.n for day in days))
