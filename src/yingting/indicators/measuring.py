"""Run declared indicators: one query per fact table and grouping, all indicators of it at once."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir

from yingting.indicators.condensing import condensed
from yingting.indicators.declaring import Indicator, Reading, Terms


class MissingColumnsError(ValueError):
    """A fact table lacks columns that an indicator needs: a programming error, not the user's."""


@dataclass(frozen=True, slots=True)
class Readings:
    """The readings of one group: `group` holds the values of the grouping columns, in their order."""

    group: tuple[Any, ...]
    by_key: Mapping[str, Reading]

    def __getitem__(self, key: str) -> Reading:
        return self.by_key[key]


def measure(
    indicators: Sequence[Indicator[Terms]],
    table: ir.Table,
    terms: Terms,
    by: Sequence[str] = (),
    minimum_sample: int | None = None,
) -> tuple[Readings, ...]:
    """Measure the indicators on one fact table for each group, ordered by group.

    `minimum_sample` replaces each indicator's own where it has one. Without `by` there is exactly one group, (),
    even when the table is empty. Raises MissingColumnsError when the table cannot carry an indicator.
    """
    _require_columns(indicators, table, by)
    query = aggregation(indicators, table, terms, by)
    rows: list[dict[str, Any]] = query.to_pyarrow().to_pylist()
    return tuple(_readings(indicators, row, by, minimum_sample) for row in rows)


def aggregation(
    indicators: Sequence[Indicator[Terms]],
    table: ir.Table,
    terms: Terms,
    by: Sequence[str] = (),
    *,
    with_spread: bool = True,
) -> ir.Table:
    """Return the Ibis query: the grouping columns, then per indicator its value and count, v0, n0, v1, n1, …, and, if it is
    wanted, the mean square of those that have one, q0, …
    """
    measured = _metrics(indicators, table, terms)
    table, metrics = condensed(table, {name: one for name, one in measured if with_spread or not name.startswith("q")})
    if not by:
        return table.aggregate(**metrics)
    return table.group_by(list(by)).aggregate(**metrics).order_by(list(by))


def _metrics(indicators: Sequence[Indicator[Terms]], table: ir.Table, terms: Terms) -> Iterator[tuple[str, ir.Value]]:
    for place, indicator in enumerate(indicators):
        measured = indicator.measure(table, terms)
        yield f"v{place}", measured.value.cast("float64")
        yield f"n{place}", measured.count.cast("int64")
        if measured.square is not None:
            yield f"q{place}", measured.square.cast("float64")


def _readings(
    indicators: Sequence[Indicator[Terms]], row: Mapping[str, Any], by: Sequence[str], minimum_sample: int | None
) -> Readings:
    readings = {
        one.key: reading(one, row[f"v{place}"], row[f"n{place}"], row.get(f"q{place}"), minimum_sample)
        for place, one in enumerate(indicators)
    }
    return Readings(tuple(row[name] for name in by), readings)


def reading(
    indicator: Indicator[Any],
    value: float | None,
    n: int | None,
    square: float | None,
    minimum_sample: int | None = None,
) -> Reading:
    """Return what may be said of a measured value: nothing but the count where too few cases carry it.

    `minimum_sample` replaces the indicator's own where it has one.
    """
    n = int(n or 0)
    least = indicator.minimum_sample
    if least is not None and minimum_sample is not None:
        least = minimum_sample
    if value is None or (least is not None and n < least):
        return Reading(indicator.key, None, n, is_rated=False)
    spread = None if square is None else math.sqrt(max(square - value * value, 0.0))
    return Reading(indicator.key, float(value), n, is_rated=True, spread=spread)


def _require_columns(indicators: Sequence[Indicator[Terms]], table: ir.Table, by: Sequence[str]) -> None:
    have = set(table.columns)
    for indicator in indicators:
        missing = [name for name in (*indicator.needs, *by) if name not in have]
        if missing:
            raise MissingColumnsError(f"{indicator.key} needs {', '.join(missing)}")
