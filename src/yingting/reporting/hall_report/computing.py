"""Compute the hall report: every value is asked for where boards and questions ask; bands and longest waits come from the rows."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import ibis
import ibis.expr.types as ir

from yingting.domains.queueing import indicators as queue_indicators
from yingting.domains.queueing.evidence import ON_STINTS, ON_VISITS
from yingting.domains.queueing.indicators import HallTerms, waited_s
from yingting.domains.queueing.queries.busy_times import BusyStretch
from yingting.foundation.lake.asking import Group, Part, gather, sortable
from yingting.foundation.lake.compiled import answer
from yingting.foundation.lake.declared import indicator_sets
from yingting.foundation.lake.question import Question
from yingting.foundation.lake.sources import Source
from yingting.foundation.lake.targets import Standard, Standards
from yingting.indicators.before_after import Sample, interval
from yingting.indicators.days import Day, error_of
from yingting.indicators.declaring import AnyIndicator, Merge, Unit
from yingting.indicators.measuring import Readings, reading
from yingting.reporting.hall_report.contracts import (
    Band,
    BusySplit,
    Definition,
    Figure,
    FigureSet,
    HallReport,
    HeatCell,
    KindRow,
    LongWait,
    NamedRow,
    Section,
)
from yingting.reporting.hall_report.notices import coverage_query, notices_for

ALL_HALLS = ""
MOST_WITH_INTERVALS = 60  # halls whose days are looked at one by one; of more, no intervals are told
ALWAYS_TOLD = (*queue_indicators.WAITING_INDICATORS, *queue_indicators.HANDLING_INDICATORS)
SPLIT_INDICATORS = (
    queue_indicators.TICKETS,
    queue_indicators.WAIT_MEAN,
    queue_indicators.WAIT_MEDIAN,
    queue_indicators.WAIT_P90,
    queue_indicators.WITHIN_LIMIT,
    queue_indicators.WITHIN_CHALLENGE,
)
LONG_WAIT = ("hall", "business_day", "ticket", "queue", "issue_minute_local", "counter", "waited")
HEAT_INDICATORS = (queue_indicators.TICKETS, queue_indicators.WAIT_MEAN)
Coverage = Mapping[str, Mapping[str, Any]]
Looked = Mapping[str, Mapping[Group, Mapping[str, Part]]]  # by hall, then by group


@dataclass(frozen=True, slots=True)
class Scope:
    """What a report is about, and where it asks. `engine` is the one that the source keeps open."""

    source: Source
    engine: Any
    halls: tuple[str, ...]
    first: dt.date
    last: dt.date
    definition: Definition
    standards: Standards
    known: dict[tuple[str, str], Standard] = field(default_factory=dict)

    def standard(self, one: AnyIndicator, hall: str) -> Standard:
        """Return what an indicator is judged by in a hall, or in all of them together."""
        if (one.key, hall) not in self.known:
            found = self.standards.of(one, hall) if hall else self.standards.common(one, self.halls)
            self.known[one.key, hall] = _as_given(one, found, self.definition)
        return self.known[one.key, hall]

    def readings(
        self, hall: str, group: Group, indicators: Iterable[AnyIndicator], parts: Mapping[str, Part]
    ) -> Readings:
        """Return what may be said of parts in a hall; where there are none, counts are 0 and nothing else is rated."""
        found = {}
        for one in indicators:
            value, n, square = parts.get(one.key, (0.0 if one.merge is Merge.SUM else None, 0, None))
            found[one.key] = reading(one, value, n, square, self.standard(one, hall).minimum_sample)
        return Readings(group, found)

    def look(self, indicators: Iterable[AnyIndicator], *by: str, with_total: bool = True) -> Looked:
        """Ask by hall and the given columns, and, where wanted, by these columns for all halls together."""
        keys = tuple(one.key for one in indicators)
        found: dict[str, dict[Group, Mapping[str, Part]]] = defaultdict(dict)
        for (hall, *group), parts in gather(self._question(keys, ("hall", *by)), self.source).items():
            found[hall][tuple(group)] = parts
        if with_total and len(self.halls) > 1:
            found[ALL_HALLS] = dict(gather(self._question(keys, by), self.source))
        return found

    def _question(self, keys: tuple[str, ...], by: tuple[str, ...]) -> Question:
        return Question(keys, self.halls, self.first, self.last, by)


def _as_given(one: AnyIndicator, standard: Standard, definition: Definition) -> Standard:
    """A limit or a sample that is given by hand is what waits and service are judged by."""
    given = definition.switches
    if one is queue_indicators.WAIT_MEAN:
        target, challenge = (
            given.get("wait_limit_s", standard.target),
            given.get("wait_challenge_s", standard.challenge),
        )
        standard = replace(standard, target=target, challenge=challenge)
    if definition.minimum_sample is not None and one.table in (ON_VISITS.rows, ON_STINTS.rows):
        standard = replace(standard, minimum_sample=definition.minimum_sample)
    return standard


def coverage_of(engine: Any, visits: ir.Table) -> Coverage:
    """Return what the visits cover, by hall in the order of their codes."""
    rows = answer(engine, coverage_query, visits).to_pylist()
    return {row["hall"]: row for row in sorted(rows, key=lambda row: str(row["hall"]))}


def compute(scope: Scope, coverage: Coverage, stretches: Collection[BusyStretch]) -> HallReport:
    """Compute the report of all halls that have visits, one section per hall and one for all together."""
    visits = scope.source.rows(scope.engine, ON_VISITS, scope.halls, scope.first, scope.last)
    judged = scope.source.spans(ON_VISITS, tuple(coverage), scope.first, scope.last)
    report = HallReport(
        first_day=min(row["first_day"] for row in coverage.values()),
        last_day=max(row["last_day"] for row in coverage.values()),
        definition=scope.definition, judged=judged, minimum_sample=_least(scope, coverage), total=None, sections=(),
    )  # fmt: skip
    terms: HallTerms = judged[0].terms  # which wait counts is no rule: it is the same in all spans
    answers = _ask(scope, _bands(scope, visits, terms), _longest(scope, visits, terms))
    sections = tuple(_section(scope, hall, row, answers, report, stretches) for hall, row in coverage.items())
    total = None
    if len(sections) > 1:
        (row,) = answer(scope.engine, _whole_coverage, visits).to_pylist()
        total = _section(scope, ALL_HALLS, row, answers, report, ())
    return replace(report, total=total, sections=sections)


def _least(scope: Scope, halls: Collection[str]) -> int | None:
    judged = [one for one in ALWAYS_TOLD if one.minimum_sample is not None]
    found = {scope.standard(one, hall).minimum_sample for one in judged for hall in halls}
    return found.pop() if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class _Answers:
    """The answers of all questions, by hall."""

    figures: Looked
    days: Looked
    busy: Looked
    kinds: Looked
    heat: Looked
    counters: Looked
    clerks: Looked
    bands: Mapping[str, Mapping[int, int]]
    longest: Mapping[str, list[LongWait]]


def _ask(scope: Scope, bands: Mapping[str, Mapping[int, int]], longest: Mapping[str, list[LongWait]]) -> _Answers:
    told = [one for found in _sets(scope) for one in found.indicators]
    daily = [one for found in _sets(scope) if "business_day" in found.can_split for one in found.indicators]
    means = [one for one in daily if one.merge is Merge.MEAN] if len(scope.halls) <= MOST_WITH_INTERVALS else []
    on_stints = queue_indicators.HANDLING_INDICATORS
    return _Answers(
        figures=scope.look(told),
        days=scope.look(means, "business_day", with_total=False),
        busy=scope.look(SPLIT_INDICATORS, "is_busy"),
        kinds=scope.look(on_stints, "kind"),
        heat=scope.look(HEAT_INDICATORS, "weekday", "half_hour"),
        counters=scope.look(on_stints, "counter", with_total=False),
        clerks=scope.look(on_stints, "clerk", with_total=False),
        bands=bands,
        longest=longest,
    )


def _sets(scope: Scope) -> list[Any]:
    """What is there of each hall: a figure of the whole district (complaints among its users) has no place in a hall's report."""
    return [found for found in indicator_sets() if scope.source.has(found) and "hall" in found.can_split]


