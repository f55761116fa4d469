"""How many customers a day has, and how they spread over its slots: what is learned from a history, by each way of learning."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from yingting.twin.forecasting import regression
from yingting.twin.forecasting.days import Day, History, Kind, kind, likeness

LEAST_FOR_REGRESSION = 56  # open days: eight weeks
_SIMILAR = (
    0.12  # share of the customers that would have to come in another slot for two kinds of day to have one profile
)


class Way(StrEnum):
    """How the level of a day is learned."""

    SAME_WEEKDAY = "same-weekday"
    REGRESSION = "regression"


@dataclass(frozen=True, slots=True)
class Method:
    """A way to the level of a day; `rate`: how much the newest same weekday counts; `carries`: how the last days were goes on."""

    way: Way
    rate: float = 0.0
    carries: bool = False


METHODS = (
    *(Method(Way.SAME_WEEKDAY, rate, carries) for carries in (False, True) for rate in (0.3, 0.15, 0.5)),
    Method(Way.REGRESSION, carries=False),
    Method(Way.REGRESSION, carries=True),
)


def possible(count: int) -> tuple[Method, ...]:
    """Return the methods that so many open days allow."""
    return tuple(one for one in METHODS if one.way is not Way.REGRESSION or count >= LEAST_FOR_REGRESSION)


@dataclass(frozen=True, slots=True)
class Averages:
    """A moving average of rows for each kind of day: the newest counts `rate`, and never less than in a plain mean."""

    rows: dict[Kind, NDArray[np.float64]]
    seen: dict[Kind, int]
    rate: float

    def expect(self, wanted: Kind) -> NDArray[np.float64] | None:
        """Return what a kind of day is like; None before any day was seen."""
        if not self.rows:
            return None
        if wanted in self.rows:
            return self.rows[wanted]
        like = [self.rows[one] for one in likeness(wanted, tuple(self.rows))]
        return np.asarray(np.mean(like, axis=0))

    def learn(self, what: Kind, row: NDArray[np.float64]) -> None:
        """Take in a day."""
        count = self.seen.get(what, 0) + 1
        self.seen[what] = count
        share = max(self.rate, 1.0 / count)
        self.rows[what] = row if count == 1 else self.rows[what] + share * (row - self.rows[what])


@dataclass(frozen=True, slots=True)
class Levels:
    """Totals of coming days, and how far the last ones were from what was expected of them.

    `mean` has one entry a day. `carry` is the lag-1 correlation of days' deviations, `spread` their variance beyond Poisson.
    """

    mean: NDArray[np.float64]
    carry: float
    spread: float


def levels(past: History, days: Sequence[Day], method: Method) -> Levels:
    """Return the totals of the days after a history."""
    totals = past.counts.sum(axis=1)
    if method.way is Way.REGRESSION:
        model = regression.fitted(past.days, totals)
        mean, expected = model.means(days), model.means(past.days)
        start = 0
    else:
        mean, expected, start = _averaged(past, days, totals, method.rate)
    carry, spread, last = _deviations(totals[start:], expected[start:])
    if method.carries:
        opened = np.cumsum([day.is_open for day in days])
        mean = mean * np.maximum(0.2, 1.0 + last * carry**opened)
    return Levels(mean, carry, spread)


def _averaged(
    past: History, days: Sequence[Day], totals: NDArray[np.float64], rate: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], int]:
    averages = Averages({}, {}, rate)
    expected = np.ones(len(totals))
    for place, day in enumerate(past.days):
        so_far = averages.expect(kind(day))
        expected[place] = totals[place] if so_far is None else so_far[0]
        averages.learn(kind(day), totals[place : place + 1])
    known = {one: averages.expect(one) for one in {kind(day) for day in days}}
    mean = np.array([0.0 if (row := known[kind(day)]) is None else float(row[0]) for day in days])
    return mean, expected, min(7, len(totals) // 2)


def _deviations(totals: NDArray[np.float64], expected: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the lag-1 correlation of days' deviations, their variance beyond Poisson, and the last of them, shrunk."""
    some = expected > 0
    totals, expected = totals[some], expected[some]
    if len(totals) < 8:
        return 0.0, 1.0 / 28.7, 0.0
    off = np.clip(totals / expected - 1.0, -0.8, 1.5)
    spread = max(1e-4, float(np.mean(np.square(off) - 1.0 / expected)))
    centred = off - off.mean()
    along = float((centred[1:] * centred[:-1]).sum() / max(1e-12, float((centred * centred).sum())))
    # An estimate from few days is drawn to 0 as if ten more days had shown nothing.
    carry = min(0.9, max(0.0, along * len(off) / (len(off) + 10.0)))
    last = float(off[-1]) * spread / (spread + 1.0 / float(expected[-1]))
    return carry, spread, last


# ---------------------------------------------------------------------------------------------- slots
@dataclass(frozen=True, slots=True)
class Pooling:
    """How a profile over the slots is learned: the rate of its moving average, and how many days similar kinds count for."""

    rate: float
    days: float


POOLINGS = (Pooling(0.3, 0.0), Pooling(0.3, 4.0), Pooling(0.12, 0.0), Pooling(0.12, 2.0), Pooling(0.12, 8.0))


def profiles(past: History, days: Sequence[Day], pooling: Pooling) -> NDArray[np.float64]:
    """Return [day, slot]: the share of each slot in each coming day; rows come to 1."""
    averages = Averages({}, {}, pooling.rate)
    for day, row in zip(past.days, past.counts, strict=True):
        if row.sum() > 0:
            averages.learn(kind(day), row / row.sum())
    slots = past.counts.shape[1]
    out = np.full((len(days), slots), 1.0 / slots)
    for wanted in {kind(day) for day in days}:
        own = averages.expect(wanted)
        if own is None:
            continue
        near = [one for one, row in averages.rows.items() if np.abs(row - own).sum() / 2 < _SIMILAR]
        if pooling.days and near:
            pooled = np.average(
                [averages.rows[one] for one in near], axis=0, weights=[averages.seen[one] for one in near]
            )
            known = min(averages.seen.get(wanted, 0), 1.0 / pooling.rate)
            own = (known * own + pooling.days * pooled) / (known + pooling.days)
        out[[place for place, day in enumerate(days) if kind(day) is wanted]] = own / math.fsum(own)
    return out
