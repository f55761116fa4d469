"""The customers of one day, drawn at random: when they come, what for, how long it takes, how long they wait, what they say.

Shapes follow what service halls show (Brown et al., JASA 2005, and the bank's own data): arrivals are Poisson within a half
hour, but whole days differ more than Poisson allows, so each day has a Gamma factor of busyness; handling times are
log-normal by business; patience is exponential. Pure: every number comes from the generator that is passed in.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class BusinessShape:
    """A business: its share of the customers, the mean of its handling time in seconds, and that time's relative spread."""

    code: str
    share: float
    mean_s: float
    cv: float = 0.6


@dataclass(frozen=True, slots=True)
class HallShape:
    """What a hall's days look like. `half_hours` are the customers expected in each half hour after opening.

    `busyness_shape` k gives a day factor Gamma(k, 1/k): mean 1, relative spread 1/√k (28.7 in Montreal's model is 19 %).
    Shares are probabilities; patience is the mean of an exponential, in seconds.
    """

    half_hours: tuple[float, ...]
    businesses: tuple[BusinessShape, ...]
    busyness_shape: float = 28.7
    care_share: float = 0.06
    star_share: float = 0.10
    patience_s: float = 5400.0
    absent_share: float = 0.025
    back_share: float = 0.5
    second_share: float = 0.07
    sent_on_share: float = 0.03
    parked_share: float = 0.02
    answers_share: float = 0.55


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer. Times in seconds: `arrives_s` after opening, the others lengths.

    `is_there` says whether the customer comes when called; `back_s`: comes back that long after a missed call, or never (None).
    `leaves_openly`: gives the number back when patience ends; otherwise simply goes, and is missed when called.
    `second`: one more business in the same visit; `sent_on`: turns out to need this business instead, at another counter;
    `parked_s`: has to fetch something halfway and is away that long; `score`: the rating when asked, None for no answer.
    """

    arrives_s: float
    business: str
    handling_s: float
    way_s: float
    patience_s: float
    is_care: bool = False
    is_star: bool = False
    is_there: bool = True
    back_s: float | None = None
    leaves_openly: bool = True
    second: str | None = None
    second_s: float = 0.0
    sent_on: str | None = None
    parked_s: float | None = None
    score: int | None = None
    score_after_s: float = 30.0


# Satisfaction of those who answer, 1 to 5: mostly good, with the thin bad tail that service loops are built for.
_SCORES = (0.02, 0.03, 0.10, 0.30, 0.55)


def log_normal(mean: float, cv: float, rng: np.random.Generator) -> float:
    """Draw from a log-normal given by its own mean and coefficient of variation."""
    variance = math.log1p(cv * cv)
    return float(rng.lognormal(math.log(mean) - variance / 2, math.sqrt(variance)))


def arrival_times(half_hours: Sequence[float], busyness: float, rng: np.random.Generator) -> np.ndarray:
    """Return arrival times in seconds after opening, in order: Poisson within each half hour.

    >>> arrival_times([0, 5, 0], 1.0, np.random.default_rng(1)).astype(int).tolist()
    [1834, 3031, 3362, 3507, 3540]
    """
    counts = rng.poisson(np.asarray(half_hours, dtype=float) * busyness)
    starts = np.repeat(np.arange(len(half_hours)) * 1800.0, counts)
    return np.sort(starts + rng.uniform(0.0, 1800.0, size=int(counts.sum())))


def plan_day(shape: HallShape, rng: np.random.Generator) -> tuple[Customer, ...]:
    """Return the customers of one day, in order of arrival."""
    busyness = float(rng.gamma(shape.busyness_shape, 1.0 / shape.busyness_shape))
    return tuple(_customer(float(at), shape, rng) for at in arrival_times(shape.half_hours, busyness, rng))


def one_customer(shape: HallShape, rng: np.random.Generator) -> Customer:
    """Return a customer nobody planned: somebody took a ticket whom the simulation did not send."""
    return _customer(0.0, shape, rng)


def _customer(at: float, shape: HallShape, rng: np.random.Generator) -> Customer:
    chosen, other = (_business(shape, rng) for _ in range(2))
    happens = rng.uniform(size=9)
    # One thing out of the ordinary at most: a second business, a wrong counter, or papers left at home.
    odd = float(happens[0])
    has_second = odd < shape.second_share
    is_sent_on = shape.second_share <= odd < shape.second_share + shape.sent_on_share and other.code != chosen.code
    is_parked = 0 <= odd - shape.second_share - shape.sent_on_share < shape.parked_share
    is_care = bool(happens[1] < shape.care_share)
    handling_s = log_normal(chosen.mean_s, chosen.cv, rng)
    return Customer(
        arrives_s=at,
        business=chosen.code,
        handling_s=min(max(handling_s, 12.0), 1800.0),
        way_s=min(log_normal(16.0 if not is_care else 26.0, 0.5, rng), 50.0),
        patience_s=float(rng.exponential(shape.patience_s)) + 120.0,
        is_care=is_care,
        is_star=not is_care and bool(happens[2] < shape.star_share),
        is_there=bool(happens[3] >= shape.absent_share),
        back_s=float(rng.uniform(120.0, 480.0)) if happens[4] < shape.back_share else None,
        leaves_openly=bool(happens[5] < 0.6),
        second=other.code if has_second else None,
        second_s=log_normal(other.mean_s * 0.8, other.cv, rng) if has_second else 0.0,
        sent_on=other.code if is_sent_on else None,
        parked_s=float(rng.uniform(180.0, 600.0)) if is_parked else None,
        score=int(rng.choice(5, p=_SCORES)) + 1 if happens[6] < shape.answers_share else None,
        score_after_s=float(rng.uniform(8.0, 60.0)),
    )


def _business(shape: HallShape, rng: np.random.Generator) -> BusinessShape:
    weights = np.cumsum([business.share for business in shape.businesses])
    place = int(np.searchsorted(weights, rng.uniform(0.0, float(weights[-1])), side="right"))
    return shape.businesses[min(place, len(shape.businesses) - 1)]
