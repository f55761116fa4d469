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

import numpy as np
from numpy.typing import NDArray

from yingting.indicators.beta import Floats
from yingting.indicators.comparing import Evidence
from yingting.indicators.fairness import Fairness

Peers = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Day:
    """One day of one unit: the number of cases, and the share or the mean of them."""

    n: int
    value: float


@dataclass(frozen=True, slots=True)
class DaySums:
    """What the days of a unit come to: how many have cases, these cases, their mean, and the variance of this mean (None of
    fewer than two days).
    """

    days: int
    n: int
    value: float | None
    error: float | None


NO_DAYS = DaySums(0, 0, None, None)


def sums_of(days: Mapping[str, Sequence[Day]]) -> dict[str, DaySums]:
    """Return the sums of every unit."""
    rows = [(unit, day.n, day.value) for unit, some in days.items() for day in some]
    n, values = (np.array([row[at] for row in rows], dtype=np.float64) for at in (1, 2))
    found = sums_of_columns([unit for unit, _n, _value in rows], n, values)
    return {unit: found.get(unit, NO_DAYS) for unit in days}


def error_of(days: Sequence[Day]) -> float:
    """Return the variance of the mean of at least two days with cases."""
    return sums_of({"": days})[""].error or 0.0


def sums_of_columns(units: Sequence[str] | NDArray[np.object_], n: Floats, values: Floats) -> dict[str, DaySums]:
    """Return the sums of the units that have cases; three columns of one length with a row for each day of a unit."""
    filled = n > 0
    names, at = np.unique(np.asarray(units, dtype=np.str_)[filled], return_inverse=True)
    n, values = n[filled], values[filled]
    m, cases = np.bincount(at), np.bincount(at, n)
    means = np.bincount(at, n * values) / cases
    scatter = np.bincount(at, (n * (values - means[at])) ** 2)
    errors = m / np.maximum(m - 1, 1) * scatter / cases**2
    return {
        str(name): DaySums(int(days), round(float(all_n)), float(mean), float(error) if days > 1 else None)
        for name, days, all_n, mean, error in zip(names, m, cases, means, errors, strict=True)
    }


def shares_by_day(sums: Mapping[str, DaySums], peers: Peers, fairness: Fairness) -> tuple[Evidence, ...]:
    """Return the evidence of shares; each unit's design effect is weighed against that of all, and is at least 1."""
    effects = {unit: effect for unit, one in sums.items() if (effect := _design_effect(one)) is not None}
    freedom = {unit: sums[unit].days - 1 for unit in effects}
    total = sum(freedom.values())
    pooled = sum(freedom[unit] * effect for unit, effect in effects.items()) / total if total else 1.0
    d0 = fairness.pooled_cases
    found = []
    for unit, one in sums.items():
        own, weight = effects.get(unit, 0.0), freedom.get(unit, 0)
        effect = max(1.0, (d0 * pooled + weight * own) / (d0 + weight))
        found.append(Evidence(unit, one.n, one.value, one.n / effect, is_share=True, peers=peers.get(unit, ())))
    return tuple(found)


def means_by_day(sums: Mapping[str, DaySums], peers: Peers) -> tuple[Evidence, ...]:
    """Return the evidence of means: a unit's days are its independent cases.

    >>> (one,) = means_by_day(sums_of({"H01": [Day(10, 4.0), Day(10, 8.0)]}), {})
    >>> one.value, one.cases, one.variance
    (6.0, 2, 8.0)
    """
    return tuple(
        Evidence(
            unit, one.n, one.value, one.days, is_share=False,
            variance=None if one.error is None else one.error * one.days, peers=peers.get(unit, ()),
        )
        for unit, one in sums.items()
    )  # fmt: skip


def _design_effect(one: DaySums) -> float | None:
    if one.error is None or one.value is None or not 0 < one.value < 1:
        return None
    return one.error / (one.value * (1 - one.value) / one.n)
