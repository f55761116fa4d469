"""Shrinkage: what is believed of each unit after its own cases and those of its peers are weighed (empirical Bayes).

Model. Unit i has a true value θᵢ, drawn from its peer group: mean μ, variance A between units. Its own cases show yᵢ with
variance Vᵢ. What is believed of θᵢ has the mean Bᵢμ + (1 − Bᵢ)yᵢ with Bᵢ = Vᵢ/(Vᵢ + A): few cases mean much pull towards
the peers. (Efron & Morris 1975, "Data analysis using Stein's estimator", JASA 70, 311-319; Casella 1985, "An introduction
to empirical Bayes data analysis", Am. Stat. 39, 83-87.)

A is estimated by adjusted maximum likelihood: the A at which A · L(A) is greatest, L being the restricted likelihood
(Morris & Tang 2011, "Estimating random effects via adjustment for density maximization", Stat. Sci. 26, 271-287). The
moment estimators (DerSimonian & Laird, Paule & Mandel) are 0 for many small groups, and would then call all units equal
with no doubt left; this one is never 0 while there is any error in the values. It needs four units.

Shares are beta-binomial: the group is Beta(Mμ, M(1 − μ)) with M = μ(1 − μ)/A − 1. Values with an open scale are normal.
That μ itself is estimated widens every unit's variance by Bᵢ² Var(μ) (Kackar & Harville 1984, JASA 79, 853-862).
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from yingting.indicators.beta import Floats, beta_quantile

FEWEST_UNITS = 4


@dataclass(frozen=True, slots=True)
class Group:
    """What is estimated of a peer group: mean, variance between its units, squared error of the mean."""

    mean: float
    between: float
    error: float


# None of 30 is no proof of none ever. Where nearly all units stand on 0 or 1, the peers would make a belief surer than
# Jeffreys' prior for a share allows; half a case on either side is the least (Brown, Cai & DasGupta 2001).
LEAST_COUNT = 0.5


@dataclass(frozen=True, slots=True)
class Beliefs:
    """What is believed of some units: mean and variance each; a beta distribution for shares, else a normal one.

    `own` is the weight 1 − B of a unit's own cases.
    """

    mean: Floats
    variance: Floats
    own: Floats
    is_share: bool

    def quantile(self, p: float) -> Floats:
        """Return the value below which a unit's true value lies with probability p."""
        if self.is_share:
            a, b = self._counts()
            return beta_quantile(p, a, b)
        return self.mean + NormalDist().inv_cdf(p) * np.sqrt(self.variance)

    def draw(self, random: np.random.Generator, draws: int) -> Floats:
        """Return plausible true values, units × draws. Beliefs without any doubt differ by a hair, so that lots fall."""
        shape = (draws, len(self.mean))
        if self.is_share:
            a, b = self._counts()
            return random.beta(a, b, shape).T
        hair = 1e-12 * max(1.0, float(np.abs(self.mean).max(initial=0)))
        return random.normal(self.mean, np.maximum(np.sqrt(self.variance), hair), shape).T

    def _counts(self) -> tuple[Floats, Floats]:
        size = self.mean * (1 - self.mean) / self.variance - 1
        return np.maximum(self.mean * size, LEAST_COUNT), np.maximum((1 - self.mean) * size, LEAST_COUNT)


def between_variance(y: Floats, v: Floats) -> float:
    """Return the variance between units, A, by adjusted maximum likelihood; v: squared error of each y, at least four.

    Equal errors have a closed form: with W = A + v and S the sum of squares about the mean, W is the greater root of
    (k − 3)W² − ((k − 1)v + S)W + vS = 0.

    >>> round(between_variance(np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.full(5, 1.0)), 4)
    5.1926
    """
    if len(y) < FEWEST_UNITS:
        raise ValueError(f"the spread between units needs {FEWEST_UNITS} units, not {len(y)}")
    if not v.any():
        return float(np.var(y, ddof=1))
    low = np.log(v[v > 0].min() * 1e-6)
    high = np.log((np.var(y) + v.max()) * 1e3)
    for _zoom in range(7):
        grid = np.linspace(low, high, 33)
        best = int(np.argmax(_adjusted_likelihood(np.exp(grid), y, v)))
        low, high = grid[max(best - 1, 0)], grid[min(best + 1, 32)]
    return float(np.exp((low + high) / 2))


def group_of(y: Floats, v: Floats) -> Group:
    """Estimate a peer group from its units' values and their squared errors."""
    between = between_variance(y, v)
    if v.any() or between:
        weights = 1 / (v + between)
        return Group(float(weights @ y / weights.sum()), between, float(1 / weights.sum()))
    return Group(float(y.mean()), 0.0, 0.0)


def shrink_means(y: Floats, v: Floats, group: Group | None) -> Beliefs:
    """Weigh values with an open scale (seconds, scores) against their group; without a group they stand alone."""
    if group is None:
        return Beliefs(y, v, np.ones_like(y), is_share=False)
    total = v + group.between
    pull = np.divide(v, total, out=np.zeros_like(v), where=total > 0)
    mean = pull * group.mean + (1 - pull) * y
    return Beliefs(mean, v * (1 - pull) + pull**2 * group.error, 1 - pull, is_share=False)


def share_group(y: Floats, cases: Floats) -> Group:
    """Estimate a peer group from shares. A group that is all 0 or all 1 is taken as half a case short of that."""
    overall = _inside(float(y @ cases / cases.sum()), cases)
    found = group_of(y, overall * (1 - overall) / cases)
    mean = _inside(found.mean, cases)
    return Group(mean, min(found.between, 0.99 * mean * (1 - mean)), found.error)


def shrink_shares(y: Floats, cases: Floats, group: Group | None) -> Beliefs:
    """Weigh shares against their group; without a group each has Jeffreys' prior, half a case on either side."""
    if group is None:
        prior, mean, error = 1.0, 0.5, 0.0
    else:
        mean, error = group.mean, group.error
        prior = mean * (1 - mean) / group.between - 1
    pull = prior / (prior + cases)
    shrunk = pull * mean + (1 - pull) * y
    variance = shrunk * (1 - shrunk) / (prior + cases + 1) + pull**2 * error
    return Beliefs(shrunk, np.minimum(variance, 0.99 * shrunk * (1 - shrunk)), 1 - pull, is_share=True)


def _inside(share: float, cases: Floats) -> float:
    edge = 0.5 / (float(cases.sum()) + 1)
    return min(max(share, edge), 1 - edge)


def _adjusted_likelihood(between: Floats, y: Floats, v: Floats) -> Floats:
    """Return log(A · L(A)) for each A, up to a constant."""
    weights = 1 / (v + between[:, None])
    total = weights.sum(axis=1)
    mean = weights @ y / total
    fit = np.log(weights).sum(axis=1) - np.log(total) - (weights * (y - mean[:, None]) ** 2).sum(axis=1)
    found: Floats = np.log(between) + fit / 2
    return found
