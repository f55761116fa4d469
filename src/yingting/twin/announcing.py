"""Make a hall's wait model: learn from states and waits, calibrate on the hall's latest days, measure on days after those.

    made = made_from(own_past, simulated=from_hall(model, days=400), opens_s=32_400, stated=0.9)

Simulated days know states that the hall has not had yet; its own days know what the model of the hall leaves out. The
calibration is a split-conformal step (Romano, Patterson, Candès, NeurIPS 2019): on days that were not learnt from, the ends of
the range are moved until the share `stated` of the waits lies within, after rounding to minutes, for each stretch of the
expected wait by itself, so that short and long waits both hold. Later days count more (`half_life_days`; weighted quantiles as
in Tibshirani et al., NeurIPS 2019). It assumes that coming days are like the latest ones; `measure` tells whether they were.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from yingting.twin.learning import (
    FEWEST,
    Numbers,
    TooFew,
    cuts_of,
    digest,
    edges_of,
    ends_of,
    index_of,
    is_idle,
    learn,
    on_curve,
    weighted_quantile,
    with_curve,
)  # fmt: skip
from yingting.twin.seeing import Sample, joined
from yingting.twin.waits import QueueWaits, WaitModel

FEWEST_DAYS = 5
FEWEST_BEGUN = 2  # own days of a hall that has simulated days besides: one calibrates, one measures
SIMULATED = 2_000.0  # as how many customers the simulated days count together
_STRETCH = 150  # customers for each stretch of the expected wait that is calibrated by itself
_STRETCHES = 8
_PASSES = 4
_MISSED_BELOW = (0.0, 0.2, 0.4, 0.6)  # which share of the misses may be waits shorter than told


@dataclass(frozen=True, slots=True)
class Figures:
    """How good a model is on days that it does not know. `coverage` is the share of waits within the told minutes.

    `width_min` is the mean width of the range told, `within_60` the share of waits at most 60 s from `mean_s`. `by_stretch` has
    (from, to, customers, coverage, width) by expected wait in seconds.
    """

    customers: int
    rmse_s: float
    mae_s: float
    within_60: float
    coverage: float
    below: float
    above: float
    width_min: float
    by_stretch: tuple[tuple[float, float, int, float, float], ...] = ()

    def numbers(self) -> dict[str, float]:
        """Return the figures that a model carries."""
        names = ("customers", "rmse_s", "mae_s", "within_60", "coverage", "width_min")
        return {name: round(float(getattr(self, name)), 4) for name in names}


@dataclass(frozen=True, slots=True)
class Told:
    """Ranges of many customers at once, in seconds; `minutes` after rounding as they are told. `index_s` is nan when idle."""

    low_s: Numbers
    middle_s: Numbers
    high_s: Numbers
    mean_s: Numbers
    index_s: Numbers

    @property
    def minutes(self) -> tuple[Numbers, Numbers]:
        """The minutes as told, lowest down and highest up."""
        low = np.floor(np.maximum(self.low_s, 0.0) / 60)
        return low, np.maximum(np.ceil(self.high_s / 60), low + 1)


# ---------------------------------------------------------------------------------------------- making
def made_from(
    own: Sample,
    *,
    opens_s: float,
    stated: float = 0.9,
    simulated: Sample | None = None,
    slot_s: float = 3600.0,
    slots: int = 12,
) -> WaitModel:
    """Return a model that is ready to be installed, with its figures on days that it did not know (`measured`).

    `own` are the hall's latest days. They are used twice: first the older three fifths are learnt from, the next fifth calibrates
    and the last measures what such a model is worth; then the model proper learns from the older three quarters and is calibrated
    on the rest. `simulated` days of the calibrated hall are learnt from besides, as `SIMULATED` customers. A hall that has just
    begun, with fewer than `FEWEST_DAYS` days, learns from simulated ones alone; its own days calibrate, and each is measured
    with what the others calibrate. Raises TooFew with fewer than `FEWEST_DAYS` days (`FEWEST_BEGUN` beside simulated ones) or
    with too few customers.
    """
    days = np.unique(own.day)
    if simulated is not None and FEWEST_BEGUN <= len(days) < FEWEST_DAYS:
        learnt = learn(simulated, opens_s=opens_s, slot_s=slot_s, slots=slots, stated=stated)
        return replace(calibrated(learnt, own), measured=_left_out(learnt, own).numbers())
    if len(days) < FEWEST_DAYS:
        raise TooFew(f"{len(days)} days are too few, {FEWEST_DAYS} are needed")

    def made(learn_to: float, calibrate_to: float) -> WaitModel:
        first, second = days[round(learn_to * len(days)) - 1], days[round(calibrate_to * len(days)) - 1]
        past = own.part(own.day <= first)
        known = joined([past, simulated.counting(SIMULATED)]) if simulated is not None else past
        learnt = learn(known, opens_s=opens_s, slot_s=slot_s, slots=slots, stated=stated)
        return calibrated(learnt, own.part((own.day > first) & (own.day <= second)))

    last = own.part(own.day > days[round(0.8 * len(days)) - 1])
    return replace(made(0.75, 1.0), measured=measure(made(0.6, 0.8), last).numbers())


def _left_out(learnt: WaitModel, own: Sample) -> Figures:
    """What a model that has learnt nothing from these days is worth on each, calibrated on the others; by customers."""
    found = [
        measure(calibrated(learnt, own.part(own.day != day)), own.part(own.day == day)) for day in np.unique(own.day)
    ]
    counts = [one.customers for one in found]

    def mean(values: Iterable[float]) -> float:
        return float(np.average(list(values), weights=counts))

    return Figures(
        sum(counts), math.sqrt(mean(one.rmse_s**2 for one in found)), mean(one.mae_s for one in found),
        mean(one.within_60 for one in found), mean(one.coverage for one in found), mean(one.below for one in found),
        mean(one.above for one in found), mean(one.width_min for one in found),
    )  # fmt: skip


# ---------------------------------------------------------------------------------------------- calibrating
def calibrated(
    model: WaitModel, sample: Sample, *, stated: float | None = None, half_life_days: float = 14.0
) -> WaitModel:
    """Return the model with ranges that hold the share `stated` of these waits, told in minutes; queues without data stay.

    `sample` are the hall's latest days, none of which the model has learnt from. Raises TooFew below `FEWEST` customers.
    """
    stated = stated or model.stated
    if not 0 < stated < 1:
        raise ValueError(f"a share of {stated} cannot be stated")
    told = sample.told()
    if len(told) < FEWEST:
        raise TooFew(f"{len(told)} customers are too few to calibrate from")
    model = replace(model, stated=stated)
    fresh = told.weight * np.power(0.5, (told.day.max() - told.day) / half_life_days)
    everybody = told.part(np.ones(len(told), bool))
    everybody = replace(everybody, weight=fresh)
    queues = dict(model.queues)
    for number, letter in enumerate(told.queues):
        mine = everybody.part(everybody.queue == number)
        if letter in queues and len(mine):
            # A queue with few customers is calibrated with those of all queues beside its own.
            used = mine if len(mine) >= _STRETCH else None
            queues[letter] = _held(queues[letter], model, used or everybody)
    return replace(model, queues=queues, inputs=digest(sample, model.inputs))


def _held(waits: QueueWaits, model: WaitModel, sample: Sample) -> QueueWaits:
    """Return one queue with its ends moved: idle by itself, the curve by stretches; then wider where that was not enough."""
    idle = is_idle(sample)
    free, busy = sample.part(idle), sample.part(~idle)
    span = waits.idle
    ends = (span.low_s, span.middle_s, span.high_s, span.mean_s)
    if len(free) >= FEWEST:
        ends = ends_of(free.wait_s, free.weight, model.stated)
        down, up = _moves(free, np.full(len(free), ends[0]), np.full(len(free), ends[2]), model.stated)
        ends = (max(0.0, ends[0] - down), ends[1], max(0.0, ends[2] + up, ends[0] - down), ends[3])
    lines = np.array([waits.low_s, waits.middle_s, waits.high_s, waits.mean_s])
    knots = np.array(waits.knots_s)
    if len(busy) < FEWEST:
        return with_curve(waits, knots, lines, ends)
    index = index_of(waits, busy, model)
    edges = edges_of(index, busy.weight, cuts_of(len(busy), _STRETCH, _STRETCHES))
    place = np.clip(np.searchsorted(edges, index, side="right") - 1, 0, len(edges) - 2)
    centers = np.array([index[place == number].mean() for number in range(len(edges) - 1)])
    for turn in range(_PASSES):
        low, high = (on_curve(waits, index, busy, name) for name in ("low_s", "high_s"))
        moves = np.array([
            _moves(busy.part(place == number), low[place == number], high[place == number], model.stated)
            for number in range(len(centers))
        ])  # fmt: skip
        # The last pass only widens what straight lines between the stretches have cut off.
        moves = moves if turn < _PASSES - 1 else np.maximum(moves, 0.0)
        if not moves.any():
            break
        down, up = np.interp(knots, centers, moves[:, 0]), np.interp(knots, centers, moves[:, 1])
        lines = np.array([waits.low_s, waits.middle_s, waits.high_s, waits.mean_s])
        lines = lines + np.array([-down, 0 * down, up, 0 * up])
        lines[2] = np.maximum(lines[2], lines[0])
        waits = with_curve(waits, knots, lines, ends)
        knots = np.array(waits.knots_s)
    return waits


def _moves(sample: Sample, low_s: Numbers, high_s: Numbers, stated: float) -> tuple[float, float]:
    """Return by how many seconds the lowest must go down and the highest up (below 0: the other way) to hold the share.

    Of a few ways to share the miss between both ends the one whose told ranges are narrowest.
    """
    if not len(sample):
        return 0.0, 0.0
    # After rounding a wait is held as soon as the end reaches into its own minute.
    below = low_s - 60.0 * (np.floor(sample.wait_s / 60) + 1) + 0.1
    above = 60.0 * (np.ceil(sample.wait_s / 60) - 1) + 0.1 - high_s
    unseen = float(sample.weight.max())
    downs = [_upper(below, sample.weight, 1 - part * (1 - stated), unseen) for part in _MISSED_BELOW]
    best = (math.inf, 0.0, 0.0, 0.0)
    # An end moves only where that makes what is told narrower: within a minute there is nothing to win.
    for down in {*downs, max(0.0, downs[0])}:
        up = _upper(np.where(below > down, math.inf, above), sample.weight, stated, unseen)
        low = np.floor(np.maximum(low_s - down, 0.0) / 60)
        high = np.maximum(np.ceil((high_s + up) / 60), low + 1)
        width = float(np.average(high - low, weights=sample.weight))
        best = min(best, (round(width, 3), abs(down), down, up))
    return best[2], best[3]


def _upper(needed: Numbers, weight: Numbers, share: float, unseen: float) -> float:
    """Return the move that is enough for the share, in whole tenths; the largest finite one where there are too few for it."""
    move = weighted_quantile(needed, weight, share, beyond=unseen)
    if not math.isfinite(move):
        move = float(needed[np.isfinite(needed)].max())
    return math.ceil(move * 10) / 10


# ---------------------------------------------------------------------------------------------- telling and measuring
def tell(model: WaitModel, sample: Sample) -> Told:
    """Return what each customer of the sample would be told; nan where the model does not know (`WaitModel.span` says None)."""
    out = np.full((5, len(sample)), np.nan)
    idle = is_idle(sample)
    for number, letter in enumerate(sample.queues):
        waits = model.queues.get(letter)
        if waits is None:
            continue
        mine = (sample.queue == number) & (sample.counters > 0)
        span = waits.idle
        out[:4, mine & idle] = np.array([[span.low_s], [span.middle_s], [span.high_s], [span.mean_s]])
        busy = np.flatnonzero(mine & ~idle)
        if len(busy):
            those = sample.part(busy)
            index = index_of(waits, those, model)
            lines = [on_curve(waits, index, those, name) for name in ("low_s", "middle_s", "high_s", "mean_s")]
            out[:, busy] = np.array([*lines, index])
    return Told(*out)


def measure(model: WaitModel, sample: Sample, *, stretches: int = 5) -> Figures:
    """Return how the model does on these customers, those left out for whom it tells nothing. Raises TooFew when that is all."""
    told = tell(model, sample)
    known = ~np.isnan(told.high_s)
    if not known.any():
        raise TooFew("the model tells none of these customers anything")
    wait, mean = sample.wait_s[known], told.mean_s[known]
    low, high = (line[known] for line in told.minutes)
    below, above = wait < low * 60, wait > high * 60
    held, width, error = ~(below | above), high - low, np.abs(wait - mean)
    edges = np.unique(np.quantile(mean, np.linspace(0, 1, stretches + 1)))
    place = np.clip(np.searchsorted(edges, mean, side="right") - 1, 0, max(0, len(edges) - 2))
    rows = tuple(
        (float(mean[here].min()), float(mean[here].max()), int(here.sum()), float(held[here].mean()), float(width[here].mean()))
        for here in (place == number for number in range(max(1, len(edges) - 1)))
        if here.any()
    )  # fmt: skip
    return Figures(
        len(wait), float(np.sqrt(np.mean(np.square(error)))), float(error.mean()), float((error <= 60).mean()),
        float(held.mean()), float(below.mean()), float(above.mean()), float(width.mean()), rows,
    )  # fmt: skip
