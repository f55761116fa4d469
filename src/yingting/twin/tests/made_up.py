"""A hall whose truth is known, simulated, and its records as the columns that a real hall would hand over."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np

from yingting.twin.calibrating.visits import Names, Outcome, Visits, visits_of
from yingting.twin.drawing import draw
from yingting.twin.engine.arrays import Fate
from yingting.twin.hall import HallModel, Klass, Law, Length, Need, Stint
from yingting.twin.running import prepare, run

MONDAY = dt.date(2026, 3, 2).toordinal()
H = 3600.0
# Two queues, three needs (one of them a mixture), a counter that is slower, a lunch break.
TRUTH = HallModel(
    opens_s=9 * H, slot_s=1800.0, rates=((10.0, 8.0, 4.0),) * 14 + ((0.0, 0.0, 0.0),) * 2,
    needs=(
        Need("pay", "A", ((1.0, Length(240.0, 0.8)),), Length(2400.0, 1.0, Law.EXPONENTIAL)),
        Need("card", "A", ((0.3, Length(40.0, 0.4)), (0.7, Length(420.0, 0.5))), Length(2400.0, 1.0, Law.EXPONENTIAL)),
        Need("plan", "B", ((1.0, Length(500.0, 0.7)),), Length(2400.0, 1.0, Law.EXPONENTIAL)),
    ),
    stints=(
        Stint("1", 9 * H, 12 * H, ("A",)), Stint("1", 13 * H, 17 * H, ("A",)),
        Stint("2", 9 * H, 17 * H, ("A",), 1.3), Stint("3", 9 * H, 17 * H, ("A", "B")), Stint("4", 9 * H, 17 * H, ("B",)),
    ),
    busyness=25.0,
)  # fmt: skip


def records(
    model: HallModel, days: int, seed: int, first_day: int = MONDAY, *, worked_days_only: bool = False
) -> Visits:
    """Return the visits of simulated days, one after another (or the days from Monday to Friday of each week)."""
    crowd = draw(model, seed=seed, block=0, days=days)
    prepared = prepare(model)
    out = run(prepared, crowd)
    count = int(crowd.days.first[-1])
    number = np.searchsorted(crowd.days.first, np.arange(count), side="right") - 1
    if worked_days_only:
        number = number // 5 * 7 + number % 5
    counters = model.counters
    seat = np.array([counters.index(one.counter) for one in prepared.stints] + [-1])
    fate = out.fate[:count]
    outcome = np.select(
        [fate == Fate.SERVED, fate == Fate.ABANDONED, fate == Fate.ABSENT],
        [Outcome.SERVED, Outcome.ABANDONED, Outcome.NO_SHOW], Outcome.OPEN,
    )  # fmt: skip
    left = np.where(fate == Fate.ABANDONED, out.done_s[:count], math.nan)
    finished = np.where(fate == Fate.SERVED, out.done_s[:count], math.nan)
    queues = model.queues
    return visits_of(
        Names(tuple(one.code for one in model.needs), queues, counters, (), tuple(one.code for one in model.klasses)),
        day=first_day + number, issued_s=out.joined_s[:count], called_s=out.called_s[:count], started_s=out.called_s[:count],
        finished_s=finished, left_s=left, need=crowd.need[:count],
        queue=np.array([queues.index(one.queue) for one in model.needs])[crowd.need[:count]],
        counter=seat[out.stint[:count]], klass=crowd.legs.klass[:count], outcome=outcome,
    )  # fmt: skip


TWO_CLASSES = (Klass("normal", 0.9), Klass("care", 0.1, 0))
