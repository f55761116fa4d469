"""Open the rows of a set of indicators, cut to halls and days, with the columns by which everything may be split."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from typing import Any

import ibis.expr.types as ir

from yingting.foundation.lake.declared import IndicatorSet
from yingting.foundation.lake.shelves import lake_with
from yingting.foundation.lake.store import Lake
from yingting.indicators.fact_tables import FactTable


def open_rows(
    engine: Any, found: IndicatorSet, halls: Collection[str], first: dt.date | None, last: dt.date | None,
    lake_of: Callable[[FactTable], Lake] = lake_with,
) -> ir.Table:  # fmt: skip
    """Return the rows of a set (both days included; None: no bound). `lake_of` says which lake has a table."""

    def cut(table: FactTable) -> ir.Table:
        return lake_of(table).table(engine, table, halls, first, last)

    if found.open is None:
        raise TypeError(f"{found.rows} has no rows to open")
    return found.open(cut)


def with_calendar(rows: ir.Table) -> ir.Table:
    """Add the columns that every day has: weekday (Monday is 0), and month (its first day)."""
    day = rows.business_day
    return rows.mutate(weekday=day.day_of_week.index().cast("int32"), month=day.truncate("M"))
