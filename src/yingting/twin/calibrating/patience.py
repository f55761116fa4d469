"""How long customers are willing to wait, from who left and who was called first: censored lengths.

Who is called has shown only that patience is longer than the wait. The exponential estimate is all waiting together over
the number of leavers (Brown et al. 2005, §5). Where leavers are noticed only when called, a leaver's patience lies anywhere
below that wait (left censoring).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize, minimize_scalar
from scipy.special import log_ndtr
from scipy.stats import chi2

from yingting.twin.calibrating.reasons import Demands
from yingting.twin.calibrating.visits import Flags, Floats, Leaving, Outcome, Visits
from yingting.twin.hall import Law, Length


@dataclass(frozen=True, slots=True)
class Patience:
    """A need's patience: the mean in seconds with its 95 % interval, the law, and how many left of how many.

    `error` is the standard error of the logarithm of the mean. `is_shared`: from all needs of the hall together.
    """

    need: str
    left: int
    n: int
    length: Length
    low_s: float
    high_s: float
    error: float
    is_shared: bool = False


def fit_patience(visits: Visits, demands: Demands) -> tuple[Patience | None, ...]:
    """Return the patience of each need; None for all of them when leaving is not recorded or nobody left."""
    names = visits.names.needs
    # A customer without a recorded end of the wait tells nothing about patience.
    known = np.isfinite(visits.waited_s) & (visits.outcome != Outcome.OPEN)
    left = known & (visits.outcome == Outcome.ABANDONED)
    if visits.leaving is Leaving.UNSEEN or not left.any():
        return (None,) * len(names)
    whole = _fitted("", visits.waited_s[known], left[known], visits)
    found: list[Patience | None] = []
    for need, name in enumerate(names):
        mine = known & (visits.need == need)
        if left[mine].sum() >= demands.left_per_need:
            found.append(_fitted(name, visits.waited_s[mine], left[mine], visits))
        else:
            found.append(
                Patience(
                    name,
                    int(left[mine].sum()),
                    int(mine.sum()),
                    whole.length,
                    whole.low_s,
                    whole.high_s,
                    whole.error,
                    True,
                )
            )
    return tuple(found)


def _fitted(name: str, waits: Floats, left: Flags, visits: Visits) -> Patience:
    # A wait of zero is a wait of less than the clock can show.
    waits = np.maximum(waits, visits.clock_s / 2 * left)
    if visits.leaving is Leaving.WHEN_CALLED:
        return _fitted_late(name, waits, left)
    n = int(left.sum())
    mean = float(waits.sum()) / n
    low, high = 2 * n * mean / chi2.ppf(0.975, 2 * n + 2), 2 * n * mean / chi2.ppf(0.025, 2 * n)
    length, error = Length(mean, 1.0, Law.EXPONENTIAL), 1 / math.sqrt(n)
    exponential = -n * math.log(mean) - n
    if n >= 50 and (other := _log_normal(waits, left)) is not None and other[0] > exponential + 0.5 * math.log(n):
        length = other[1]
        low, high = length.mean_s * math.exp(-1.96 * other[2]), length.mean_s * math.exp(1.96 * other[2])
        error = other[2]
    return Patience(name, n, len(waits), length, float(low), float(high), error)


def _log_normal(waits: Floats, left: Flags) -> tuple[float, Length, float] | None:
    """Log-likelihood, law and relative error of a log-normal patience; None where its mean is beyond what was seen."""
    some = waits > 0
    logs, gone = np.log(waits[some]), left[some]

    def loss(at: Floats) -> float:
        mu, sigma = at[0], math.exp(at[1])
        z = (logs - mu) / sigma
        dense = -0.5 * np.square(z[gone]) - at[1] - 0.5 * math.log(2 * math.pi) - logs[gone]
        return -float(dense.sum() + log_ndtr(-z[~gone]).sum())

    found = minimize(loss, np.array([math.log(waits.sum() / gone.sum()), 0.3]), method="BFGS")
    mu, sigma = float(found.x[0]), math.exp(float(found.x[1]))
    # With few leavers the tail is not seen, and the mean of a wide log-normal is made of nothing but tail.
    if sigma > 2.0 or not math.isfinite(mu):
        return None
    length = Length(math.exp(mu + sigma**2 / 2), math.sqrt(math.expm1(sigma**2)), Law.LOG_NORMAL)
    slope = np.array([1.0, sigma**2])
    return -float(found.fun), length, math.sqrt(max(1e-12, float(slope @ np.linalg.inv(_bend(loss, found.x)) @ slope)))


def _bend(loss: Callable[[Floats], float], at: Floats) -> Floats:
    """The second derivatives of a function of two numbers, by differences."""
    step = 1e-3 * np.eye(2)
    return np.array(
        [
            [(loss(at + a + b) - loss(at + a - b) - loss(at - a + b) + loss(at - a - b)) / 4e-6 for b in step]
            for a in step
        ]
    )


def _fitted_late(name: str, waits: Floats, left: Flags) -> Patience:
    """Exponential patience where a leaver's patience is only known to be shorter than the wait until the call."""

    def loss(log_mean: float) -> float:
        rate = math.exp(-log_mean)
        return rate * float(waits[~left].sum()) - float(np.log(-np.expm1(-rate * waits[left])).sum())

    start = math.log(max(1.0, float(waits.sum()) / left.sum()))
    best = minimize_scalar(loss, bounds=(start - 6, start + 3), method="bounded")
    step = 1e-3
    bend = (loss(best.x + step) - 2 * loss(best.x) + loss(best.x - step)) / step**2
    error, mean = 1 / math.sqrt(max(bend, 1e-9)), math.exp(best.x)
    length = Length(mean, 1.0, Law.EXPONENTIAL)
    low, high = mean * math.exp(-1.96 * error), mean * math.exp(1.96 * error)
    return Patience(name, int(left.sum()), len(waits), length, low, high, error)
