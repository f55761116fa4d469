"""A calendar as a function of time: how much has been counted up to a second, and at which second an amount is reached.

A timeline is a row of segments in seconds of the epoch, each with what it counts; between segments nothing is counted. The
end of a day is a segment of one second that counts one. Everything is whole numbers, so that one clock and a million agree.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from yingting.kernel.worktime.calendars import WorkCalendar
from yingting.kernel.worktime.limits import Limit, Unit

# A working day to the minute is cut into so many parts: more than its seconds, so that no second is lost.
DAY_PARTS = 86_400_000
# A calendar that gives no working time in so many years never will.
MOST_YEARS = 64

Segment = tuple[int, int, int]


class Measure(Enum):
    """What a timeline counts."""

    SECONDS = "seconds"
    WORKING_SECONDS = "working seconds"
    WORKING_DAY_PARTS = "parts of working days"
    DAY_ENDS = "ends of days"
    WORKING_DAY_ENDS = "closes of working days"
    WORKING_MIDNIGHTS = "ends of days with working time"


def measure_of(limit: Limit) -> Measure:
    """Return what a limit is counted by."""
    if limit.counts_day_ends:
        return Measure.WORKING_DAY_ENDS if limit.unit.is_working else Measure.DAY_ENDS
    if limit.unit is Unit.WORKING_DAYS:
        return Measure.WORKING_DAY_PARTS
    return Measure.WORKING_SECONDS if limit.unit.is_working else Measure.SECONDS


_PARTS = {Unit.MINUTES: 60, Unit.HOURS: 3_600, Unit.DAYS: 86_400}
_PARTS |= {Unit.WORKING_MINUTES: 60, Unit.WORKING_HOURS: 3_600, Unit.WORKING_DAYS: DAY_PARTS}


def parts_of(limit: Limit) -> int:
    """Return how many counts of its measure make one of the limit's unit."""
    return 1 if limit.counts_day_ends else _PARTS[limit.unit]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Segments in order; `before` is what is counted before each of them, and at last in all. It covers whole local years."""

    first_year: int
    last_year: int
    begins: list[int]
    ends: list[int]
    before: list[int]

    def count(self, second: int) -> int:
        """Return what is counted from the timeline's beginning up to a second."""
        at = bisect_right(self.begins, second) - 1
        if at < 0:
            return 0
        begins, ends = self.begins[at], self.ends[at]
        gain = self.before[at + 1] - self.before[at]
        return self.before[at] + (min(second, ends) - begins) * gain // (ends - begins)

    def moment(self, count: int) -> int | None:
        """Return the first second up to which so much (1 or more) is counted; None when it is after the timeline's end."""
        if count > self.before[-1]:
            return None
        at = bisect_left(self.before, count) - 1
        gain = self.before[at + 1] - self.before[at]
        return self.begins[at] - (self.before[at] - count) * (self.ends[at] - self.begins[at]) // gain


def timeline(calendar: WorkCalendar, measure: Measure, first_year: int, last_year: int) -> Timeline:
    """Return a timeline that covers at least these years; it is kept with the calendar and grows when more is asked for."""
    held: Timeline | None = calendar.memory.get(measure)
    if held is not None and held.first_year <= first_year and last_year <= held.last_year:
        return held
    if held is not None:
        first_year, last_year = min(first_year, held.first_year), max(last_year, held.last_year)
    begins, ends, before = [], [], [0]
    for year in range(first_year, last_year + 1):
        for begin, end, counts in _year(calendar, measure, year):
            begins.append(begin)
            ends.append(end)
            before.append(before[-1] + counts)
    made = Timeline(first_year, last_year, begins, ends, before)
    calendar.memory[measure] = made
    return made


def _year(calendar: WorkCalendar, measure: Measure, year: int) -> Iterator[Segment]:
    """The segments of one local year."""
    if measure is Measure.SECONDS:
        begins, ends = calendar.midnight(dt.date(year, 1, 1)), calendar.midnight(dt.date(year + 1, 1, 1))
        yield begins, ends, ends - begins
        return
    first = dt.date(year, 1, 1)
    for offset in range((dt.date(year + 1, 1, 1) - first).days):
        yield from _day(calendar, measure, first + dt.timedelta(days=offset))


def _day(calendar: WorkCalendar, measure: Measure, day: dt.date) -> Iterator[Segment]:
    """The segments of one local day."""
    if measure is Measure.DAY_ENDS:
        yield _end(calendar.midnight(day + dt.timedelta(days=1)))
        return
    spans = calendar.spans(day)
    if not spans:
        return
    if measure is Measure.WORKING_DAY_ENDS:
        yield _end(spans[-1][1])
    elif measure is Measure.WORKING_MIDNIGHTS:
        yield _end(calendar.midnight(day + dt.timedelta(days=1)))
    elif measure is Measure.WORKING_SECONDS:
        yield from ((begins, ends, ends - begins) for begins, ends in spans)
    else:
        yield from _in_parts(spans)


def _end(second: int) -> Segment:
    return second - 1, second, 1


def _in_parts(spans: tuple[tuple[int, int], ...]) -> Iterator[Segment]:
    """The spans of a day, together DAY_PARTS, each by its length."""
    whole, seconds = sum(ends - begins for begins, ends in spans), 0
    for begins, ends in spans:
        done = DAY_PARTS * seconds // whole
        seconds += ends - begins
        yield begins, ends, DAY_PARTS * seconds // whole - done
