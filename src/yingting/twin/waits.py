"""A hall's wait model: what is seen when a number is taken, turned into the range of minutes that the customer is told.

The model is a few hundred numbers, learnt by `announcing` in a worker and carried as JSON. This module only evaluates it, in
plain Python without the engine, so that a web process can: about ten microseconds. Two steps for each queue:

1. An *index*, the expected wait in seconds: a sum of terms that never fall when somebody more is ahead (weights not negative),
   and an offset by time of day.
2. A *curve* over the index: lowest, middle, highest and mean wait at knots, each never falling. Straight lines between.

So more people ahead never lower the range. The ends of the range are calibrated on the hall's own latest days after rounding to
whole minutes (lowest down, highest up), as they are told: conformalised quantile regression (Romano, Patterson, Candès,
NeurIPS 2019), by stretch of the index.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeVar

FORMAT = 1
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Seen:
    """The state of the hall when a customer takes a number, as far as the wait depends on it.

    `ahead` wait before this customer in the same queue, with `work_s` seconds of expected work in all, the first of them since
    `oldest_s` seconds; `around` wait in other queues that the same counters serve. `counters` are open for the queue, `free` of
    them have nobody. `at_s` is the second of the hall's day.
    """

    ahead: int
    work_s: float
    counters: int
    free: int = 0
    around: int = 0
    oldest_s: float = 0.0
    at_s: float = 43_200.0


@dataclass(frozen=True, slots=True)
class Span:
    """The range of a wait in seconds: most waits lie between `low_s` and `high_s`; half of them below `middle_s`."""

    low_s: float
    middle_s: float
    high_s: float
    mean_s: float

    @property
    def minutes(self) -> tuple[int, int]:
        """The range as customers are told it: lowest rounded down, highest up, never from and to the same minute.

        >>> Span(70, 100, 121, 110).minutes, Span(0, 0, 0, 0).minutes
        ((1, 3), (0, 1))
        """
        low = math.floor(max(0.0, self.low_s) / 60)
        return low, max(math.ceil(self.high_s / 60), low + 1)


def terms(
    ahead: T, work_s: T, counters: T, around: T, oldest_s: T, *, one_s: float, at_most: Callable[[T, float], T]
) -> list[T]:
    """Return what an index is the sum of: for numbers with `min`, for arrays with `numpy.minimum`. `one_s` is a usual handling.

    None falls when `ahead`, `work_s`, `around` or `oldest_s` grow; bent terms let a long line count less a head, because some
    of it gives up.
    """
    n: Any = counters
    load: Any = work_s / n
    loads = [at_most(load, part * one_s) for part in (0.5, 1, 2, 4, 8, 16)]
    heads = [at_most(ahead, float(count)) for count in (1, 2, 4, 8, 16, 32)]
    waits = [at_most(oldest_s, float(limit)) for limit in (60, 300, 1200)]
    return [one_s / n, load, *loads, ahead, *heads, around, around / n, oldest_s, *waits]


TERMS = len(terms(0.0, 0.0, 1.0, 0.0, 0.0, one_s=1.0, at_most=min))


@dataclass(frozen=True, slots=True)
class QueueWaits:
    """One queue's part of a model: `weights` of the terms, `offsets_s` by slot of the day, and the curve at `knots_s`.

    `idle` holds while a counter is free for the customer. Beyond the last knot the mean grows by `slope` a second, the rest in
    proportion. Beyond `top_load_s` (seconds of work for each counter, the most that the model has seen) nothing is known:
    there each further second of work counts as one.
    """

    one_s: float
    weights: tuple[float, ...]
    base_s: float
    offsets_s: tuple[float, ...]
    top_load_s: float
    knots_s: tuple[float, ...]
    low_s: tuple[float, ...]
    middle_s: tuple[float, ...]
    high_s: tuple[float, ...]
    mean_s: tuple[float, ...]
    slope: float
    idle: Span

    def index_s(self, seen: Seen, slot: int) -> float:
        """Return the expected wait in seconds before the curve bends it."""
        parts = terms(
            float(seen.ahead), seen.work_s, float(seen.counters), float(seen.around), seen.oldest_s, one_s=self.one_s,
            at_most=min,
        )  # fmt: skip
        return self.base_s + self.offsets_s[slot] + math.fsum(map(float.__mul__, self.weights, parts))

    def span(self, index_s: float, beyond_s: float = 0.0) -> Span:
        """Return the range at an index, `beyond_s` being the work for each counter beyond what the model has seen."""
        last = self.knots_s[-1]
        if index_s >= last:
            low, middle, high, mean = self.low_s[-1], self.middle_s[-1], self.high_s[-1], self.mean_s[-1]
            by = (mean + self.slope * (index_s - last) + beyond_s) / mean if mean > 0 else 1.0
            return Span(low * by, middle * by, high * by, mean * by)
        place = bisect_right(self.knots_s, index_s)
        if place == 0:
            return Span(self.low_s[0], self.middle_s[0], self.high_s[0], self.mean_s[0])
        before, after = self.knots_s[place - 1], self.knots_s[place]
        part = (index_s - before) / (after - before)

        def at(line: tuple[float, ...]) -> float:
            return line[place - 1] + part * (line[place] - line[place - 1])

        return Span(at(self.low_s), at(self.middle_s), at(self.high_s), at(self.mean_s))


@dataclass(frozen=True, slots=True)
class WaitModel:
    """A hall's wait model by queue letter. `stated` is the share of waits that its ranges are to hold.

    `measured` are figures on days that the model has not learnt from (`announcing.Figures`); `inputs` is the digest of what it
    was learnt from, `from_day` and `to_day` (ISO) are those days, empty for a model from simulation alone.
    """

    queues: Mapping[str, QueueWaits]
    opens_s: float
    slot_s: float
    stated: float
    inputs: str = ""
    from_day: str = ""
    to_day: str = ""
    measured: Mapping[str, float] = field(default_factory=dict)

    def span(self, queue: str, seen: Seen) -> Span | None:
        """Return the range for a customer of a queue, or None where the model does not know: no counter, or another queue."""
        waits = self.queues.get(queue)
        if waits is None or seen.counters <= 0:
            return None
        if seen.ahead < seen.free:
            return waits.idle
        slots = len(waits.offsets_s)
        slot = min(max(int((seen.at_s - self.opens_s) // self.slot_s), 0), slots - 1)
        beyond = max(0.0, seen.work_s / seen.counters - waits.top_load_s)
        return waits.span(waits.index_s(seen, slot), beyond)


class WaitModelError(ValueError):
    """A body that is no wait model; the message says what is wrong with it, in English for the log."""


def as_body(model: WaitModel) -> dict[str, Any]:
    """Return the model as JSON-ready values, rounded to what a wait can tell (tenths of a second)."""
    return {
        "format": FORMAT, "opens_s": model.opens_s, "slot_s": model.slot_s, "stated": model.stated, "inputs": model.inputs,
        "from_day": model.from_day, "to_day": model.to_day, "measured": dict(model.measured),
        "queues": {letter: _queue_body(waits) for letter, waits in sorted(model.queues.items())},
    }  # fmt: skip


_LINES = ("knots_s", "low_s", "middle_s", "high_s", "mean_s")


def _queue_body(waits: QueueWaits) -> dict[str, Any]:
    idle = waits.idle
    lines = {name: list(getattr(waits, name)) for name in (*_LINES, "weights", "offsets_s")}
    ends = [idle.low_s, idle.middle_s, idle.high_s, idle.mean_s]
    return {
        "one_s": waits.one_s,
        "base_s": waits.base_s,
        "top_load_s": waits.top_load_s,
        "slope": waits.slope,
        "idle": ends,
        **lines,
    }


def from_body(body: Mapping[str, Any]) -> WaitModel:
    """Return the model that a body holds. Raises WaitModelError when it is none, or would tell a range that falls.

    >>> from_body({"format": 2})
    Traceback (most recent call last):
    yingting.twin.waits.WaitModelError: format 2 is not known
    """
    if body.get("format") != FORMAT:
        raise WaitModelError(f"format {body.get('format')} is not known")
    try:
        model = WaitModel(
            queues={str(letter): _queue_of(part) for letter, part in body["queues"].items()},
            opens_s=float(body["opens_s"]), slot_s=float(body["slot_s"]), stated=float(body["stated"]), inputs=str(body["inputs"]),
            from_day=str(body["from_day"]), to_day=str(body["to_day"]),
            measured={str(name): float(value) for name, value in body["measured"].items()},
        )  # fmt: skip
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise WaitModelError(f"not a wait model: {error!r}") from error
    check(model)
    return model


def _queue_of(part: Mapping[str, Any]) -> QueueWaits:
    def line(name: str) -> tuple[float, ...]:
        return tuple(float(value) for value in part[name])

    return QueueWaits(
        one_s=float(part["one_s"]), weights=line("weights"), base_s=float(part["base_s"]), offsets_s=line("offsets_s"),
        top_load_s=float(part["top_load_s"]), knots_s=line("knots_s"), low_s=line("low_s"), middle_s=line("middle_s"),
        high_s=line("high_s"), mean_s=line("mean_s"), slope=float(part["slope"]), idle=Span(*line("idle")),
    )  # fmt: skip


def check(model: WaitModel) -> None:
    """Raise WaitModelError unless the model can be told from: everything finite, no range that falls while people come."""
    if not (model.slot_s > 0 and 0 < model.stated < 1 and math.isfinite(model.opens_s)):
        raise WaitModelError("its slots or its stated share cannot be")
    for letter, waits in model.queues.items():
        for problem in _problems(waits):
            raise WaitModelError(f"queue {letter}: {problem}")


def _problems(waits: QueueWaits) -> list[str]:
    lines = [getattr(waits, name) for name in _LINES]
    idle = waits.idle
    found = []
    if len(waits.weights) != TERMS or not waits.offsets_s:
        found.append("not the terms of this format")
    if not waits.knots_s or any(len(line) != len(waits.knots_s) for line in lines):
        return [*found, "a curve without knots, or lines of unlike length"]
    numbers = [
        *waits.weights,
        *waits.offsets_s,
        waits.one_s,
        waits.base_s,
        waits.top_load_s,
        waits.slope,
        idle.low_s,
        idle.high_s,
    ]
    if not all(map(math.isfinite, [*numbers, *(value for line in lines for value in line)])):
        return [*found, "a number that is none"]
    if any(weight < 0 for weight in waits.weights) or waits.slope < 0:
        found.append("a weight below zero")
    if any(after < before for line in lines for before, after in pairwise(line)):
        found.append("a line that falls")
    if len(set(waits.knots_s)) < len(waits.knots_s):
        found.append("two knots at one place")
    if any(low < 0 or low > high for low, high in zip(waits.low_s, waits.high_s, strict=True)):
        found.append("a range whose lowest is above its highest")
    if not (0 <= idle.low_s <= waits.low_s[0] and idle.low_s <= idle.high_s <= waits.high_s[0]):
        found.append("a range that falls when the last free counter is taken")
    return found
