"""What each half hour of a week needs: from the counters that the twin finds, and the hall's own floor. Plain data."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yingting.planning.rosters.kinds import CoverRow

SLOT_MIN = 30
ANY = ""  # a post that anybody at the counters can take
Queues = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Post:
    """A kind of post at the counters: the queues that it serves, and the classes of business behind them (codes).

    No queues: any counter.
    """

    queues: Queues
    classes: frozenset[str] = frozenset()

    @property
    def code(self) -> str:
        """What it is called in a plan: its queues."""
        return "+".join(self.queues) or ANY


@dataclass(frozen=True, slots=True)
class DayFound:
    """What the twin found for a day: customers, and people by queues for each slot, which begins at a second of the day."""

    customers: float
    slots: tuple[tuple[float, Mapping[Queues, int]], ...]


@dataclass(frozen=True, slots=True)
class Need:
    """People wanted: `counts[day, slot, post]`, slots of half an hour from `opens_min` on.

    `customers` by day, None where the twin knows nothing of it.
    """

    posts: tuple[Post, ...]
    counts: NDArray[np.int64]
    opens_min: int
    customers: tuple[float | None, ...]

    @property
    def hours(self) -> float:
        """Hours of work of the week."""
        return float(self.counts.sum()) * SLOT_MIN / 60


def merged(
    days: Sequence[dt.date], found: Mapping[dt.date, DayFound], floor: Sequence[CoverRow],
    classes_of: Mapping[str, frozenset[str]],
) -> Need:  # fmt: skip
    """Return the need of a week: what was found, and nowhere fewer than the floor says.

    `classes_of`: classes of business by queue.
    """
    rows = [(day, row) for day in days for row in floor if day.weekday() in {one.number for one in row.weekdays}]
    begins, ends = _span(found.values(), [row for _, row in rows])
    wanted: dict[Queues, NDArray[np.int64]] = {}
    shape = (len(days), (ends - begins) // SLOT_MIN)

    def table(queues: Queues) -> NDArray[np.int64]:
        return wanted.setdefault(queues, np.zeros(shape, np.int64))

    for place, day in enumerate(days):
        for at_s, people in found[day].slots if day in found else ():
            for queues, count in people.items():
                if count:
                    # A slot that begins within a half hour needs its people in both halves that it touches.
                    first, last = _places(at_s / 60, at_s / 60 + SLOT_MIN, begins)
                    part = table(queues)[place, first:last]
                    np.maximum(part, count, out=part)
    asked: dict[Queues, NDArray[np.int64]] = {}
    for day, row in rows:
        first, last = _places(_minute(row.starts), _minute(row.ends), begins)
        part = asked.setdefault(tuple(sorted(row.queues)), np.zeros(shape, np.int64))[days.index(day), first:last]
        np.maximum(part, row.count, out=part)
    # Whoever serves more queues counts for the floor of fewer; so the floor of many queues is looked at first.
    for queues, least in sorted(asked.items(), key=lambda item: -len(item[0])):
        there = sum((one for wide, one in wanted.items() if set(queues) <= set(wide)), np.zeros(shape, np.int64))
        if (least > there).any():
            table(queues)[:] += np.maximum(least - there, 0)
    order = sorted(wanted, key=lambda queues: (-len(queues), queues))
    posts = tuple(
        Post(queues, frozenset().union(*(classes_of.get(one, frozenset()) for one in queues))) for queues in order
    )
    counts = np.stack([wanted[queues] for queues in order], axis=2) if order else np.zeros((*shape, 0), np.int64)
    customers = tuple(found[day].customers if day in found else None for day in days)
    return Need(posts, counts, begins, customers)


def _span(found: Iterable[DayFound], rows: Iterable[CoverRow]) -> tuple[int, int]:
    """From the first half hour that anybody is wanted to the last one, in minutes of the day."""
    begins = [at_s / 60 for day in found for at_s, _ in day.slots]
    ends = [one + SLOT_MIN for one in begins]
    rows = list(rows)
    begins += [_minute(row.starts) for row in rows]
    ends += [_minute(row.ends) for row in rows]
    if not begins:
        return 0, 0
    return math.floor(min(begins) / SLOT_MIN) * SLOT_MIN, math.ceil(max(ends) / SLOT_MIN) * SLOT_MIN


def _places(begins_min: float, ends_min: float, opens_min: int) -> tuple[int, int]:
    return math.floor((begins_min - opens_min) / SLOT_MIN), math.ceil((ends_min - opens_min) / SLOT_MIN)


def _minute(time: dt.time) -> int:
    return time.hour * 60 + time.minute
