"""How many people a week's half hours need: each day of the hall as the twin knows it, with the customers that are forecast.

Only workers import this: it brings the compiler along.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from yingting.kernel.words import gettext_noop as _
from yingting.planning.rosters.needs import DayFound, Queues
from yingting.planning.rosters.weeks import Week, queues_of
from yingting.twin.hall import HallModel
from yingting.twin.staffing.plans import CounterKind, Goal
from yingting.twin.staffing.search import Staffing, staff

_KINDS = 5  # kinds of posts that a search tries: what most people can do
_STEP = 0.05  # days whose customers differ by less share one search
Told = list[tuple[str, dict[str, object]]]


@dataclass(frozen=True, slots=True)
class Searched:
    """What the days need, and what has to be said of it."""

    days: dict[dt.date, DayFound]
    notes: Told


def searched(
    models: Mapping[dt.date, HallModel], customers: Mapping[dt.date, float], week: Week, goal: Goal, counters: int, seed: int,
    progress: Callable[[float], None], is_cancelled: Callable[[], bool],
) -> Searched:  # fmt: skip
    """Return the need of days: of each its model, with as many customers as are forecast. Raises ModelError, Cancelled.

    Days of the same shape with nearly as many customers (to a step of 5 %, rounded up) share one search.
    """
    found: dict[dt.date, DayFound] = {}
    notes: Told = []
    alike: dict[object, tuple[HallModel, list[dt.date]]] = {}
    expected = {day: customers.get(day, model.a_day) for day, model in models.items()}
    for day, model in models.items():
        if expected[day] > 0 and model.a_day > 0:
            filled = _filled(model, expected[day])
            alike.setdefault(_shape(filled), (filled, []))[1].append(day)
    for number, (model, days) in enumerate(alike.values()):
        kinds = kinds_for(model, week, counters)
        answer = staff(
            model, kinds, (goal,), seed=seed, counters=counters, is_cancelled=is_cancelled,
            progress=lambda part, done=number: progress((done + part) / len(alike)),  # type: ignore[misc]
        )  # fmt: skip
        slots = _slots(answer, kinds)
        found |= {day: DayFound(expected[day], slots) for day in days}
        if answer.unmet:
            notes.append(_unmet(days))
    return Searched(found, notes)


def _filled(model: HallModel, customers: float) -> HallModel:
    """The model with that many customers, in steps upward."""
    stepped = (1 + _STEP) ** math.ceil(math.log(customers) / math.log(1 + _STEP) - 1e-9)
    volume = model.volume * stepped / model.a_day
    return replace(model, volume=volume, volume_at_most=max(volume, 1.0))


def _shape(model: HallModel) -> object:
    share = model.volume / model.a_day
    rates = tuple(tuple(round(rate * share, 3) for rate in slot) for slot in model.rates)
    return model.opens_s, round(model.a_day), rates, tuple(need.code for need in model.needs)


def _slots(answer: Staffing, kinds: Sequence[CounterKind]) -> tuple[tuple[float, dict[Queues, int]], ...]:
    queues = {kind.code: kind.queues for kind in kinds}
    return tuple((one.at_s, {queues[code]: count for code, count in one.counters.items()}) for one in answer.slots)


def _unmet(days: Sequence[dt.date]) -> tuple[str, dict[str, object]]:
    sentence = _("Even with every counter open the share is not held in every half hour of %(days)s.")
    return sentence, {"days": ", ".join(day.isoformat() for day in sorted(days))}


def kinds_for(model: HallModel, week: Week, counters: int) -> tuple[CounterKind, ...]:
    """Return the posts that may be planned for a model: what people of the week can do, as many as there are counters.

    A queue that nobody can serve has a post of its own, so that what is missing is seen. Queues that the hall no longer has
    are anybody's.
    """
    waits = {need.queue for need in model.needs}
    free = waits - set(week.classes_of)
    sets = Counter(tuple(sorted((waits & set(queues_of(member, week))) | free)) for member in week.staff)
    sets.pop((), None)
    chosen = [queues for queues, _count in sets.most_common(_KINDS)]
    left = waits - {queue for queues in chosen for queue in queues}
    chosen += [(queue,) for queue in sorted(left)]
    return tuple(
        CounterKind("+".join(queues), queues, counters) for queues in sorted(chosen, key=lambda q: (-len(q), q))
    )
