"""The fact table of peaks: one row for each alert, with what became of it. Pure: plain facts in, plain rows out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

import pyarrow as pa

from yingting.indicators.fact_tables import FactTable
from yingting.kernel.clocks import elapsed_s

PREFIXES = ("alert.",)
FOLD_VERSION = 1  # another number makes every day be folded anew
INSTANT = pa.timestamp("us", tz="UTC")

ALERTS = FactTable(
    name="alerts",
    key="alert",
    schema=pa.schema(
        [
            ("hall", pa.string()),
            ("business_day", pa.date32()),
            ("alert", pa.string()),
            ("kind", pa.string()),  # peak, long_wait, long_line, idle_counter
            ("level", pa.int32()),  # the highest it reached; 1 is the lowest
            ("raised_at", INSTANT),
            ("act_by", INSTANT),  # of the last level it rose to
            ("acted_after_s", pa.float64()),  # from the raising to the first measure; null: nobody took one
            ("lapses", pa.int32()),  # how often the time to act ran out, once a level
            ("lapsed", pa.bool_()),  # lapses > 0
            ("ended_at", INSTANT),  # null: it goes on
            ("lasted_s", pa.float64()),
            ("why", pa.string()),  # it ended: over, day_end
        ]
    ),
)


def fold_alerts(facts: Iterable[Mapping[str, Any]], hall: str) -> list[dict[str, Any]]:
    """Fold the facts of one hall and day, ordered by subject and version, into rows. `hall` is its code.

    Of an alert whose later facts are not settled yet, the first ones without a gap count.
    """
    rows = []
    for _subject, own in groupby(facts, key=lambda fact: fact["subject"]):
        known = [fact for version, fact in enumerate(own, start=1) if fact["version"] == version]
        if known:
            rows.append(_row(known, hall))
    return rows


def _row(facts: Sequence[Mapping[str, Any]], hall: str) -> dict[str, Any]:
    raised = facts[0]
    data: dict[str, list[Mapping[str, Any]]] = {}
    for fact in facts:
        data.setdefault(fact["kind"], []).append(fact)
    rises = [raised, *data.get("alert.escalated", ())]
    acts, lapses, ends = (data.get(f"alert.{what}", []) for what in ("acted", "lapsed", "ended"))
    at = raised["occurred_at"]
    return {
        "hall": hall,
        "business_day": raised["business_day"],
        "alert": str(raised["subject"]),
        "kind": raised["data"]["kind"],
        "level": max(rise["data"]["level"] for rise in rises),
        "raised_at": at,
        "act_by": dt.datetime.fromisoformat(rises[-1]["data"]["act_by"]),
        "acted_after_s": elapsed_s(at, acts[0]["occurred_at"]) if acts else None,
        "lapses": len(lapses),
        "lapsed": bool(lapses),
        "ended_at": ends[0]["occurred_at"] if ends else None,
        "lasted_s": elapsed_s(at, ends[0]["occurred_at"]) if ends else None,
        "why": ends[0]["data"]["why"] if ends else None,
    }
