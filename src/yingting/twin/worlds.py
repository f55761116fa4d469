"""Answers that hold what the data leave open: the same question in several versions of a hall, each as likely as the next.

Versions are drawn from the uncertainty of a calibration (`calibrating.predicting.drawn_models`). The interval of a figure is
where it lies over the versions, so it is as wide as the hall is unknown; the day band is where nine days of ten lie in any
of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yingting.twin.asking import LIMITS_S, Exactness, Outcome, Slot, simulate
from yingting.twin.drawing import DAYS
from yingting.twin.hall import HallModel
from yingting.twin.levers import Lever, counter_hours, pulled
from yingting.twin.measures import Figure


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: the outcomes of every version of the hall, in their order."""

    worlds: tuple[Outcome, ...]

    @property
    def model(self) -> HallModel:
        """The first version: the hall as fitted."""
        return self.worlds[0].model

    @property
    def days(self) -> int:
        """Simulated days in all."""
        return sum(one.days for one in self.worlds)

    def figure(self, of: Callable[[Outcome], Figure]) -> Figure:
        """Return a figure over all versions."""
        found = [of(one) for one in self.worlds]
        if len(found) == 1:
            return found[0]
        values = np.array([one.value for one in found])
        value, error = float(np.nanmean(values)), 1.96 * float(np.nanstd(values, ddof=1))
        return Figure(
            value, value - error, value + error, float(np.nanmean([one.day_low for one in found])),
            float(np.nanmean([one.day_high for one in found])),
        )  # fmt: skip

    def within(self, limit: int = 0, *, with_left: bool = False) -> Figure:
        """Return the share of waits within a limit."""
        return _bounded(self.figure(lambda one: one.within(limit, with_left=with_left)))

    def left(self) -> Figure:
        """Return the share of customers who left without service."""
        return _bounded(self.figure(Outcome.left))

    def wait_s(self) -> Figure:
        """Return the mean wait of the served, in seconds."""
        return _bounded(self.figure(Outcome.wait_s), most=math.inf)

    def p90_s(self) -> Figure:
        """Return the wait that nine of ten served customers do not exceed, in seconds."""
        return _bounded(self.figure(Outcome.quantile_s), most=math.inf)

    def used(self) -> Figure:
        """Return the share of open counter time in which somebody was served; work after closing counts, so 1 may be passed."""
        return _bounded(self.figure(Outcome.used), most=math.inf)

    def seats(self, at: float = 0.95) -> int:
        """Return how many seats are enough at the fullest minute of so many of all days."""
        peaks = np.concatenate([one.tally.waiting.max(axis=1) for one in self.worlds])
        return math.ceil(float(np.quantile(peaks, at)))

    def counter_hours(self) -> float:
        """Return the hours that counters are open on the day."""
        return counter_hours(self.model)

    def by_slot(self) -> list[Slot]:
        """Return the figures of each slot: means over the versions."""
        found = [one.by_slot() for one in self.worlds]
        return [
            Slot(
                slots[0].at_s, _mean([one.came for one in slots]), _mean([one.within for one in slots]),
                float(np.nanmean([one.p90_s for one in slots])) if any(one.p90_s == one.p90_s for one in slots) else math.nan,
                _mean([one.left for one in slots]), slots[0].counters, float(np.mean([one.used for one in slots])),
            )
            for slots in zip(*found, strict=True)
        ]  # fmt: skip

    def waiting(self) -> NDArray[np.float64]:
        """Return [3, minute of the day]: 5 % quantile, mean and 95 % quantile of the people who wait."""
        mean: NDArray[np.float64] = np.mean([one.waiting() for one in self.worlds], axis=0)
        return mean


@dataclass(frozen=True, slots=True)
class Answer:
    """A hall as it is, the hall as it would be, and what differs."""

    before: Side
    after: Side

    def difference(self, of: Callable[[Side], Figure]) -> Figure:
        """Return by how much a figure is higher afterwards, version by version, so that what they share falls out."""
        pairs = [(of(Side((a,))), of(Side((b,)))) for a, b in zip(self.before.worlds, self.after.worlds, strict=True)]
        values = np.array([after.value - before.value for before, after in pairs])
        value = float(np.nanmean(values))
        error = 1.96 * float(np.nanstd(values, ddof=1)) if len(values) > 1 else math.nan
        return Figure(value, value - error, value + error, math.nan, math.nan)

    def staff_hours(self) -> float:
        """Return the counter hours that the change costs on such a day; negative: saves."""
        return self.after.counter_hours() - self.before.counter_hours()


def ask(
    worlds: Sequence[HallModel], levers: Sequence[Lever], *, seed: int, exact: Exactness | None = None, threads: int | None = None,
    limits_s: tuple[float, ...] = LIMITS_S, progress: Callable[[float], None] = lambda _share: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Answer:  # fmt: skip
    """Return what the levers would do in every version of the hall. Raises ModelError, Cancelled.

    The days of `exact` are spread over the versions, whole blocks each. `threads`: so many (None: one for each processor); the
    answer is the same with any number.
    """
    exact = exact or Exactness()
    each = max(1, round(exact.at_most_days / DAYS / len(worlds))) * DAYS
    at_least = max(1, round(exact.at_least_days / DAYS / len(worlds))) * DAYS
    share = Exactness(exact.half_width * math.sqrt(len(worlds)), at_least, each)
    before, after = [], []
    for number, world in enumerate(worlds):

        def told(done: float, number: int = number) -> None:
            progress((number + done) / len(worlds))

        found = simulate(
            [world, pulled(world, levers)], seed=seed + number, exact=share, limits_s=limits_s, threads=threads,
            progress=told, is_cancelled=is_cancelled,
        )  # fmt: skip
        before.append(found[0])
        after.append(found[1])
    return Answer(Side(tuple(before)), Side(tuple(after)))


def _bounded(figure: Figure, most: float = 1.0) -> Figure:
    return Figure(figure.value, max(0.0, figure.low), min(most, figure.high), figure.day_low, figure.day_high)


def _mean(figures: Sequence[Figure]) -> Figure:
    if all(one.value != one.value for one in figures):
        return figures[0]
    return Figure(*(float(np.nanmean([getattr(one, name) for one in figures])) for name in Figure.__slots__))
