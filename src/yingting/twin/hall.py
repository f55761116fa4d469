"""A hall as the twin sees it: who comes when and for what, who serves what when, and by which rules.

Everything is plain data: a model can be written down, hashed, changed by a lever and run again. Times are seconds of the day
(09:00 is 32,400), lengths are seconds, shares are probabilities from 0 to 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from yingting.twin.engine.arrays import Enter, Take, When


class Law(StrEnum):
    """The shape of a random length. Handling times of service halls are log-normal (Brown et al., JASA 2005)."""

    LOG_NORMAL = "log-normal"
    EXPONENTIAL = "exponential"
    GAMMA = "gamma"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Length:
    """A random length of time: its mean in seconds and its coefficient of variation (ignored where the law has its own).

    >>> Length(180.0, 0.8).scaled(0.5)
    Length(mean_s=90.0, cv=0.8, law=<Law.LOG_NORMAL: 'log-normal'>)
    """

    mean_s: float
    cv: float = 1.0
    law: Law = Law.LOG_NORMAL

    def scaled(self, by: float) -> Length:
        """Return the same shape with another mean."""
        return Length(self.mean_s * by, self.cv, self.law)


@dataclass(frozen=True, slots=True)
class Then:
    """What may follow a service: with this probability another one, for another need or the same.

    `gap_s` lies between (0: at once); `enter` says where in the line.
    """

    share: float
    need: str
    enter: Enter = Enter.LAST
    gap_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Need:
    """What customers come for: the line that they wait in, how long it takes, how long they are willing to wait.

    `service` is a mixture (weight, length); `patience` None: nobody leaves. `absent`: does not come when called, and with
    `comes_back` returns `back_s` later to the old place. `diverted`: goes to another channel instead of taking a number.
    """

    code: str
    queue: str
    service: tuple[tuple[float, Length], ...]
    patience: Length | None = None
    absent: float = 0.0
    comes_back: float = 0.0
    back_s: float = 300.0
    diverted: float = 0.0
    then: tuple[Then, ...] = ()

    @property
    def mean_s(self) -> float:
        """Mean of the service, in seconds."""
        total = math.fsum(weight for weight, _ in self.service)
        return math.fsum(weight * part.mean_s for weight, part in self.service) / total


@dataclass(frozen=True, slots=True)
class Klass:
    """A priority class and its share of the customers. Tier 0 is the care lane."""

    code: str
    share: float = 1.0
    tier: int = 1
    head_start_min: float = 0.0


@dataclass(frozen=True, slots=True)
class Stint:
    """A stretch in which a counter is open and calls from these queues; its clerk takes `pace` times the usual time.

    `drains`: whoever has a number at closing is still served.
    """

    counter: str
    opens_s: float
    closes_s: float
    queues: tuple[str, ...]
    pace: float = 1.0
    drains: bool = False


@dataclass(frozen=True, slots=True)
class Appointments:
    """A share of the customers comes by appointment, evenly over the open slots, in a class of its own.

    They come `early_s` before their time on average, spread by `spread_s`; `no_show` do not come.
    """

    share: float
    klass: str
    slot_s: float = 1800.0
    early_s: float = 180.0
    spread_s: float = 300.0
    no_show: float = 0.1


@dataclass(frozen=True, slots=True)
class Rule:
    """One calling rule of a book, as the hall's own rule: WHEN a condition holds THEN these queues first."""

    when: When = When.ALWAYS
    of: tuple[str, ...] = ()
    at_least: int = 0
    starts_s: float = 0.0
    ends_s: float = 0.0
    queues: tuple[str, ...] = ()
    take: Take = Take.AGED
    shares: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """The calling rules of some counters; a counter in no book follows the shipped order."""

    counters: tuple[str, ...]
    max_wait_min: float = 0.0
    care_first: bool = True
    otherwise: Take = Take.AGED
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class HallModel:
    """A hall's days. `rates[slot][need]`: customers expected in each slot of `slot_s` seconds after `opens_s`.

    A day's rates are multiplied by its busyness, a Gamma factor with mean 1 and variance 1 / `busyness` (inf: none): whole
    days differ far more than Poisson arrivals alone would (twin-anchors §2h). `volume` scales all of it; `volume_at_most` is
    the largest volume that this model will be compared with, so that compared halls share their customers.
    `service_by_slot` and `patience_by_slot` scale lengths by the slot of arrival and need, where given.
    """

    opens_s: float
    slot_s: float
    rates: tuple[tuple[float, ...], ...]
    needs: tuple[Need, ...]
    stints: tuple[Stint, ...]
    klasses: tuple[Klass, ...] = (Klass("normal"),)
    busyness: float = math.inf
    volume: float = 1.0
    volume_at_most: float = 1.0
    service_by_slot: tuple[tuple[float, ...], ...] = ()
    patience_by_slot: tuple[tuple[float, ...], ...] = ()
    appointments: Appointments | None = None
    books: tuple[Book, ...] = ()
    forced: tuple[tuple[float, float], ...] = ()
    takes_in_order: bool = False
    absent_wait_s: float = 60.0
    ends_s: float = field(default=math.inf)

    @property
    def closes_s(self) -> float:
        """The end of the last slot."""
        return self.opens_s + self.slot_s * len(self.rates)

    @property
    def a_day(self) -> float:
        """Customers expected on a day, before diversion."""
        return self.volume * math.fsum(math.fsum(slot) for slot in self.rates)

    @property
    def queues(self) -> tuple[str, ...]:
        """Every queue, in the order of their letters."""
        named = {need.queue for need in self.needs} | {queue for stint in self.stints for queue in stint.queues}
        return tuple(sorted(named))

    @property
    def counters(self) -> tuple[str, ...]:
        """Every counter, in the order in which they are first named."""
        return tuple(dict.fromkeys(stint.counter for stint in self.stints))


