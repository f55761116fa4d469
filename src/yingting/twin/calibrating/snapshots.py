"""Snapshots instead of tickets: every few minutes, per queue, who waits, how many counters are open, which number is served.

Numbers called and people waiting give the numbers issued; first come, first served within a queue gives each ticket its
times, as exact as the snapshots are close. Queues whose counters always open and close together are one pool of counters.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np

from yingting.twin.calibrating.days import DayFacts
from yingting.twin.calibrating.reasons import Demands, Fault
from yingting.twin.calibrating.visits import Flags, Floats, Ints, Leaving, Names, Outcome, Visits, visits_of
from yingting.twin.hall import Stint

_FIRST_CALLS = 8  # so many may come and be called between two looks
_SAME = 0.9  # so large a share of the snapshots must agree for two queues to have the same counters


@dataclass(frozen=True, slots=True)
class Snapshots:
    """Snapshot rows as columns of one length: `day` (ordinal), `at_s` (seconds of the day), `queue` (counts into `queues`),

    `waiting` people, `counters` open, `number` now served (nan: none yet), `service_min` as the system states it (nan: not).
    """

    queues: tuple[str, ...]
    day: Ints
    at_s: Floats
    queue: Ints
    waiting: Floats
    counters: Floats
    number: Floats
    service_min: Floats | None = None

    def __len__(self) -> int:
        return len(self.day)

    def only(self, keep: Flags | Ints) -> Snapshots:
        """Return the rows that are chosen."""
        stated = None if self.service_min is None else self.service_min[keep]
        return Snapshots(
            self.queues, self.day[keep], self.at_s[keep], self.queue[keep], self.waiting[keep], self.counters[keep],
            self.number[keep], stated,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What snapshots come to: tickets, the days' facts with the counters as they were, pools of queues, times of snapshots.

    `stretches` has a row for each step between snapshots at both of which somebody waited in a pool: the pool, counter seconds,
    numbers called, seconds that the first in line had waited. `faults` are the rows that were left out. `clocks` are the
    seconds of the day at which each day was seen.
    """

    visits: Visits
    facts: dict[int, DayFacts]
    pools: tuple[tuple[str, ...], ...]
    stretches: Floats
    clocks: dict[int, Floats]
    faults: tuple[Fault, ...]

    @property
    def exposure_s(self) -> Floats:
        """Counter seconds while somebody waited, by pool."""
        return _summed(self.stretches, 1, len(self.pools))

    @property
    def calls(self) -> Floats:
        """Numbers called while somebody waited, by pool."""
        return _summed(self.stretches, 2, len(self.pools))


def _summed(stretches: Floats, column: int, pools: int) -> Floats:
    found: Floats = np.bincount(stretches[:, 0].astype(int), stretches[:, column], minlength=pools).astype(float)
    return found


def usable_rows(rows: Snapshots, demands: Demands) -> tuple[Snapshots, tuple[Fault, ...]]:
    """Return the rows that can be used, in order of day, queue and time, and a fault for every other row."""
    reason = np.full(len(rows), "", dtype="U24")

    def put(bad: Flags, code: str) -> None:
        reason[bad & (reason == "")] = code

    put(~(np.isfinite(rows.at_s) & np.isfinite(rows.waiting) & np.isfinite(rows.counters)), "row_not_a_number")
    put(
        (rows.day < max(demands.first_day, 1)) | ((rows.day > demands.last_day) & (demands.last_day > 0)),
        "row_day_impossible",
    )
    with np.errstate(invalid="ignore"):
        put((rows.at_s < 0) | (rows.at_s >= 86400), "row_outside_the_day")
        put((rows.waiting < 0) | (rows.counters < 0) | (rows.number < 0), "row_negative")
    put((rows.queue < 0) | (rows.queue >= len(rows.queues)), "row_unknown_name")
    order = np.lexsort((np.arange(len(rows)), rows.at_s, rows.queue, rows.day))
    order = order[reason[order] == ""]
    same = (np.diff(rows.day[order]) == 0) & (np.diff(rows.queue[order]) == 0)
    reason[order[1:][same & (np.diff(rows.at_s[order]) == 0)]] = "row_twice"
    order = order[reason[order] == ""]
    key = rows.day[order] * len(rows.queues) + rows.queue[order]
    for group in np.split(order, np.flatnonzero(np.diff(key)) + 1):
        reason[group[_falls(rows.number[group])]] = "row_number_falls"
    bad = np.flatnonzero(reason != "")
    return rows.only(order[reason[order] == ""]), tuple(Fault(int(row), str(reason[row])) for row in bad)


def _falls(numbers: Floats) -> Flags:
    """Which numbers lie below one that came before them."""
    highest = np.maximum.accumulate(np.nan_to_num(numbers, nan=-1.0))
    falls: Flags = np.nan_to_num(numbers, nan=math.inf) < highest
    return falls


