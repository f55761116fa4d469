"""Forecasts and counters needed, worked out for a hall: from its visits, its calendar and its fitted model to plain answers.

Only workers and commands import this: it brings the compiler along.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yingting.planning.twins.answers import figure_of, plain
from yingting.planning.twins.questions import Ahead, CountersNeeded
from yingting.twin.asking import Exactness, Outcome, simulate
from yingting.twin.calibrating.days import DayFacts, Kind
from yingting.twin.calibrating.visits import Visits
from yingting.twin.forecasting.days import Day
from yingting.twin.forecasting.forecast import Forecast, TooFewDaysError, forecast
from yingting.twin.hall import HallModel
from yingting.twin.levers import counter_hours
from yingting.twin.measures import Figure, share
from yingting.twin.staffing.plans import CounterKind, Goal
from yingting.twin.staffing.search import Staffing, staff

Json = dict[str, Any]
SLOT_S = 1800.0


# ---------------------------------------------------------------------------------------------- forecast
def forecast_answer(visits: Visits, facts: Mapping[int, DayFacts], question: Ahead) -> Json:
    """Return the customers to come, day by day and half hour by half hour. Raises TooFewDaysError.

    `facts` holds the days that the visits may lie on, and the days to come.
    """
    first = question.first_day.toordinal()
    past = sorted(day for day in facts if day < first)
    if not past:
        raise TooFewDaysError(0)  # it begins before the days that are looked back on
    coming = [first + ahead for ahead in range(question.days)]
    opens = min((one.opens_s for one in facts.values() if one.opens_s is not None), default=0.0)
    closes = max((one.closes_s for one in facts.values() if one.closes_s is not None), default=86400.0)
    slots = math.ceil((closes - opens) / SLOT_S)
    known = [day for day in past if day >= int(visits.day.min(initial=first))]
    counts = _counts(visits, known, opens, slots)
    # A day without anybody was not lived: the hall was closed after all, or its record is lost.
    days = [replace(_day(facts[day]), is_open=bool(counts[row].any())) for row, day in enumerate(known)]
    found = forecast(days, counts, [_day(facts[day]) for day in coming])
    return {
        "first": question.first, "slots": [opens + slot * SLOT_S for slot in range(slots)],
        "days": [_foretold(found, place) for place in range(len(coming))],
        "why": [[sentence, {name: _said(value) for name, value in values.items()}] for sentence, values in found.why],
        "covered": {str(share): [plain(one) for one in of] for share, of in found.covered.items()},
        "errors": [[one.method.way.value, plain(one.days), plain(one.slots)] for one in found.errors],
        "known": sum(1 for day in days if day.is_open),
    }  # fmt: skip


def _counts(visits: Visits, days: list[int], opens_s: float, slots: int) -> NDArray[np.int64]:
    place = {day: row for row, day in enumerate(days)}
    counts = np.zeros((len(days), slots), np.int64)
    slot = np.clip((visits.issued_s - opens_s) // SLOT_S, 0, slots - 1).astype(int)
    for day, at in zip(visits.day.tolist(), slot.tolist(), strict=True):
        if day in place:
            counts[place[day], at] += 1
    return counts


def _day(facts: DayFacts) -> Day:
    return Day(
        dt.date.fromordinal(facts.day), facts.opens_s is not None, facts.kind is Kind.HOLIDAY, facts.kind is Kind.MAKE_UP,
        facts.kind is Kind.BEFORE_HOLIDAY, facts.kind is Kind.AFTER_HOLIDAY,
    )  # fmt: skip


def _foretold(found: Forecast, place: int) -> Json:
    bands = {share: found.total_bands[share][place] for share in found.total_bands}
    levels = sorted(bands)
    return {
        "on": found.days[place].on.isoformat(), "is_open": found.days[place].is_open, "total": plain(found.totals[place]),
        "low": plain(bands[levels[0]]), "high": plain(bands[levels[-1]]),
        "slots": [plain(one) for one in found.mean[place]],
        "slot_high": [plain(one) for one in found.bands[levels[-1]][place]],
    }  # fmt: skip


def _said(value: object) -> Any:
    return value if isinstance(value, int | float | str) else str(value)


# ---------------------------------------------------------------------------------------------- counters needed
def counters_answer(
    model: HallModel, question: CountersNeeded, limit_s: float, counters: int, seed: int,
    progress: Callable[[float], None], is_cancelled: Callable[[], bool],
) -> Json:  # fmt: skip
    """Return the counters that a day needs, half hour by half hour, beside those that are usual. Raises ModelError, Cancelled."""
    kinds = kinds_of(model, counters)
    goal = Goal(question.share, limit_s)
    found = staff(
        model, kinds, (goal,), seed=seed, progress=lambda share: progress(0.9 * share), is_cancelled=is_cancelled
    )
    usual = simulate(
        [model], seed=seed, exact=Exactness(0.0, 500, 500), limits_s=(limit_s, limit_s), is_cancelled=is_cancelled,
        progress=lambda share: progress(0.9 + 0.1 * share),
    )[0]  # fmt: skip
    needed = simulate([found.model], seed=seed, exact=Exactness(0.0, 500, 500), limits_s=(limit_s, limit_s))[0]
    now = usual.by_slot()
    return {
        "day": question.day, "share": question.share, "limit_s": limit_s,
        "kinds": [[one.code, list(one.queues)] for one in kinds],
        "slots": [
            {
                "at_s": one.at_s, "came": plain(now[place].came.value), "usual": plain(now[place].counters),
                "usual_within": figure_of(_kept(usual, place)), "needed": dict(one.counters), "within": figure_of(one.within[0]),
            }
            for place, one in enumerate(found.slots)
        ],
        "hours": {code: plain(hours) for code, hours in found.hours.items()}, "total_hours": plain(found.total_hours),
        "usual_hours": plain(counter_hours(model)),
        "usual_day": figure_of(usual.within(with_left=True)), "day_within": figure_of(needed.within(with_left=True)),
        "usual_used": figure_of(usual.used()), "used": figure_of(needed.used()),
        "unmet": _unmet(found), "judged": found.judged, "fresh_days": found.fresh_days,
    }  # fmt: skip


def _kept(outcome: Outcome, slot: int) -> Figure:
    """The share that a goal counts: who leaves is not served within the limit."""
    tally = outcome.tally
    return share(tally.kept[0][:, slot], tally.served[:, slot] + tally.left[:, slot])


def _unmet(found: Staffing) -> list[list[Any]]:
    return [[sentence, {name: _said(value) for name, value in values.items()}] for sentence, values in found.unmet]


def kinds_of(model: HallModel, counters: int) -> tuple[CounterKind, ...]:
    """Return the kinds of counters of a hall: each set of queues that its counters serve, as many as do so, and counters for
    every queue, as many as the hall has counters.
    """
    waits_for = {need.queue for need in model.needs}
    sets: dict[tuple[str, ...], set[str]] = {}
    for stint in model.stints:
        served = tuple(sorted(set(stint.queues) & waits_for))
        if served:
            sets.setdefault(served, set()).add(stint.counter)
    every = tuple(sorted(waits_for))
    most = {served: len(mine) for served, mine in sets.items()} | {every: max(counters, len(sets.get(every, ())))}
    return tuple(CounterKind(_code(served), served, count) for served, count in sorted(most.items(), key=_widest))


def _widest(item: tuple[Iterable[str], int]) -> tuple[int, list[str]]:
    served = list(item[0])
    return -len(served), served


def _code(served: tuple[str, ...]) -> str:
    return "".join(served) if all(len(one) == 1 for one in served) else " + ".join(served)
