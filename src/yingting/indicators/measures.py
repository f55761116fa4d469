"""The usual measures over the rows that count: how many, their mean, a quantile, the share that is so."""

from __future__ import annotations

import ibis.expr.types as ir

from yingting.indicators.declaring import Measure


def number(rows: ir.Table, counted: ir.BooleanValue | None = None) -> Measure:
    """Count the rows."""
    found = rows.count(where=counted)
    return Measure(found, found)


def mean(rows: ir.Table, value: ir.NumericValue, counted: ir.BooleanValue) -> Measure:
    """Return the mean of a value, with its spread."""
    value = value.cast("float64")
    return Measure(value.mean(where=counted), rows.count(where=counted), (value * value).mean(where=counted))


def quantile(rows: ir.Table, value: ir.NumericValue, at: float, counted: ir.BooleanValue) -> Measure:
    """Return the exact quantile, interpolated between neighbours."""
    return Measure(value.quantile(at, where=counted), rows.count(where=counted))


def share(rows: ir.Table, is_so: ir.BooleanValue, counted: ir.BooleanValue) -> Measure:
    """Return the share of the counted rows that is so; what is unknown is not so."""
    whole = rows.count(where=counted)
    return Measure(rows.count(where=counted & is_so) / whole.nullif(0), whole)


def part(of: ir.NumericValue, whole: ir.NumericValue) -> Measure:
    """Return how much of a whole amount a part of it is. What it rests on is the whole, in its own unit."""
    amount = whole.sum().fill_null(0)
    return Measure(of.sum() / amount.nullif(0), amount.round())
