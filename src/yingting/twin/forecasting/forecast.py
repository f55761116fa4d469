"""Forecast customers by slot for the coming days, with bands whose width was measured.

Every way of learning (`levels.METHODS`, `levels.POOLINGS`) is tried on the history itself: from each of the last origins the
next two weeks are forecast and compared with what came. The way with the least error forecasts; the same trials give the
width of the bands. A day has a Gamma factor (mean 1, variance `spread`), a slot within it is Poisson: counts are negative
binomial (twin-anchors §2h: without the factor bands are far too narrow). Days that follow at once are narrower, by the lag-1
correlation of days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc
from scipy.stats import nbinom

from yingting.kernel.words import gettext_noop
from yingting.twin.forecasting.days import Day, History, history
from yingting.twin.forecasting.levels import POOLINGS, Method, Pooling, Way, levels, possible, profiles

LEAST_DAYS = 14  # open days; below that a weekday was seen once at most
LEAST_TO_TRY = 21
ORIGINS, AHEAD = 28, 14
QUANTILES = (0.05, 0.1, 0.5, 0.9, 0.95)
_USUAL_SPREAD = 1.0 / 28.7  # days of a call centre, where the own ones are too few to tell (twin-anchors §2h)

Sentence = tuple[str, Mapping[str, object]]


class TooFewDaysError(ValueError):
    """A history that is too short to forecast from. `sentence` says so for people: (msgid, values)."""

    def __init__(self, days: int) -> None:
        self.sentence: Sentence = (
            gettext_noop("%(days)s open days are too few for a forecast: at least %(least)s are needed."),
            {"days": days, "least": LEAST_DAYS},
        )
        super().__init__(self.sentence[0] % self.sentence[1])


@dataclass(frozen=True, slots=True)
class Errors:
    """How a method did on the history: error of day totals and of slots, each as sum |error| / sum of what came."""

    method: Method
    days: float
    slots: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is expected. `mean` and each of `bands` have the shape [day, slot], `totals` and `total_bands` [day].

    `bands` and `total_bands` hold the quantiles of `QUANTILES`. `covered` is the share of the slots and of the days that lay
    within the 80 % and 90 % bands when the history was forecast (`{0.8: (slots, days), 0.9: …}`; empty where it was too short
    to try). `why` says which way was chosen and what it rests on.
    """

    days: tuple[Day, ...]
    mean: NDArray[np.float64]
    bands: Mapping[float, NDArray[np.float64]]
    totals: NDArray[np.float64]
    total_bands: Mapping[float, NDArray[np.float64]]
    method: Method
    pooling: Pooling
    errors: tuple[Errors, ...]
    covered: Mapping[float, tuple[float, float]]
    slot_spread: float
    day_spread: float
    carry: float
    why: tuple[Sentence, ...]


def forecast(days: Sequence[Day], counts: NDArray[np.number], coming: Sequence[Day]) -> Forecast:
    """Forecast the coming days (in order, after the history) from counts [day, slot].

    Raises TooFewDaysError below `LEAST_DAYS` open days, ValueError for counts that do not belong to the days.
    """
    past = history(days, counts)
    if len(past.days) < LEAST_DAYS:
        raise TooFewDaysError(len(past.days))
    if any(later.on <= before.on for before, later in pairwise((past.days[-1], *coming))):
        raise ValueError("the coming days must be in order and after the history")
    trials = Trials(past) if len(past.days) >= LEAST_TO_TRY else None
    chosen = trials.chosen() if trials else Chosen(possible(0)[0], POOLINGS[0], _USUAL_SPREAD, _USUAL_SPREAD, (), {})
    level = levels(past, coming, chosen.method)
    is_open = np.array([day.is_open for day in coming], bool)
    totals = np.where(is_open, level.mean, 0.0)
    mean = totals[:, None] * profiles(past, coming, chosen.pooling)
    narrow = narrowed(level.carry if chosen.method.carries else 0.0, coming)
    return Forecast(
        tuple(coming), mean, _bands(mean, chosen.slot_spread * narrow[:, None]), totals,
        _bands(totals, chosen.day_spread * narrow), chosen.method, chosen.pooling, chosen.errors, chosen.covered,
        chosen.slot_spread, chosen.day_spread, level.carry, _why(past, chosen, level.carry),
    )  # fmt: skip


def narrowed(carry: float, days: Sequence[Day]) -> NDArray[np.float64]:
    """Return for each day ahead how much of the spread is left when the last day is known: 1 - carry^(2 days)."""
    ahead = np.maximum(1, np.cumsum([day.is_open for day in days]))
    return np.asarray(1.0 - carry ** (2.0 * ahead), float)


def quantile(mean: NDArray[np.float64], spread: NDArray[np.float64] | float, at: float) -> NDArray[np.float64]:
    """Return the quantile of a count with variance mean + spread mean²: a Poisson whose rate has a Gamma factor.

    >>> quantile(np.array([100.0, 0.0]), 1 / 28.7, 0.95).tolist()
    [137.0, 0.0]
    """
    size = 1.0 / np.maximum(spread, 1e-9)
    counted: NDArray[np.float64] = np.where(
        mean > 0, nbinom.ppf(at, size, size / (size + np.maximum(mean, 1e-12))), 0.0
    )
    return counted


def _bands(mean: NDArray[np.float64], spread: NDArray[np.float64]) -> dict[float, NDArray[np.float64]]:
    return {at: quantile(mean, spread, at) for at in QUANTILES}


