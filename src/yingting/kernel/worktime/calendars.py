"""Work calendars: weekly hours from a day on, overrides by date, and the years whose holidays are known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from yingting.kernel.hours import Interval, OpeningHours
from yingting.kernel.titled import Titled
from yingting.kernel.words import gettext_noop as _


class DayKind(Titled):
    """What a day is, and whether its weekday or an override says so."""

    WORKING = "working", _("working day")
    REST = "rest", _("rest day of the week")
    HOLIDAY = "holiday", _("holiday")
    MAKE_UP = "make_up", _("make-up workday")
    CHANGED = "changed", _("hours of this date")


@dataclass(frozen=True, slots=True)
class DayOverride:
    """What one date is instead of its weekday: closed (no intervals) or its own hours; why, and which document says so.

    `origin` is the path of the unit that set it, "" for the country.
    """

    intervals: tuple[Interval, ...]
    reason: str = ""
    reason_en: str = ""
    source: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Week:
    """Weekly hours from a local date on, until a later week begins."""

    since: dt.date
    hours: OpeningHours


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a calendar. It is provisional when the holidays of its year are not published yet."""

    date: dt.date
    kind: DayKind
    intervals: tuple[Interval, ...]
    override: DayOverride | None
    is_provisional: bool

    @property
    def works(self) -> bool:
        """Has it any working time?"""
        return bool(self.intervals)


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """Working time of a place. `published` are the years whose holidays are known; `version` names these contents.

    >>> nine_to_five = Interval(dt.time(9), dt.time(17))
    >>> calendar = WorkCalendar(
    ...     "Asia/Shanghai", (Week(dt.date.min, OpeningHours({day: (nine_to_five,) for day in range(5)})),),
    ...     {dt.date(2026, 10, 10): DayOverride((nine_to_five,), "国庆调休")}, frozenset({2026}))
    >>> calendar.day(dt.date(2026, 10, 10)).kind, calendar.day(dt.date(2026, 10, 11)).kind
    (<DayKind.MAKE_UP: 'make_up'>, <DayKind.REST: 'rest'>)
    """

    timezone: str
    weeks: tuple[Week, ...]
    overrides: Mapping[dt.date, DayOverride] = field(default_factory=dict)
    published: frozenset[int] = frozenset()
    version: str = ""
    # What was worked out from these contents (timelines); not a part of them.
    memory: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.timezone)

    def weekly(self, day: dt.date) -> tuple[Interval, ...]:
        """Return what the weekday alone would say, in order."""
        held = [week for week in self.weeks if week.since <= day]
        return max(held, key=lambda week: week.since).hours.on(day) if held else ()

    def day(self, day: dt.date) -> Day:
        """Return what a day is."""
        override, usual = self.overrides.get(day), self.weekly(day)
        is_provisional = day.year not in self.published
        if override is None:
            return Day(day, DayKind.WORKING if usual else DayKind.REST, usual, None, is_provisional)
        if not override.intervals:
            return Day(day, DayKind.HOLIDAY, (), override, is_provisional)
        kind = DayKind.CHANGED if usual else DayKind.MAKE_UP
        return Day(day, kind, tuple(sorted(override.intervals)), override, is_provisional)

    def date_at(self, second: int) -> dt.date:
        """Return the local date at a second of the epoch."""
        return dt.datetime.fromtimestamp(second, self.zone).date()

    def midnight(self, day: dt.date) -> int:
        """Return the second of the epoch with which the day begins."""
        return second_of(day, dt.time.min, self.zone)

    def spans(self, day: dt.date) -> tuple[tuple[int, int], ...]:
        """Return a day's working time in seconds of the epoch: in order, without overlaps."""
        joined: list[tuple[int, int]] = []
        for one in self.day(day).intervals:
            is_late = one.closes == dt.time.min
            begins = second_of(day, one.opens, self.zone)
            ends = second_of(day + dt.timedelta(days=is_late), one.closes, self.zone)
            if joined and begins <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
            elif begins < ends:
                joined.append((begins, ends))
        return tuple(joined)


def second_of(day: dt.date, time: dt.time, zone: ZoneInfo) -> int:
    """Return the first second of the epoch at which a zone's clock shows the wall time, or has jumped over it.

    >>> berlin = ZoneInfo("Europe/Berlin")  # on 29 March 2026 the clock goes from 02:00 to 03:00
    >>> second_of(dt.date(2026, 3, 29), dt.time(2, 30), berlin) == second_of(dt.date(2026, 3, 29), dt.time(3), berlin)
    True
    """
    wall = dt.datetime.combine(day, time)
    late = int(wall.replace(tzinfo=zone).timestamp())
    early = int(wall.replace(tzinfo=zone, fold=1).timestamp())
    if early >= late:  # shown once, or twice: then `late` is the first time
        return late
    while early < late:  # never shown: the second of the jump
        middle = (early + late) // 2
        if dt.datetime.fromtimestamp(middle, zone).replace(tzinfo=None) < wall:
            early = middle + 1
        else:
            late = middle
    return late
