"""Random lengths of time: mixtures of laws, drawn for many at once."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from yingting.twin.engine.arrays import Seconds
from yingting.twin.engine.numbers import normals
from yingting.twin.hall import Law, Length

_LAWS = list(Law)


class Lengths:
    """Mixtures of random lengths, one a need; a need without any is infinite."""

    def __init__(self, mixtures: Sequence[Sequence[tuple[float, Length]]]) -> None:
        """Lay the mixtures out: (weight, length) for each part of each need."""
        lengths = [length for mixture in mixtures for _, length in mixture]
        self.count = len(lengths)
        self._sizes = np.array([len(mixture) for mixture in mixtures])
        self._base = np.cumsum(self._sizes) - self._sizes
        self._is_plain = bool((self._sizes == 1).all())
        self._ladders = np.full((len(mixtures), max(1, int(self._sizes.max(initial=0)))), np.inf)
        for row, mixture in enumerate(mixtures):
            weights = np.cumsum([weight for weight, _ in mixture])
            if len(weights) > 1:
                self._ladders[row, : len(weights) - 1] = weights[:-1] / weights[-1]
        cv = np.array([length.cv for length in lengths], float)
        spread = np.log1p(np.square(cv))
        self._mean = np.array([length.mean_s for length in lengths], float)
        self._mu, self._sigma = np.log(self._mean) - spread / 2, np.sqrt(spread)
        self._law = np.array([_LAWS.index(length.law) for length in lengths], int)
        self._laws = {length.law for length in lengths}
        is_gamma = self._law == _LAWS.index(Law.GAMMA)
        self._shape = 1.0 / np.square(np.where(is_gamma, cv, 1.0))

    def drawn(self, rng: np.random.Generator, need: NDArray[np.integer]) -> Seconds:
        """Return a length for each need, in seconds.

        >>> Lengths([[(1.0, Length(60.0, law=Law.FIXED))], []]).drawn(np.random.default_rng(1), np.array([0, 1]))
        array([60., inf])
        """
        part: NDArray[np.integer] = need if self._is_plain else self._base[need]
        if self._ladders.shape[1] > 1:
            part = part + (rng.random(len(need))[:, None] >= self._ladders[need]).sum(axis=1)
        if self._sizes.all():
            return self._laid(rng, part)
        is_finite = self._sizes[need] > 0
        return np.where(is_finite, self._laid(rng, np.where(is_finite, part, 0)), math.inf)

    def _laid(self, rng: np.random.Generator, part: NDArray[np.integer]) -> Seconds:
        if len(self._laws) == 1:
            return self._of_law(next(iter(self._laws)), rng, part)
        out: Seconds = self._mean[part]
        law = self._law[part]
        for one in sorted(self._laws - {Law.FIXED}):
            # Every law draws for everybody, so that one need's law does not shift another's numbers.
            drawn, here = self._of_law(one, rng, part), law == _LAWS.index(one)
            out[here] = drawn[here]
        return out

    def _of_law(self, law: Law, rng: np.random.Generator, part: NDArray[np.integer]) -> Seconds:
        if law is Law.FIXED:
            return np.full(len(part), _told(self._mean, part))
        if law is Law.LOG_NORMAL:
            lengths = normals(rng, len(part))
            lengths *= _told(self._sigma, part)
            lengths += _told(self._mu, part)
            return np.exp(lengths, out=lengths)
        if law is Law.EXPONENTIAL:
            lengths = rng.standard_exponential(len(part))
        else:
            lengths = rng.standard_gamma(self._shape[part])
            lengths /= self._shape[part]
        lengths *= _told(self._mean, part)
        return lengths


def _told(values: Seconds, part: NDArray[np.integer]) -> Seconds | float:
    """Return the value of each part; where all have the same (patience often does), only that."""
    return float(values[0]) if (values == values[0]).all() else values[part]
