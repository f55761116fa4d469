"""A fitted hall: everything that the calibration found, and the model of a day that it gives."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from yingting.twin.calibrating.arrivals import Arrivals
from yingting.twin.calibrating.days import DayFacts
from yingting.twin.calibrating.patience import Patience
from yingting.twin.calibrating.reasons import Demands, Fault, Said
from yingting.twin.calibrating.seats import Seating, stints_of
from yingting.twin.calibrating.services import Pace, Service, queue_by_need
from yingting.twin.calibrating.visits import Floats, Visits
from yingting.twin.hall import Appointments, HallModel, Klass, Need, Stint

_DRAINS_S = 1800.0


@dataclass(frozen=True, slots=True)
class Slack:
    """What the counters of some queues need on top of the services that are seen: a factor on all of their lengths.

    `log_factor` with its standard error; `day_spread`: how much its logarithm varies from day to day. `is_seen`: False where
    too few waited to say, and the factor is that of the hall. `haste` is by how much the logarithm of the factor changes with
    the logarithm of the day's load (work over counter time; `usual_load` is that of the training days): below 0 where
    counters work faster on full days (Kc and Terwiesch, Management Science 55, 2009).
    """

    queues: tuple[str, ...]
    log_factor: float
    error: float
    day_spread: float
    is_seen: bool = True
    haste: float = 0.0
    haste_error: float = 0.0
    usual_load: float = 0.0

    def at_load(self, load: float, haste: float | None = None) -> float:
        """Return the logarithm of the factor on a day with this load (its logarithm; nan: as usual).

        Loads beyond twice or below half the usual one count as that: nothing like it was seen.
        """
        if not math.isfinite(load):
            return self.log_factor
        slope = self.haste if haste is None else haste
        return self.log_factor + slope * min(max(load - self.usual_load, -math.log(2)), math.log(2))

    @property
    def factor(self) -> float:
        """The factor itself; 1 is no slack."""
        return math.exp(self.log_factor)


@dataclass(frozen=True, slots=True)
class Draw:
    """One possible world within what the data leave open: shifts of the fitted parameters (the default: none).

    `log_level` is added to the day's level; `needs`, `slots` multiply rates; `services`, `patience` multiply the means by need;
    `slack` is added to the logarithm of each pool's factor, `haste` to its haste; `dispersion` replaces the days' extra
    variance; `paces` multiply the pace of each counter.
    """

    log_level: float = 0.0
    needs: Floats | None = None
    slots: Floats | None = None
    services: Floats | None = None
    patience: Floats | None = None
    slack: Floats | None = None
    haste: float = 0.0
    dispersion: float | None = None
    paces: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fit:
    """What a calibration found. `visits` are the usable rows, `facts` the training days with their counters as they were.

    Tuples by need stand in the order of `visits.names.needs`. `clocks` are the times of day at which each training day was
    looked at (empty: times are exact). `said` is what is uncertain; `faults` are the rows that were left out.
    """

    visits: Visits
    facts: Mapping[int, DayFacts]
    demands: Demands
    arrivals: Arrivals
    services: tuple[Service, ...]
    patience: tuple[Patience | None, ...]
    paces: tuple[Pace, ...]
    seating: Seating
    absent: tuple[float, ...]
    diverted: tuple[float, ...]
    klasses: tuple[Klass, ...]
    appointments: Appointments | None
    slack: tuple[Slack, ...]
    clocks: Mapping[int, Floats]
    said: tuple[Said, ...] = ()
    faults: tuple[Fault, ...] = ()

    def loads(self, customers: Floats, stints: tuple[Stint, ...]) -> Floats:
        """Return the logarithm of each pool's load: the work that customers (by need) bring, over the counters' time."""
        queue_of, names = queue_by_need(self.visits), self.visits.names
        work = customers * np.array([one.mean_s for one in self.services])
        found = np.full(len(self.slack), math.nan)
        for place, one in enumerate(self.slack):
            mine = [need for need in range(len(work)) if names.queues[queue_of[need]] in one.queues]
            there = sum(stint.closes_s - stint.opens_s for stint in stints if set(stint.queues) & set(one.queues))
            if there > 0 and work[mine].sum() > 0:
                found[place] = math.log(float(work[mine].sum()) / there)
        return found

    def needs(self, draw: Draw | None = None, loads: Floats | None = None) -> tuple[Need, ...]:
        """Return the needs of the model with their slack: at these loads, else as usual."""
        draw, names = draw or Draw(), self.visits.names
        queue_of = queue_by_need(self.visits)
        extra = np.zeros(len(self.slack)) if draw.slack is None else draw.slack
        at = np.full(len(self.slack), math.nan) if loads is None else loads
        by_queue = {
            queue: math.exp(one.at_load(float(load), one.haste + draw.haste) + more)
            for one, load, more in zip(self.slack, at, extra, strict=True)
            for queue in one.queues
        }
        found = []
        for place, service in enumerate(self.services):
            queue = names.queues[queue_of[place]]
            scale = by_queue.get(queue, 1.0) * (1.0 if draw.services is None else float(draw.services[place]))
            known = self.patience[place]
            patience = None if known is None else known.length
            if patience is not None and draw.patience is not None:
                patience = patience.scaled(float(draw.patience[place]))
            found.append(
                Need(
                    service.need, queue, service.law.with_mean(service.mean_s * scale), patience, self.absent[place],
                    diverted=self.diverted[place],
                )
            )  # fmt: skip
        return tuple(found)

    def stints(self, facts: DayFacts, draw: Draw | None = None) -> tuple[Stint, ...]:
        """Return the counters of a day: as planned, else as they were (a training day), else as usual on that weekday."""
        planned = {day: one.stints for day, one in self.facts.items() if one.stints is not None}
        stints = draining(stints_of(facts, self.seating, planned))
        if draw is None or not draw.paces:
            return stints
        return tuple(replace(one, pace=one.pace * draw.paces.get(one.counter, 1.0)) for one in stints)

    def model(self, facts: DayFacts, draw: Draw | None = None) -> HallModel:
        """Return the hall on that day. Needs whose queue nobody serves then are left out. Raises ModelError when none is left."""
        shift = draw or Draw()
        stints = self.stints(facts, draw)
        rates = self.arrivals.rates(facts, self.arrivals.levels.log_level(facts)[0] + shift.log_level)
        if shift.needs is not None:
            rates = rates * shift.needs
        if shift.slots is not None:
            rates = rates * shift.slots[:, None]
        served = {queue for stint in stints for queue in stint.queues}
        needs = self.needs(draw, self.loads(rates.sum(axis=0), stints))
        kept = [place for place, need in enumerate(needs) if need.queue in served]
        levels = self.arrivals.levels.dispersion
        busyness = (
            levels.busyness if shift.dispersion is None else math.inf if shift.dispersion <= 0 else 1 / shift.dispersion
        )
        return HallModel(
            opens_s=self.arrivals.opens_s(facts), slot_s=self.demands.slot_s, rates=tuple(map(tuple, rates[:, kept].tolist())),
            needs=tuple(needs[place] for place in kept), stints=stints, klasses=self.klasses, busyness=busyness,
            appointments=self.appointments,
        )  # fmt: skip


def draining(stints: tuple[Stint, ...]) -> tuple[Stint, ...]:
    """Return the counters so that those which close last for a queue still serve who has a number."""
    last: dict[str, float] = {}
    for one in stints:
        for queue in one.queues:
            last[queue] = max(last.get(queue, 0.0), one.closes_s)
    return tuple(
        replace(one, drains=any(one.closes_s >= last[queue] - _DRAINS_S for queue in one.queues)) for one in stints
    )
