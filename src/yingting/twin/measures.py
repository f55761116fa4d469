"""What records come to: counts and sums by day and slot, from which every figure of the twin is made.

A visit's wait is that of its first leg: from taking the number to the first call, as the hall's own indicator counts it
(`queueing.wait_within_limit`). A block's counts add up with those of other blocks, in any order.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from yingting.twin.drawing import Crowd
from yingting.twin.engine.arrays import Fate, Records, Seconds, Small, Whole
from yingting.twin.engine.kernels import kernel
from yingting.twin.running import Prepared

BIN_S = 10.0
BINS = 1081  # waits up to three hours in steps of ten seconds; the last bin holds what is longer
MINUTES = 24 * 60
SERVED, ABANDONED, ABSENT = int(Fate.SERVED), int(Fate.ABANDONED), int(Fate.ABSENT)


class Tally(NamedTuple):
    """Counts of a block of days.

    By [day, slot of arrival]: `came`, `served` (somebody came to a counter), `left` (nobody did), `missed`, and of the served
    `kept` [limit, day, slot] within each limit; `wait_s` their waits together. `bins[slot, bin]` and `day_bins[day, bin]` count
    the waits of the served, so that quantiles are exact to `BIN_S`. `waiting[day, minute]` is how many people wait at the
    minute. `busy_s[day, slot]` are the seconds that seats were taken. `diverted[day]` took no number.
    """

    came: Whole
    served: Whole
    left: Whole
    missed: Whole
    kept: NDArray[np.int64]
    wait_s: NDArray[np.float64]
    bins: NDArray[np.int64]
    day_bins: NDArray[np.int32]
    waiting: NDArray[np.int32]
    busy_s: NDArray[np.float64]
    diverted: Whole


@kernel
def _spread(begins: float, ends: float, opens_s: float, slot_s: float, busy_s: Seconds) -> None:
    """Spread a time at a seat over the slots that it covers; what lies outside belongs to the first or last."""
    last = busy_s.size - 1
    place = min(max(int((begins - opens_s) / slot_s), 0), last)
    while place < last:
        over = opens_s + (place + 1) * slot_s
        if ends <= over:
            break
        busy_s[place] += over - begins
        begins = over
        place += 1
    busy_s[place] += ends - begins


@kernel
def _count(
    first: Whole, slot: Small, joined: Seconds, called: Seconds, done: Seconds, fate: Small, opens_s: float, slot_s: float,
    limits: Seconds, tally: Tally,
) -> None:  # fmt: skip
    """Add the first legs of each day to the tally, and their time at a seat."""
    bins, minutes = tally.bins.shape[1], tally.waiting.shape[1]
    for day in range(first.size - 1):
        served, left, missed, wait_s = tally.served[day], tally.left[day], tally.missed[day], tally.wait_s[day]
        day_bins, waiting, busy_s = tally.day_bins[day], tally.waiting[day], tally.busy_s[day]
        for leg in range(first[day], first[day + 1]):
            at, kind, came, over = slot[leg], fate[leg], joined[leg], done[leg]
            if kind in (SERVED, ABSENT):
                begins = called[leg]
                _spread(begins, over, opens_s, slot_s, busy_s)
                over = begins
            if kind == SERVED:
                wait = over - came
                served[at] += 1
                wait_s[at] += wait
                for number in range(limits.size):
                    tally.kept[number, day, at] += wait <= limits[number]
                place = min(int(wait / BIN_S), bins - 1)
                tally.bins[at, place] += 1
                day_bins[place] += 1
            elif kind == ABSENT:
                missed[at] += 1
            else:
                left[at] += 1
            if over > came:
                begins_at = min(max(math.ceil(came / 60.0), 0), minutes - 1)
                ends_at = min(max(math.ceil(min(over, 86400.0) / 60.0), 0), minutes - 1)
                waiting[begins_at] += 1
                waiting[ends_at] -= 1
        people = 0
        for minute in range(minutes):
            people += waiting[minute]
            waiting[minute] = people
        tally.came[day] = served + left + missed


@kernel
def _work(
    day_of: Whole, called: Seconds, done: Seconds, opens_s: float, slot_s: float, busy_s: NDArray[np.float64]
) -> None:  # fmt: skip
    """Add the time at a seat of legs that are not a visit's first."""
    for leg in range(called.size):
        if not math.isnan(called[leg]):
            _spread(called[leg], done[leg], opens_s, slot_s, busy_s[day_of[leg]])


