"""Random numbers of a stream, compiled: the very numbers that numpy's generator gives, made into what is wanted on the way.

Numpy's own normal numbers cost more than twice as much, because the processor cannot guess their signs; here there is nothing to
guess. Without the compiler numpy draws them.
"""

from __future__ import annotations

import numpy as np

from yingting.twin.engine.arrays import Seconds, Small, Whole
from yingting.twin.engine.kernels import IS_COMPILED, kernel

NEARLY_ONE = float(np.nextafter(1.0, 0.0))


def normals(rng: np.random.Generator, count: int) -> Seconds:
    """Return standard normal numbers."""
    if not IS_COMPILED:
        return rng.standard_normal(count)
    out = np.empty(count)
    _normals(rng, out)
    return out


@kernel
def arrivals(
    rng: np.random.Generator, expected: Seconds, slots: int, opens_s: float, slot_s: float, at_s: Seconds, slot: Small, first: Whole
) -> bool:  # fmt: skip
    """Write when customers come (seconds of the day), in which slot, and each day's first customer; False: `at_s` is too short.

    Arrivals are Poisson with rate 1 in the time that counts expected customers; `expected` of them come in each slot of each day.
    """
    now = ends = 0.0
    cell, count, day, mine = -1, 0, -1, slots - 1
    begins = scale = 0.0
    while True:
        now += rng.standard_exponential()
        while now >= ends:
            cell += 1
            mine += 1
            if mine == slots:
                mine = 0
                day += 1
                first[day] = count
            if cell == expected.size:
                return True
            begins = ends
            ends += expected[cell]
            scale = 1.0 / expected[cell]
        if count == at_s.size:
            return False
        slot[count] = mine
        at_s[count] = (min((now - begins) * scale, NEARLY_ONE) + mine) * slot_s + opens_s
        count += 1


@kernel
def _normals(rng: np.random.Generator, out: Seconds) -> None:
    for place in range(out.size):
        out[place] = rng.standard_normal()
