"""Correct what a model foretells by what it got wrong on its own training days (model output statistics: Glahn and Lowry,

Journal of Applied Meteorology 11, 1972). Shares are shifted on the scale of their odds, times on that of their logarithm.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from yingting.twin.calibrating.checking import Check, DayCheck
from yingting.twin.calibrating.predicting import DayFigures

_LEAN_DAYS = 3.0  # no error at all is taken to have been seen on so many days
_EDGE = 0.005
_LEAST_S = 5.0


@dataclass(frozen=True, slots=True)
class Correction:
    """Shifts: of the log odds of each share within a limit and of abandonment, of the logarithm of mean and long waits."""

    within: tuple[float, ...]
    abandonment: float
    mean_s: float
    p90_s: float

    def applied(self, day: DayFigures) -> DayFigures:
        """Return the figures with the shifts; a share of none or all stays.

        >>> Correction((0.0,), 0.0, 0.0, 0.0).applied(DayFigures(10, (0.5,), 60.0, 120.0, 0.0)).within
        (0.5,)
        """
        return DayFigures(
            day.customers, tuple(_odds(share, shift) for share, shift in zip(day.within, self.within, strict=True)),
            day.mean_s * math.exp(self.mean_s), day.p90_s * math.exp(self.p90_s), _odds(day.abandonment, self.abandonment),
        )  # fmt: skip


def _odds(share: float, shift: float) -> float:
    if not 0.0 < share < 1.0:
        return share
    odds = share / (1.0 - share) * math.exp(shift)
    return odds / (1.0 + odds)


def correction(check: Check, half_life_days: float = math.inf) -> Correction:
    """Return the mean error of the checked days, leaning on none; old days count less by their age over the half-life."""
    days = check.days
    age = np.array([days[-1].day - one.day for one in days], float)
    weight = np.exp2(-age / half_life_days)

    def shift(of: Callable[[DayFigures], float], scale: Callable[[float], float]) -> float:
        found = [(_error(one, of, scale), float(much)) for one, much in zip(days, weight, strict=True)]
        known = [(error, much) for error, much in found if math.isfinite(error)]
        total = math.fsum(much for _, much in known)
        return math.fsum(error * much for error, much in known) / (total + _LEAN_DAYS) if known else 0.0

    limits: Sequence[int] = range(len(days[0].observed.within))
    return Correction(
        tuple(shift(lambda day, place=place: day.within[place], _log_odds) for place in limits),  # type: ignore[misc]  # a lambda with a default
        shift(lambda day: day.abandonment, _log_odds), shift(lambda day: day.mean_s, _log), shift(lambda day: day.p90_s, _log),
    )  # fmt: skip


def _error(day: DayCheck, of: Callable[[DayFigures], float], scale: Callable[[float], float]) -> float:
    return scale(of(day.observed)) - scale(of(day.simulated))


def _log_odds(share: float) -> float:
    share = min(max(share, _EDGE), 1 - _EDGE)
    return math.log(share / (1 - share))


def _log(seconds: float) -> float:
    return math.log(max(seconds, _LEAST_S))
