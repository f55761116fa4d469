"""The usual measures over the rows that count: how many, their mean, a quantile, the share that is so."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from yingting.indicators.declaring import Measure


def number(rows: ir.Table, counted: ir.BooleanValue | None = None) -> Measure:
    """Count the rows."""
    found = rows.count(where=counted)
    return Measure(found, found)


def mean(value: ir.NumericValue) -> Measure:
    """Return the mean of the known values, with their spread."""
    value = value.cast("float64")
    return Measure(value.mean(), value.count(), (value * value).mean())


def quantile(value: ir.NumericValue, at: float) -> Measure:
    """Return the exact quantile of the known values, interpolated between neighbours."""
    return Measure(value.quantile(at), value.count())


def only_where(counted: ir.BooleanValue, value: ir.NumericValue) -> ir.NumericValue:
    """Return the value where it counts, and nothing elsewhere: no aggregate sees what is not there."""
    return ibis.ifelse(counted, value, ibis.null(value.type()))


def share_of(kept: ir.NumericValue, is_so: ir.BooleanValue) -> Measure:
    """Return the share of the known values that is so."""
    return of_whole(kept.count(where=is_so), kept.count())


def share(rows: ir.Table, is_so: ir.BooleanValue, counted: ir.BooleanValue) -> Measure:
    """Return the share of the counted rows that is so; what is unknown is not so."""
    return of_whole(rows.count(where=counted & is_so), rows.count(where=counted))


def of_whole(hits: ir.IntegerValue, whole: ir.IntegerValue) -> Measure:
    """Return how large a part of the whole the hits are; the caller sees to it that each hit is part of it."""
    return Measure(hits / whole.nullif(0), whole)


def part(of: ir.NumericValue, whole: ir.NumericValue) -> Measure:
    """Return how much of a whole amount a part of it is. What it rests on is the whole, in its own unit."""
    amount = whole.sum().fill_null(0)
    return Measure(of.sum() / amount.nullif(0), amount.round())
