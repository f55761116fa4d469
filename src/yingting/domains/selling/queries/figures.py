"""A period's figures of a hall, measured on the lake, and the rows that a day puts there."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any

import duckdb
import ibis

from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.selling.indicators import INDICATORS, SellingTerms
from yingting.domains.selling.queries.days import served_rows
from yingting.domains.selling.tables import RECOMMENDATIONS
from yingting.foundation.lake.place import lake_folder
from yingting.foundation.lake.store import Lake
from yingting.indicators.declaring import AnyIndicator, Reading
from yingting.indicators.measuring import measure


def recommendations_lake() -> Lake:
    """Return the lake of recommendations: a fold of its own, so a lake of its own."""
    return Lake(lake_folder() / "recommendations")


def rows_of_day(setup: HallSetup, day: dt.date) -> list[dict[str, Any]]:
    """Return the rows of `tables.RECOMMENDATIONS` for a day of a hall."""
    return [
        {
            "hall": setup.code,
            "business_day": day,
            "visit": str(row.ticket.id),
            "ticket": row.ticket.number,
            "clerk": row.ticket.staff_no,
            "ended_at": row.ticket.ended_at,
            "stand": row.stand.value,
            "is_full": row.entry is not None and row.entry.is_full,
            "is_late": row.entry is not None and row.entry.is_late,
            "entries": row.entry.entry if row.entry else 0,
            "offered": row.tally.offered,
            "accepted": row.tally.accepted,
        }
        for row in served_rows(setup, day)
    ]


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured share: `title` is an English msgid, `percent` is rounded down and None where the cases `n` are too few."""

    title: str
    percent: int | None
    n: int


def figures(setup: HallSetup, first: dt.date, last: dt.date) -> tuple[Figure, ...]:
    """Measure the indicators of selling over a period of a hall, as far as it has been filled into the lake."""
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"})
    try:
        backend = ibis.duckdb.from_connection(connection)
        table = recommendations_lake().table(backend, RECOMMENDATIONS, [setup.code], first, last)
        (found,) = measure(INDICATORS, table, SellingTerms())
        return tuple(_figure(one, found[one.key]) for one in INDICATORS)
    finally:
        connection.close()


def _figure(indicator: AnyIndicator, reading: Reading) -> Figure:
    # A hair above, so that 0.29 × 100 is 29 and not 28.999…
    percent = None if reading.value is None else math.floor(reading.value * 100 + 1e-9)
    return Figure(indicator.title, percent, reading.n)
