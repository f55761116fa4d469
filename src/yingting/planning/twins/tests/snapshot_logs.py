"""Snapshot logs for tests: what a screen would have shown of the days of a hall that is known."""

import datetime as dt
import math
from dataclasses import replace

from yingting.twin.hall import Stint
from yingting.twin.tests.made_up import TRUTH, H, records
from yingting.twin.tests.test_calibrating_refusals import looked_at

HEAD = "时间,队列,等候人数,开台数,当前号"


def known_model():
    """A hall of which snapshots tell all: queues with counters of their own, nobody leaves."""
    stints = tuple(Stint(str(place), 9 * H, 19 * H, ("AAAABB"[place],)) for place in range(6))
    return replace(TRUTH, stints=stints, needs=tuple(replace(one, patience=None) for one in TRUTH.needs))


def log_of(last, days=12, step_s=300.0):
    """Return the lines of a log of so many working days, the last of them near `last`."""
    weeks = -(-days // 5)
    monday = last - dt.timedelta(days=last.weekday() + 7 * (weeks - 1))
    model = known_model()
    seen = looked_at(records(model, days, 4, monday.toordinal(), worked_days_only=True), model, step_s)
    lines = [HEAD]
    for day, at_s, queue, waiting, counters, number in zip(
        seen.day, seen.at_s, seen.queue, seen.waiting, seen.counters, seen.number, strict=True
    ):
        at = dt.datetime.combine(dt.date.fromordinal(int(day)), dt.time()) + dt.timedelta(seconds=float(at_s))
        shown = "" if math.isnan(number) else f"{seen.queues[int(queue)]}{int(number):03d}"
        lines.append(f"{at:%Y-%m-%d %H:%M},{seen.queues[int(queue)]},{waiting:.0f},{counters:.0f},{shown}")
    return lines
