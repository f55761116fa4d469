"""Learn a hall's wait model from states and waits: weights of an index for each queue, and a curve over it."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression, lsq_linear

from yingting.twin.seeing import Sample, joined
from yingting.twin.waits import QueueWaits, Span, WaitModel, terms

Numbers = NDArray[np.float64]
FEWEST = 60  # a queue with fewer customers than this is left to the plain range
_A_KNOT = 150  # customers for each knot of a curve
_KNOTS = 24
_BORROWED = 300.0  # as how many customers of a queue those of the hall's other queues count together
_DIGITS = 1


class TooFew(ValueError):
    """There are too few customers to learn or calibrate from."""


def learn(sample: Sample, *, opens_s: float, slot_s: float = 3600.0, slots: int = 12, stated: float = 0.9) -> WaitModel:
    """Return a model learnt from the sample, not yet calibrated. Raises TooFew when no queue has enough customers.

    `slots` of `slot_s` seconds from `opens_s` have an offset each; before and after, the first and last one holds.
    """
    told = sample.told()
    model = WaitModel({}, opens_s, slot_s, stated)
    queues: dict[str, QueueWaits] = {}
    for number, letter in enumerate(told.queues):
        mine = told.part(told.queue == number)
        if len(mine) >= FEWEST and (~is_idle(mine)).sum() >= FEWEST // 2:
            others = told.part(told.queue != number)
            queues[letter] = _learnt(joined([mine, others.counting(_BORROWED)]) if len(others) else mine, model, slots)
    if not queues:
        raise TooFew("no queue has enough customers to learn from")
    return replace(model, queues=queues, inputs=digest(sample))


def _learnt(sample: Sample, model: WaitModel, slots: int) -> QueueWaits:
    idle = is_idle(sample)
    busy = sample.part(~idle)
    heads = busy.ahead > 0
    weighing = (busy.weight * heads).sum()
    one_s = float((busy.work_s * busy.weight).sum() / (busy.ahead * busy.weight).sum()) if weighing else 150.0
    weights, base_s, offsets = _weights(busy, one_s, _slot_of(busy.at_s, model, slots), slots)
    load = busy.work_s / busy.counters
    blank = QueueWaits(
        one_s=one_s, weights=tuple(weights), base_s=base_s, offsets_s=tuple(offsets), top_load_s=float(load.max()),
        knots_s=(0.0,), low_s=(0.0,), middle_s=(0.0,), high_s=(0.0,), mean_s=(0.0,), slope=0.0, idle=Span(0, 0, 0, 0),
    )  # fmt: skip
    index = index_of(blank, busy, model)
    knots, lines = _curve(index, busy.wait_s, busy.weight, model.stated)
    free = sample.part(idle)
    span = ends_of(free.wait_s, free.weight, model.stated) if len(free) >= FEWEST // 2 else (0.0, 0.0, 0.0, 0.0)
    return with_curve(replace(blank, slope=_slope(index, busy, knots[-1])), knots, lines, span)


def _weights(sample: Sample, one_s: float, slot: NDArray[np.int64], slots: int) -> tuple[Numbers, float, Numbers]:
    """Least squares with weights of the terms not below zero, and offsets by slot drawn towards none (10 customers' worth)."""
    columns = np.array(_terms(sample, one_s)).T
    wide = np.concatenate([columns, np.ones((len(sample), 1)), slot[:, None] == np.arange(slots)], axis=1)
    count = columns.shape[1]
    scale = np.sqrt(np.average(np.square(wide), axis=0, weights=sample.weight))
    scale[scale == 0] = 1.0
    wide /= scale
    drawn = np.full(wide.shape[1], 1e-4)
    drawn[count + 1 :] = 10.0 / np.square(scale[count + 1 :]) / sample.weight.sum()
    lowest = np.concatenate([np.zeros(count), np.full(1 + slots, -np.inf)])
    weight, usual = sample.weight, float(np.average(sample.wait_s, weights=sample.weight))
    for _ in range(3):
        gram = (wide * weight[:, None]).T @ wide + np.diag(drawn * weight.sum())
        root = np.linalg.cholesky(gram).T
        aim = np.linalg.solve(root.T, wide.T @ (weight * sample.wait_s))
        found = lsq_linear(root, aim, (lowest, np.full(len(lowest), np.inf))).x
        # A long wait's spread is wider: its variance grows about as its mean, so it counts that much less.
        weight = sample.weight / np.maximum(wide @ found, usual / 4 + 1.0)
    found = found / scale
    found[:count] = np.maximum(found[:count], 0.0)
    return np.round(found[:count], 6), round(float(found[count]), _DIGITS), np.round(found[count + 1 :], _DIGITS)


def _slope(index: Numbers, sample: Sample, last: float) -> float:
    """Return how much a wait grows with the index where it is longest: the least squares of the upper tenth, from 0 to 1."""
    here = index >= min(last, weighted_quantile(index, sample.weight, 0.9))
    weight = sample.weight[here]
    over = index[here] - np.average(index[here], weights=weight)
    spread = float((weight * np.square(over)).sum())
    return round(min(1.0, max(0.0, float((weight * over * sample.wait_s[here]).sum()) / spread)), 3) if spread else 0.0


def _curve(index: Numbers, wait_s: Numbers, weight: Numbers, stated: float) -> tuple[Numbers, NDArray[np.float64]]:
    """Return knots and (low, middle, high, mean) at them: of customers in stretches of the index, made never to fall."""
    edges = edges_of(index, weight, cuts_of(len(index), _A_KNOT, _KNOTS))
    place = np.clip(np.searchsorted(edges, index, side="right") - 1, 0, len(edges) - 2)
    knots, rows, counts = [], [], []
    for number in range(len(edges) - 1):
        here = place == number
        if here.any():
            knots.append(float(np.average(index[here], weights=weight[here])))
            rows.append(ends_of(wait_s[here], weight[here], stated))
            counts.append(float(weight[here].sum()))
    lines = [isotonic_regression(line, weights=counts).x for line in np.array(rows).T]
    return np.array(knots), np.array(lines)


def ends_of(wait_s: Numbers, weight: Numbers, stated: float) -> tuple[float, float, float, float]:
    """Return low, middle, high and mean of waits."""
    miss = (1 - stated) / 2
    low, middle, high = (weighted_quantile(wait_s, weight, at) for at in (miss, 0.5, 1 - miss))
    return low, middle, high, float(np.average(wait_s, weights=weight))


def weighted_quantile(values: Numbers, weight: Numbers, at: float, *, beyond: float = 0.0) -> float:
    """Return the smallest value that the share `at` of the weight does not exceed, `beyond` being the weight of one unseen.

    >>> weighted_quantile(np.array([3.0, 1.0, 2.0]), np.ones(3), 0.5), weighted_quantile(np.ones(2), np.ones(2), 0.9, beyond=1)
    (2.0, inf)
    """
    order = np.argsort(values, kind="stable")
    summed = np.cumsum(weight[order])
    place = int(np.searchsorted(summed, at * (summed[-1] + beyond) * (1 - 1e-12)))
    return float(values[order][place]) if place < len(order) else math.inf


def edges_of(index: Numbers, weight: Numbers, cuts: Sequence[float]) -> Numbers:
    """Return the ends of stretches of the index that hold these shares of the weight, from -inf to inf."""
    order = np.argsort(index, kind="stable")
    summed = np.cumsum(weight[order])
    inner = [float(index[order][np.searchsorted(summed, part * summed[-1])]) for part in cuts]
    return np.array(sorted({-math.inf, *inner, math.inf}))


def cuts_of(customers: int, each: int, most: int) -> list[float]:
    """Return where to cut so many customers: evenly, at most in `most` parts; with more there are, finer where waits are longest."""
    count = min(most, max(1, customers // each))
    cuts = [part / count for part in range(1, count)]
    share = 1.0 / count
    while cuts and share / 2 * customers >= each:
        share /= 2
        cuts.append(1.0 - share)
    return cuts


def with_curve(waits: QueueWaits, knots: Numbers, lines: NDArray[np.float64], idle: tuple[float, ...]) -> QueueWaits:
    """Return the queue with a curve that can be told: rounded, never falling, lowest under highest, idle under all of it."""
    knots = np.round(knots, _DIGITS)
    keep = np.append(np.diff(knots) > 0, True)
    knots, lines = knots[keep], np.maximum(np.round(lines[:, keep], _DIGITS), 0.0)
    low, middle, high, mean = lines
    # Only ever wider: the lowest goes down to what comes after it, the highest up to what came before.
    low = np.minimum.accumulate(low[::-1])[::-1]
    high = np.maximum.accumulate(np.maximum(high, low))
    middle, mean = np.maximum.accumulate(np.clip(middle, low, high)), np.maximum.accumulate(mean)
    free_low, free_middle, free_high, free_mean = (max(0.0, round(value, _DIGITS)) for value in idle)
    free_low = min(free_low, float(low[0]))
    high = np.maximum(high, free_high)
    return replace(
        waits, knots_s=tuple(knots.tolist()), low_s=tuple(low.tolist()), middle_s=tuple(middle.tolist()),
        high_s=tuple(high.tolist()), mean_s=tuple(mean.tolist()),
        idle=Span(free_low, min(max(free_middle, free_low), free_high), max(free_high, free_low), free_mean),
    )  # fmt: skip


def digest(sample: Sample, before: str = "") -> str:
    """Return a digest of a sample: equal inputs make equal models, so a model can be asked what it was made from."""
    summed = hashlib.sha256(before.encode())
    summed.update(repr(sample.queues).encode())
    for name in (
        "queue",
        "day",
        "at_s",
        "ahead",
        "work_s",
        "counters",
        "free",
        "around",
        "oldest_s",
        "wait_s",
        "weight",
    ):
        summed.update(np.ascontiguousarray(getattr(sample, name)).tobytes())
    return summed.hexdigest()[:32]


def _terms(sample: Sample, one_s: float) -> list[Any]:
    return terms(
        sample.ahead, sample.work_s, sample.counters, sample.around, sample.oldest_s, one_s=one_s, at_most=np.minimum
    )


def is_idle(sample: Sample) -> NDArray[np.bool_]:
    return sample.ahead < sample.free


def _slot_of(at_s: Numbers, model: WaitModel, slots: int) -> NDArray[np.int64]:
    return np.clip((at_s - model.opens_s) // model.slot_s, 0, slots - 1).astype(np.int64)


def index_of(waits: QueueWaits, sample: Sample, model: WaitModel) -> Numbers:
    """The index of busy customers, as `QueueWaits.index_s` has it."""
    slot = _slot_of(sample.at_s, model, len(waits.offsets_s))
    terms_s = np.array(waits.weights) @ np.array(_terms(sample, waits.one_s))
    return np.asarray(waits.base_s + np.array(waits.offsets_s)[slot] + terms_s)


def on_curve(waits: QueueWaits, index: Numbers, sample: Sample, name: str) -> Numbers:
    """A line of the curve at an index, as `QueueWaits.span` has it."""
    line, last, mean = np.array(getattr(waits, name)), waits.knots_s[-1], waits.mean_s[-1]
    beyond = np.maximum(0.0, sample.work_s / sample.counters - waits.top_load_s)
    grown = np.where(index >= last, waits.slope * (index - last) + beyond, 0.0)
    return np.asarray(np.interp(index, waits.knots_s, line) * (1.0 + grown / mean if mean > 0 else 1.0))
