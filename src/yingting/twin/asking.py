"""Ask a hall what would be: simulate it, or several beside each other, until the answer is exact enough.

Halls that are compared go through the same blocks of days with the same customers, so what differs is what was changed. Blocks
run in threads (the compiled loop lets go of the interpreter) and count the same in whatever order they end.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yingting.twin.drawing import DAYS, draw
from yingting.twin.hall import HallModel
from yingting.twin.levers import comparable, counter_hours
from yingting.twin.measures import Figure, Tally, count, difference, quantile_s, share, together
from yingting.twin.running import Prepared, prepare, run

LIMITS_S = (600.0, 480.0)


class Cancelled(Exception):
    """Somebody no longer wants the answer."""


@dataclass(frozen=True, slots=True)
class Exactness:
    """When an answer is exact enough: half the 95 % interval of the share within the first limit, between two numbers of days."""

    half_width: float = 0.002
    at_least_days: int = 200
    at_most_days: int = 4_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a hall's simulated days came to."""

    model: HallModel
    tally: Tally
    limits_s: tuple[float, ...] = LIMITS_S

    @property
    def days(self) -> int:
        """Simulated days."""
        return len(self.tally.came)

    def within(self, limit: int = 0, *, with_left: bool = False) -> Figure:
        """Return the share of waits within a limit, of the served, or with those who left in the denominator."""
        kept, whole = self._within(limit, with_left=with_left)
        return share(kept, whole)

    def left(self) -> Figure:
        """Return the share of customers who left without service."""
        return share(self.tally.left.sum(axis=1), self.tally.came.sum(axis=1))

    def wait_s(self) -> Figure:
        """Return the mean wait of the served, in seconds."""
        return share(self.tally.wait_s.sum(axis=1), self.tally.served.sum(axis=1))

    def quantile_s(self, at: float = 0.9) -> Figure:
        """Return a quantile of all waits of the served, in seconds; its interval from groups of days, its band from days."""
        value = quantile_s(self.tally.bins.sum(axis=0), at)
        groups = [quantile_s(part.sum(axis=0), at) for part in np.array_split(self.tally.day_bins, min(20, self.days))]
        error = 1.96 * float(np.nanstd(groups, ddof=1)) / len(groups) ** 0.5 if len(groups) > 1 else 0.0
        by_day = [one for one in (quantile_s(row, at) for row in self.tally.day_bins) if one == one]
        low, high = np.quantile(by_day, (0.05, 0.95)) if by_day else (np.nan, np.nan)
        return Figure(value, max(0.0, value - error), value + error, float(low), float(high))

    def used(self) -> Figure:
        """Return the share of open counter time in which somebody was served."""
        busy = self.tally.busy_s.sum(axis=1)
        return share(busy, np.full(self.days, counter_hours(self.model) * 3600.0))

    def peak_waiting(self, at: float = 0.95) -> float:
        """Return how many people wait at the fullest minute on a day like this; `at` of the days need no more seats."""
        return float(np.quantile(self.tally.waiting.max(axis=1), at))

    def by_slot(self) -> list[Slot]:
        """Return the figures of each slot of the day."""
        tally, slots = self.tally, self.tally.came.shape[1]
        begins = self.model.opens_s + self.model.slot_s * np.arange(slots)
        open_s = [_open_s(self.model, at, at + self.model.slot_s) for at in begins]
        return [
            Slot(
                at_s=float(begins[slot]),
                came=share(tally.came[:, slot], np.ones(self.days)),
                within=share(tally.kept[0, :, slot], tally.served[:, slot]),
                p90_s=quantile_s(tally.bins[slot], 0.9),
                left=share(tally.left[:, slot], tally.came[:, slot]),
                counters=open_s[slot] / self.model.slot_s,
                used=float(tally.busy_s[:, slot].mean() / open_s[slot]) if open_s[slot] else 0.0,
            )
            for slot in range(slots)
        ]

    def waiting(self) -> NDArray[np.float64]:
        """Return [3, minute of the day]: the 5 % quantile, the mean and the 95 % quantile of the people who wait then."""
        low, high = np.quantile(self.tally.waiting, (0.05, 0.95), axis=0)
        return np.stack([low, self.tally.waiting.mean(axis=0), high])

    def _within(self, limit: int, *, with_left: bool) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        whole = self.tally.served.sum(axis=1)
        if with_left:
            whole = whole + self.tally.left.sum(axis=1)
        return self.tally.kept[limit].sum(axis=1), whole

    def better_than(self, other: Outcome, limit: int = 0, *, with_left: bool = False) -> Figure:
        """Return by how much the share within a limit is higher here than there, day by day."""
        return difference(*other._within(limit, with_left=with_left), *self._within(limit, with_left=with_left))


