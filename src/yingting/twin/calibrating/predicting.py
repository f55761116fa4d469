"""What a fitted hall foretells of days: shares of waits within limits, long waits, leaving; and how sure that is.

Every simulated day is one of many possible worlds: parameters drawn from what the data leave open, the day's own level, mix
and pace drawn from how days differ. So the band of a day holds nine days of ten, not nine simulations of ten.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from yingting.twin.calibrating.days import DayFacts
from yingting.twin.calibrating.fitted import Draw, Fit
from yingting.twin.calibrating.levels import drawn_dispersion
from yingting.twin.calibrating.tracing import passed_s, seen_wait_s
from yingting.twin.calibrating.visits import Flags, Floats, Leaving, Outcome, Visits
from yingting.twin.drawing import draw
from yingting.twin.engine.arrays import Fate
from yingting.twin.hall import HallModel
from yingting.twin.running import prepare, run


@dataclass(frozen=True, slots=True)
class Foretold:
    """A figure of a day: the mean of the simulated days, their median, and the band with nine of ten of them (nan: none)."""

    mean: float
    middle: float
    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Say whether a value lies in the band.

        >>> Foretold(0.5, 0.5, 0.4, 0.6).holds(0.61)
        False
        """
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class DayFigures:
    """Figures of one day as a hall counts them: customers, share of waits of the served within each limit (seconds),

    mean and 90th percentile of their waits in seconds, and the share of the customers who left before they were called.
    """

    customers: float
    within: tuple[float, ...]
    mean_s: float
    p90_s: float
    abandonment: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a day is foretold to be; `within` in the order of the limits that were asked."""

    facts: DayFacts
    days: int
    customers: Foretold
    within: tuple[Foretold, ...]
    mean_s: Foretold
    p90_s: Foretold
    abandonment: Foretold


def drawn_models(fit: Fit, n: int, seed: int, *, facts: DayFacts | None = None) -> tuple[HallModel, ...]:
    """Return n halls drawn from the uncertainty of the fitted parameters, for one day (none named: the last training day).

    Means, levels, patience and slack are drawn from their normal errors (of logarithms), the days' busyness from the
    chi-squared law of its statistic. Days' own scatter stays in `busyness`, as in `fit.model`.
    """
    day = facts or fit.facts[int(fit.visits.days[-1])]
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(1,)))
    return tuple(fit.model(day, _drawn(fit, day, rng)) for _ in range(n))


def day_models(fit: Fit, facts: DayFacts, n: int, seed: int) -> Iterator[HallModel]:
    """Yield n halls as `drawn_models`, each with the scatter of one single day in its needs, slots and pace too.

    Without planned counters each has those of one training day of that weekday: rosters differ from day to day as well.
    """
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(2,)))
    is_planned = facts.stints is not None or facts.day in fit.facts
    rosters = [one.stints for one in fit.seating.rosters if DayFacts(one.day).weekday == facts.weekday]
    for _ in range(n):
        if rosters and not is_planned:
            facts = replace(facts, stints=rosters[int(rng.integers(len(rosters)))])
        yield fit.model(facts, _of_a_day(fit, _drawn(fit, facts, rng), rng))


def _drawn(fit: Fit, facts: DayFacts, rng: np.random.Generator) -> Draw:
    error = fit.arrivals.levels.log_level(facts)[1]
    services = np.exp(
        rng.standard_normal(len(fit.services)) * np.array([one.error_s / one.mean_s for one in fit.services])
    )
    patience = np.exp(
        rng.standard_normal(len(fit.patience)) * np.array([0.0 if one is None else one.error for one in fit.patience])
    )
    slack = rng.standard_normal(len(fit.slack)) * np.array([one.error for one in fit.slack])
    dispersion = drawn_dispersion(fit.arrivals.levels, rng)
    paces = {one.code: math.exp(rng.standard_normal() * one.error / one.factor) for one in fit.paces}
    haste = float(rng.standard_normal()) * (fit.slack[0].haste_error if fit.slack else 0.0)
    level = error * float(rng.standard_normal())
    return Draw(level, None, None, services, patience, slack, haste, dispersion, paces)


def _of_a_day(fit: Fit, drawn: Draw, rng: np.random.Generator) -> Draw:
    """The same world on one day of it."""
    needs = _around_one(fit.arrivals.of_needs.value, len(fit.services), rng)
    slots = _around_one(fit.arrivals.of_slots.value, fit.arrivals.counts.table.shape[2], rng)
    assert drawn.slack is not None
    slack = drawn.slack + rng.standard_normal(len(fit.slack)) * np.array([one.day_spread for one in fit.slack])
    return replace(drawn, needs=needs, slots=slots, slack=slack)


def _around_one(variance: float, count: int, rng: np.random.Generator) -> Floats:
    return rng.gamma(1 / variance, variance, count) if variance > 1e-6 else np.ones(count)


def predict(
    fit: Fit, facts: DayFacts, *, limits_s: Sequence[float] = (600.0, 480.0), worlds: int = 200, each: int = 1,
    seed: int = 0, fix: Callable[[DayFigures], DayFigures] | None = None,
) -> Prediction:  # fmt: skip
    """Return what the day is foretold to be, from `worlds` possible worlds with `each` days in each of them.

    `fix` corrects each day's figures (`Correction.applied`).
    """
    clocks = list(fit.clocks.values())
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(3,)))
    found: list[DayFigures] = []
    for number, model in enumerate(day_models(fit, facts, worlds, seed)):
        clock = clocks[int(rng.integers(len(clocks)))] if clocks else None
        found += simulated_days(
            model, each, seed=seed + number, limits_s=limits_s, clock=clock, leaving=fit.visits.leaving
        )
    found = [fix(one) for one in found] if fix else found
    return Prediction(
        facts, len(found), _foretold([one.customers for one in found]),
        tuple(_foretold([one.within[place] for one in found]) for place in range(len(limits_s))),
        _foretold([one.mean_s for one in found]), _foretold([one.p90_s for one in found]),
        _foretold([one.abandonment for one in found]),
    )  # fmt: skip


def simulated_days(
    model: HallModel, days: int, *, seed: int, limits_s: Sequence[float] = (600.0, 480.0), clock: Floats | None = None,
    leaving: Leaving = Leaving.SEEN,
) -> list[DayFigures]:  # fmt: skip
    """Return the figures of simulated days, as the hall's own clock would show them.

    Where nobody is seen leaving, the numbers of who has gone are called like any other.
    """
    crowd = draw(model, seed=seed, block=0, days=days)
    records = run(prepare(model), crowd)
    found = []
    for day in range(days):
        mine = slice(int(crowd.days.first[day]), int(crowd.days.first[day + 1]))
        fate, joined, called = records.fate[mine], records.joined_s[mine], records.called_s[mine]
        gone = fate == Fate.ABANDONED
        if leaving is Leaving.UNSEEN and gone.any():
            left = np.where(gone, records.done_s[mine], math.nan)
            called = passed_s(
                joined, called, left, crowd.legs.queue[mine].astype(np.int64), np.zeros(len(fate), np.int64)
            )
            gone = np.zeros(len(fate), bool)
        wait = seen_wait_s(joined, called, clock)
        found.append(figures(wait, np.isfinite(wait) & ~gone & (fate != Fate.ABSENT), gone, limits_s))
    return found


def figures(waited_s: Floats, served: Flags, left: Flags, limits_s: Sequence[float]) -> DayFigures:
    """Return a day's figures from waits and what became of each customer."""
    waits = waited_s[served]
    if not len(waits):
        return DayFigures(len(served), (math.nan,) * len(limits_s), math.nan, math.nan, math.nan)
    return DayFigures(
        len(served), tuple(float((waits <= limit).mean()) for limit in limits_s), float(waits.mean()),
        float(np.quantile(waits, 0.9)), float(left.mean()),
    )  # fmt: skip


def observed_day(visits: Visits, limits_s: Sequence[float] = (600.0, 480.0)) -> DayFigures:
    """Return the figures of a day's visits as they were."""
    return figures(visits.waited_s, visits.came, visits.outcome == Outcome.ABANDONED, limits_s)


def _foretold(values: list[float]) -> Foretold:
    known = np.array([one for one in values if math.isfinite(one)])
    if not len(known):
        return Foretold(math.nan, math.nan, math.nan, math.nan)
    low, middle, high = np.quantile(known, (0.05, 0.5, 0.95))
    return Foretold(float(known.mean()), float(middle), float(low), float(high))
