"""The level of a day's arrivals: weekday, kind of day, part of the month, and how much days differ beyond that.

Day levels are Poisson counts times a Gamma factor with mean 1 and variance 1/k. Effects lean on zero by as much as the data
say (a linear mixed model of the logarithm of the daily level, variances by expectation and maximization); k comes from the
Pearson statistic, which counts Poisson noise and the day's factor apart.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.stats import chi2

from yingting.twin.calibrating.days import DayFacts, Kind
from yingting.twin.calibrating.visits import Flags, Floats, Ints

_HALF_LIVES = (7.0, 14.0, 28.0, math.inf)
_KINDS = tuple(kind for kind in Kind if kind is not Kind.USUAL)
_ROUNDS = 40
_MOST_VARIANCE = 4.0
# What effects vary by before any day is seen, worth so many weekdays: a relative 15 % (the bank of Brown et al. has 16 to 18 %).
_PRIOR_VARIANCE, _PRIOR_LEVELS = 0.15**2, 3.0
# What days of halls scatter by, worth so many days (Montreal's model: 1/28.7; the bank's weekdays: 0.03).
_PRIOR_DISPERSION, _PRIOR_DAYS = 0.015, 2.0


@dataclass(frozen=True, slots=True)
class Dispersion:
    """Extra variance of counts, relative to the mean squared: the estimate and its 95 % interval (0: Poisson alone)."""

    value: float
    low: float
    high: float

    @property
    def busyness(self) -> float:
        """The Gamma shape k that has this variance; infinite when there is none."""
        return math.inf if self.value <= 0 else 1.0 / self.value


@dataclass(frozen=True, slots=True)
class Levels:
    """The logarithm of a day's level as a sum of effects, with their covariance.

    Columns: intercept, 7 weekdays, kinds other than usual, parts of the month. `month_ends` empty: no effect of the month.
    `variance` is the variance of effects of each column's factor; `half_life_days` how fast old days are forgotten.
    """

    effects: Floats
    covariance: Floats
    variance: Floats
    month_ends: tuple[int, ...]
    half_life_days: float
    dispersion: Dispersion
    degrees: float

    def log_level(self, facts: DayFacts) -> tuple[float, float]:
        """Return the expected logarithm of the day's level and its standard error (without the day's own factor)."""
        row = design([facts], self.month_ends)[0]
        return float(row @ self.effects), math.sqrt(max(0.0, float(row @ self.covariance @ row)))


def design(facts: list[DayFacts], month_ends: tuple[int, ...]) -> Floats:
    """Return the columns of `Levels` for these days."""
    parts = len(month_ends) + 1 if month_ends else 0
    table = np.zeros((len(facts), 1 + 7 + len(_KINDS) + parts))
    for row, one in enumerate(facts):
        table[row, 0] = 1.0
        table[row, 1 + one.weekday] = 1.0
        if one.kind is not Kind.USUAL:
            table[row, 8 + _KINDS.index(one.kind)] = 1.0
        if parts:
            table[row, 8 + len(_KINDS) + one.month_part(month_ends)] = 1.0
    return table


def fit_levels(
    counts: Floats, coverage: Floats, facts: list[DayFacts], month_ends: tuple[int, ...], half_life: float
) -> Levels:  # fmt: skip
    """Return the levels of days with these counts, each of which saw so much of a whole day (`coverage`, 1 = all).

    From 21 days on the half-life of a day's weight is the one that foretells best; `half_life` (days) is for fewer.
    """
    if len(facts) >= 21:
        half_life = _half_life(counts, coverage, facts, month_ends)
    return _fit(counts, coverage, facts, month_ends, half_life)


def _fit(
    counts: Floats, coverage: Floats, facts: list[DayFacts], month_ends: tuple[int, ...], half_life: float
) -> Levels:
    table = design(facts, month_ends)
    days = np.array([one.day for one in facts], float)
    weight = np.exp2(-(days.max() - days) / half_life) if math.isfinite(half_life) else np.ones(len(days))
    phi = 0.03
    for _ in range(5):
        safe = np.maximum(counts, 0.5)
        # The logarithm of a noisy count is too low in the mean by half its relative variance.
        logs = np.log(safe / coverage) + phi / 2 + 0.5 / safe
        effects, covariance, variance = _mixed(table, logs, (phi + 1 / safe) / weight)
        mean = np.exp(table @ effects) * coverage
        hat = np.einsum("ij,jk,ik->i", table, covariance, table) / ((phi + 1 / safe) / weight)
        degrees = max(1.0, float(weight.sum()) * (1 - float(np.clip(hat, 0, 1).sum()) / len(counts)))
        dispersion = _leaning(dispersed(counts, mean, degrees, weight), degrees)
        phi = max(dispersion.value, 1e-4)
    return Levels(effects, covariance, variance, month_ends, half_life, dispersion, degrees)


def _mixed(table: Floats, logs: Floats, noise: Floats) -> tuple[Floats, Floats, Floats]:
    """Effects, covariance and variance by column of the mixed model; the intercept is free."""
    factors = _factors(table.shape[1])
    variance = np.full(table.shape[1], 0.25)
    variance[0] = 1e6
    seen: Flags = np.any(table != 0, axis=0)
    for _ in range(_ROUNDS):
        covariance = np.linalg.inv((table / noise[:, None]).T @ table + np.diag(1 / variance))
        effects = covariance @ (table.T @ (logs / noise))
        for columns in factors:
            here = columns[seen[columns]]
            sums = float((np.square(effects[here]) + np.diag(covariance)[here]).sum())
            variance[columns] = min(
                (sums + _PRIOR_LEVELS * _PRIOR_VARIANCE) / (len(here) + _PRIOR_LEVELS), _MOST_VARIANCE
            )
    return effects, covariance.astype(np.float64), variance


def _factors(columns: int) -> list[Ints]:
    kinds = 8 + len(_KINDS)
    return [np.arange(1, 8), np.arange(8, kinds), *([np.arange(kinds, columns)] if columns > kinds else [])]


def _half_life(counts: Floats, coverage: Floats, facts: list[DayFacts], month_ends: tuple[int, ...]) -> float:
    """The half-life that foretells the next week best, from the last third of the days on."""
    scores = dict.fromkeys(_HALF_LIVES, 0.0)
    for until in range(2 * len(facts) // 3, len(facts), 2):
        ahead = slice(until, min(len(facts), until + 7))
        for half_life in _HALF_LIVES:
            levels = _fit(counts[:until], coverage[:until], facts[:until], month_ends, half_life)
            told = np.array([levels.log_level(one)[0] for one in facts[ahead]]) + np.log(coverage[ahead])
            scores[half_life] += float(np.square(np.log(np.maximum(counts[ahead], 0.5)) - told).mean())
    # Forgetting has to earn its place: by a twentieth.
    best = min(scores, key=lambda one: scores[one])
    return best if scores[best] < 0.95 * scores[math.inf] else math.inf


def dispersed(counts: Floats, mean: Floats, degrees: float, weight: Floats | float = 1.0) -> Dispersion:
    """Return the extra variance of counts around their means: the Pearson statistic put equal to its degrees of freedom.

    With weights the degrees are those of the weighted sum.
    """

    def at(target: float) -> float:
        def excess(phi: float) -> float:
            return float((weight * np.square(counts - mean) / np.maximum(mean + phi * mean**2, 1e-12)).sum()) - target

        if excess(0.0) <= 0:
            return 0.0
        return float(brentq(excess, 0.0, 1e3)) if excess(1e3) < 0 else 1e3

    return Dispersion(at(degrees), at(float(chi2.ppf(0.975, degrees))), at(float(chi2.ppf(0.025, degrees))))


def _leaning(seen: Dispersion, degrees: float) -> Dispersion:
    """The dispersion of days, leaning on what halls show where days are few; its interval holds what the data allow."""
    value = (degrees * seen.value + _PRIOR_DAYS * _PRIOR_DISPERSION) / (degrees + _PRIOR_DAYS)
    return Dispersion(value, min(seen.low, value), max(value, min(seen.high, 1.0)))


def drawn_dispersion(levels: Levels, rng: np.random.Generator) -> float:
    """Draw the extra variance of days as it might as well be (a scaled inverse chi-squared, as of a normal variance)."""
    degrees = levels.degrees + _PRIOR_DAYS
    return min(1.0, levels.dispersion.value * degrees / max(1.0, float(rng.chisquare(degrees))))