class ModelError(ValueError):
    """A hall that cannot be: `problems` says everything that is wrong, in English sentences for the log and the command."""

    def __init__(self, problems: Iterable[str]) -> None:
        """Keep the problems."""
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


def check(model: HallModel) -> None:
    """Raise ModelError unless the model can be run.

    >>> check(HallModel(0, 1800, ((1.0,),), (Need("a", "A", ((1.0, Length(-1.0)),)),), ()))
    Traceback (most recent call last):
    yingting.twin.hall.ModelError: need a: a length of -1.0 s; nobody ever serves queue A
    """
    found = list(_problems(model))
    if found:
        raise ModelError(found)


def _problems(model: HallModel) -> Iterable[str]:
    codes = [need.code for need in model.needs]
    if not codes or len(set(codes)) < len(codes):
        yield "needs must be there and have codes of their own"
    if not model.rates or any(len(slot) != len(codes) for slot in model.rates):
        yield f"each slot needs {len(codes)} rates, one a need"
    if any(rate < 0 or not math.isfinite(rate) for slot in model.rates for rate in slot):
        yield "a rate is negative or not a number"
    for need in model.needs:
        yield from _need_problems(need, codes)
    for table, name in ((model.service_by_slot, "service_by_slot"), (model.patience_by_slot, "patience_by_slot")):
        if table and (len(table) != len(model.rates) or any(len(slot) != len(codes) for slot in table)):
            yield f"{name} must have the shape of the rates"
    if abs(math.fsum(klass.share for klass in model.klasses) - 1.0) > 1e-9:
        yield "the shares of the classes must come to 1"
    if not 0 < model.volume <= model.volume_at_most:
        yield f"a volume of {model.volume} is not between 0 and {model.volume_at_most}"
    if not model.busyness > 0:
        yield "busyness must be positive"
    if model.appointments and model.appointments.klass not in {klass.code for klass in model.klasses}:
        yield f"appointments: no class {model.appointments.klass}"
    yield from _stint_problems(model)


def _need_problems(need: Need, codes: Iterable[str]) -> Iterable[str]:
    if not need.service or any(weight <= 0 for weight, _ in need.service):
        yield f"need {need.code}: no service, or a weight that is not positive"
    lengths = [part for _, part in need.service] + ([need.patience] if need.patience else [])
    for length in lengths:
        if not (length.mean_s > 0 and math.isfinite(length.mean_s) and length.cv >= 0):
            yield f"need {need.code}: a length of {length.mean_s} s"
    shares = {"absent": need.absent, "comes_back": need.comes_back, "diverted": need.diverted}
    for name, share in shares.items():
        if not 0 <= share <= 1:
            yield f"need {need.code}: {name} is {share}"
    if math.fsum(then.share for then in need.then) > 1 or any(then.share < 0 for then in need.then):
        yield f"need {need.code}: what follows comes to more than 1"
    for then in need.then:
        if then.need not in codes:
            yield f"need {need.code}: what follows names {then.need}, which is no need"


def _stint_problems(model: HallModel) -> Iterable[str]:
    served = {queue for stint in model.stints for queue in stint.queues}
    for queue in sorted({need.queue for need in model.needs} - served):
        yield f"nobody ever serves queue {queue}"
    until: dict[str, float] = {}
    for stint in sorted(model.stints, key=lambda one: one.opens_s):
        if stint.closes_s <= stint.opens_s or not stint.pace > 0:
            yield f"counter {stint.counter}: a stint from {stint.opens_s} to {stint.closes_s} s at pace {stint.pace}"
        if stint.opens_s < until.get(stint.counter, -math.inf):
            yield f"counter {stint.counter}: two stints at {stint.opens_s} s"
        until[stint.counter] = stint.closes_s
    if len(model.queues) > 60:
        yield "more than 60 queues"
