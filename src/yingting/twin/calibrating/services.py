"""How long services take: a law for each need, its mean leaning on the hall's, and a pace for each counter or clerk."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from yingting.twin.calibrating.laws import Mixed, fit_lengths, ks_distance
from yingting.twin.calibrating.reasons import CannotCalibrate, Demands, Said
from yingting.twin.calibrating.visits import Flags, Floats, Ints, Visits


@dataclass(frozen=True, slots=True)
class Service:
    """A need's services: how many were seen, their mean in seconds with its standard error, their law.

    `own_mean_s` is the plain mean of the data, `mean_s` the one that leans on the hall's. `distance` is the largest
    distance between law and data. `is_pooled`: the law is that of the need's queue (or hall).
    """

    need: str
    n: int
    own_mean_s: float
    mean_s: float
    error_s: float
    law: Mixed
    distance: float
    is_pooled: bool = False


@dataclass(frozen=True, slots=True)
class Pace:
    """How a counter's or clerk's services compare with what its needs usually take: the factor and its standard error."""

    code: str
    n: int
    factor: float
    error: float


def service_s(visits: Visits) -> Floats:
    """Return how long each visit was served, in seconds (nan: not known)."""
    begins = np.where(np.isnan(visits.started_s), visits.called_s, visits.started_s)
    return np.where(visits.came, visits.finished_s - begins, math.nan)


def fit_services(visits: Visits, demands: Demands) -> tuple[Service, ...]:
    """Return the services of each need. Raises CannotCalibrate when too few are recorded."""
    seconds = service_s(visits)
    known = np.isfinite(seconds)
    if known.sum() < demands.services:
        said = Said("no_services", (("visits", int(known.sum())), ("wanted", demands.services)))
        raise CannotCalibrate([said])
    seconds = np.maximum(seconds, demands.shortest_s)
    queue_of = queue_by_need(visits)
    groups = [known & (visits.need == need) for need in range(len(visits.names.needs))]
    means = shrunk_means(groups, seconds)
    return tuple(
        _service(
            visits, need, groups[need], known & (visits.queue == queue_of[need]), known, seconds, means[need], demands
        )
        for need in range(len(groups))
    )


def _service(
    visits: Visits, need: int, mine: Flags, of_queue: Flags, known: Flags, seconds: Floats, mean: tuple[float, float],
    demands: Demands,
) -> Service:  # fmt: skip
    n = int(mine.sum())
    is_pooled = n < demands.visits_per_need
    of_law = mine if not is_pooled else of_queue if of_queue.sum() >= demands.visits_per_need else known
    law = fit_lengths(seconds[of_law], shortest_s=demands.shortest_s)
    distance = ks_distance(seconds[of_law], law, shortest_s=demands.shortest_s)
    own = float(seconds[mine].mean()) if n else math.nan
    return Service(visits.names.needs[need], n, own, mean[0], mean[1], law, distance, is_pooled)


def shrunk_means(groups: list[Flags], seconds: Floats) -> list[tuple[float, float]]:
    """Return mean and standard error of each group, leaning on all groups together where its own data are few.

    Normal means in the logarithm, the spread between groups found by moments (empirical Bayes, Efron and Morris 1975).
    """
    every = np.concatenate([seconds[one] for one in groups])
    whole, cv2 = float(every.mean()), float(every.var() / every.mean() ** 2)
    own = np.array([seconds[one].mean() if one.any() else whole for one in groups])
    count = np.array([one.sum() for one in groups], float)
    spread = np.array([seconds[one].var() / seconds[one].mean() ** 2 if one.sum() > 5 else cv2 for one in groups])
    noise = np.where(count > 0, spread / np.maximum(count, 1), np.inf)
    some = count >= 5
    between = 0.0
    if some.sum() >= 2:
        logs = np.log(own[some])
        weight = count[some] / count[some].sum()
        between = max(0.0, float(weight @ np.square(logs - weight @ logs)) - float(weight @ noise[some]))
    keep = between / (between + noise) if between > 0 else np.where(count > 0, count / (count + 1e6), 0.0)
    mean = np.exp(keep * np.log(own) + (1 - keep) * math.log(whole))
    error = mean * np.sqrt(
        np.where(np.isinf(noise), between, keep * np.where(np.isinf(noise), 0.0, noise)) + cv2 / len(every)
    )
    return [(float(m), float(e)) for m, e in zip(mean, error, strict=True)]


def queue_by_need(visits: Visits) -> Ints:
    """Return the queue in which most customers with each need waited."""
    queues = max(1, len(visits.names.queues))
    table = np.zeros((len(visits.names.needs), queues), np.int64)
    np.add.at(table, (visits.need, visits.queue), 1)
    chosen: Ints = table.argmax(axis=1)
    return chosen


def fit_paces(visits: Visits, services: tuple[Service, ...]) -> tuple[Pace, ...]:
    """Return the pace of each clerk (or counter, where no clerk is known), leaning on 1; weighted they come to 1.

    A pace is the sum of the services over the sum of what the same needs take in the mean.
    """
    by_clerk = bool((visits.clerk >= 0).any())
    column, names = (visits.clerk, visits.names.clerks) if by_clerk else (visits.counter, visits.names.counters)
    seconds = service_s(visits)
    known = np.isfinite(seconds) & (column >= 0)
    if not known.any() or len(names) < 2:
        return tuple(Pace(name, 0, 1.0, 0.0) for name in names)
    usual = np.array([one.mean_s if math.isnan(one.own_mean_s) else one.own_mean_s for one in services])[visits.need]
    count = np.bincount(column[known], minlength=len(names)).astype(float)
    took = np.bincount(column[known], seconds[known], minlength=len(names))
    wanted = np.bincount(column[known], usual[known], minlength=len(names))
    cv2 = float(np.var(seconds[known] / usual[known]))
    ratio = np.log(np.maximum(took, 1.0) / np.maximum(wanted, 1.0))
    some = count >= 5
    noise = cv2 / np.maximum(count, 1.0)
    between = max(0.0, float(np.var(ratio[some])) - float(noise[some].mean())) if some.sum() > 1 else 0.0
    keep = between / (between + noise) if between > 0 else np.zeros(len(names))
    factor = np.exp(np.where(count > 0, keep * ratio, 0.0))
    factor /= float(wanted @ factor) / float(wanted.sum())
    error = factor * np.sqrt(np.where(count > 0, keep * noise, between))
    return tuple(
        Pace(name, int(count[place]), float(factor[place]), float(error[place])) for place, name in enumerate(names)
    )
