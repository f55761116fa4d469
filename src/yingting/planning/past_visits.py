"""Days that the twin lived through, as rows of the fact table of visits: a hall's past for demo and tests."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from yingting.twin.drawing import Crowd
from yingting.twin.engine.arrays import Fate, Records
from yingting.twin.running import Prepared

Row = dict[str, Any]
_OUTCOMES = {Fate.SERVED: "served", Fate.ABANDONED: "abandoned", Fate.ABSENT: "no_show", Fate.UNSERVED: "abandoned"}


def visits_of_day(
    prepared: Prepared, crowd: Crowd, out: Records, day: int, *, hall: str, date: dt.date, zone: ZoneInfo, way_s: float = 15.0
) -> Iterator[Row]:  # fmt: skip
    """Yield a row for each visit of a simulated day (the first leg of each): what the lake's table `visits` keeps.

    The first `way_s` seconds at a counter (at most half of them) are the customer's way to it.
    """
    model, midnight = prepared.model, dt.datetime.combine(date, dt.time(), zone)

    def at(seconds: float) -> dt.datetime | None:
        return None if not math.isfinite(seconds) else (midnight + dt.timedelta(seconds=seconds)).astimezone(dt.UTC)

    for number, leg in enumerate(range(int(crowd.days.first[day]), int(crowd.days.first[day + 1])), start=1):
        fate = Fate(int(out.fate[leg]))
        need = model.needs[int(crowd.need[leg])]
        joined, called, done = (float(one[leg]) for one in (out.joined_s, out.called_s, out.done_s))
        served = fate is Fate.SERVED
        way = min(way_s, (done - called) / 2) if served else math.nan
        counter = prepared.stints[int(out.stint[leg])].counter if served else None
        wait = called - joined if math.isfinite(called) else None
        yield {
            "source": "journal", "hall": hall, "business_day": date, "visit": f"{hall}-{date}-{number}",
            "ticket": f"{need.queue}{number:03d}", "queue": need.queue, "business": need.code,
            "priority_class": model.klasses[int(crowd.legs.klass[leg])].code, "kind": "single", "outcome": _OUTCOMES[fate],
            "issued_at": at(joined), "called_at": at(called), "started_at": at(called + way), "finished_at": at(done) if served else None,
            "left_at": at(done) if _OUTCOMES[fate] == "abandoned" else None, "wait_s": wait, "wait_last_s": wait,
            "way_s": way if served else None, "handling_s": done - called - way if served else None, "counter": counter,
            "clerk": counter, "transfers": 0, "issue_minute_local": int(joined // 60), "weekday": date.weekday(), "precision_s": 0,
            "abandonment_recorded": True,
        }  # fmt: skip
