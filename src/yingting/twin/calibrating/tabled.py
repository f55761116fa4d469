"""Rows of the fact table `visits` as the columns that a calibration reads; the same wherever the rows come from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from yingting.twin.calibrating.visits import Leaving, Names, Outcome, Visits, visits_of

COLUMNS = (
    "business_day", "queue", "business", "priority_class", "outcome", "issued_at", "called_at", "started_at", "finished_at",
    "left_at", "counter", "clerk", "precision_s", "abandonment_recorded",
)  # fmt: skip
_OUTCOMES = {
    "served": Outcome.SERVED, "abandoned": Outcome.ABANDONED, "no_show": Outcome.NO_SHOW, "open": Outcome.OPEN,
}  # fmt: skip
_NOT_NAMED = "?"


def as_visits(table: pa.Table, timezone: str, letters: Mapping[str, str] | None = None) -> Visits:
    """Return rows of the fact table `visits` as columns: moments become seconds of the hall's own day, names of queues their
    letters, as calling rules have them.
    """
    days = table["business_day"].to_numpy(zero_copy_only=False).astype("datetime64[D]")
    coded = {name: _coded(table[name]) for name in ("queue", "business", "priority_class", "counter", "clerk")}
    times = {
        column: _seconds(table[column], days, timezone)
        for column in ("issued_at", "called_at", "started_at", "finished_at", "left_at")
    }
    queues = tuple((letters or {}).get(name, name) for name in coded["queue"][1])
    names = Names(
        needs=coded["business"][1], queues=queues, counters=coded["counter"][1], clerks=coded["clerk"][1],
        klasses=coded["priority_class"][1],
    )  # fmt: skip
    precision = table["precision_s"].to_numpy(zero_copy_only=False).astype(float)
    recorded = pc.all(pc.fill_null(table["abandonment_recorded"], False)).as_py()
    return visits_of(
        names,
        day=days.astype(np.int64) + dt.date(1970, 1, 1).toordinal(),
        issued_s=times["issued_at"], called_s=times["called_at"], started_s=times["started_at"],
        finished_s=times["finished_at"], left_s=times["left_at"], need=coded["business"][0], queue=coded["queue"][0],
        counter=coded["counter"][0], clerk=coded["clerk"][0], klass=np.maximum(coded["priority_class"][0], 0),
        outcome=np.array([_OUTCOMES[one] for one in table["outcome"].to_pylist()], np.int64),
        leaving=Leaving.SEEN if recorded else Leaving.UNSEEN,
        clock_s=max(1.0, float(np.nanmax(precision))) if len(precision) else 1.0,
    )  # fmt: skip


def _coded(column: Any) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Numbers of a text column and the texts that they stand for, sorted; what is missing is -1."""
    values = np.array(["" if one is None else str(one) for one in column.to_pylist()], dtype=object)
    named = tuple(sorted(set(values) - {""}))
    places = {name: place for place, name in enumerate(named)} | {"": -1}
    return np.array([places[one] for one in values], np.int64), named or (_NOT_NAMED,)


def _seconds(column: Any, days: NDArray[np.datetime64], timezone: str) -> NDArray[np.float64]:
    local = pc.local_timestamp(column.cast(pa.timestamp("us", tz=timezone)))
    moments = local.to_numpy(zero_copy_only=False).astype("datetime64[us]")
    seconds: NDArray[np.float64] = (moments - days.astype("datetime64[us]")) / np.timedelta64(1, "s")
    return seconds
