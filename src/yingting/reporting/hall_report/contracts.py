"""What a hall report holds: frozen numbers, each with its count. Seconds and shares are exact; screens round."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yingting.domains.queueing.queries.busy_times import BusySpan, BusyStretch
from yingting.foundation.lake.targets import Standard
from yingting.foundation.lake.terms import Span
from yingting.indicators.declaring import AnyIndicator, Reading
from yingting.indicators.measuring import Readings

SCHEMA = "yingting.hall-report/1"


@dataclass(frozen=True, slots=True)
class Definition:
    """What is decided by hand for this report alone; everything else is as in force for each hall on each day.

    switches  switches of `HallTerms` by name: they hold for all halls and days
    minimum_sample  of figures of waits and service; None: as targets and declarations say
    busy      busy hours for all halls; None: those that each hall has set, else those of its arrivals
    bands_s   upper ends of the waiting bands in seconds, each included in its band; one open band follows
    longest   how many longest waits are listed per hall
    """

    switches: Mapping[str, Any] = field(default_factory=dict)
    minimum_sample: int | None = None
    busy: tuple[BusySpan, ...] | None = None
    bands_s: tuple[float, ...] = (180, 300, 600, 900, 1200, 1800)
    longest: int = 20


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator's value, what it is judged by, and its interval where the days tell one."""

    indicator: AnyIndicator
    reading: Reading
    standard: Standard
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class FigureSet:
    """The figures of a hall that rest on the same rows; only those that have data."""

    title: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class BusySplit:
    """Waits in busy and idle hours, and which hours those are (none are named for all halls together)."""

    stretches: tuple[BusyStretch, ...]
    busy: Readings
    idle: Readings


@dataclass(frozen=True, slots=True)
class KindRow:
    """Service times of one kind: single, combined, or None where the log does not say.

    `limit_s` is its limit, None where there is none or where it differed.
    """

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
    """The report on one hall, or on all halls together (`hall` is then empty).

    `figures` are the readings of all indicators of waits and service, and of all others that have data; `sets` are
    those with data, sorted by the rows on which they rest.
    """

    hall: str
    first_day: dt.date
    last_day: dt.date
    days: int
    figures: Readings
    sets: tuple[FigureSet, ...]
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
    """A whole report. `total` is None when there is only one hall.

    `judged` are the terms by which halls were judged from one day to another: one span where nothing differs.
    `minimum_sample` is that of waits and service, None where it is not the same for all.
    """

    first_day: dt.date
    last_day: dt.date
    definition: Definition
    judged: tuple[Span, ...]
    minimum_sample: int | None
    total: Section | None
    sections: tuple[Section, ...]

    def agreed(self, switch: str, hall: str = "") -> Any:
        """Return a switch as it was for a hall ("": for all) on every day; None where it differed."""
        values = {getattr(span.terms, switch) for span in self.judged if not hall or hall in span.halls}
        return values.pop() if len(values) == 1 else None
