"""What was measured, as columns: what adds up from the roll-ups, quantiles and splits that these do not keep from the rows."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Collection, Iterator
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa
from django.conf import settings

from yingting.foundation.lake.compiled import answer
from yingting.foundation.lake.declared import ALWAYS, IndicatorSet
from yingting.foundation.lake.engine import told
from yingting.foundation.lake.opening import with_calendar
from yingting.foundation.lake.question import TOO_MUCH, Question
from yingting.foundation.lake.rollups import Rollups, summed_up
from yingting.foundation.lake.sources import Source
from yingting.foundation.lake.terms import Span
from yingting.indicators.declaring import AnyIndicator, Merge
from yingting.indicators.measuring import aggregation
from yingting.kernel.refusals import Refusal

LEVEL_BUDGET_S = 2.0  # a reader waits no longer for roll-ups that lag behind
DAYS_AT_ONCE = 65_000  # days of halls in one look at rows, where the answer keeps months apart: a province's month
_GROUPS = {"group_hall": pa.string(), "group": pa.string()}
Measured = tuple[list[AnyIndicator], pa.Table]
Opener = Callable[[Collection[str], dt.date, dt.date], ir.Table]


def looked_up(
    engine: Any, question: Question, found: IndicatorSet, indicators: list[AnyIndicator], source: Source
) -> Iterator[Measured]:
    """Yield indicators of one set with what was measured of them: the columns of `by`, then of each v0, n0 and, where it is
    known, q0 (value, cases, mean square).

    An indicator comes again, of other cases, where the limits that it is judged by change; a group may then come again too.
    """
    adding = [one for one in indicators if one.merge is not Merge.NONE]
    files = _rolled_up(question, found) if adding and source.rolls_up(found) else None
    if files is not None:
        if files:
            yield adding, _from_rollups(engine, question, found, adding, files)
        adding = []
    others = [one for one in indicators if one.merge is Merge.NONE]
    if not adding and not others:
        return
    cut = source.spans(found, question.halls, question.first, question.last)
    opened = opener(engine, question, found, indicators[0], source)
    if len(cut) == 1:
        adding, others = [*adding, *others], []
    if adding:
        parts = [_from_rows(engine, opened, question, adding, span) for span in cut]
        # A day of a hall is in one span only.
        is_apart = {"hall", "business_day"} <= {*question.by}
        yield from ((adding, table) for table in ([pa.concat_tables(parts)] if is_apart and parts else parts))
    if others:  # no limit matters to them, so one look over all spans is right
        whole = Span(question.first, question.last, question.halls, cut[0].terms)
        yield others, _from_rows(engine, opened, question, others, whole)


def opener(engine: Any, question: Question, found: IndicatorSet, indicator: AnyIndicator, source: Source) -> Opener:
    """Return what opens rows of halls and days with the columns that the question names, and only those that it is about."""

    def rows_of(halls: Collection[str], first: dt.date, last: dt.date) -> ir.Table:
        return with_calendar(source.rows(engine, found, halls, first, last))

    # What a mark means may follow from all rows that are asked for, not only from those of a span.
    everything = (question.halls, question.first, question.last)
    names = [name for name in dict.fromkeys((*question.by, *question.where)) if name in found.marks]
    marks = [source.mark(found, name)(engine, rows_of(*everything), *everything) for name in names]

    def opened(halls: Collection[str], first: dt.date, last: dt.date) -> ir.Table:
        rows = rows_of(halls, first, last)
        for mark in marks:
            rows = mark(rows)
        return _cut(engine, rows, question, indicator)

    return opened


def _cut(engine: Any, rows: ir.Table, question: Question, indicator: AnyIndicator) -> ir.Table:
    if question.during is not None:
        moment = ibis.coalesce(*(rows[name] for name in indicator.moment))
        after, until = (ibis.literal(at, type="timestamp('UTC')") for at in question.during)
        rows = rows.filter((moment > after) & (moment <= until))
    if "group" in question.by:
        names = told(engine, "asked_groups", _GROUPS, sorted(question.groups.items()))
        rows = rows.inner_join(names, rows.hall == names.group_hall)
    for column, values in question.where.items():
        rows = rows.filter(rows[column].isin(list(values)))
    return rows


def _rolled_up(question: Question, found: IndicatorSet) -> list[str] | None:
    """Return the files of the roll-ups if they can answer."""
    if question.during or not {*question.by, *question.where} <= {*ALWAYS, *found.detail}:
        return None
    rollups = Rollups(found)
    rollups.level(LEVEL_BUDGET_S * settings.PATIENCE)
    return rollups.files(question.first, question.last)


def _from_rollups(
    engine: Any, question: Question, found: IndicatorSet, indicators: list[AnyIndicator], files: list[str]
) -> pa.Table:
    seen = set(question.halls)
    halls = question.groups if "group" in question.by else dict.fromkeys(question.halls, "")
    asked = {hall: group for hall, group in halls.items() if hall in seen}
    return summed_up(engine, Rollups(found), files, asked, question.by, question.where, indicators)


def _from_rows(engine: Any, opened: Opener, question: Question, indicators: list[AnyIndicator], span: Span) -> pa.Table:
    pieces = (opened(*piece) for piece in _pieces(question, span))
    given = (tuple(indicators), span.terms, question.by, question.spread)
    try:
        return pa.concat_tables(answer(engine, _measured, rows, *given) for rows in pieces)
    except duckdb.OutOfMemoryException as error:
        raise Refusal(TOO_MUCH) from error


def _measured(
    rows: ir.Table, indicators: tuple[AnyIndicator, ...], terms: Any, by: tuple[str, ...], with_spread: bool
) -> ir.Table:
    return aggregation(indicators, rows, terms, by, with_spread=with_spread)


def _pieces(question: Question, span: Span) -> Iterator[tuple[Collection[str], dt.date, dt.date]]:
    """Yield halls and days of the span: cut by months or by halls where the answer keeps these apart and the whole would need
    much memory.
    """
    days, by = (span.last - span.first).days + 1, {*question.by}
    is_much = len(span.halls) * days > DAYS_AT_ONCE
    if is_much and by & {"business_day", "month"}:
        yield from ((span.halls, first, last) for first, last in _months(span.first, span.last))
    elif is_much and "hall" in by:
        size = max(1, DAYS_AT_ONCE // days)
        for at in range(0, len(span.halls), size):
            yield span.halls[at : at + size], span.first, span.last
    else:
        yield span.halls, span.first, span.last


def _months(first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    while (end := first.replace(day=calendar.monthrange(first.year, first.month)[1])) < last:
        yield first, end
        first = end + dt.timedelta(days=1)
    yield first, last
