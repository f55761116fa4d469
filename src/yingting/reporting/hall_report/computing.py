"""Compute the hall report from the fact tables: declared indicators in a few grouped queries, nothing counted by hand.

`visits` and `stints` are Ibis tables cut to the halls and the period that the reader may see; who may see what is
decided above. Runs on DuckDB as on Spark.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from yingting.domains.queueing import indicators as queue_indicators
from yingting.domains.queueing.indicators import HallTerms, waited_s
from yingting.indicators.declaring import Reading
from yingting.indicators.measuring import Readings, measure
from yingting.reporting.hall_report.contracts import (
    Band,
    BusySpan,
    BusySplit,
    Definition,
    HallReport,
    HeatCell,
    KindRow,
    LongWait,
    NamedRow,
    Section,
)
from yingting.reporting.hall_report.notices import coverage_query, notices_for

ALL_HALLS = ""
SPLIT_INDICATORS = (
    queue_indicators.TICKETS,
    queue_indicators.WAIT_MEAN,
    queue_indicators.WAIT_MEDIAN,
    queue_indicators.WAIT_P90,
    queue_indicators.WITHIN_LIMIT,
    queue_indicators.WITHIN_CHALLENGE,
)
HEAT_INDICATORS = (queue_indicators.TICKETS, queue_indicators.WAIT_MEAN)


def compute(visits: ir.Table, stints: ir.Table, definition: Definition) -> HallReport:
    """Compute the report of all halls in the given tables, one section per hall and one for all together."""
    arrivals = _arrivals(visits)
    hours = {hall: busy_hours(counts) for hall, counts in arrivals.items()}
    marked = _mark_busy(visits, definition, hours)
    sections = _sections(marked, stints, definition, hours)
    total = None
    if len(sections) > 1:
        everything = marked.mutate(hall=ibis.literal(ALL_HALLS), own_hall=marked.hall)
        (total,) = _sections(everything, stints.mutate(hall=ibis.literal(ALL_HALLS)), definition, {}, sections)
    return HallReport(
        first_day=min((one.first_day for one in sections), default=None),
        last_day=max((one.last_day for one in sections), default=None),
        definition=definition,
        total=total,
        sections=sections,
    )


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


def _arrivals(visits: ir.Table) -> dict[str, dict[int, int]]:
    hour = (visits.issue_minute_local // 60).cast("int32")
    rows = visits.group_by(["hall", hour.name("hour")]).aggregate(n=visits.count()).to_pyarrow().to_pylist()
    arrivals: dict[str, dict[int, int]] = defaultdict(dict)
    for row in rows:
        arrivals[row["hall"]][row["hour"]] = row["n"]
    return arrivals


def _mark_busy(visits: ir.Table, definition: Definition, hours: Mapping[str, tuple[int, ...]]) -> ir.Table:
    """Add the columns is_busy, half_hour and own_hall."""
    visits = visits.mutate(half_hour=(visits.issue_minute_local // 30).cast("int32"), own_hall=visits.hall)
    if definition.hall_busy:
        return _mark_by_calendars(visits, definition, hours)
    if definition.busy is not None:
        return visits.mutate(is_busy=_in_spans(visits, definition))
    pairs = [(hall, hour) for hall, busy in hours.items() for hour in busy]
    if not pairs:
        return visits.mutate(is_busy=ibis.literal(False))
    calendar = ibis.memtable(
        {"busy_hall": [hall for hall, _hour in pairs], "busy_hour": [hour for _hall, hour in pairs]},
        schema={"busy_hall": "string", "busy_hour": "int32"},
    )
    hour = (visits.issue_minute_local // 60).cast("int32")
    joined = visits.left_join(calendar, [visits.hall == calendar.busy_hall, hour == calendar.busy_hour])
    return joined.mutate(is_busy=joined.busy_hall.notnull()).drop("busy_hall", "busy_hour")


def _mark_by_calendars(visits: ir.Table, definition: Definition, hours: Mapping[str, tuple[int, ...]]) -> ir.Table:
    """Mark by a calendar per hall: the one that is set, else the busy hours of its arrivals on every weekday."""
    rows = [
        (hall, weekday, *span)
        for hall, busy in hours.items()
        for weekday in range(7)
        for span in _spans_on(weekday, definition.busy_of(hall), busy)
    ]
    if not rows:
        return visits.mutate(is_busy=ibis.literal(False))
    names = ("busy_hall", "busy_weekday", "busy_from", "busy_to")
    calendar = ibis.memtable(
        dict(zip(names, zip(*rows, strict=True), strict=True)),
        schema={"busy_hall": "string", "busy_weekday": "int32", "busy_from": "int32", "busy_to": "int32"},
    )
    minute = visits.issue_minute_local
    is_in = [visits.hall == calendar.busy_hall, visits.weekday == calendar.busy_weekday,
             minute >= calendar.busy_from, minute < calendar.busy_to]  # fmt: skip
    joined = visits.left_join(calendar, is_in)
    return joined.mutate(is_busy=joined.busy_hall.notnull()).drop(*names)


def _spans_on(weekday: int, calendar: tuple[BusySpan, ...] | None, hours: tuple[int, ...]) -> list[tuple[int, int]]:
    """Return the busy spans of a weekday, none overlapping another: a visit must match one of them at most.

    >>> both = frozenset({0, 1})
    >>> _spans_on(0, (BusySpan(both, 540, 600), BusySpan(both, 570, 660), BusySpan(both, 900, 960)), ())
    [(540, 660), (900, 960)]
    """
    if calendar is None:
        return [(hour * 60, hour * 60 + 60) for hour in hours]
    merged: list[tuple[int, int]] = []
    for start, end in sorted((span.from_minute, span.to_minute) for span in calendar if weekday in span.weekdays):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _in_spans(visits: ir.Table, definition: Definition) -> ir.BooleanValue:
    inside: ir.BooleanValue = ibis.literal(False)
    for span in definition.busy or ():
        minute = visits.issue_minute_local
        within = (minute >= span.from_minute) & (minute < span.to_minute)
        inside = inside | (within & visits.weekday.isin(sorted(span.weekdays)))
    return inside


@dataclass(frozen=True, slots=True)
class _Answers:
    """The answers of all queries, by hall."""

    visits: Mapping[str, Readings]
    stints: Mapping[str, Readings]
    busy: Mapping[str, list[Readings]]
    kinds: Mapping[str, list[Readings]]
    heat: Mapping[str, list[Readings]]
    counters: Mapping[str, list[Readings]]
    clerks: Mapping[str, list[Readings]]
    bands: Mapping[str, dict[int, int]]
    longest: Mapping[str, list[LongWait]]


def _sections(
    visits: ir.Table,
    stints: ir.Table,
    definition: Definition,
    hours: Mapping[str, tuple[int, ...]],
    parts: tuple[Section, ...] = (),
) -> tuple[Section, ...]:
    """Make a section per hall. With `parts`, the rows are all halls together: their longest waits are known already."""
    coverage = {row["hall"]: row for row in coverage_query(visits).to_pyarrow().to_pylist()}
    if not coverage:
        return ()
    longest = {ALL_HALLS: _longest_of(parts, definition)} if parts else _longest(visits, definition)
    answers = _ask(visits, stints, definition, longest)
    return tuple(_section(hall, coverage[hall], answers, definition, hours.get(hall, ())) for hall in sorted(coverage))


def _ask(visits: ir.Table, stints: ir.Table, definition: Definition, longest: Mapping[str, list[LongWait]]) -> _Answers:
    terms, least = definition.terms, definition.terms.minimum_sample
    on_visits, on_stints = queue_indicators.WAITING_INDICATORS, queue_indicators.HANDLING_INDICATORS
    named_counters = stints.filter(stints.counter.notnull())
    named_clerks = stints.filter(stints.clerk.notnull())
    return _Answers(
        visits={one.group[0]: one for one in measure(on_visits, visits, terms, ("hall",), least)},
        stints={one.group[0]: one for one in measure(on_stints, stints, terms, ("hall",), least)},
        busy=_by_hall(measure(SPLIT_INDICATORS, visits, terms, ("hall", "is_busy"), least)),
        kinds=_by_hall(measure(on_stints, stints, terms, ("hall", "kind"), least)),
        heat=_by_hall(measure(HEAT_INDICATORS, visits, terms, ("hall", "weekday", "half_hour"), least)),
        counters=_by_hall(measure(on_stints, named_counters, terms, ("hall", "counter"), least)),
        clerks=_by_hall(measure(on_stints, named_clerks, terms, ("hall", "clerk"), least)),
        bands=_bands(visits, definition),
        longest=longest,
    )


def _by_hall(found: Iterable[Readings]) -> dict[str, list[Readings]]:
    grouped: dict[str, list[Readings]] = defaultdict(list)
    for one in found:
        grouped[one.group[0]].append(one)
    return grouped


def _section(
    hall: str, coverage: Mapping[str, Any], answers: _Answers, definition: Definition, hours: tuple[int, ...]
) -> Section:
    split = {one.group[1]: one for one in answers.busy.get(hall, [])}
    return Section(
        hall=hall,
        first_day=coverage["first_day"],
        last_day=coverage["last_day"],
        days=coverage["days"],
        visits=answers.visits[hall],
        stints=answers.stints.get(hall, _nothing(queue_indicators.HANDLING_INDICATORS)),
        busy=BusySplit(
            hours if definition.busy_of(hall) is None else (),
            split.get(True, _nothing(SPLIT_INDICATORS)),
            split.get(False, _nothing(SPLIT_INDICATORS)),
        ),
        kinds=tuple(
            KindRow(one.group[1], _limit(one.group[1], definition.terms), one) for one in answers.kinds.get(hall, [])
        ),
        heat=tuple(
            HeatCell(one.group[1], one.group[2], one["queueing.tickets"].n, one["queueing.wait_mean"])
            for one in answers.heat.get(hall, [])
        ),
        bands=_band_rows(answers.bands.get(hall, {}), definition),
        counters=_named(answers.counters, hall),
        clerks=_named(answers.clerks, hall),
        longest=tuple(answers.longest.get(hall, [])),
        notices=notices_for(coverage),
    )


def _named(found: Mapping[str, list[Readings]], hall: str) -> tuple[NamedRow, ...]:
    """Rows by counter or clerk. Over all halls there are none: counter 3 of two halls is not one counter."""
    if hall == ALL_HALLS:
        return ()
    return tuple(NamedRow(one.group[1], one) for one in found.get(hall, []))


def _limit(kind: str | None, terms: HallTerms) -> float | None:
    return {"single": terms.single_limit_s, "combined": terms.combined_limit_s}.get(kind or "")


def _nothing(indicators: tuple[queue_indicators.HallIndicator, ...]) -> Readings:
    """Readings of no rows at all: counts are 0, everything else is not rated."""
    readings = {}
    for one in indicators:
        is_count = one.unit == "count"
        readings[one.key] = Reading(one.key, 0.0 if is_count else None, 0, is_count)
    return Readings((), readings)


def _timed(visits: ir.Table, terms: HallTerms) -> ir.Table:
    """Served visits with a wait, as column `waited`."""
    waits = visits.mutate(waited=waited_s(visits, terms))
    return waits.filter((waits.outcome == "served") & waits.waited.notnull())


def _bands(visits: ir.Table, definition: Definition) -> dict[str, dict[int, int]]:
    waits = _timed(visits, definition.terms)
    band = ibis.cases(
        *((waits.waited <= end, place) for place, end in enumerate(definition.bands_s)), else_=len(definition.bands_s)
    )
    rows = waits.group_by(["hall", band.cast("int32").name("band")]).aggregate(n=waits.count()).to_pyarrow().to_pylist()
    counted: dict[str, dict[int, int]] = defaultdict(dict)
    for row in rows:
        counted[row["hall"]][row["band"]] = row["n"]
    return counted


def _band_rows(counted: Mapping[int, int], definition: Definition) -> tuple[Band, ...]:
    all_of_them = sum(counted.values())
    ends: tuple[float | None, ...] = (*definition.bands_s, None)
    starts = (0.0, *definition.bands_s)
    return tuple(
        Band(start, end, counted.get(place, 0), counted.get(place, 0) / all_of_them if all_of_them else 0.0)
        for place, (start, end) in enumerate(zip(starts, ends, strict=True))
    )


def _longest(visits: ir.Table, definition: Definition) -> dict[str, list[LongWait]]:
    waits = _timed(visits, definition.terms)
    order = [ibis.desc("waited"), "business_day", "issue_minute_local", "ticket"]
    ranked = waits.mutate(place=ibis.row_number().over(group_by="hall", order_by=order))
    top = ranked.filter(ranked.place < definition.longest).order_by(["hall", "place"])
    names = ("hall", "own_hall", "business_day", "ticket", "queue", "issue_minute_local", "counter", "waited")
    found: dict[str, list[LongWait]] = defaultdict(list)
    for row in top.select(*names).to_pyarrow().to_pylist():
        found[row["hall"]].append(
            LongWait(row["own_hall"], row["business_day"], row["ticket"], row["queue"], row["issue_minute_local"],
                     row["counter"], row["waited"])
        )  # fmt: skip
    return found


def _longest_of(parts: tuple[Section, ...], definition: Definition) -> list[LongWait]:
    """Return the longest waits of all halls from the longest of each."""
    every = [one for section in parts for one in section.longest]
    return sorted(every, key=lambda one: (-one.wait_s, one.business_day, one.issue_minute))[: definition.longest]
