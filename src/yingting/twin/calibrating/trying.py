"""Days that the fit has not seen: what was foretold, beside what they were and what simple guesses would have said."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from yingting.twin.calibrating.checking import check_by_simulation
from yingting.twin.calibrating.correcting import correction
from yingting.twin.calibrating.days import DayFacts
from yingting.twin.calibrating.fitted import Fit
from yingting.twin.calibrating.predicting import DayFigures, Prediction, observed_day, predict
from yingting.twin.calibrating.visits import Visits


@dataclass(frozen=True, slots=True)
class Trial:
    """A day that the fit has not seen: as it was, as foretold, and two simple guesses: the day before, the mean of training."""

    day: int
    observed: DayFigures
    foretold: Prediction
    yesterday: DayFigures
    usual: DayFigures


def try_days(
    fit: Fit, later: Visits, facts: Sequence[DayFacts], *, limits_s: Sequence[float] = (600.0, 480.0), worlds: int = 200,
    seed: int = 0, is_corrected: bool = True,
) -> tuple[Trial, ...]:  # fmt: skip
    """Foretell days and return them beside what they were; `later` are the visits of these days, which the fit must not know.

    `is_corrected`: by what the model got wrong on its training days (`correction`).
    """
    fix = None
    if is_corrected:
        check = check_by_simulation(fit, limits_s=limits_s, seed=seed)
        fix = correction(check, fit.demands.pace_half_life_days).applied
    known = {int(day): observed_day(fit.visits.only(fit.visits.day == day), limits_s) for day in fit.visits.days}
    usual = _usual(list(known.values()), limits_s)
    found = []
    for one in sorted(facts, key=lambda day: day.day):
        mine = later.only(later.day == one.day)
        observed = observed_day(mine, limits_s)
        before = known[max(day for day in known if day < one.day)]
        told = predict(fit, one, limits_s=limits_s, worlds=worlds, seed=seed + one.day, fix=fix)
        found.append(Trial(one.day, observed, told, before, usual))
        known[one.day] = observed
    return tuple(found)


def _usual(days: list[DayFigures], limits_s: Sequence[float]) -> DayFigures:
    return DayFigures(
        _mean([one.customers for one in days]),
        tuple(_mean([one.within[place] for one in days]) for place in range(len(limits_s))),
        _mean([one.mean_s for one in days]), _mean([one.p90_s for one in days]), _mean([one.abandonment for one in days]),
    )  # fmt: skip


def _mean(values: list[float]) -> float:
    known = [one for one in values if math.isfinite(one)]
    return float(np.mean(known)) if known else math.nan
