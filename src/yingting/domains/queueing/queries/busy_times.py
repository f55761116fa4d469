"""Which hours of a hall are busy: those that it has set, by the calendar in force on each day; else those of its arrivals."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from yingting.foundation.catalogue.calendar import CALENDAR, BusyCalendar
from yingting.foundation.lake.compiled import answer
from yingting.foundation.lake.engine import told
from yingting.foundation.lake.terms import Span, spans_of_rule
from yingting.kernel.weekdays import HourSpan

_CALENDAR = {
    "busy_hall": pa.string(), "busy_first": pa.date32(), "busy_last": pa.date32(), "busy_weekday": pa.int32(),
    "busy_from": pa.int32(), "busy_to": pa.int32(),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class BusySpan:
    """Hours that are busy by decision: weekdays (Monday is 0), minutes of the local day, `to_minute` excluded."""

    weekdays: frozenset[int]
    from_minute: int
    to_minute: int


@dataclass(frozen=True, slots=True)
class BusyStretch:
    """What is busy in a hall from one day to another, both included.

    spans  what the hall has set; None: nothing is set
    hours  the busy hours of the day that then follow from the hall's arrivals
    """

    hall: str
    first: dt.date
    last: dt.date
    spans: tuple[BusySpan, ...] | None
    hours: tuple[int, ...] = ()

    def on(self, weekday: int) -> list[tuple[int, int]]:
        """Return the busy minutes of a weekday, no span overlapping another: a visit must match one of them at most.

        >>> both, day = frozenset({0, 1}), dt.date(2026, 1, 5)
        >>> BusyStretch("H01", day, day, (BusySpan(both, 540, 600), BusySpan(both, 570, 660), BusySpan(both, 900, 960))).on(0)
        [(540, 660), (900, 960)]
        """
        if self.spans is None:
            return [(hour * 60, hour * 60 + 60) for hour in self.hours]
        merged: list[tuple[int, int]] = []
        for start, end in sorted((one.from_minute, one.to_minute) for one in self.spans if weekday in one.weekdays):
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return merged


def mark_busy(
    engine: Any, visits: ir.Table, halls: Collection[str], first: dt.date, last: dt.date
) -> Callable[[ir.Table], ir.Table]:
    """Return what adds the column is_busy to visits; the arrivals that may decide are those of all the visits given."""
    return partial(marked, engine, stretches=busy_stretches(engine, visits, set_calendars(halls, first, last)))


def set_calendars(halls: Collection[str], first: dt.date, last: dt.date) -> tuple[Span, ...]:
    """Return the busy hours that halls have set, as the terms of the spans of days in which they are in force.

    None where nobody has written hours: what is shipped is an assumption, a hall's own arrivals say more.
    """
    return spans_of_rule(CALENDAR, _hours_set, halls, first, last)


def busy_stretches(engine: Any, visits: ir.Table, calendars: Collection[Span]) -> tuple[BusyStretch, ...]:
    """Return what is busy in each hall, by its calendar or by the arrivals among these visits."""
    unset = {hall for span in calendars if span.terms is None for hall in span.halls}
    hours = {hall: busy_hours(counts) for hall, counts in (_arrivals(engine, visits, unset) if unset else {}).items()}
    found: dict[str, list[BusyStretch]] = defaultdict(list)
    for span in sorted(calendars, key=lambda span: span.first):
        for hall in span.halls:
            before = found[hall][-1:]
            if before and before[0].spans == span.terms:
                found[hall][-1] = replace(before[0], last=span.last)
            else:
                known = hours.get(hall, ()) if span.terms is None else ()
                found[hall].append(BusyStretch(hall, span.first, span.last, span.terms, known))
    return tuple(stretch for hall in sorted(found) for stretch in found[hall])


def marked(engine: Any, visits: ir.Table, stretches: Collection[BusyStretch]) -> ir.Table:
    """Add the column is_busy."""
    rows = [
        (one.hall, one.first, one.last, weekday, *span)
        for one in stretches
        for weekday in range(7)
        for span in one.on(weekday)
    ]
    if not rows:
        return visits.mutate(is_busy=ibis.literal(False))
    calendar = told(engine, "busy_calendar", _CALENDAR, rows)
    day, minute = visits.business_day, visits.issue_minute_local
    is_in = [
        visits.hall == calendar.busy_hall, visits.weekday == calendar.busy_weekday, day >= calendar.busy_first,
        day <= calendar.busy_last, minute >= calendar.busy_from, minute < calendar.busy_to,
    ]  # fmt: skip
    joined = visits.left_join(calendar, is_in)
    return joined.mutate(is_busy=joined.busy_hall.notnull()).drop(*_CALENDAR)


def busy_hours(arrivals: Mapping[int, int]) -> tuple[int, ...]:
    """Return the hours of the day that have more arrivals than the mean hour with any arrivals.

    >>> busy_hours({8: 10, 9: 40, 10: 50, 11: 20})
    (9, 10)
    >>> busy_hours({})
    ()
    """
    if not arrivals:
        return ()
    mean = sum(arrivals.values()) / len(arrivals)
    return tuple(sorted(hour for hour, count in arrivals.items() if count > mean))


def _arrivals(engine: Any, visits: ir.Table, halls: Collection[str]) -> dict[str, dict[int, int]]:
    arrivals: dict[str, dict[int, int]] = defaultdict(dict)
    for row in answer(engine, _by_hour, visits, tuple(sorted(halls))).to_pylist():
        arrivals[row["hall"]][row["arrived"]] = row["n"]
    return arrivals


def _by_hour(visits: ir.Table, halls: tuple[str, ...]) -> ir.Table:
    hour = (visits.issue_minute_local // 60).cast("int32")
    own = visits.filter(visits.hall.isin(halls))
    return own.group_by(["hall", hour.name("arrived")]).aggregate(n=own.count())


def _hours_set(rule: BusyCalendar) -> tuple[BusySpan, ...] | None:
    if rule is CALENDAR.shipped or not rule.busy_hours:
        return None
    return tuple(_span(span) for span in rule.busy_hours)


def _span(span: HourSpan) -> BusySpan:
    return BusySpan(frozenset(day.number for day in span.weekdays), _minute(span.starts), _minute(span.ends))


def _minute(time: dt.time) -> int:
    return time.hour * 60 + time.minute
