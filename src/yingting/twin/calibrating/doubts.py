"""What is uncertain about a fitted hall, as codes and values; the sentences are translated elsewhere."""

from __future__ import annotations

import math

import numpy as np

from yingting.twin.calibrating.days import DayFacts
from yingting.twin.calibrating.fitted import Fit
from yingting.twin.calibrating.reasons import Said
from yingting.twin.calibrating.visits import Leaving


def doubts(fit: Fit) -> tuple[Said, ...]:
    """Return everything that a reader of the model should know to be uncertain."""
    return (*_of_arrivals(fit), *_of_services(fit), *_of_patience(fit), *_of_counters(fit))


def _of_arrivals(fit: Fit) -> list[Said]:
    weekdays = [DayFacts(int(day)).weekday for day in fit.visits.days]
    found = [
        Said("few_weekdays", (("weekday", weekday + 1), ("days", weekdays.count(weekday))))
        for weekday in sorted(set(weekdays))
        if weekdays.count(weekday) < 3
    ]
    if len(weekdays) < fit.demands.month_days:
        found.append(Said("short_record", (("days", len(weekdays)),)))
    if fit.visits.clock_s >= 60:
        found.append(Said("coarse_clock", (("seconds", fit.visits.clock_s),)))
    return found


def _of_services(fit: Fit) -> list[Said]:
    if all(math.isnan(one.distance) for one in fit.services):
        return [Said("services_inferred")]
    found = [Said("need_pooled", (("need", one.need), ("visits", one.n))) for one in fit.services if one.is_pooled]
    return found + [
        Said("fit_is_poor", (("need", one.need), ("distance", one.distance)))
        for one in fit.services
        if one.distance > fit.demands.ks_poor and not one.is_pooled
    ]


def _of_patience(fit: Fit) -> list[Said]:
    if all(one is None for one in fit.patience):
        return [Said("patience_assumed")]
    found = [Said("patience_when_called")] if fit.visits.leaving is Leaving.WHEN_CALLED else []
    few = [one for one in fit.patience if one is not None and one.is_shared]
    return found + [Said("patience_few", (("need", one.need), ("left", one.left))) for one in few]


def _of_counters(fit: Fit) -> list[Said]:
    found = [
        Said("slack_large", (("queues", " ".join(one.queues)), ("factor", one.factor)))
        for one in fit.slack
        if one.is_seen and one.factor > 1.3
    ]
    weight = np.array(
        [sum(service.n for service in fit.services if service.need in one.queues) for one in fit.slack], float
    )
    spread = np.array([one.day_spread for one in fit.slack])
    mean = float(spread @ weight / weight.sum()) if weight.sum() else float(spread.mean()) if len(spread) else 0.0
    return [*found, Said("day_pace_varies", (("spread", f"{mean:.0%}"),))] if mean > 0.01 else found
