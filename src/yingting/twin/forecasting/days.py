"""Days and what they are like: the calendar as a forecast sees it. Which days are holidays the caller says, from its own table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Day:
    """A day and its facts. `is_holiday`: a day off by the State Council's notice; `is_makeup`: a weekend day worked for one.

    Days that are not open are left out of all that is learned, and are forecast as 0.
    """

    on: date
    is_open: bool = True
    is_holiday: bool = False
    is_makeup: bool = False
    is_before_holiday: bool = False
    is_after_holiday: bool = False


class Kind(IntEnum):
    """What a day is like: its weekday, or what sets it apart from its weekday."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6
    HOLIDAY = 7
    MAKEUP = 8


WORKDAYS = (Kind.MONDAY, Kind.TUESDAY, Kind.WEDNESDAY, Kind.THURSDAY, Kind.FRIDAY)
# What a kind of day that was never seen is taken for: all of these together; any day at all where none of them was seen either.
_LIKE = {Kind.HOLIDAY: (Kind.SATURDAY, Kind.SUNDAY), Kind.MAKEUP: WORKDAYS, Kind.SATURDAY: (Kind.SUNDAY,),
         Kind.SUNDAY: (Kind.SATURDAY,)}  # fmt: skip


def kind(day: Day) -> Kind:
    """Return what a day is like.

    >>> kind(Day(date(2026, 2, 14), is_makeup=True)).name, kind(Day(date(2026, 2, 14))).name
    ('MAKEUP', 'SATURDAY')
    """
    if day.is_holiday:
        return Kind.HOLIDAY
    return Kind.MAKEUP if day.is_makeup else Kind(day.on.weekday())


def likeness(wanted: Kind, seen: Sequence[Kind]) -> tuple[Kind, ...]:
    """Return the kinds of days, of those seen, that stand in for the wanted one; itself where it was seen.

    >>> [one.name for one in likeness(Kind.MAKEUP, [Kind.MONDAY, Kind.FRIDAY, Kind.SUNDAY])]
    ['MONDAY', 'FRIDAY']
    """
    if wanted in seen:
        return (wanted,)
    near = tuple(one for one in _LIKE.get(wanted, WORKDAYS) if one in seen)
    return near or tuple(seen)


def beside_holidays(days: Sequence[Day]) -> tuple[Day, ...]:
    """Return the days with what they are to their neighbours' holidays written in. `days` in any order, closed ones too.

    >>> eve, holiday = beside_holidays([Day(date(2026, 9, 30)), Day(date(2026, 10, 1), is_holiday=True)])
    >>> eve.is_before_holiday, holiday.is_before_holiday
    (True, False)
    """
    off = {day.on for day in days if day.is_holiday}
    one = timedelta(days=1)
    return tuple(
        day
        if day.is_holiday
        else replace(day, is_before_holiday=day.on + one in off, is_after_holiday=day.on - one in off)
        for day in days
    )


@dataclass(frozen=True, slots=True)
class History:
    """What was counted: `counts[day, slot]` customers, beside the days. Open days only, in order: make it with `history`."""

    days: tuple[Day, ...]
    counts: NDArray[np.float64]

    def upto(self, count: int) -> History:
        """Return the first `count` days."""
        return History(self.days[:count], self.counts[:count])


def history(days: Sequence[Day], counts: NDArray[np.number]) -> History:
    """Return the open days in order. Raises ValueError unless there is one row of finite counts >= 0 for each day, no day twice."""
    rows = np.asarray(counts, float)
    if rows.ndim != 2 or len(rows) != len(days) or len({day.on for day in days}) != len(days):
        raise ValueError(f"{len(days)} days, counts {rows.shape}: one row a day, no day twice")
    order = sorted((place for place, day in enumerate(days) if day.is_open), key=lambda place: days[place].on)
    kept = rows[order]
    if not np.isfinite(kept).all() or (kept < 0).any():
        raise ValueError("counts must be finite and not negative")
    return History(tuple(days[place] for place in order), kept)