def _section(
    scope: Scope, hall: str, coverage: Mapping[str, Any], answers: _Answers, report: HallReport,
    stretches: Collection[BusyStretch],
) -> Section:  # fmt: skip
    figures = answers.figures.get(hall, {}).get((), {})
    sets = tuple(_figure_sets(scope, hall, figures, answers.days))
    with_data = [one.indicator for found in sets for one in found.figures]
    return Section(
        hall=hall,
        first_day=coverage["first_day"],
        last_day=coverage["last_day"],
        days=coverage["days"],
        figures=scope.readings(hall, (), dict.fromkeys((*ALWAYS_TOLD, *with_data)), figures),
        sets=sets,
        busy=_split(scope, hall, answers.busy.get(hall, {}), stretches),
        kinds=tuple(
            KindRow(kind, _limit(kind, report, hall), readings)
            for (kind,), readings in _groups(scope, hall, answers.kinds, queue_indicators.HANDLING_INDICATORS)
        ),
        heat=tuple(
            HeatCell(weekday, half_hour, one["queueing.tickets"].n, one["queueing.wait_mean"])
            for (weekday, half_hour), one in _groups(scope, hall, answers.heat, HEAT_INDICATORS)
        ),
        bands=_band_rows(answers.bands.get(hall, {}), scope.definition),
        counters=_named(scope, hall, answers.counters),
        clerks=_named(scope, hall, answers.clerks),
        longest=_longest_of(answers.longest, hall, scope.definition),
        notices=notices_for(coverage),
    )


