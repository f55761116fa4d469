"""Whether the fitted hall behaves as the hall did: its own days run again, and days that it has not seen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from yingting.twin.calibrating.days import DayFacts
from yingting.twin.calibrating.fitted import Fit
from yingting.twin.calibrating.predicting import DayFigures, figures, observed_day
from yingting.twin.calibrating.tracing import Traced, trace
from yingting.twin.calibrating.visits import Floats, Outcome, Visits
from yingting.twin.engine.arrays import Fate


@dataclass(frozen=True, slots=True)
class SlotCheck:
    """One half hour over the training days: customers seen, mean waits in seconds seen and simulated (nan: nobody)."""

    starts_s: float
    customers: int
    observed_mean_s: float
    simulated_mean_s: float


@dataclass(frozen=True, slots=True)
class DayCheck:
    """One day: as it was, and simulated with its own customers and counters (the mean of the copies)."""

    day: int
    observed: DayFigures
    simulated: DayFigures


@dataclass(frozen=True, slots=True)
class Check:
    """The training days run again: each day, each half hour, and all days together."""

    days: tuple[DayCheck, ...]
    slots: tuple[SlotCheck, ...]
    observed: DayFigures
    simulated: DayFigures


def check_by_simulation(
    fit: Fit, *, limits_s: Sequence[float] = (600.0, 480.0), copies: int = 10, seed: int = 0
) -> Check:
    """Run every training day with its own customers and counters and return what was seen beside what came out."""
    visits = fit.visits
    days, runs = [], []
    for day in visits.days:
        rows = np.flatnonzero(visits.day == day)
        known = rows[np.isfinite(visits.waited_s[rows]) | (visits.outcome[rows] == Outcome.OPEN)]
        facts = fit.facts.get(int(day), DayFacts(int(day)))
        stints = fit.stints(facts)
        customers = np.bincount(visits.need[rows], minlength=len(fit.services)).astype(float)
        needs = fit.needs(loads=fit.loads(customers, stints))
        run = trace(
            visits,
            known,
            needs,
            stints,
            fit.klasses,
            seed=seed + int(day),
            copies=copies,
            clock=fit.clocks.get(int(day)),
        )
        runs.append(run)
        days.append(
            DayCheck(int(day), observed_day(visits.only(rows), limits_s), _of_copies([run], copies, limits_s, visits))
        )
    slots = _slots(fit, runs)
    return Check(tuple(days), slots, observed_day(visits, limits_s), _of_copies(runs, copies, limits_s, visits))


def _of_copies(runs: Sequence[Traced], copies: int, limits_s: Sequence[float], visits: Visits) -> DayFigures:
    found = []
    for copy in range(copies):
        mine = [run.copy == copy for run in runs]
        waits = np.concatenate([run.waited_s[one] for run, one in zip(runs, mine, strict=True)])
        fate = np.concatenate([run.fate[one] for run, one in zip(runs, mine, strict=True)])
        gone = (fate == Fate.ABANDONED) if visits.leaving != "unseen" else np.zeros(len(fate), bool)
        found.append(figures(waits, np.isfinite(waits) & ~gone & (fate != Fate.ABSENT), gone, limits_s))
    return DayFigures(
        _mean([one.customers for one in found]),
        tuple(_mean([one.within[place] for one in found]) for place in range(len(limits_s))),
        _mean([one.mean_s for one in found]), _mean([one.p90_s for one in found]), _mean([one.abandonment for one in found]),
    )  # fmt: skip


def _mean(values: list[float]) -> float:
    return float(np.mean(values)) if values else math.nan


def _slots(fit: Fit, runs: Sequence[Traced]) -> tuple[SlotCheck, ...]:
    visits, slot_s = fit.visits, fit.demands.slot_s
    slot = (visits.issued_s // slot_s).astype(int)
    row = np.concatenate([run.row for run in runs])
    waits = np.concatenate([run.waited_s for run in runs])
    found = []
    for place in np.unique(slot):
        seen = visits.waited_s[(slot == place) & visits.came]
        made = waits[(slot[row] == place) & np.isfinite(waits)]
        found.append(SlotCheck(float(place * slot_s), len(seen), _of(seen), _of(made)))
    return tuple(found)


def _of(waits: Floats) -> float:
    return float(waits.mean()) if len(waits) else math.nan
