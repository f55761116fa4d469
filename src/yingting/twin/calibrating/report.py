"""The page about a fitted hall: every parameter with what is uncertain about it, and how well the model behaves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from yingting.twin.calibrating.checking import Check, check_by_simulation
from yingting.twin.calibrating.fitted import Fit, Slack
from yingting.twin.calibrating.levels import Dispersion
from yingting.twin.calibrating.patience import Patience
from yingting.twin.calibrating.reasons import Fault, Said
from yingting.twin.calibrating.services import Pace

_OFF = 0.05


@dataclass(frozen=True, slots=True)
class NeedReport:
    """A need: customers seen, services timed, their mean in seconds with a 95 % interval, coefficient of variation, law.

    `parts` is how many log-normals the law mixes (each with weight, mean in seconds, cv); `distance` is Kolmogorov and
    Smirnov's (nan where services are inferred).
    """

    need: str
    queue: str
    customers: int
    n: int
    mean_s: float
    low_s: float
    high_s: float
    cv: float
    parts: tuple[tuple[float, float, float], ...]
    distance: float
    is_pooled: bool
    absent: float
    diverted: float
    patience: Patience | None


@dataclass(frozen=True, slots=True)
class ArrivalsReport:
    """Arrivals: customers a day, the busyness with its interval, and indices of dispersion: of days, of slots raw and after

    the day's factor. `of_needs`, `of_slots`: extra variance of single needs' days and single slots.
    """

    a_day: float
    days: int
    busyness: float
    busyness_low: float
    busyness_high: float
    index_days: float
    index_slots: float
    index_slots_after: float
    of_needs: Dispersion
    of_slots: Dispersion
    half_life_days: float


@dataclass(frozen=True, slots=True)
class SkillRow:
    """A counter: the share of its services by queue, and the queues that it is taken to serve."""

    counter: str
    shares: tuple[float, ...]
    serves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FitReport:
    """Everything about a fit for a page; `queues` are the columns of `skills`; `said` are the doubts, `faults` the bad rows."""

    needs: tuple[NeedReport, ...]
    arrivals: ArrivalsReport
    queues: tuple[str, ...]
    skills: tuple[SkillRow, ...]
    paces: tuple[Pace, ...]
    slack: tuple[Slack, ...]
    check: Check
    said: tuple[Said, ...]
    faults: tuple[Fault, ...]


def report(fit: Fit, *, limits_s: Sequence[float] = (600.0, 480.0), copies: int = 10, seed: int = 0) -> FitReport:
    """Return the page's figures; runs the training days again (`check_by_simulation`)."""
    check = check_by_simulation(fit, limits_s=limits_s, copies=copies, seed=seed)
    seating = fit.seating
    skills = tuple(
        SkillRow(
            name, tuple(seating.skills[place].tolist()),
            tuple(queue for queue, does in zip(seating.queues, seating.serves[place], strict=True) if does),
        )
        for place, name in enumerate(seating.counters)
    )  # fmt: skip
    said = fit.said
    if abs(check.simulated.within[0] - check.observed.within[0]) > _OFF:
        values = (("simulated", f"{check.simulated.within[0]:.1%}"), ("observed", f"{check.observed.within[0]:.1%}"))
        said = (*said, Said("check_off", values))
    return FitReport(
        _needs(fit), _arrivals(fit), seating.queues, skills, fit.paces, fit.slack, check, said, fit.faults
    )  # fmt: skip


def _needs(fit: Fit) -> tuple[NeedReport, ...]:
    found = []
    for place, (service, need) in enumerate(zip(fit.services, fit.needs(), strict=True)):
        wide = 1.96 * service.error_s / service.mean_s
        found.append(
            NeedReport(
                service.need, need.queue, int((fit.visits.need == place).sum()), service.n, service.mean_s,
                service.mean_s * math.exp(-wide), service.mean_s * math.exp(wide), service.law.cv,
                tuple((weight, part.mean_s, part.cv) for weight, part in service.law.with_mean(service.mean_s)),
                service.distance, service.is_pooled, fit.absent[place], fit.diverted[place], fit.patience[place],
            )
        )  # fmt: skip
    return tuple(found)


def _arrivals(fit: Fit) -> ArrivalsReport:
    found = fit.arrivals
    scatter = found.levels.dispersion
    return ArrivalsReport(
        float(found.counts.by_day.mean()), len(found.counts.facts), scatter.busyness,
        math.inf if scatter.high <= 0 else 1 / scatter.high, math.inf if scatter.low <= 0 else 1 / scatter.low,
        found.index_days, found.index_slots, found.index_slots_after, found.of_needs, found.of_slots,
        found.levels.half_life_days,
    )  # fmt: skip
