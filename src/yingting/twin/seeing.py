"""What was seen when each customer took a number, beside how long it took: the material of a wait model.

States come from simulated days of a calibrated hall (`from_hall`), from the times of past visits (`from_times`), or as the
queue itself wrote them down with each ticket (then a `Sample` is made at once).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from yingting.twin.drawing import DAYS, Crowd, draw
from yingting.twin.engine.arrays import Fate, Flags, Records, Seconds, Small, Whole
from yingting.twin.engine.kernels import kernel
from yingting.twin.hall import HallModel
from yingting.twin.running import Prepared, prepare, run

SERVED = int(Fate.SERVED)


class Visits(NamedTuple):
    """Past waits and services, one entry each, sorted by (`day`, `joined_s`); times are seconds of the day.

    `called_s` is nan for who left; `done_s` is the end of the service or the moment of leaving. Within a queue the lower `tier`
    goes first, then the lower `rank_s`. `seat` is the counter, -1 for none. `work_s` is what the service was expected to take.
    `is_new`: it began when a customer came (not a transfer or a return).
    """

    day: Whole
    joined_s: Seconds
    called_s: Seconds
    done_s: Seconds
    queue: Small
    tier: Small
    rank_s: Seconds
    seat: Small
    work_s: Seconds
    is_new: Flags


class Sessions(NamedTuple):
    """When counters were open: `first[d]` to `first[d + 1]` are the sessions of the d-th day; `serves[k, q]` its queues."""

    first: Whole
    last: Whole
    seat: Small
    opens_s: Seconds
    closes_s: Seconds
    serves: Flags


@dataclass(frozen=True, slots=True)
class Sample:
    """States and waits, one entry for each customer who was called. `queue` is a place in `queues`.

    `day` counts days from any day on; a later day is a later number. `weight` is how much an entry counts. `last_s` is the wait
    of who was called last before (a baseline, not part of the state; nan where unknown).
    """

    queues: tuple[str, ...]
    queue: Small
    day: Whole
    at_s: Seconds
    ahead: Seconds
    work_s: Seconds
    counters: Seconds
    free: Seconds
    around: Seconds
    oldest_s: Seconds
    wait_s: Seconds
    weight: Seconds
    last_s: Seconds

    def __len__(self) -> int:
        """How many customers."""
        return len(self.wait_s)

    def part(self, keep: Flags | NDArray[np.integer]) -> Sample:
        """Return some of the entries: those that are marked, or those at the places."""
        return Sample(self.queues, *(getattr(self, name)[keep] for name in _ARRAYS))

    def counting(self, total: float) -> Sample:
        """Return the entries with weights that come to `total`: how many customers they are worth together."""
        whole = float(self.weight.sum())
        by = total / whole if whole else 1.0
        return Sample(self.queues, *(getattr(self, name) * (by if name == "weight" else 1) for name in _ARRAYS))

    def told(self) -> Sample:
        """Return the entries for which a range can be told: a counter is open for the queue."""
        return self.part(self.counters > 0)


_ARRAYS = tuple(name for name in Sample.__dataclass_fields__ if name != "queues")


def joined(samples: Sequence[Sample]) -> Sample:
    """Return samples of one hall as one; each keeps its queues by name, days are left as they are."""
    queues = tuple(dict.fromkeys(queue for one in samples for queue in one.queues))
    place = {queue: number for number, queue in enumerate(queues)}
    parts = {name: np.concatenate([getattr(one, name) for one in samples]) for name in _ARRAYS if name != "queue"}
    own = [np.array([place[queue] for queue in one.queues], np.int32)[one.queue] for one in samples]
    return Sample(queues=queues, queue=np.concatenate(own), **parts)


@kernel
def _look(day_first: Whole, visits: Visits, sessions: Sessions, reach: Flags, n_seats: int, seen: Seconds) -> None:
    """Fill `seen` (one row a visit: ahead, work, counters, free, around, oldest, last wait) by going through each day once."""
    here = np.empty(visits.joined_s.size, np.int64)
    is_busy = np.zeros(n_seats, np.bool_)
    for day in range(day_first.size - 1):
        count = 0
        for one in range(day_first[day], day_first[day + 1]):
            now, q = visits.joined_s[one], visits.queue[one]
            is_busy[:] = False
            kept, last_call, oldest = 0, -math.inf, now
            for place in range(count):
                other = here[place]
                if visits.done_s[other] <= now:
                    continue
                here[kept] = other
                kept += 1
                if visits.called_s[other] <= now:
                    if visits.seat[other] >= 0:
                        is_busy[visits.seat[other]] = True
                    continue
                if visits.queue[other] != q:
                    if reach[q, visits.queue[other]]:
                        seen[one, 4] += 1
                elif visits.tier[other] < visits.tier[one] or (
                    visits.tier[other] == visits.tier[one] and visits.rank_s[other] <= visits.rank_s[one]
                ):
                    seen[one, 0] += 1
                    seen[one, 1] += visits.work_s[other]
                    oldest = min(oldest, visits.joined_s[other])
            count = kept
            seen[one, 5] = now - oldest
            for session in range(sessions.first[day], sessions.last[day]):
                if sessions.opens_s[session] <= now < sessions.closes_s[session] and sessions.serves[session, q]:
                    seen[one, 2] += 1
                    if not is_busy[sessions.seat[session]]:
                        seen[one, 3] += 1
            for back in range(one - 1, day_first[day] - 1, -1):
                # Calls in other queues say little; of this queue's the latest, among the last few who came.
                if one - back > 200:
                    break
                if visits.queue[back] == q and last_call < visits.called_s[back] <= now:
                    last_call = visits.called_s[back]
                    seen[one, 6] = visits.called_s[back] - visits.joined_s[back]
            here[count] = one
            count += 1


def from_times(queues: tuple[str, ...], visits: Visits, sessions: Sessions) -> Sample:
    """Return the states at the times of `visits` and how long each new customer waited; who left is seen, but no entry.

    `sessions` has a first and last for each day that occurs in `visits`, in that order. Raises ValueError when visits are not
    sorted by day and time.
    """
    days, day_first = np.unique(visits.day, return_index=True)
    order = np.diff(visits.day) * 1e6 + np.diff(visits.joined_s)
    if (order < 0).any():
        raise ValueError("visits must be sorted by day and time")
    reach = np.asarray((sessions.serves[:, :, None] & sessions.serves[:, None, :]).any(axis=0))
    n_seats = int(max(visits.seat.max(initial=-1), sessions.seat.max(initial=-1))) + 1
    seen = np.zeros((len(visits.day), 7))
    seen[:, 6] = np.nan
    if len(sessions.first) != len(days):
        raise ValueError("as many days of sessions as of visits are needed")
    bounds = np.append(day_first, len(visits.day)).astype(np.int64)
    _look(bounds, visits, sessions, reach, max(1, n_seats), seen)
    keep = visits.is_new & ~np.isnan(visits.called_s)
    ahead, work, counters, free, around, oldest, last = seen[keep].T
    return Sample(
        queues, visits.queue[keep], visits.day[keep], visits.joined_s[keep], ahead, work, counters, free, around, oldest,
        np.maximum(0.0, visits.called_s[keep] - visits.joined_s[keep]), np.ones(int(keep.sum())), last,
    )  # fmt: skip


def from_hall(
    model: HallModel, *, days: int = 200, seed: int = 1, expected_s: Mapping[str, float] | None = None
) -> Sample:
    """Return states and waits of simulated days of a hall. Raises ModelError when the hall cannot be run.

    `expected_s` by need is what the hall's catalogue expects a service to take, where that is not the model's own mean: the
    queue adds up the catalogue's figures.
    """
    prepared = prepare(model)
    blocks = [
        _of_block(prepared, draw(model, seed=seed, block=block, days=min(DAYS, days - block * DAYS)), block, expected_s or {})
        for block in range(math.ceil(days / DAYS))
    ]  # fmt: skip
    return joined(blocks)


def _of_block(prepared: Prepared, crowd: Crowd, block: int, expected_s: Mapping[str, float]) -> Sample:
    model, records = prepared.model, run(prepared, crowd)
    day = np.searchsorted(crowd.days.first, crowd.visit, side="right") - 1
    began = np.flatnonzero(records.fate != int(Fate.NEVER))
    order = began[np.lexsort((began, records.joined_s[began], day[began]))]
    visits = _visits(prepared, crowd, records, day, order, expected_s)
    days = len(np.unique(visits.day))
    seats = prepared.seats
    count = len(seats.seat)
    sessions = Sessions(
        np.zeros(days, np.int64),
        np.full(days, count, np.int64),
        seats.seat,
        seats.opens_s,
        seats.closes_s,
        seats.serves,
    )
    sample = from_times(model.queues, visits._replace(is_new=visits.is_new & (records.fate[order] == SERVED)), sessions)
    return Sample(
        sample.queues, sample.queue, sample.day + block * DAYS, *(getattr(sample, name) for name in _ARRAYS[2:])
    )


def _visits(
    prepared: Prepared, crowd: Crowd, records: Records, day: Whole, order: Whole, expected_s: Mapping[str, float]
) -> Visits:
    model, classes, klass = prepared.model, prepared.classes, crowd.legs.klass[order]
    first = crowd.visit[order]
    work = np.array([expected_s.get(need.code, need.mean_s) for need in model.needs])
    stint = records.stint[order]
    seat = np.where(stint >= 0, prepared.seats.seat[np.maximum(stint, 0)], -1).astype(np.int32)
    return Visits(
        day[order].astype(np.int64), records.joined_s[order], records.called_s[order], records.done_s[order],
        crowd.legs.queue[order], classes.tier[klass], records.joined_s[first] - classes.head_start_s[klass], seat,
        work[crowd.need[order]], first == order,
    )  # fmt: skip
