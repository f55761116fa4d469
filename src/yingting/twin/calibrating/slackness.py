"""How much longer counters are taken than services last: walking, papers, short absences, work that no system records.

One factor for each pool of queues, found by running the training days as they were (their customers, their counters) until
waits agree in the mean of log(1 + wait / scale), which neither a few very long waits nor many zeros rule alone. How far days
scatter around their own simulation, beyond what services alone scatter, is the pace's variation from day to day.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from yingting.twin.calibrating.days import DayFacts
from yingting.twin.calibrating.fitted import Fit, Slack
from yingting.twin.calibrating.tracing import trace
from yingting.twin.calibrating.visits import Flags, Floats, Ints, Outcome, Visits

_STEPS = 9
_WIDEST = 1.5  # of the logarithm: between a fifth and four and a half times
_FEWEST = 60
_COPIES = 6


@dataclass(frozen=True, slots=True)
class _Stage:
    """What stays the same from try to try."""

    fit: Fit
    pool_of_need: Ints
    scale_s: float
    rows: Mapping[int, Ints]
    observed: Floats  # [day, pool], nan where nobody came
    count: Floats
    weight: Floats  # [day, pool], the customers of the day, older days counting less
    loads: Floats  # [day, pool], logarithms


def fit_slack(fit: Fit, pools: Sequence[tuple[str, ...]], *, seed: int = 0) -> tuple[Slack, ...]:
    """Return the slack of each pool; `fit` gives everything else."""
    flat = tuple(Slack(pool, 0.0, 0.0, 0.0) for pool in pools)
    stage = _stage(replace(fit, slack=flat), pools)
    total = np.nansum(stage.count, axis=0)
    low, high = np.full(len(pools), -_WIDEST), np.full(len(pools), _WIDEST)
    middle = np.zeros(len(pools))
    for _ in range(_STEPS):
        mean, _ = _simulated(stage, middle, seed)
        # nobody is simulated where a counter was not there: those days say nothing
        gap = np.nansum((mean - stage.observed) * stage.weight, axis=0)
        high, low = np.where(gap > 0, middle, high), np.where(gap > 0, low, middle)
        middle = (low + high) / 2
    step = 0.05
    mean, variance = _simulated(stage, middle, seed)
    more, _ = _simulated(stage, middle + step, seed)
    slope = np.nansum((more - mean) * stage.weight, axis=0) / np.maximum(np.nansum(stage.weight, axis=0), 1e-9) / step
    seen = (total >= _FEWEST) & (slope > 0.005)
    loads = stage.loads - _middle(stage.loads, stage.weight)
    haste, haste_error = _haste(stage, mean, slope, loads, seen)
    off = mean - stage.observed + haste * np.nan_to_num(loads) * slope
    usual = _middle(stage.loads, stage.weight)
    found = []
    for place, pool in enumerate(pools):
        spread, error = _spread(stage, place, off, variance, float(slope[place]))
        found.append(
            Slack(pool, float(middle[place]), error, spread, bool(seen[place]), haste, haste_error, float(usual[place]))
        )
    return _leaned(found, total)


def _middle(values: Floats, weight: Floats) -> Floats:
    """The weighted mean of each column over the days where it is known."""
    known = np.where(np.isfinite(values), weight, 0.0)
    middle: Floats = np.nansum(values * known, axis=0) / np.maximum(known.sum(axis=0), 1e-9)
    return middle


def _haste(stage: _Stage, mean: Floats, slope: Floats, loads: Floats, seen: Flags) -> tuple[float, float]:
    """How the pace answers to the load, over all pools and days: slope and standard error, leaning on none at all."""
    with np.errstate(invalid="ignore", divide="ignore"):
        needed = (stage.observed - mean) / slope
    some = np.isfinite(needed) & np.isfinite(loads) & seen[None, :]
    if some.sum() < 10:
        return 0.0, 0.0
    x, y = loads[some], np.clip(needed[some], -1.0, 1.0)
    # A pool-day weighs as much as its customers make its statistic certain.
    weight = (stage.weight * np.square(slope))[some]
    bend = float(weight @ np.square(x))
    if bend <= 0:
        return 0.0, 0.0
    raw = float(weight @ (x * y)) / bend
    error = math.sqrt(float(np.square(weight * x * (y - raw * x)).sum())) / bend
    keep = max(0.0, 1 - error**2 / raw**2) if raw else 0.0
    return min(0.0, keep * raw), error * math.sqrt(keep) if raw < 0 else 0.0


def _stage(fit: Fit, pools: Sequence[tuple[str, ...]]) -> _Stage:
    visits = fit.visits
    number = {queue: place for place, pool in enumerate(pools) for queue in pool}
    pool_of_need = np.array([number.get(need.queue, -1) for need in fit.needs()])
    waits = visits.waited_s
    known = np.isfinite(waits)
    scale = max(1.0, float(waits[known].mean()))
    rows = {int(day): np.flatnonzero(visits.day == day) for day in visits.days}
    stats = [
        _by_pool(visits, one[known[one]], waits[one[known[one]]], pool_of_need, len(pools), scale)
        for one in rows.values()
    ]
    count = np.stack([one[1] for one in stats])
    age = np.array([max(rows) - day for day in rows], float)
    weight = count * np.exp2(-age / fit.demands.pace_half_life_days)[:, None]
    customers = [np.bincount(visits.need[one], minlength=len(fit.services)).astype(float) for one in rows.values()]
    stints = [fit.stints(fit.facts.get(day, DayFacts(day))) for day in rows]
    loads = np.stack([fit.loads(*one) for one in zip(customers, stints, strict=True)])
    return _Stage(fit, pool_of_need, scale, rows, np.stack([one[0] for one in stats]), count, weight, loads)


def _by_pool(
    visits: Visits, rows: Ints, waits: Floats, pool_of: Ints, pools: int, scale: float
) -> tuple[Floats, Floats]:
    pool = pool_of[visits.need[rows]]
    some = (pool >= 0) & np.isfinite(waits)
    count = np.bincount(pool[some], minlength=pools).astype(float)
    total = np.bincount(pool[some], np.log1p(np.maximum(waits[some], 0.0) / scale), minlength=pools)
    with np.errstate(invalid="ignore", divide="ignore"):
        return total / count, count


def _simulated(stage: _Stage, log_factor: Floats, seed: int) -> tuple[Floats, Floats]:
    """Mean and variance over the copies of the statistic by [day, pool]."""
    fit, visits = stage.fit, stage.fit.visits
    pools = len(log_factor)
    slack = tuple(replace(one, log_factor=float(log_factor[place])) for place, one in enumerate(fit.slack))
    needs = replace(fit, slack=slack).needs()
    mean, variance = [], []
    for day, rows in stage.rows.items():
        stints = fit.stints(fit.facts.get(day, DayFacts(day)))
        known = rows[np.isfinite(visits.waited_s[rows]) | (visits.outcome[rows] == Outcome.OPEN)]
        run = trace(
            visits, known, needs, stints, fit.klasses, seed=seed + day, copies=_COPIES, clock=fit.clocks.get(day)
        )
        each = np.stack(
            [
                _by_pool(
                    visits,
                    run.row[run.copy == copy],
                    run.waited_s[run.copy == copy],
                    stage.pool_of_need,
                    pools,
                    stage.scale_s,
                )[0]
                for copy in range(_COPIES)
            ]
        )
        mean.append(each.mean(axis=0))
        variance.append(each.var(axis=0, ddof=1))
    return np.stack(mean), np.stack(variance)


def _spread(stage: _Stage, place: int, every: Floats, variance: Floats, slope: float) -> tuple[float, float]:
    """How the pace varies from day to day, and the standard error of its mean, both of the logarithm."""
    off = every[:, place]
    some = np.isfinite(off) & np.isfinite(variance[:, place])
    days = int(some.sum())
    if days < 3 or slope <= 0.005:
        return 0.0, 0.1
    weight = stage.weight[some, place] / stage.weight[some, place].sum()
    whole = float(weight @ np.square(off[some] - weight @ off[some])) * days / (days - 1)
    chance = float(weight @ variance[some, place])
    spread = min(0.5, math.sqrt(max(0.0, whole - chance)) / slope)
    return spread, min(0.5, math.sqrt(whole * float(weight @ weight)) / slope)


def _leaned(found: list[Slack], total: Floats) -> tuple[Slack, ...]:
    """Pools that say too little take the mean of those that say enough."""
    seen = [(one, float(total[place])) for place, one in enumerate(found) if one.is_seen]
    if not seen:
        return tuple(replace(one, log_factor=0.0, error=0.3, day_spread=0.0) for one in found)
    weight = np.array([count for _, count in seen])
    mean = float(weight @ np.array([one.log_factor for one, _ in seen]) / weight.sum())
    spread = float(weight @ np.array([one.day_spread for one, _ in seen]) / weight.sum())
    return tuple(one if one.is_seen else replace(one, log_factor=mean, error=0.3, day_spread=spread) for one in found)