def rebuild(rows: Snapshots, demands: Demands, of_pools: tuple[tuple[str, ...], ...] = ()) -> Rebuilt:
    """Return tickets and counters from snapshots; pools as given, else as they show.

    A queue's day with a gap while numbers moved, or with numbers that fall again and again, gives no tickets.
    """
    good, faults = usable_rows(rows, demands)
    pool_names = of_pools or counter_pools(good)
    parts: list[tuple[int, int, Floats, Floats]] = []
    clocks = {int(day): np.unique(good.at_s[good.day == day]) for day in np.unique(good.day)}
    falls: dict[tuple[int, int], int] = defaultdict(int)
    for fault in faults:
        if fault.code == "row_number_falls":
            falls[int(rows.day[fault.row]), int(rows.queue[fault.row])] += 1
    key = good.day * len(good.queues) + good.queue
    for group in np.split(np.arange(len(good)), np.flatnonzero(np.diff(key)) + 1) if len(good) else []:
        day, queue = int(good.day[group[0]]), int(good.queue[group[0]])
        if falls[day, queue] > 0.05 * len(group):
            continue
        tickets = tickets_of(good.at_s[group], good.waiting[group], good.number[group], demands.gap_s)
        if tickets is not None and len(tickets[0]):
            parts.append((day, queue, *tickets))
    facts = {day: _facts(good, day, pool_names) for day in clocks}
    worked = {day: one for day, one in facts.items() if one.stints}
    visits = _visits(good, [part for part in parts if part[0] in worked])
    return Rebuilt(visits, worked, pool_names, _saturated(good, pool_names, visits), clocks, faults)


def tickets_of(at_s: Floats, waiting: Floats, number: Floats, gap_s: float) -> tuple[Floats, Floats] | None:
    """Return when each ticket of a queue's day was seen issued and seen called (nan: never); None after a gap in the record.

    Times are those of the snapshots in which a number first shows. Before the first number the waiting are the issued.

    >>> tickets_of(np.array([0., 300, 600]), np.array([1., 1, 0]), np.array([math.nan, 1, 2]), 1800.0)
    (array([  0., 300.]), array([300., 600.]))
    """
    seen = np.isfinite(number)
    if not seen.any():
        return np.zeros(0), np.zeros(0)
    first = int(np.argmax(seen))
    moving = slice(first, int(np.flatnonzero(seen).max()) + 1)
    if (np.diff(at_s[moving]) > gap_s).any():
        return None
    # A small first number counts from 1. A large one (queues that begin at 500, a record that begins at noon) was called just
    # now, with as many before it as had been waiting and are not any more.
    gone = max(1.0, waiting[first - 1] - waiting[first]) if first else 1.0
    is_small = first > 0 and number[first] <= waiting[first - 1] + _FIRST_CALLS
    base = 0.0 if is_small else max(0.0, number[first] - gone)
    called = np.maximum(0.0, np.nan_to_num(number, nan=base) - base)
    issued = np.maximum.accumulate(called + waiting)
    called = np.maximum.accumulate(called)
    tickets = np.arange(1, int(issued[-1]) + 1)
    issued_s = at_s[np.searchsorted(issued, tickets)]
    place = np.searchsorted(called, tickets)
    called_s = np.where(place < len(at_s), at_s[np.minimum(place, len(at_s) - 1)], math.nan)
    return issued_s, called_s


def _visits(rows: Snapshots, parts: list[tuple[int, int, Floats, Floats]]) -> Visits:
    names = Names(rows.queues, rows.queues)
    count = [len(part[2]) for part in parts]
    joined = [np.concatenate([part[place] for part in parts]) if parts else np.zeros(0) for place in (2, 3)]
    steps = np.diff(np.unique(rows.at_s[rows.day == rows.day[0]])) if len(rows) else np.array([300.0])
    called = joined[1]
    return visits_of(
        names,
        day=np.repeat([part[0] for part in parts], count), need=np.repeat([part[1] for part in parts], count),
        issued_s=joined[0], called_s=called, outcome=np.where(np.isnan(called), Outcome.OPEN, Outcome.SERVED),
        leaving=Leaving.UNSEEN, clock_s=float(np.median(steps)) if len(steps) else 300.0,
    )  # fmt: skip