def count(prepared: Prepared, crowd: Crowd, records: Records, limits_s: tuple[float, ...] = (600.0, 480.0)) -> Tally:
    """Return the counts of a block."""
    model, days, slots = prepared.model, len(crowd.days.first) - 1, len(prepared.model.rates)
    shape = (days, slots)
    tally = Tally(
        np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.zeros(shape, np.int64),
        np.zeros((len(limits_s), *shape), np.int64), np.zeros(shape), np.zeros((slots, BINS), np.int64),
        np.zeros((days, BINS), np.int32), np.zeros((days, MINUTES), np.int32), np.zeros(shape), crowd.diverted,
    )  # fmt: skip
    _count(
        crowd.days.first, crowd.slot, records.joined_s, records.called_s, records.done_s, records.fate, model.opens_s,
        model.slot_s, np.array(limits_s), tally,
    )  # fmt: skip
    later = slice(int(crowd.days.first[-1]), None)
    day_of = (np.searchsorted(crowd.days.first, crowd.visit[later], side="right") - 1).astype(np.int64)
    _work(day_of, records.called_s[later], records.done_s[later], model.opens_s, model.slot_s, tally.busy_s)
    return tally


def together(tallies: list[Tally]) -> Tally:
    """Return the counts of several blocks as of one, in their order."""
    joined = {
        name: np.concatenate([getattr(one, name) for one in tallies], axis=1 if name == "kept" else 0)
        for name in Tally._fields
        if name != "bins"
    }
    return Tally(**joined, bins=np.sum([one.bins for one in tallies], axis=0))


# ---------------------------------------------------------------------------------------------- figures
@dataclass(frozen=True, slots=True)
class Figure:
    """A value with what is uncertain about it: the 95 % interval of the mean day, and the band in which nine days of ten lie."""

    value: float
    low: float
    high: float
    day_low: float
    day_high: float

    @property
    def half_width(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2


def share(part: NDArray[np.number], whole: NDArray[np.number]) -> Figure:
    """Return a share of all days together (part and whole by day) with its interval: a ratio estimator, days independent.

    >>> share(np.array([9, 9]), np.array([10, 10]))
    Figure(value=0.9, low=0.9, high=0.9, day_low=0.9, day_high=0.9)
    """
    part, whole = np.asarray(part, float), np.asarray(whole, float)
    total = float(whole.sum())
    if not total:
        return Figure(math.nan, math.nan, math.nan, math.nan, math.nan)
    value = float(part.sum() / total)
    days = len(whole)
    error = 1.96 * math.sqrt(float(np.square(part - value * whole).sum()) / max(1, days - 1) * days) / total
    some = whole > 0
    low, high = np.quantile(part[some] / whole[some], (0.05, 0.95))
    return Figure(value, value - error, value + error, float(low), float(high))


def difference(
    part: NDArray[np.number], whole: NDArray[np.number], part_b: NDArray[np.number], whole_b: NDArray[np.number]
) -> Figure:
    """Return share b less share a with its interval, the days paired (common random numbers)."""
    a, b = share(part, whole), share(part_b, whole_b)
    days = len(whole)
    residual = (part_b - b.value * whole_b) / whole_b.mean() - (part - a.value * whole) / whole.mean()
    error = 1.96 * math.sqrt(float(np.square(residual).sum()) / max(1, days - 1) / days)
    some = (whole > 0) & (whole_b > 0)
    low, high = np.quantile(part_b[some] / whole_b[some] - part[some] / whole[some], (0.05, 0.95))
    return Figure(b.value - a.value, b.value - a.value - error, b.value - a.value + error, float(low), float(high))


def quantile_s(bins: NDArray[np.integer], at: float) -> float:
    """Return the quantile of waits counted in bins of `BIN_S`, in seconds, interpolated within its bin; nan when empty.

    >>> quantile_s(np.array([0, 10, 0]), 0.5)
    15.0
    """
    total = bins.sum()
    if not total:
        return math.nan
    summed = np.cumsum(bins)
    place = int(np.searchsorted(summed, at * total, side="left"))
    before = summed[place - 1] if place else 0
    return float((place + (at * total - before) / bins[place]) * BIN_S)
