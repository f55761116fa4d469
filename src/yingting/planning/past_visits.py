"""Days that the twin lived through, as rows of the fact table of visits: a hall's past for demo and tests."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from yingting.twin.drawing import Crowd
from yingting.twin.engine.arrays import Enter, Fate, Records
from yingting.twin.running import Prepared

Row = dict[str, Any]
_OUTCOMES = {Fate.SERVED: "served", Fate.ABANDONED: "abandoned", Fate.ABSENT: "no_show", Fate.UNSERVED: "abandoned"}
_MOVES = (Enter.LAST, Enter.AGE, Enter.FIRST)


@dataclass(frozen=True, slots=True)
class Wording:
    """What the twin leaves open in a row. `names` are the words for queues, businesses and classes, `clerks` who sits where.

    Of the time at a counter the first `way_s` seconds (at most half) are the customer's way to it, the last `breath_s` (at most
    an eighth) pass before the clerk calls the next one.
    """

    way_s: float = 15.0
    breath_s: float = 0.0
    names: Mapping[str, str] = field(default_factory=dict)
    clerks: Mapping[str, str] = field(default_factory=dict)


def visits_of_day(
    prepared: Prepared, crowd: Crowd, out: Records, day: int, *, hall: str, date: dt.date, zone: ZoneInfo, how: Wording | None = None
) -> Iterator[Row]:  # fmt: skip
    """Yield a row for each visit of a simulated day: what the lake's table `visits` keeps.

    A visit goes on while it has the same number: after a missed call, or at another counter. Who comes again has a new one.
    """
    how = how or Wording()
    midnight = dt.datetime.combine(date, dt.time(), zone)
    first, end = int(crowd.days.first[day]), int(crowd.days.first[day + 1])
    begun = list(range(first, end))
    for leg in begun:  # grows while it is walked: who comes again comes after
        begun += [again for again in _legs(crowd, out, leg)[1] if again not in begun]
    begun.sort(key=lambda leg: float(out.joined_s[leg]))
    for number, leg in enumerate(begun, start=1):
        yield _row(prepared, crowd, out, leg, f"{number:03d}", midnight, hall, how)


def _legs(crowd: Crowd, out: Records, leg: int) -> tuple[list[int], list[int]]:
    """Return the legs of the visit that begins with this one, and the first leg of the visit that follows, if one does."""
    mine = [leg]
    while (after := crowd.legs.after(mine[-1])) >= 0 and out.fate[after] != Fate.NEVER:
        if crowd.legs.enter[after] == Enter.NEW:
            return mine, [after]
        mine.append(after)
    return mine, []


def _row(
    prepared: Prepared, crowd: Crowd, out: Records, leg: int, number: str, midnight: dt.datetime, hall: str, how: Wording
) -> Row:  # fmt: skip
    def at(seconds: float) -> dt.datetime | None:
        return None if not math.isfinite(seconds) else (midnight + dt.timedelta(seconds=seconds)).astimezone(dt.UTC)

    legs, _ = _legs(crowd, out, leg)
    last, served = legs[-1], [one for one in legs if out.fate[one] == Fate.SERVED]
    need, klass = prepared.model.needs[int(crowd.need[last])], prepared.model.klasses[int(crowd.legs.klass[leg])].code
    outcome = _OUTCOMES[Fate(int(out.fate[last]))]
    joined, called, done = float(out.joined_s[leg]), float(out.called_s[leg]), float(out.done_s[last])
    taken = {one: float(out.done_s[one] - out.called_s[one]) for one in served}
    ways = {one: min(how.way_s, taken[one] / 2) for one in served}
    breaths = {one: min(how.breath_s, taken[one] / 8) for one in served}
    counter = prepared.stints[int(out.stint[served[-1]])].counter if served else None
    wait = called - joined if math.isfinite(called) else None
    return {
        "source": "journal", "hall": hall, "business_day": midnight.date(), "visit": f"{hall}-{midnight.date()}-{number}",
        "ticket": f"{need.queue}{number}", "queue": how.names.get(need.queue, need.queue),
        "business": how.names.get(need.code, need.code), "priority_class": how.names.get(klass, klass), "kind": "single",
        "outcome": outcome, "issued_at": at(joined), "called_at": at(called),
        "started_at": at(float(out.called_s[served[0]]) + ways[served[0]]) if served else None,
        "finished_at": at(done - breaths[last]) if outcome == "served" else None,
        "left_at": at(done) if outcome == "abandoned" else None,
        "wait_s": wait, "wait_last_s": float(out.called_s[last] - out.joined_s[last]) if math.isfinite(out.called_s[last]) else wait,
        "way_s": math.fsum(ways.values()) if served else None,
        "handling_s": math.fsum(taken[one] - ways[one] - breaths[one] for one in served) if served else None,
        "counter": counter, "clerk": how.clerks.get(counter, counter) if counter else None,
        "transfers": sum(crowd.legs.enter[one] in _MOVES for one in legs[1:]), "issue_minute_local": int(joined // 60),
        "weekday": midnight.weekday(), "precision_s": 0, "abandonment_recorded": True,
    }  # fmt: skip
