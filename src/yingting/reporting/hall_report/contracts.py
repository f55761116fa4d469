"""What a hall report holds: frozen numbers, each with its count. Seconds and shares are exact; screens round."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from yingting.domains.queueing.indicators import HallTerms
from yingting.indicators.declaring import Reading
from yingting.indicators.measuring import Readings

SCHEMA = "yingting.hall-report/1"


@dataclass(frozen=True, slots=True)
class BusySpan:
    """Hours that are busy by decision: weekdays (Monday is 0), minutes of the local day, `to_minute` excluded."""

    weekdays: frozenset[int]
    from_minute: int
    to_minute: int


@dataclass(frozen=True, slots=True)
class Definition:
    """Every switch behind the numbers; printed with the report.

    busy      None: the busy hours of each hall follow from its own arrivals (see computing.busy_hours)
    hall_busy the calendars that halls have set for themselves, by code; a hall without one keeps to `busy`
    bands_s   upper ends of the waiting bands in seconds, each included in its band; one open band follows
    longest   how many longest waits are listed per hall
    """

    terms: HallTerms = field(default_factory=HallTerms)
    busy: tuple[BusySpan, ...] | None = None
    hall_busy: Mapping[str, tuple[BusySpan, ...]] = field(default_factory=dict)
    bands_s: tuple[float, ...] = (180, 300, 600, 900, 1200, 1800)
    longest: int = 20

    def busy_of(self, hall: str) -> tuple[BusySpan, ...] | None:
        """Return the busy calendar that is set for a hall, None where its arrivals decide."""
        return self.hall_busy.get(hall, self.busy)


@dataclass(frozen=True, slots=True)
class BusySplit:
    """Waits in busy and idle hours. `hours` are the busy hours of the day when they follow from arrivals."""

    hours: tuple[int, ...]
    busy: Readings
    idle: Readings


@dataclass(frozen=True, slots=True)
class KindRow:
    """Service times of one kind: single, combined, or None where the log does not say; `limit_s` its limit."""

    kind: str | None
    limit_s: float | None
    readings: Readings


@dataclass(frozen=True, slots=True)
class NamedRow:
    """The figures of one counter or clerk."""

    name: str
    readings: Readings


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One half hour of one weekday over the period: tickets issued then, and their waits."""

    weekday: int
    half_hour: int
    tickets: int
    wait_mean: Reading


@dataclass(frozen=True, slots=True)
class Band:
    """Served customers who waited more than `over_s` and at most `to_s` (None: no end); share of all timed waits."""

    over_s: float
    to_s: float | None
    n: int
    share: float


@dataclass(frozen=True, slots=True)
class LongWait:
    """One of the longest waits, with what is needed to find its ticket."""

    hall: str
    business_day: dt.date
    ticket: str
    queue: str | None
    issue_minute: int
    counter: str | None
    wait_s: float


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the logs lack, in words: an English msgid with its parameters."""

    code: str
    sentence: str
    params: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Section:
    """The report on one hall, or on all halls together (`hall` is then empty)."""

    hall: str
    first_day: dt.date
    last_day: dt.date
    days: int
    visits: Readings
    stints: Readings
    busy: BusySplit
    kinds: tuple[KindRow, ...]
    heat: tuple[HeatCell, ...]
    bands: tuple[Band, ...]
    counters: tuple[NamedRow, ...]
    clerks: tuple[NamedRow, ...]
    longest: tuple[LongWait, ...]
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class HallReport:
    """A whole report. `total` is None when there is only one hall; no sections: there is nothing in the period."""

    first_day: dt.date | None
    last_day: dt.date | None
    definition: Definition
    total: Section | None
    sections: tuple[Section, ...]
