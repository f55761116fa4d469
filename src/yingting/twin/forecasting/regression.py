"""Day totals by what kind of day it is: a negative binomial regression with a ridge.

Iteratively reweighted least squares (McCullagh and Nelder 1989); the ridge keeps it sane where a column was hardly ever seen.
"""

from __future__ import annotations

import calendar
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from yingting.twin.forecasting.days import Day

COLUMNS = 16
_HALF_LIFE_DAYS = 180.0
# How strongly each column is held at 0, in units of what one day says about the level: weekdays hardly, the trend firmly,
# because a slope learned from eight weeks would run away within two months.
_RIDGE = np.array([0.0] + [0.1] * 7 + [0.3, 0.3, 0.3, 0.3] + [1.0] * 3 + [4.0])


def covariates(days: Sequence[Day], origin: date) -> NDArray[np.float64]:
    """Return [day, column]: level, 7 weekdays, holiday, before, after, make-up, month's turn and swing, trend from `origin`.

    A make-up day is a fifth of each workday; a holiday has no weekday, being itself.
    """
    table = np.zeros((len(days), COLUMNS))
    table[:, 0] = 1.0
    for row, day in zip(table, days, strict=True):
        if day.is_makeup:
            row[1:6] = 0.2
        elif not day.is_holiday:
            row[1 + day.on.weekday()] = 1.0
        row[8:12] = day.is_holiday, day.is_before_holiday, day.is_after_holiday, day.is_makeup
        length = calendar.monthrange(day.on.year, day.on.month)[1]
        turn = 2.0 * math.pi * (day.on.day - 1) / length
        row[12:15] = math.exp(-(day.on.day - 1) / 3.0), math.cos(turn), math.sin(turn)
        row[15] = (day.on - origin).days / 90.0
    return table


@dataclass(frozen=True, slots=True)
class Regression:
    """A fitted regression: log of the mean is covariates @ `weights`; the variance is mean + `spread` mean²."""

    origin: date
    weights: NDArray[np.float64]
    spread: float

    def means(self, days: Sequence[Day]) -> NDArray[np.float64]:
        """Return the mean total of each day."""
        return np.exp(np.clip(covariates(days, self.origin) @ self.weights, -20.0, 20.0))


def fitted(days: Sequence[Day], totals: NDArray[np.float64], rounds: int = 25) -> Regression:
    """Fit the totals of days that are in order; older days count less (half at 180 days)."""
    origin = days[-1].on
    table = covariates(days, origin)
    age = np.array([(origin - day.on).days for day in days], float)
    say = 0.5 ** (age / _HALF_LIFE_DAYS)
    weights = np.zeros(COLUMNS)
    weights[0] = math.log(max(0.5, float(np.average(totals, weights=say))))
    spread = 0.02
    for _ in range(rounds):
        mean = np.exp(np.clip(table @ weights, -20.0, 20.0))
        beyond = np.average(((totals - mean) ** 2 - mean) / np.maximum(mean, 1e-9) ** 2, weights=say)
        spread = min(2.0, max(1e-4, float(beyond)))
        works = say * mean / (1.0 + spread * mean)
        goal = table @ weights + (totals - mean) / np.maximum(mean, 1e-9)
        ridge = np.diag(_RIDGE * float(works.mean()) + 1e-12)
        new = np.linalg.solve(table.T @ (table * works[:, None]) + ridge, table.T @ (works * goal))
        done = float(np.abs(new - weights).max()) < 1e-8
        weights = weights + np.clip(new - weights, -2.0, 2.0)
        if done:
            break
    return Regression(origin, weights, spread)