def _groups(
    scope: Scope, hall: str, looked: Looked, indicators: tuple[AnyIndicator, ...]
) -> Iterable[tuple[Group, Readings]]:
    found = looked.get(hall, {})
    for group in sorted(found, key=sortable):
        yield group, scope.readings(hall, group, indicators, found[group])


def _figure_sets(scope: Scope, hall: str, parts: Mapping[str, Part], days: Looked) -> Iterable[FigureSet]:
    for found in _sets(scope):
        with_data = [one for one in found.indicators if parts.get(one.key, (None, 0, None))[1]]
        if with_data:
            readings = scope.readings(hall, (), with_data, parts)
            rows = []
            for one in with_data:
                rated = readings[one.key]
                limits = _interval(one, rated.value, rated.n, _days(days, hall, one.key))
                rows.append(Figure(one, rated, scope.standard(one, hall), *limits))
            yield FigureSet(found.title, tuple(rows))


def _days(looked: Looked, hall: str, key: str) -> list[Day]:
    """The days of a hall, or of every hall, that have cases."""
    places = [looked.get(hall, {})] if hall else list(looked.values())
    cells = [parts[key] for place in places for parts in place.values() if key in parts]
    return [Day(n, value) for value, n, _square in cells if value is not None and n]


def _interval(one: AnyIndicator, value: float | None, n: int, days: list[Day]) -> tuple[float | None, float | None]:
    """How far chance may have moved a share or a mean: the days must tell it, for cases of one day resemble each other."""
    if value is None or len(days) < 2:
        return None, None
    is_share = one.unit is Unit.SHARE
    low, high = interval(Sample(value, n, is_share, days=len(days), error=error_of(days)))
    return (low, high) if low is None or one.least is None else (max(low, one.least), high)


