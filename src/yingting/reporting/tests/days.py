"""Days of visits put straight into the lake, and the days of a small crowd drawn at random."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable
from typing import Any

from yingting.domains.queueing.tables import STINTS, VISITS
from yingting.foundation.lake.fills import DayState
from yingting.foundation.lake.store import Lake

MONDAY = dt.date(2026, 1, 5)
_OUTCOMES = ("served",) * 8 + ("abandoned", "no_show")


def visit(hall: str, day: dt.date, number: int, **more: Any) -> dict[str, Any]:
    """A served visit of one business at nine in the morning, unless told otherwise."""
    issued = dt.datetime.combine(day, dt.time(1, 0), dt.UTC) + dt.timedelta(minutes=number)
    row: dict[str, Any] = dict.fromkeys(VISITS.schema.names)
    return row | {
        "source": "journal", "hall": hall, "business_day": day, "visit": f"{hall}-{day}-{number}",
        "ticket": f"A{number:03d}", "queue": "综合", "business": "缴费", "priority_class": "普通", "kind": "single",
        "outcome": "served", "issued_at": issued, "wait_s": 300.0, "wait_last_s": 300.0, "way_s": 20.0,
        "handling_s": 120.0, "counter": "1", "clerk": "1001", "transfers": 0,
        "issue_minute_local": 540 + number % 400, "weekday": day.weekday(), "precision_s": 0,
        "abandonment_recorded": True, **more,
    }  # fmt: skip


def crowd(hall: str, day: dt.date, size: int, seed: int = 0) -> list[dict[str, Any]]:
    """Visits as different as a hall's are, the same ones for the same seed."""
    dice = random.Random(f"{hall}{day}{seed}")
    rows = []
    for number in range(1, size + 1):
        outcome = dice.choice(_OUTCOMES)
        wait = dice.choice((float(dice.randint(0, 1500)), 480.0, 600.0)) if outcome != "abandoned" else None
        rows.append(
            visit(
                hall, day, number, outcome=outcome, wait_s=wait, wait_last_s=wait, business=dice.choice(("缴费", "宽带", "补卡")),
                kind=dice.choice(("single", "combined")), handling_s=float(dice.randint(20, 500)) if outcome == "served" else None,
                clerk=dice.choice(("1001", "1002")), counter=dice.choice(("1", "2")),
                priority_class=dice.choice(("普通", "爱心")),
            )
        )  # fmt: skip
    return rows


def stint(row: dict[str, Any]) -> dict[str, Any]:
    """The one handling of a visit."""
    return {name: row.get(name) for name in STINTS.schema.names} | {"stint": row["visit"]}


def put(lake: Lake, hall: str, day: dt.date, rows: Iterable[dict[str, Any]], last_id: int = 1) -> None:
    """Put a day in the place of what the lake had of it."""
    rows = list(rows)
    stints = [stint(row) for row in rows if row["handling_s"] is not None]
    with lake.fills.writing(hall):
        lake.fills.replace(hall, day, DayState(len(rows), last_id, 1), {VISITS: rows, STINTS: stints})
