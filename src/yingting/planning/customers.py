"""The customers of a demo: drawn by the twin, each with what the twin has no notion of.

When somebody comes, for what, how long the counter is taken, how long they wait, whether they come when called and what follows
are the twin's (`twin.drawing.draw`). What it leaves open is drawn here, from a stream of each customer's own: the way to the
counter, leaving openly, papers left at home, a second business within the time, what they say when asked.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from yingting.planning.demo_model import BREATH_S, WAY_S
from yingting.twin.drawing import Crowd, draw
from yingting.twin.engine.arrays import Enter
from yingting.twin.hall import HallModel, Length

_OWN = 1000  # the purpose of a customer's own stream, beside those of `twin.drawing.Purpose`
_CARE_WAY_S, _LONGEST_WAY_S = 26.0, 50.0
_LEAVES_OPENLY, _PARKED, _ANSWERS = 0.6, 0.02, 0.55
# Satisfaction of those who answer, 1 to 5: mostly good, with the thin bad tail that service loops are built for.
_SCORES = (0.02, 0.03, 0.10, 0.30, 0.55)


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer, up to the end of one service. `arrives_s` is a second of the day, the others are lengths in seconds.

    `work_s` is how long the counter is taken: the way to it (`way_s`), the handling, the clerk's breath after (`breath_s`); for one
    who does not come when called (`is_there` False), how long the counter waits. `then` is the same customer afterwards, `gap_s`
    later: back after a missed call (enter BACK), at another counter (AGE), or with a new number (NEW).
    `leaves_openly`: gives the number back when patience ends; otherwise simply goes, and is missed when called. `second`: one
    more business within the time; `parked_s`: has to fetch something halfway and is away that long; `score`: the rating when asked.
    """

    arrives_s: float
    business: str
    work_s: float
    patience_s: float
    way_s: float
    breath_s: float
    is_care: bool = False
    is_star: bool = False
    is_there: bool = True
    then: Customer | None = None
    gap_s: float = 0.0
    enter: Enter = Enter.NEW
    leaves_openly: bool = True
    second: str | None = None
    parked_s: float | None = None
    score: int | None = None
    score_after_s: float = 30.0

    @property
    def handling_s(self) -> float:
        """From the start to the finish."""
        return self.work_s - self.way_s - self.breath_s

    def plain(self) -> Customer:
        """The same without anything out of the ordinary: comes when called, is served, says nothing."""
        return replace(self, is_there=True, then=None, second=None, parked_s=None, score=None)


def customers_of(model: HallModel, *, seed: int, block: int) -> tuple[Customer, ...]:
    """Return the customers of a day in order of arrival: those of the twin's draw with this seed and block.

    >>> from yingting.planning.demo_model import model_of
    >>> from yingting.planning.troupe import PARTS
    >>> hall = model_of(PARTS[1])
    >>> one = customers_of(hall, seed=1, block=7)[0]
    >>> one.arrives_s == draw(hall, seed=1, block=7, days=1).legs.at_s[0]
    True
    """
    crowd = draw(model, seed=seed, block=block, days=1)
    first = crowd.days.first
    return tuple(
        _customer(model, crowd, leg, _own_stream(seed, block, leg)) for leg in range(int(first[0]), int(first[1]))
    )


def _own_stream(seed: int, block: int, leg: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(block, _OWN, leg))))


def _customer(model: HallModel, crowd: Crowd, leg: int, own: np.random.Generator) -> Customer:
    luck = own.uniform(size=5)
    score = int(own.choice(5, p=_SCORES)) + 1 if luck[2] < _ANSWERS else None
    whole, openly = _leg(model, crowd, leg, own), bool(luck[0] < _LEAVES_OPENLY)
    return replace(
        whole,
        leaves_openly=openly,
        second=_second(model, whole, luck[1], own),
        parked_s=float(own.uniform(180.0, 600.0)) if luck[3] < _PARKED else None,
        score=score,
        score_after_s=float(own.uniform(8.0, 60.0)),
        then=None if whole.then is None else replace(whole.then, leaves_openly=openly, score=score),
    )


def _leg(model: HallModel, crowd: Crowd, leg: int, own: np.random.Generator) -> Customer:
    """One leg of the draw and those that follow it."""
    legs, klass = crowd.legs, model.klasses[int(crowd.legs.klass[leg])].code
    work_s = float(legs.work_s[leg])
    usual = _CARE_WAY_S if klass == "care" else WAY_S
    way_s = min(_log_normal(usual, 0.5, own), _LONGEST_WAY_S, work_s / 3)
    breath_s = min(BREATH_S * float(own.uniform(0.55, 1.45)), work_s / 8)
    after = legs.after(leg)
    return Customer(
        arrives_s=float(legs.at_s[leg]), business=model.needs[int(crowd.need[leg])].code, work_s=work_s,
        patience_s=float(legs.patience_s[leg]), way_s=way_s, breath_s=breath_s, is_care=klass == "care", is_star=klass == "vip",
        is_there=not legs.is_absent[leg], then=None if after < 0 else _leg(model, crowd, after, own),
        gap_s=float(legs.gap_s[leg]), enter=Enter(int(legs.enter[leg])),
    )  # fmt: skip


def _second(model: HallModel, customer: Customer, luck: float, own: np.random.Generator) -> str | None:
    """Which other business the time holds besides, if any: the twin drew how long, so a long time tells of a second one.

    A need's lengths are a mixture of visits without and with a second business; this is the share of the latter at that length.
    """
    need = next(one for one in model.needs if one.code == customer.business)
    is_sent_on = customer.then is not None and customer.then.enter is Enter.AGE
    if len(need.service) != 2 or not customer.is_there or is_sent_on:
        return None
    alone, both = (weight * _density(length, customer.work_s) for weight, length in need.service)
    if luck * (alone + both) >= both:
        return None
    others = [one.code for one in model.needs if one.code != customer.business]
    return others[int(own.uniform() * len(others))]


def _density(length: Length, at_s: float) -> float:
    """The log-normal density up to a constant factor."""
    variance = math.log1p(length.cv**2)
    off = math.log(at_s / length.mean_s) + variance / 2
    return math.exp(-(off**2) / (2 * variance)) / math.sqrt(variance)


def _log_normal(mean: float, cv: float, own: np.random.Generator) -> float:
    variance = math.log1p(cv * cv)
    return float(own.lognormal(math.log(mean) - variance / 2, math.sqrt(variance)))
