"""What others may see of shifts. Times of a day are minutes after its midnight."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class WishLine:
    """A wish for a day; `wanted` is off, early or late, `weight` what refusing it costs, `state` open, granted or refused."""

    id: UUID
    day: dt.date
    wanted: str
    weight: float
    state: str


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody who may be rostered at the counters of a hall, for a span of days.

    `skills` are codes of business classes, None for all of them. `leave` and `off_post` lie in the span. `licences` say until
    when each is valid, by code.
    """

    person: UUID
    staff_no: str
    name: str
    skills: frozenset[str] | None
    least_hours: float
    most_hours: float
    most_days: int
    rest_hours: float
    leave: frozenset[dt.date]
    off_post: tuple[tuple[dt.date, dt.date], ...]
    licences: Mapping[str, dt.date]
    wishes: tuple[WishLine, ...]


@dataclass(frozen=True, slots=True)
class ShiftTemplate:
    """A shift of a hall. `lunch_min` 0: none; else a break of that length between the two lunch times."""

    code: str
    name: str
    name_en: str
    starts_min: int
    ends_min: int
    lunch_min: int
    lunch_from_min: int
    lunch_until_min: int

    @property
    def hours(self) -> float:
        """Paid hours: without the lunch break."""
        return (self.ends_min - self.starts_min - self.lunch_min) / 60


@dataclass(frozen=True, slots=True)
class Cell:
    """One person's day in a roster. `shift` "" is a day off; `origin` is solver or hand."""

    person: UUID
    day: dt.date
    shift: str
    lunch_at_min: int | None
    is_locked: bool
    origin: str


@dataclass(frozen=True, slots=True)
class RosterView:
    """A roster of a hall's week. `figures` is what its planner wrote of it, canonical JSON; `state` draft, published, replaced."""

    id: UUID
    hall: UUID
    first_day: dt.date
    state: str
    version: int
    figures: str
    cells: tuple[Cell, ...]
    made_at: dt.datetime
    published_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class PlanningTerms:
    """What a planner has to know of a hall's terms: what is early and late for a wish, until when rosters should be out."""

    early_by_min: int
    late_from_min: int
    wish_weight: float
    weeks_out: int


@dataclass(frozen=True, slots=True)
class OwnTerms:
    """A person's own working terms for a week; None: as the rule of the hall says."""

    least_hours: float | None = None
    most_hours: float | None = None
    most_days: int | None = None
    rest_hours: float | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """What was entered, and the days on which the published roster has a shift for the person: to be planned anew."""

    id: UUID
    clashes: tuple[dt.date, ...]
