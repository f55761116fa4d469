"""Records of simulated days as rows of the fact table of visits, as the lake hands them over."""

from __future__ import annotations

import datetime as dt
import math
from zoneinfo import ZoneInfo

import pyarrow as pa

from yingting.twin.calibrating.visits import Outcome, Visits
from yingting.twin.hall import HallModel
from yingting.twin.many.answering import READ
from yingting.twin.tests.made_up import records

ZONE = ZoneInfo("Asia/Shanghai")
TYPES = {
    "business_day": pa.date32(), "precision_s": pa.int32(), "abandonment_recorded": pa.bool_(),
    **{name: pa.timestamp("us", tz="UTC") for name in ("issued_at", "called_at", "started_at", "finished_at", "left_at")},
}  # fmt: skip
SCHEMA = pa.schema([(name, TYPES.get(name, pa.string())) for name in READ])
_SAID = {Outcome.SERVED: "served", Outcome.ABANDONED: "abandoned", Outcome.NO_SHOW: "no_show", Outcome.OPEN: "open"}


def past_of(model: HallModel, days: int, seed: int) -> pa.Table:
    """Return the rows of so many simulated days of a hall."""
    return rows_of(records(model, days, seed))


def rows_of(visits: Visits) -> pa.Table:
    """Return visits as rows."""
    names, columns = visits.names, {name: [] for name in READ}
    times = ("issued", "called", "started", "finished", "left")
    for row in range(len(visits)):
        day = dt.date.fromordinal(int(visits.day[row]))
        midnight = dt.datetime.combine(day, dt.time(), ZONE)
        said = {"business_day": day, "visit": str(row), "precision_s": 0, "abandonment_recorded": True}
        for name in times:
            seconds = float(getattr(visits, f"{name}_s")[row])
            said[f"{name}_at"] = None if math.isnan(seconds) else midnight + dt.timedelta(seconds=seconds)
        said["queue"], said["business"] = names.queues[visits.queue[row]], names.needs[visits.need[row]]
        said["priority_class"] = names.klasses[visits.klass[row]]
        said["counter"] = said["clerk"] = names.counters[visits.counter[row]] if visits.counter[row] >= 0 else None
        said["outcome"] = _SAID[Outcome(int(visits.outcome[row]))]
        for name, cells in columns.items():
            cells.append(said[name])
    return pa.table(columns, schema=SCHEMA)
