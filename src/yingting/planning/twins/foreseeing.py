"""Forecasts and counters needed, worked out for a hall: from its visits, its calendar and its fitted model to plain answers.

Only workers and commands import this: it brings the compiler along.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from yingting.planning.twins.answers import figure_of, plain
from yingting.planning.twins.questions import Ahead, CountersNeeded
from yingting.twin.asking import Exactness, Outcome, simulate
from yingting.twin.calibrating.days import DayFacts
from yingting.twin.calibrating.visits import Visits
from yingting.twin.forecasting.forecast import Forecast
from yingting.twin.forecasting.of_visits import SLOT_S, foresee
from yingting.twin.hall import HallModel
from yingting.twin.levers import Volume, counter_hours, pulled
from yingting.twin.measures import Figure, share
from yingting.twin.staffing.plans import CounterKind, Goal
from yingting.twin.staffing.search import Staffing, staff

Json = dict[str, Any]


# ---------------------------------------------------------------------------------------------- forecast
def forecast_answer(visits: Visits, facts: Mapping[int, DayFacts], question: Ahead) -> Json:
    """Return the customers to come, day by day and half hour by half hour. Raises TooFewDaysError.

    `facts` holds the days that the visits may lie on, and the days to come.
    """
    foreseen = foresee(visits, facts, question.first_day.toordinal(), question.days)
    found, opens = foreseen.found, foreseen.opens_s
    return {
        "first": question.first, "slots": [opens + slot * SLOT_S for slot in range(foreseen.slots)],
        "days": [_foretold(found, place) for place in range(question.days)],
        "why": [[sentence, {name: _said(value) for name, value in values.items()}] for sentence, values in found.why],
        "covered": {str(share): [plain(one) for one in of] for share, of in found.covered.items()},
        "errors": [[one.method.way.value, plain(one.days), plain(one.slots)] for one in found.errors],
        "known": foreseen.known,
    }  # fmt: skip


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
    """Return the counters that a day needs, half hour by half hour, beside those that are usual. Raises ModelError, Cancelled.

    `counters` are those that the hall has; a question about another hall names its own.
    """
    model = pulled(model, [Volume(question.volume)]) if question.volume != 1.0 else model
    kinds = kinds_of(model, question.counters or counters, only=bool(question.counters))
    goal = Goal(question.share, limit_s)
    found = staff(
        model, kinds, (goal,), seed=seed, counters=question.counters or counters,
        progress=lambda share: progress(0.9 * share), is_cancelled=is_cancelled,
    )  # fmt: skip
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
        "usual_used": figure_of(usual.used()), "used": figure_of(needed.used()), "customers": plain(model.a_day),
        "usual_seats": math.ceil(usual.peak_waiting()), "seats": math.ceil(needed.peak_waiting()),
        "unmet": _unmet(found), "judged": found.judged, "fresh_days": found.fresh_days,
    }  # fmt: skip


def _kept(outcome: Outcome, slot: int) -> Figure:
    """The share that a goal counts: who leaves is not served within the limit."""
    tally = outcome.tally
    return share(tally.kept[0][:, slot], tally.served[:, slot] + tally.left[:, slot])


def _unmet(found: Staffing) -> list[list[Any]]:
    return [[sentence, {name: _said(value) for name, value in values.items()}] for sentence, values in found.unmet]


def kinds_of(model: HallModel, counters: int, *, only: bool = False) -> tuple[CounterKind, ...]:
    """Return the kinds of counters of a hall: each set of queues that its counters serve, as many as do so, and counters for
    every queue, as many as the hall has counters. `only`: of each kind as many as `counters` says, whatever the hall has.
    """
    waits_for = {need.queue for need in model.needs}
    sets: dict[tuple[str, ...], set[str]] = {}
    for stint in model.stints:
        served = tuple(sorted(set(stint.queues) & waits_for))
        if served:
            sets.setdefault(served, set()).add(stint.counter)
    every = tuple(sorted(waits_for))
    most = {served: counters if only else len(mine) for served, mine in sets.items()}
    most[every] = counters if only else max(counters, len(sets.get(every, ())))
    return tuple(CounterKind(_code(served), served, count) for served, count in sorted(most.items(), key=_widest))


def _widest(item: tuple[Iterable[str], int]) -> tuple[int, list[str]]:
    served = list(item[0])
    return -len(served), served


def _code(served: tuple[str, ...]) -> str:
    return "".join(served) if all(len(one) == 1 for one in served) else " + ".join(served)
