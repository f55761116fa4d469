"""Fit random lengths: log-normals and mixtures of two, by maximum likelihood; and how far the data lie from them.

Handling times in service centres are log-normal (Brown et al., JASA 100, 2005, §4.3), but for a share of very short services
one log-normal may not do; then a mixture is taken where the Bayesian information criterion prefers it (Schwarz 1978).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from yingting.twin.calibrating.visits import Floats
from yingting.twin.hall import Law, Length

_ROUNDS = 200
_LEAST_SIGMA = 0.05
_BINS = 512.0  # bins of logarithms to one unit: a width of 0.2 %, far below the least sigma
_LOG_2PI = math.log(2 * math.pi)


@dataclass(frozen=True, slots=True)
class Mixed:
    """A mixture of log-normals: `weight`, `mu`, `sigma` (of the logarithm of seconds) of each part."""

    weight: tuple[float, ...]
    mu: tuple[float, ...]
    sigma: tuple[float, ...]

    @property
    def mean_s(self) -> float:
        """Mean of the law, in seconds."""
        parts = zip(self.weight, self.mu, self.sigma, strict=True)
        return math.fsum(weight * math.exp(mu + sigma**2 / 2) for weight, mu, sigma in parts)

    @property
    def cv(self) -> float:
        """Coefficient of variation of the law."""
        parts = zip(self.weight, self.mu, self.sigma, strict=True)
        second = math.fsum(weight * math.exp(2 * mu + 2 * sigma**2) for weight, mu, sigma in parts)
        return math.sqrt(max(0.0, second / self.mean_s**2 - 1.0))

    def with_mean(self, mean_s: float) -> tuple[tuple[float, Length], ...]:
        """Return the law as a need's service, scaled to this mean."""
        scale = mean_s / self.mean_s
        return tuple(
            (weight, Length(scale * math.exp(mu + sigma**2 / 2), math.sqrt(math.expm1(sigma**2)), Law.LOG_NORMAL))
            for weight, mu, sigma in zip(self.weight, self.mu, self.sigma, strict=True)
        )

    def cdf(self, seconds: Floats) -> Floats:
        """Return the distribution function at these lengths."""
        logs = np.log(np.maximum(seconds, 1e-9))
        total = np.zeros(len(seconds))
        for weight, mu, sigma in zip(self.weight, self.mu, self.sigma, strict=True):
            total += weight * ndtr((logs - mu) / sigma)
        return total


def fit_lengths(seconds: Floats, *, shortest_s: float = 1.0, most_parts: int = 2) -> Mixed:
    """Return the law of lengths (all positive or zero; shorter ones than `shortest_s` count as that).

    >>> rng = np.random.default_rng(1)
    >>> law = fit_lengths(rng.lognormal(5.0, 0.8, 4000))
    >>> len(law.weight), round(law.mu[0], 1), round(law.sigma[0], 1)
    (1, 5.0, 0.8)
    """
    logs = np.log(np.maximum(seconds, shortest_s))
    one = Mixed((1.0,), (float(logs.mean()),), (max(_LEAST_SIGMA, float(logs.std())),))
    if most_parts < 2 or len(logs) < 100 or logs.std() < 2 * _LEAST_SIGMA:
        return one
    two = _two_parts(logs)
    gain = _log_likelihood(logs, two) - _log_likelihood(logs, one)
    return two if gain > 1.5 * math.log(len(logs)) else one


def ks_distance(seconds: Floats, law: Mixed, *, shortest_s: float = 1.0) -> float:
    """Return the largest distance between the law and the data (Kolmogorov-Smirnov), the middle of ties taken."""
    values, counts = np.unique(np.maximum(seconds, shortest_s), return_counts=True)
    # Clocks that count whole seconds put many lengths at one value; half of them lie below it.
    seen = (np.cumsum(counts) - counts / 2) / counts.sum()
    return float(np.abs(seen - law.cdf(values)).max())


def _densities(logs: Floats, law: Mixed) -> Floats:
    """Log density of each part at each point, with its weight: an array [part, point]."""
    return np.stack(
        [
            math.log(max(weight, 1e-300)) - 0.5 * np.square((logs - mu) / sigma) - math.log(sigma) - 0.5 * _LOG_2PI
            for weight, mu, sigma in zip(law.weight, law.mu, law.sigma, strict=True)
        ]
    )


def _log_likelihood(logs: Floats, law: Mixed) -> float:
    return float(np.logaddexp.reduce(_densities(logs, law), axis=0).sum())


def _two_parts(logs: Floats) -> Mixed:
    """Expectation and maximization from three beginnings; the best end is returned.

    Works on narrow bins of the logarithms: a hall's tens of thousands of services are a thousand bins.
    """
    best, best_at = None, -math.inf
    values, counts = np.unique(np.round(logs * _BINS) / _BINS, return_counts=True)
    for low, high in ((0.1, 0.6), (0.25, 0.75), (0.5, 0.95)):
        mu = np.quantile(logs, (low, high))
        law = Mixed((0.5, 0.5), (float(mu[0]), float(mu[1])), (float(logs.std()) / 2,) * 2)
        before = -math.inf
        for _ in range(_ROUNDS):
            dense = _densities(values, law)
            total = np.logaddexp.reduce(dense, axis=0)
            share = np.exp(dense - total) * counts
            sums = np.maximum(share.sum(axis=1), 1e-9)
            centres = share @ values / sums
            spread = np.sqrt(np.array([share[k] @ np.square(values - centres[k]) / sums[k] for k in range(2)]))
            spread = np.maximum(spread, _LEAST_SIGMA)
            law = Mixed(_pair(sums / len(logs)), _pair(centres), _pair(spread))
            now = float(total @ counts)
            if now - before < 1e-6 * len(logs):
                break
            before = now
        if now > best_at:
            best, best_at = law, now
    assert best is not None
    return best


def _pair(values: Floats) -> tuple[float, float]:
    return float(values[0]), float(values[1])
