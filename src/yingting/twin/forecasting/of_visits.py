"""A forecast straight from a hall's visits and its calendar."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from yingting.twin.calibrating.days import DayFacts, Kind
from yingting.twin.calibrating.visits import Visits
from yingting.twin.forecasting.days import Day, kind
from yingting.twin.forecasting.days import Kind as Kinds
from yingting.twin.forecasting.forecast import Forecast, TooFewDaysError, forecast

SLOT_S = 1800.0
_BELIEVED = 3  # a weekday that was empty so often is a day off


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A forecast with its half hours: `slots` of `SLOT_S` seconds from `opens_s` on; `known` open days were looked back on."""

    found: Forecast
    opens_s: float
    slots: int
    known: int


def foresee(visits: Visits, facts: Mapping[int, DayFacts], first: int, days: int) -> Foreseen:
    """Forecast `days` days from the ordinal `first` on. Raises TooFewDaysError.

    `facts` holds the days that the visits may lie on, and the days to come.
    """
    past = sorted(day for day in facts if day < first)
    if not past:
        raise TooFewDaysError(0)  # it begins before the days that are looked back on
    opens = min((one.opens_s for one in facts.values() if one.opens_s is not None), default=0.0)
    closes = max((one.closes_s for one in facts.values() if one.closes_s is not None), default=86400.0)
    slots = math.ceil((closes - opens) / SLOT_S)
    known = [day for day in past if day >= int(visits.day.min(initial=first))]
    counts = _counts(visits, known, opens, slots)
    # A day without anybody was not lived: the hall was closed after all, or its record is lost.
    lived = [replace(_day(facts[day]), is_open=bool(counts[row].any())) for row, day in enumerate(known)]
    coming = [_day(facts[first + ahead]) for ahead in range(days)]
    empty = weekdays_without_anybody(lived)
    found = forecast(lived, counts, [replace(one, is_open=one.is_open and kind(one) not in empty) for one in coming])
    return Foreseen(found, opens, slots, sum(1 for day in lived if day.is_open))


def weekdays_without_anybody(lived: Sequence[Day]) -> frozenset[Kinds]:
    """Return the weekdays on which nobody ever came, seen often enough to believe it: the hall is closed then, whatever its
    hours say.

    >>> days = [Day(dt.date(2026, 1, 3) + dt.timedelta(days=7 * week), is_open=False) for week in range(3)]
    >>> [one.name for one in weekdays_without_anybody(days)], weekdays_without_anybody(days[:2])
    (['SATURDAY'], frozenset())
    """
    seen = Counter(kind(one) for one in lived)
    came = {kind(one) for one in lived if one.is_open}
    return frozenset(one for one, times in seen.items() if times >= _BELIEVED and one not in came)


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