@dataclass(frozen=True, slots=True)
class Slot:
    """The figures of one slot: `counters` open on average, `used` the share of their time that was taken."""

    at_s: float
    came: Figure
    within: Figure
    p90_s: float
    left: Figure
    counters: float
    used: float


def _open_s(model: HallModel, begins_s: float, ends_s: float) -> float:
    return sum(max(0.0, min(stint.closes_s, ends_s) - max(stint.opens_s, begins_s)) for stint in model.stints)


def simulate(
    models: Sequence[HallModel], *, seed: int, exact: Exactness | None = None, threads: int | None = None,
    limits_s: tuple[float, ...] = LIMITS_S, progress: Callable[[float], None] = lambda _share: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> list[Outcome]:  # fmt: skip
    """Simulate the halls side by side and return their outcomes, in their order.

    `progress` hears the share of the days that are done (it may jump to 1 when the answer is exact early). Raises ModelError,
    and Cancelled once `is_cancelled` says so.
    """
    exact = exact or Exactness()
    _keep_memory()
    prepared = [prepare(model) for model in comparable(models)]
    parts: list[list[Tally]] = [[] for _ in prepared]
    blocks = max(1, -(-exact.at_most_days // DAYS))
    at_least = max(1, -(-exact.at_least_days // DAYS))
    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        for done, tallies in enumerate(_in_order(pool, prepared, limits_s, seed, blocks, is_cancelled), start=1):
            for part, tally in zip(parts, tallies, strict=True):
                part.append(tally)
            progress(done / blocks)
            if done >= at_least and done % at_least == 0 and _is_exact(parts, exact):
                break
    progress(1.0)
    return [Outcome(one.model, together(part), limits_s) for one, part in zip(prepared, parts, strict=True)]


def _keep_memory() -> None:
    """Let the C library keep what a block frees for the next block.

    glibc gives freed memory back beyond twice the largest array that it has mapped and freed; with the few hundred kB of a
    block's arrays it does so after every block, and a quarter of the time goes into pages that come and go. One large array,
    never written to, lifts that bound to 61 MB. Elsewhere this does nothing.
    """
    np.empty(4_000_000)


def _in_order(
    pool: ThreadPoolExecutor,
    prepared: Sequence[Prepared],
    limits_s: tuple[float, ...],
    seed: int,
    blocks: int,
    is_cancelled: Callable[[], bool],
) -> Iterator[list[Tally]]:
    """Yield the counts of block after block, a few blocks ahead at work."""
    ahead: list[list[Future[Tally]]] = []
    begun = 0
    try:
        for _ in range(blocks):
            while begun < blocks and len(ahead) < 4:
                ahead.append([pool.submit(_block, one, limits_s, seed, begun) for one in prepared])
                begun += 1
            if is_cancelled():
                raise Cancelled
            yield [one.result() for one in ahead.pop(0)]
    finally:
        for waiting in ahead:
            for one in waiting:
                one.cancel()


def _block(prepared: Prepared, limits_s: tuple[float, ...], seed: int, block: int) -> Tally:
    crowd = draw(prepared.model, seed=seed, block=block)
    return count(prepared, crowd, run(prepared, crowd), limits_s)


def _is_exact(parts: Sequence[list[Tally]], exact: Exactness) -> bool:
    for part in parts:
        kept = np.concatenate([tally.kept[0].sum(axis=1) for tally in part])
        served = np.concatenate([tally.served.sum(axis=1) for tally in part])
        if not share(kept, served).half_width <= exact.half_width:
            return False
    return True
