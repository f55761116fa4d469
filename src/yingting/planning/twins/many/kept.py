"""What is kept of a hall's rows: the figures that halls are compared by, and all rows as text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from yingting.kernel.canonical import canonical
from yingting.planning.twins.models import RunState

if TYPE_CHECKING:  # pages import this module, and rows bring Arrow along
    from yingting.twin.many.jobs import HallRow

Json = dict[str, Any]


def kept_of(rows: Sequence[HallRow]) -> Json:
    """Return the columns of a `ManyAnswer` for the rows of a hall.

    >>> from yingting.twin.many.jobs import HallRow
    >>> kept_of([HallRow("H1", "within", 0.5, 0.6, 0.1, 0.05, 0.15), HallRow("H1", "customers", 200.0, 200.0, 0.0),
    ...          HallRow("H1", "counter_hours", 30.0, 32.0, 2.0)])["kept_per_hour"]
    10.0
    >>> kept_of([HallRow("H1", "", problems='[["no_day",{}]]')])["state"].value
    'refused'
    """
    by_figure = {row.figure: row for row in rows}
    if "within" not in by_figure:
        return {"state": RunState.REFUSED, "body": canonical(problems_in(rows)), "inputs": rows[0].inputs}
    within, hours = by_figure["within"], by_figure["counter_hours"].difference or 0.0
    customers, gain = by_figure["customers"].now or 0.0, within.difference
    costs = hours > 0 and gain is not None
    return {
        "state": RunState.DONE, "customers": customers, "now": within.now, "then": within.then, "gain": gain,
        "low": within.low, "high": within.high, "hours": hours,
        "gain_per_hour": gain / hours if costs and gain is not None else None,
        "kept_per_hour": round(gain * customers / hours, 6) if costs and gain is not None else None,
        "body": canonical([asdict(row) for row in rows]), "inputs": within.inputs,
    }  # fmt: skip


def problems_in(rows: Sequence[HallRow]) -> list[Any]:
    """Return the problems of a hall that cannot be answered: pairs of a code and what fills its blanks."""
    return [pair for row in rows if row.problems for pair in json.loads(row.problems)]
