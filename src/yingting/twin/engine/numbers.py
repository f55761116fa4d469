"""Random numbers of a stream, compiled: the very numbers that numpy's generator gives, made into what is wanted on the way.

Numpy's own normal numbers cost more than twice as much, because the processor cannot guess their signs; here there is nothing to
guess. Without the compiler numpy draws them.
"""

from __future__ import annotations

import numpy as np

from yingting.twin.engine.arrays import Seconds, Small
from yingting.twin.engine.kernels import IS_COMPILED, kernel


def normals(rng: np.random.Generator, count: int) -> Seconds:
    """Return standard normal numbers."""
    if not IS_COMPILED:
        return rng.standard_normal(count)
    out = np.empty(count)
    _normals(rng, out)
    return out


def poisson_clock(rng: np.random.Generator, count: int) -> Seconds:
    """Return the first `count` times of a Poisson process with rate 1."""
    if not IS_COMPILED:
        return np.cumsum(rng.standard_exponential(count))
    out = np.empty(count)
    _poisson_clock(rng, out)
    return out


@kernel
def lay_out(
    clock: Seconds, ladder: Seconds, expected: Seconds, slots: int, opens_s: float, slot_s: float, at_s: Seconds, slot: Small
) -> None:  # fmt: skip
    """Wind a clock of expected customers back to seconds of the day.

    `expected` customers come in each slot of each day, `ladder` is how many are expected before it.
    """
    last = np.nextafter(1.0, 0.0)
    place = 0
    for cell in range(expected.size):
        begins, ends, mine = ladder[cell], ladder[cell + 1], cell % slots
        scale = 1.0 / expected[cell]
        while place < clock.size and clock[place] < ends:
            slot[place] = mine
            at_s[place] = (min((clock[place] - begins) * scale, last) + mine) * slot_s + opens_s
            place += 1


@kernel
def _normals(rng: np.random.Generator, out: Seconds) -> None:
    for place in range(out.size):
        out[place] = rng.standard_normal()


@kernel
def _poisson_clock(rng: np.random.Generator, out: Seconds) -> None:
    now = 0.0
    for place in range(out.size):
        now += rng.standard_exponential()
        out[place] = now