def _split(
    scope: Scope, hall: str, found: Mapping[Group, Mapping[str, Part]], stretches: Collection[BusyStretch]
) -> BusySplit:
    busy, idle = (scope.readings(hall, (), SPLIT_INDICATORS, found.get((is_busy,), {})) for is_busy in (True, False))
    return BusySplit(tuple(one for one in stretches if one.hall == hall), busy, idle)


def _named(scope: Scope, hall: str, looked: Looked) -> tuple[NamedRow, ...]:
    """Rows by counter or clerk. Over all halls there are none: counter 3 of two halls is not one counter."""
    found = _groups(scope, hall, looked, queue_indicators.HANDLING_INDICATORS)
    return tuple(NamedRow(name, readings) for (name,), readings in found if name is not None)


def _limit(kind: str | None, report: HallReport, hall: str) -> float | None:
    switch = {"single": "single_limit_s", "combined": "combined_limit_s"}.get(kind or "")
    limit: float | None = report.agreed(switch, hall) if switch else None
    return limit


def _timed(visits: ir.Table, terms: HallTerms) -> ir.Table:
    """Served visits with a wait, as column `waited`."""
    waits = visits.mutate(waited=waited_s(visits, terms))
    return waits.filter((waits.outcome == "served") & waits.waited.notnull())


def _whole_coverage(visits: ir.Table) -> ir.Table:
    return coverage_query(visits.mutate(hall=ibis.literal(ALL_HALLS)))


def _bands(scope: Scope, visits: ir.Table, terms: HallTerms) -> Mapping[str, Mapping[int, int]]:
    counted: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for row in answer(scope.engine, _by_band, visits, terms, scope.definition.bands_s).to_pylist():
        for hall in (row["hall"], ALL_HALLS):
            counted[hall][row["band"]] += row["n"]
    return counted


def _by_band(visits: ir.Table, terms: HallTerms, ends: tuple[float, ...]) -> ir.Table:
    waits = _timed(visits, terms)
    band = ibis.cases(*((waits.waited <= end, place) for place, end in enumerate(ends)), else_=len(ends))
    return waits.group_by(["hall", band.cast("int32").name("band")]).aggregate(n=waits.count())


def _band_rows(counted: Mapping[int, int], definition: Definition) -> tuple[Band, ...]:
    all_of_them = sum(counted.values())
    ends: tuple[float | None, ...] = (*definition.bands_s, None)
    starts = (0.0, *definition.bands_s)
    return tuple(
        Band(start, end, counted.get(place, 0), counted.get(place, 0) / all_of_them if all_of_them else 0.0)
        for place, (start, end) in enumerate(zip(starts, ends, strict=True))
    )


def _longest(scope: Scope, visits: ir.Table, terms: HallTerms) -> Mapping[str, list[LongWait]]:
    found: dict[str, list[LongWait]] = defaultdict(list)
    for row in answer(scope.engine, _ranked, visits, terms, scope.definition.longest).to_pylist():
        found[row["hall"]].append(LongWait(*(row[name] for name in LONG_WAIT)))
    return found


def _ranked(visits: ir.Table, terms: HallTerms, most: int) -> ir.Table:
    waits = _timed(visits, terms)
    order = [ibis.desc("waited"), "business_day", "issue_minute_local", "ticket"]
    ranked = waits.mutate(place=ibis.row_number().over(group_by="hall", order_by=order))
    top = ranked.filter(ranked.place < most).order_by(["hall", "place"])
    return top.select(*LONG_WAIT)


def _longest_of(found: Mapping[str, list[LongWait]], hall: str, definition: Definition) -> tuple[LongWait, ...]:
    """Return the longest waits of a hall; those of all halls come from the longest of each."""
    every = found.get(hall, ()) if hall else [one for some in found.values() for one in some]
    return tuple(sorted(every, key=lambda one: (-one.wait_s, one.business_day, one.issue_minute)))[: definition.longest]