# ---------------------------------------------------------------------------------------------- trials on the history
@dataclass(frozen=True, slots=True)
class Chosen:
    """What the trials came to."""

    method: Method
    pooling: Pooling
    slot_spread: float
    day_spread: float
    errors: tuple[Errors, ...]
    covered: Mapping[float, tuple[float, float]]


class Trials:
    """Forecasts of the history from within it: every method from every one of the last origins."""

    def __init__(self, past: History) -> None:
        self.past, count = past, len(past.days)
        origins = range(max(LEAST_DAYS, count - ORIGINS), count)
        self.methods = possible(count)
        self.rows = np.concatenate([np.arange(one, min(count, one + AHEAD)) for one in origins])
        self.actual = past.counts[self.rows]
        level = {method: [] for method in self.methods}  # type: dict[Method, list[NDArray[np.float64]]]
        shape = {pooling: [] for pooling in POOLINGS}  # type: dict[Pooling, list[NDArray[np.float64]]]
        left = {method: [] for method in self.methods}  # type: dict[Method, list[NDArray[np.float64]]]
        for origin in origins:
            known, coming = past.upto(origin), past.days[origin : origin + AHEAD]
            for method in self.methods:
                one = levels(known, coming, method)
                level[method].append(one.mean)
                left[method].append(narrowed(one.carry if method.carries else 0.0, coming))
            for pooling in POOLINGS:
                shape[pooling].append(profiles(known, coming, pooling))
        self.level = {method: np.concatenate(parts) for method, parts in level.items()}
        self.left = {method: np.concatenate(parts) for method, parts in left.items()}
        self.shape = {pooling: np.concatenate(parts) for pooling, parts in shape.items()}

    def chosen(self) -> Chosen:
        """Return the method and the pooling with the least error, and the spreads that their errors show."""
        totals = self.actual.sum(axis=1)
        day_error = {one: _wape(totals, self.level[one]) for one in self.methods}
        method = min(self.methods, key=lambda one: day_error[one])
        slot_error = {one: _wape(self.actual, self.level[method][:, None] * self.shape[one]) for one in POOLINGS}
        pooling = min(POOLINGS, key=lambda one: slot_error[one])
        errors = tuple(
            Errors(one, day_error[one], _wape(self.actual, self.level[one][:, None] * self.shape[pooling]))
            for one in self.methods
        )
        level, left = self.level[method], self.left[method]
        mean = level[:, None] * self.shape[pooling]
        slot_spread = _spread(self.actual, mean, left[:, None])
        day_spread = _spread(totals, level, left)
        slots, days = (
            _covered(self.actual, mean, slot_spread * left[:, None]), _covered(totals, level, day_spread * left)
        )  # fmt: skip
        covered = {share: (slots[share], days[share]) for share in slots}
        return Chosen(method, pooling, slot_spread, day_spread, errors, covered)


def _wape(actual: NDArray[np.float64], expected: NDArray[np.float64]) -> float:
    return float(np.abs(actual - expected).sum() / max(1.0, float(actual.sum())))


def _spread(actual: NDArray[np.float64], mean: NDArray[np.float64], left: NDArray[np.float64]) -> float:
    """Return the variance beyond Poisson, relative to mean², with which the 80 % and 90 % bands cover what they should.

    Not by moments: one strange day in a month would make every band twice as wide.
    """
    low, high = -9.0, 1.0
    for _ in range(14):
        middle = (low + high) / 2
        covered = _covered(actual, mean, np.exp(middle) * left)
        low, high = (middle, high) if sum(covered.values()) < sum(covered) else (low, middle)
    return float(np.exp((low + high) / 2))


def _covered(actual: NDArray[np.float64], mean: NDArray[np.float64], spread: NDArray[np.float64]) -> dict[float, float]:
    """Return the share of what came that lies within the 80 % and 90 % bands. Slots where nobody is expected are left out."""
    some = mean > 0.5
    if not some.any():
        return {0.8: 0.8, 0.9: 0.9}
    size = 1.0 / np.broadcast_to(spread, mean.shape)[some]
    chance = size / (size + mean[some])
    upto = betainc(size, actual[some] + 1.0, chance)
    below = np.where(actual[some] > 0, betainc(size, np.maximum(actual[some], 1.0), chance), 0.0)
    return {share: float(((upto >= (1 - share) / 2) & (below < (1 + share) / 2)).mean()) for share in (0.8, 0.9)}


def _why(past: History, chosen: Chosen, carry: float) -> tuple[Sentence, ...]:
    if not chosen.errors:
        few = gettext_noop(
            "Only %(days)s open days: the mean of the same weekdays is taken, and how wide the bands must be could not be tried."
        )
        return ((few, {"days": len(past.days)}),)
    ways = {
        Way.SAME_WEEKDAY: gettext_noop("The same weekdays, the newest counting most, were nearest to what came (%(error)s %%)."),
        Way.REGRESSION: gettext_noop(
            "A regression on weekday, holidays and time of the month was nearest to what came (%(error)s %%)."
        ),
    }  # fmt: skip
    best = min(one.days for one in chosen.errors)
    said: list[Sentence] = [(ways[chosen.method.way], {"error": round(100 * best, 1)})]
    if chosen.method.carries and carry > 0:
        sentence = gettext_noop("How busy the last day was goes on in the next ones (correlation %(carry)s).")
        said.append((sentence, {"carry": round(carry, 2)}))
    if all(one.method.way is Way.SAME_WEEKDAY for one in chosen.errors):
        said.append((gettext_noop("Holidays and the time of the month are learned once eight weeks are known."), {}))
    return tuple(said)