def counter_pools(rows: Snapshots) -> tuple[tuple[str, ...], ...]:
    """Return the queues that have the same counters: those whose open counters agree in nine snapshots of ten."""
    moments, at = np.unique(np.column_stack([rows.day, rows.at_s]), axis=0, return_inverse=True)
    table = np.full((len(moments), len(rows.queues)), -1.0)
    table[at.ravel(), rows.queue] = rows.counters
    some = (table > 0).any(axis=1)
    table = table[some]
    left = [queue for queue in range(len(rows.queues)) if (table[:, queue] > 0).any()]
    found: list[tuple[str, ...]] = []
    while left:
        first = left[0]
        same = [
            other for other in left
            if (both := (table[:, first] > 0) | (table[:, other] > 0)).any()
            and (np.abs(table[both, first] - table[both, other]) < 0.5).mean() >= _SAME
        ]  # fmt: skip
        same = same or [first]
        found.append(tuple(rows.queues[queue] for queue in same))
        left = [queue for queue in left if queue not in same]
    return tuple(found)


def _facts(rows: Snapshots, day: int, pool_names: tuple[tuple[str, ...], ...]) -> DayFacts:
    """The day's hours and its counters, each pool's numbered: the k-th is open while k are open."""
    today = rows.only(rows.day == day)
    number = {queue: place for place, queue in enumerate(rows.queues)}
    stints: list[Stint] = []
    for place, pool in enumerate(pool_names):
        here = today.only(np.isin(today.queue, [number[queue] for queue in pool]))
        times, at = np.unique(here.at_s, return_inverse=True)
        most = np.zeros(len(times))
        np.maximum.at(most, at, here.counters)
        stints += _steps(f"p{place + 1}", times, most, pool)
    if not stints:
        return DayFacts(day, stints=())
    return DayFacts(
        day, opens_s=min(one.opens_s for one in stints) // 1800 * 1800, closes_s=max(one.closes_s for one in stints),
        stints=tuple(stints),
    )  # fmt: skip


def _steps(name: str, times: Floats, most: Floats, pool: tuple[str, ...]) -> list[Stint]:
    found: list[Stint] = []
    if len(times) < 2:
        return found
    ends = np.append(times[1:], times[-1] + float(np.median(np.diff(times))))
    for seat in range(1, int(most.max()) + 1):
        steps = np.diff(np.concatenate([[0], (most >= seat).astype(int), [0]]))
        for first, last in zip(np.flatnonzero(steps == 1), np.flatnonzero(steps == -1), strict=True):
            found.append(Stint(f"{name}.{seat}", float(times[first]), float(ends[last - 1]), pool))
    return found


def _saturated(rows: Snapshots, pool_names: tuple[tuple[str, ...], ...], visits: Visits) -> Floats:
    """The stretches between snapshots at both of which somebody waited: columns as in `Rebuilt.stretches`."""
    number = {queue: place for place, queue in enumerate(rows.queues)}
    found = []
    for place, pool in enumerate(pool_names):
        members = [number[queue] for queue in pool]
        here = rows.only(np.isin(rows.queue, members))
        mine = visits.only(np.isin(visits.queue, members))
        for day in np.unique(mine.day):
            today, tickets = here.only(here.day == day), mine.only(mine.day == day)
            times, at = np.unique(today.at_s, return_inverse=True)
            waiting, most = np.bincount(at, today.waiting), np.zeros(len(times))
            np.maximum.at(most, at, today.counters)
            full = np.flatnonzero((waiting[:-1] > 0) & (waiting[1:] > 0) & (most[:-1] > 0))
            calls = np.sort(tickets.called_s[np.isfinite(tickets.called_s)])
            counted = np.searchsorted(calls, times[1:], "right") - np.searchsorted(calls, times[:-1], "right")
            oldest = _oldest(tickets, times)
            found.append(
                np.column_stack(
                    [np.full(len(full), place), (np.diff(times) * most[:-1])[full], counted[full], oldest[full]]
                )
            )
    return np.concatenate(found) if found else np.zeros((0, 4))


def _oldest(tickets: Visits, times: Floats) -> Floats:
    """How long the first who is not called yet has waited, at each of the times (0: nobody waits)."""
    order = np.argsort(tickets.issued_s, kind="stable")
    issued, called = tickets.issued_s[order], np.nan_to_num(tickets.called_s[order], nan=math.inf)
    still = (issued[None, :] <= times[:, None]) & (called[None, :] > times[:, None])
    return np.where(still.any(axis=1), times - issued[still.argmax(axis=1)], 0.0)


def planned(rebuilt: Rebuilt, facts: DayFacts) -> DayFacts:
    """Return the facts with the counters that were seen that day, within the hours of the facts where they have any.

    What was open after closing was there because people still waited: a plan does not know that. Raises KeyError for a day
    that was not seen.
    """
    seen = rebuilt.facts[facts.day]
    opens_s = seen.opens_s if facts.opens_s is None else facts.opens_s
    closes_s = seen.closes_s if facts.closes_s is None else facts.closes_s
    end = math.inf if facts.closes_s is None else facts.closes_s
    cut = tuple(replace(one, closes_s=min(one.closes_s, end)) for one in seen.stints or () if one.opens_s < end)
    return replace(facts, opens_s=opens_s, closes_s=closes_s, stints=cut)
