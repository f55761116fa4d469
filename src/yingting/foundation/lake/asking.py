"""The single way to the value of an indicator: whoever shows a number asks here, so it is the same everywhere.

What adds up is read from the roll-ups; quantiles, and splits that the roll-ups do not keep, from the rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import ibis
import pyarrow as pa

from yingting.foundation.lake.declared import IndicatorSet
from yingting.foundation.lake.looking import looked_up, opener
from yingting.foundation.lake.question import Question, SplitError, declared_with, require_splits
from yingting.foundation.lake.side_by_side import as_columns, side_by_side
from yingting.foundation.lake.sources import OWN, Source
from yingting.indicators.declaring import AnyIndicator, Merge
from yingting.indicators.measuring import Readings, reading

Group = tuple[Any, ...]
Part = tuple[float | None, int, float | None]  # value, n, mean square
Gathered = dict[Group, dict[str, Part]]


def ask(question: Question, source: Source = OWN) -> tuple[Readings, ...]:
    """Return the readings of each group that has rows, ordered by group; without `by` there is exactly one group, ().

    Below the minimum sample a value is not rated; `question.minimum_sample` replaces the declared one. Raises
    UnknownIndicatorError, SplitError.
    """
    found = gather(question, source)
    ordered = [indicator for indicator, _set in declared_with(question.indicators)]
    return tuple(_readings(question, ordered, group, found[group]) for group in sorted(found, key=sortable))


def gather(question: Question, source: Source = OWN) -> Gathered:
    """Return what was measured of each group, before it is judged whether it can be rated: parts that may be merged.

    Raises UnknownIndicatorError, SplitError.
    """
    with source.engine() as engine:
        sets = _by_rows(question)
        return _gathered(question, (part for one in sets for part in _parts(engine, question, *one, source)))


def ask_columns(question: Question, source: Source = OWN) -> pa.Table:
    """Return what was measured of the indicators as columns: those of `by`, then of each, in the order of the question, its
    value, its cases and its mean square where it is known: v0, n0, q0, v1, … The rows are in no order.

    For tens of thousands of groups (halls × days): an object for each would take longer than reading them. Raises
    UnknownIndicatorError, SplitError.
    """
    sets = _by_rows(question)
    if any(found.answer is not None for found, _indicators in sets):
        return _in_columns(question, gather(question, source))
    with source.engine() as engine:
        told = [one for found, indicators in sets for one in looked_up(engine, question, found, indicators, source)]
        times = Counter(one.key for indicators, _table in told for one in indicators)
        if question.by and max(times.values(), default=1) == 1:
            return side_by_side(engine, question, told)
    parts = (part for indicators, table in told for part in _rows_of(table, question.by, indicators))
    return _in_columns(question, _gathered(question, parts))


def _gathered(question: Question, told: Iterable[tuple[Group, str, Part]]) -> Gathered:
    """Bring the parts of each group and indicator together; without a split there is one group, also when nothing was told."""
    parts: dict[Group, dict[str, list[Part]]] = {} if question.by else {(): {}}
    for group, key, part in told:
        parts.setdefault(group, {}).setdefault(key, []).append(part)
    ordered = [indicator for indicator, _set in declared_with(question.indicators)]
    return {group: {one.key: merged(one, found.get(one.key, [])) for one in ordered} for group, found in parts.items()}


def _in_columns(question: Question, gathered: Gathered) -> pa.Table:
    parts = [[found[key] for found in gathered.values()] for key in question.indicators]
    return as_columns(question, list(gathered), parts)


def _by_rows(question: Question) -> list[tuple[IndicatorSet, list[AnyIndicator]]]:
    """Return the indicators that are measured on the same rows together, with their set."""
    by_rows: dict[tuple[int, tuple[str, ...]], tuple[IndicatorSet, list[AnyIndicator]]] = {}
    for indicator, found in declared_with(question.indicators):
        require_splits(found, indicator, question)
        rows = id(found), indicator.moment if question.during else ()
        by_rows.setdefault(rows, (found, []))[1].append(indicator)
    return list(by_rows.values())


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
    indicator, found = declared_with(question.indicators)[0]
    require_splits(found, indicator, question)
    if found.open is None:
        raise SplitError(f"{found.rows} has no rows to list")
    columns = list(found.listed)
    with OWN.engine() as engine:
        rows = opener(engine, question, found, indicator, OWN)(question.halls, question.first, question.last)
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
    for which, table in looked_up(engine, question, found, indicators, source):
        yield from _rows_of(table, question.by, which)


def _rows_of(rows: pa.Table, by: Sequence[str], indicators: list[AnyIndicator]) -> Iterable[tuple[Group, str, Part]]:
    columns = {name: rows[name].to_pylist() for name in rows.column_names}
    groups = list(zip(*(columns[name] for name in by), strict=True)) if by else [()] * rows.num_rows
    nothing = [None] * rows.num_rows
    for place, indicator in enumerate(indicators):
        squares = columns.get(f"q{place}", nothing)
        for group, value, n, square in zip(groups, columns[f"v{place}"], columns[f"n{place}"], squares, strict=True):
            yield group, indicator.key, (value, int(n or 0), square)


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


def sortable(group: Group) -> tuple[tuple[bool, Any], ...]:
    """Return what groups are ordered by: what is not known comes first."""
    return tuple((value is not None, value) for value in group)
