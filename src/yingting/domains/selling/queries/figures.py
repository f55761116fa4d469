"""A period's figures of a hall, measured on the lake, and the rows that a day puts there."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any

from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.selling.indicators import INDICATORS
from yingting.domains.selling.queries.days import served_rows
from yingting.foundation.lake.asking import ask
from yingting.foundation.lake.question import Question
from yingting.indicators.declaring import AnyIndicator, Reading


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
            "consent": row.consent.value,
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
    """Return the indicators of selling over a period of a hall, as far as it has been filled into the lake."""
    (found,) = ask(Question(tuple(one.key for one in INDICATORS), (setup.code,), first, last))
    return tuple(_figure(one, found[one.key]) for one in INDICATORS)


def _figure(indicator: AnyIndicator, reading: Reading) -> Figure:
    # A hair above, so that 0.29 × 100 is 29 and not 28.999…
    percent = None if reading.value is None else math.floor(reading.value * 100 + 1e-9)
    return Figure(indicator.title, percent, reading.n)
