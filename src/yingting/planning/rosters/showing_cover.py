"""How a plan covers its need, day by day: numbers, and a small picture that stands under each day of the grid."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yingting.planning.rosters.needs import SLOT_MIN
from yingting.planning.rosters.reading import Stand
from yingting.planning.rosters.words import day_words
from yingting.twin.rostering.breaks import Code
from yingting.twin.rostering.exports import clock

WIDTH, HEIGHT = 120, 44


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of the picture, in its own units."""

    x: str
    y: str
    width: str
    height: str
    is_what: str


@dataclass(frozen=True, slots=True)
class SlotView:
    """A half hour: people needed, on post, missing and too many."""

    at: str
    needed: int
    there: int
    missing: int
    spare: int


@dataclass(frozen=True, slots=True)
class DayCover:
    """A day of the week: its customers ("" where unknown), hours needed, missing and to spare, its picture and half hours."""

    day: dt.date
    title: str
    customers: str
    needed: str
    missing: str
    spare: str
    bars: tuple[Bar, ...]
    slots: tuple[SlotView, ...]
    span: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Totals:
    """Hours of the week."""

    needed: float
    missing: float
    spare: float


@dataclass(frozen=True, slots=True)
class _Cover:
    """Arrays [day, slot]."""

    needed: NDArray[np.int64]
    missing: NDArray[np.int64]
    spare: NDArray[np.int64]

    @property
    def there(self) -> NDArray[np.int64]:
        return self.needed - self.missing + self.spare


def _cover(stand: Stand) -> _Cover:
    task = stand.task
    shape = task.need.shape[:2]
    missing, spare = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for one in stand.found:
        if one.code in (Code.UNDER, Code.OVER):
            at, day, count = str(one.values["time"]), one.values["day"], one.values["count"]
            assert isinstance(day, dt.date)
            assert isinstance(count, int)
            slot = (int(at[:2]) * 60 + int(at[3:]) - task.opens_min) // SLOT_MIN
            (missing if one.code is Code.UNDER else spare)[task.days.index(day), slot] += count
    return _Cover(task.need.sum(axis=2), missing, spare)


def totals(stand: Stand) -> Totals:
    """Return the hours that a week needs, and of them those that are missing; and those beyond the need."""
    cover = _cover(stand)
    return Totals(*(float(one.sum()) * SLOT_MIN / 60 for one in (cover.needed, cover.missing, cover.spare)))


def covers_of(stand: Stand) -> tuple[DayCover, ...]:
    """Return the cover of each day. All pictures of a week have the same scale."""
    cover, task = _cover(stand), stand.task
    slots = cover.needed.shape[1]
    top = max(1, int(np.maximum(cover.needed, cover.there).max(initial=1)))
    customers = stand.figures.need.customers if stand.figures else (None,) * len(task.days)
    return tuple(
        DayCover(
            day, day_words(day), "" if customers[place] is None else f"{customers[place]:.0f}",
            _hours(cover.needed[place]), _hours(cover.missing[place]), _hours(cover.spare[place]),
            _bars(cover, place, top),
            tuple(
                SlotView(
                    clock(task.opens_min + slot * SLOT_MIN), int(cover.needed[place, slot]), int(cover.there[place, slot]),
                    int(cover.missing[place, slot]), int(cover.spare[place, slot]),
                )
                for slot in range(slots)
            ),
            (clock(task.opens_min), clock(task.opens_min + slots * SLOT_MIN)),
        )
        for place, day in enumerate(task.days)
    )  # fmt: skip


def _hours(people: NDArray[np.int64]) -> str:
    return f"{float(people.sum()) * SLOT_MIN / 60:g}"


def _bars(cover: _Cover, place: int, top: int) -> tuple[Bar, ...]:
    """From the ground up: needed and there, needed and missing, there beyond the need."""
    slots = cover.needed.shape[1]
    wide, unit = WIDTH / max(1, slots), HEIGHT / top
    bars = []
    for slot in range(slots):
        level = 0
        needed, missing = int(cover.needed[place, slot]), int(cover.missing[place, slot])
        for what, count in (("met", needed - missing), ("missing", missing), ("spare", int(cover.spare[place, slot]))):
            if count:
                level += count
                x, y = f"{slot * wide:.2f}", f"{HEIGHT - level * unit:.2f}"
                bars.append(Bar(x, y, f"{wide * 0.9:.2f}", f"{count * unit:.2f}", what))
    return tuple(bars)
