"""The single way to the value of an indicator: whoever shows a number asks here, so it is the same everywhere.

What adds up is read from the roll-ups; quantiles, and splits that the roll-ups do not keep, from the rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from django.conf import settings

from yingting.foundation.lake.declared import ALWAYS, IndicatorSet, declared
from yingting.foundation.lake.opening import with_calendar
from yingting.foundation.lake.rollups import Rollups, summed_up
from yingting.foundation.lake.sources import OWN, Source
from yingting.indicators.declaring import AnyIndicator, Merge
from yingting.indicators.measuring import Readings, aggregation, reading

LEVEL_BUDGET_S = 2.0  # a reader waits no longer for roll-ups that lag behind
Group = tuple[Any, ...]
Part = tuple[float | None, int, float | None]  # value, n, mean square
Gathered = dict[Group, dict[str, Part]]


class UnknownIndicatorError(KeyError):
    """No indicator has this key: a programming error, or a link that is too old."""


class SplitError(ValueError):
    """An indicator's rows have no such column to split or filter by."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: indicators by key, of these halls (the caller has checked the right to see them), over these days.

    by      columns to split by: hall, business_day, group, month, weekday, and what `splits_of` names
    where   columns and the values that count
    groups  for a split by "group": what each hall belongs to (its city, its type)
    spread  whether it must be known how the single cases scatter, which costs a look at each; else it may be missing
    during  only cases that happened after the first of these instants and not after the second; read from the rows
    """

    indicators: tuple[str, ...]
    halls: tuple[str, ...]
    first: dt.date
    last: dt.date
    by: tuple[str, ...] = ()
    where: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    minimum_sample: Mapping[str, int] = field(default_factory=dict)
    during: tuple[dt.datetime, dt.datetime] | None = None
    spread: bool = False


def splits_of(key: str) -> tuple[str, ...]:
    """Return the columns by which an indicator may be split and filtered. UnknownIndicatorError."""
    _indicator, found = _declared((key,))[0]
    return found.can_split


def ask(question: Question, source: Source = OWN) -> tuple[Readings, ...]:
    """Return the readings of each group that has rows, ordered by group; without `by` there is exactly one group, ().

    Below the minimum sample a value is not rated; `question.minimum_sample` replaces the declared one. Raises
    UnknownIndicatorError, SplitError.
    """
    found = gather(question, source)
    ordered = [indicator for indicator, _set in _declared(question.indicators)]
    return tuple(_readings(question, ordered, group, found[group]) for group in sorted(found, key=sortable))


def gather(question: Question, source: Source = OWN) -> Gathered:
    """Return what was measured of each group, before it is judged whether it can be rated: parts that may be merged.

    Raises UnknownIndicatorError, SplitError.
    """
    by_rows: dict[tuple[int, tuple[str, ...]], tuple[IndicatorSet, list[AnyIndicator]]] = {}
    for indicator, found in _declared(question.indicators):
        rows = id(found), indicator.moment if question.during else ()
        by_rows.setdefault(rows, (found, []))[1].append(indicator)
    parts: dict[Group, dict[str, list[Part]]] = {} if question.by else {(): {}}
    with source.engine() as engine:
        for found, indicators in by_rows.values():
            _require_splits(found, indicators[0], question)
            for group, key, part in _parts(engine, question, found, indicators, source):
                parts.setdefault(group, {}).setdefault(key, []).append(part)
    ordered = [indicator for indicator, _set in _declared(question.indicators)]
    return {group: {one.key: merged(one, found.get(one.key, [])) for one in ordered} for group, found in parts.items()}


def ask_columns(question: Question) -> pa.Table:
    """Return what was measured of one indicator as columns: those of `by`, then value, n and square (the mean square, null
    where it is not known). No smallest sample is asked for.

    For tens of thousands of groups (halls × days): an object for each would take longer than reading them. Raises
    UnknownIndicatorError, SplitError.
    """
    ((indicator, found),) = _declared(question.indicators)
    _require_splits(found, indicator, question)
    rolls_up = found.answer is None and indicator.merge is not Merge.NONE
    files = _rolled_up(question, found) if rolls_up else None
    if files:
        with OWN.engine() as engine:
            rows = _rows_of_rollups(engine, question, found, [indicator], files)
        square = rows["q0"] if "q0" in rows.column_names else pa.nulls(rows.num_rows, pa.float64())
        return pa.table(
            {**{name: rows[name] for name in question.by}, "value": rows["v0"], "n": rows["n0"], "square": square}
        )
    gathered = [(group, parts[indicator.key]) for group, parts in gather(question).items()]
    columns = {name: [group[at] for group, _part in gathered] for at, name in enumerate(question.by)}
    measured = zip(("value", "n", "square"), (pa.float64(), pa.int64(), pa.float64()), strict=True)
    return pa.table(
        columns
        | {name: pa.array([part[at] for _group, part in gathered], kind) for at, (name, kind) in enumerate(measured)}
    )


def _readings(
    question: Question, indicators: Sequence[AnyIndicator], group: Group, parts: Mapping[str, Part]
) -> Readings:
    found = {}
    for one in indicators:
        value, n, square = parts[one.key]
        found[one.key] = reading(one, value, n, square, question.minimum_sample.get(one.key))
    return Readings(group, found)


def rows_behind(question: Question, limit: int) -> tuple[list[str], list[dict[str, Any]], int]:
    """Return the rows behind the first indicator asked for: their columns, the first `limit` of them, and how many there are.

    The worst come first. Rows that the indicator does not count are among them: their columns say why. Raises
    UnknownIndicatorError, SplitError.
    """
    indicator, found = _declared(question.indicators)[0]
    _require_splits(found, indicator, question)
    if found.open is None:
        raise SplitError(f"{found.rows} has no rows to list")
    columns = list(found.listed)
    with OWN.engine() as engine:
        rows = _opener(engine, question, found, indicator, OWN)(question.halls, question.first, question.last)
        order = [ibis.desc(rows[found.worst])] if found.worst else []
        ordered = rows.order_by([*order, *(rows[name] for name in columns if name != found.worst)])
        listed = ordered.select(*columns).limit(limit).to_pyarrow().to_pylist()
        (count,) = rows.aggregate(n=rows.count()).to_pyarrow().to_pylist()
    return columns, listed, count["n"]


def _parts(
    engine: Any, question: Question, found: IndicatorSet, indicators: list[AnyIndicator], source: Source
) -> Iterable[tuple[Group, str, Part]]:
    if found.answer is not None:
        for key, group, value, n in found.answer(
            question.halls, question.first, question.last, question.by, question.groups
        ):
            if key in question.indicators:
                yield group, key, (value, n, None)
        return
    adding = [one for one in indicators if one.merge is not Merge.NONE]
    files = _rolled_up(question, found) if adding and source.rolls_up(found) else None
    if files is not None:
        yield from _from_rollups(engine, question, found, adding, files)
        adding = []
    others = [one for one in indicators if one.merge is Merge.NONE]
    if not adding and not others:
        return
    cut = source.spans(found, question.halls, question.first, question.last)
    opened = _opener(engine, question, found, indicators[0], source)
    if len(cut) == 1:
        adding, others = [*adding, *others], []
    if adding:
        for span in cut:
            yield from _from_rows(opened(span.halls, span.first, span.last), question, adding, span.terms)
    if others:  # no limit matters to them, so one look over all spans is right
        rows = opened(question.halls, question.first, question.last)
        yield from _from_rows(rows, question, others, cut[0].terms)


def _rolled_up(question: Question, found: IndicatorSet) -> list[str] | None:
    """Return the files of the roll-ups if they can answer."""
    if question.during or not {*question.by, *question.where} <= {*ALWAYS, *found.detail}:
        return None
    rollups = Rollups(found)
    rollups.level(LEVEL_BUDGET_S * settings.PATIENCE)
    return rollups.files(question.first, question.last)


def _from_rollups(
    engine: Any, question: Question, found: IndicatorSet, indicators: list[AnyIndicator], files: list[str]
) -> Iterable[tuple[Group, str, Part]]:
    if files:
        yield from _rows_of(_rows_of_rollups(engine, question, found, indicators, files), question.by, indicators)


def _rows_of_rollups(
    engine: Any, question: Question, found: IndicatorSet, indicators: list[AnyIndicator], files: list[str]
) -> pa.Table:
    seen = set(question.halls)
    halls = question.groups if "group" in question.by else dict.fromkeys(question.halls, "")
    asked = {hall: group for hall, group in halls.items() if hall in seen}
    return summed_up(engine, Rollups(found), files, asked, question.by, question.where, indicators)


def _from_rows(
    rows: ir.Table, question: Question, indicators: list[AnyIndicator], terms: Any
) -> Iterable[tuple[Group, str, Part]]:
    query = aggregation(indicators, rows, terms, question.by, with_spread=question.spread)
    yield from _rows_of(query.to_pyarrow(), question.by, indicators)


def _rows_of(rows: pa.Table, by: Sequence[str], indicators: list[AnyIndicator]) -> Iterable[tuple[Group, str, Part]]:
    columns = {name: rows[name].to_pylist() for name in rows.column_names}
    groups = list(zip(*(columns[name] for name in by), strict=True)) if by else [()] * rows.num_rows
    nothing = [None] * rows.num_rows
    for place, indicator in enumerate(indicators):
        squares = columns.get(f"q{place}", nothing)
        for group, value, n, square in zip(groups, columns[f"v{place}"], columns[f"n{place}"], squares, strict=True):
            yield group, indicator.key, (value, int(n or 0), square)


def _opener(
    engine: Any, question: Question, found: IndicatorSet, indicator: AnyIndicator, source: Source
) -> Callable[..., ir.Table]:
    """Return what opens rows of halls and days with the columns that the question names, and only those that it is about."""

    def rows_of(halls: Collection[str], first: dt.date, last: dt.date) -> ir.Table:
        return with_calendar(source.rows(engine, found, halls, first, last))

    # What a mark means may follow from all rows that are asked for, not only from those of a span.
    everything = (question.halls, question.first, question.last)
    names = [name for name in dict.fromkeys((*question.by, *question.where)) if name in found.marks]
    marks = [source.mark(found, name)(rows_of(*everything), *everything) for name in names]

    def opened(halls: Collection[str], first: dt.date, last: dt.date) -> ir.Table:
        rows = rows_of(halls, first, last)
        for mark in marks:
            rows = mark(rows)
        return _cut(rows, question, indicator)

    return opened


def _cut(rows: ir.Table, question: Question, indicator: AnyIndicator) -> ir.Table:
    if question.during is not None:
        moment = ibis.coalesce(*(rows[name] for name in indicator.moment))
        after, until = (ibis.literal(at, type="timestamp('UTC')") for at in question.during)
        rows = rows.filter((moment > after) & (moment <= until))
    if "group" in question.by:
        pairs = sorted(question.groups.items())
        names = ibis.memtable(
            {"group_hall": [hall for hall, _name in pairs], "group": [name for _hall, name in pairs]},
            schema={"group_hall": "string", "group": "string"},
        )
        rows = rows.inner_join(names, rows.hall == names.group_hall)
    for column, values in question.where.items():
        rows = rows.filter(rows[column].isin(list(values)))
    return rows


def merged(indicator: AnyIndicator, parts: Collection[Part]) -> Part:
    """Return value, n and mean square of the whole from those of its parts.

    >>> from yingting.domains.queueing.indicators import TICKETS, WAIT_MEAN
    >>> merged(WAIT_MEAN, [(10.0, 1, 100.0), (40.0, 2, 1600.0), (None, 0, None)])
    (30.0, 3, 1100.0)
    >>> merged(TICKETS, [])
    (0.0, 0, None)
    """
    if len(parts) == 1:
        return next(iter(parts))
    n = sum(part[1] for part in parts)
    values = [(value, count) for value, count, _square in parts if value is not None]
    squares = [(square, count) for _value, count, square in parts if square is not None]
    square = sum(one * count for one, count in squares) / n if squares and n else None
    if indicator.merge is Merge.SUM:
        return float(sum(value for value, _count in values)), n, square
    if not values or not n:
        return None, n, None
    if indicator.merge is Merge.MAX:
        return max(value for value, _count in values), n, square
    return sum(value * count for value, count in values) / n, n, square


def _declared(keys: Iterable[str]) -> list[tuple[AnyIndicator, IndicatorSet]]:
    known = declared()
    try:
        return [known[key] for key in keys]
    except KeyError as missing:
        raise UnknownIndicatorError(*missing.args) from None


def _require_splits(found: IndicatorSet, indicator: AnyIndicator, question: Question) -> None:
    if question.during and not indicator.moment:
        raise SplitError(f"{found.rows} cannot be cut to a stretch of time for {indicator.key}")
    missing = {*question.by, *question.where} - {*found.can_split}
    if missing:
        raise SplitError(f"{found.rows} cannot be split by {', '.join(sorted(missing))}")


def sortable(group: Group) -> tuple[tuple[bool, Any], ...]:
    """Return what groups are ordered by: what is not known comes first."""
    return tuple((value is not None, value) for value in group)
