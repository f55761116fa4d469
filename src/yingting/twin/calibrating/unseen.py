"""Patience that nobody recorded: numbers of people who have gone pass faster, the longer their holders had to wait.

While somebody waits, a counter calls a number every m seconds if everybody is still there. Who has waited w is still there
with probability exp(-w / patience), so numbers pass at exp(w / patience) / m: a Poisson regression of the numbers called on
the wait of the first in line, with each pool's own level, gives the patience.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.optimize import minimize_scalar

from yingting.twin.calibrating.patience import Patience
from yingting.twin.calibrating.snapshots import Rebuilt
from yingting.twin.calibrating.visits import Floats
from yingting.twin.hall import Law, Length

_FROM_S = 600.0  # shorter waits stand beside counters that are at times idle
_HOUR_S = 3600.0
_FEWEST = 200  # calls, without which nothing is said


def unseen_patience(rebuilt: Rebuilt, needs: tuple[str, ...]) -> tuple[Patience | None, ...]:
    """Return one patience for all needs of the hall; None for each where numbers do not pass faster after long waits."""
    rows = rebuilt.stretches[rebuilt.stretches[:, 3] >= _FROM_S]
    calls = int(rows[:, 2].sum())
    if calls < _FEWEST:
        return (None,) * len(needs)

    def loss(slope: float) -> float:
        return _loss(rows, slope)

    best = float(minimize_scalar(loss, bounds=(-3.0, 6.0), method="bounded").x)
    step = 0.02
    bend = (loss(best + step) - 2 * loss(best) + loss(best - step)) / step**2
    # Numbers come in bursts: their variance is several times a Poisson's.
    error = math.sqrt(max(1.0, _burst(rows, best)) / max(bend, 1e-9))
    if best < error:
        return (None,) * len(needs)
    mean, relative = _HOUR_S / best, error / best
    length = Length(mean, 1.0, Law.EXPONENTIAL)
    low, high = _HOUR_S / (best + 1.96 * error), _HOUR_S / max(best - 1.96 * error, 0.01)
    return tuple(Patience(need, 0, calls, length, low, high, min(relative, 0.7), True) for need in needs)


def _expected(rows: Floats, slope: float) -> Floats:
    """Numbers expected in each stretch, each pool at its own level."""
    pool = rows[:, 0].astype(int)
    base = rows[:, 1] * np.exp(slope * rows[:, 3] / _HOUR_S)
    level = np.bincount(pool, rows[:, 2]) / np.maximum(np.bincount(pool, base), 1e-9)
    expected: Floats = np.maximum(level[pool] * base, 1e-9)
    return expected


def _loss(rows: Floats, slope: float) -> float:
    expected = _expected(rows, slope)
    return float((expected - rows[:, 2] * np.log(expected)).sum())


def _burst(rows: Floats, slope: float) -> float:
    expected = _expected(rows, slope)
    return float(np.square(rows[:, 2] - expected).sum() / expected.sum())
