"""The same hall in plain Python: a calendar of events, lists of who waits, one decision at a time.

Written apart from `loop` and without its tricks (losing patience is an event here), so that the two check each other: the same
legs must give the same records. Who is called may be decided from outside, which is how the twin is held beside the hall's own
calling rules.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from yingting.twin.engine.arrays import Classes, Days, Enter, Fate, Legs, Records, Seats, blank_records


@dataclass(slots=True)
class Waiting:
    """A leg that waits: its visit, line, place and how often the visit was transferred."""

    leg: int
    visit: int
    queue: int
    klass: int
    tier: int
    rank_s: float
    came_s: float
    joined_s: float
    is_moved: bool


Choose = Callable[[float, int, Sequence[Waiting], frozenset[int]], Waiting | None]
"""(now, stint, everybody who waits in the hall, the stint's queues) -> whom the stint calls."""


def shipped_order(now: float, stint: int, waiting: Sequence[Waiting], queues: frozenset[int]) -> Waiting | None:  # noqa: ARG001  # other orders need them
    """Care lane first, then the longest wait with the head starts of the classes."""
    mine = [one for one in waiting if one.queue in queues]
    return min(mine, key=lambda one: (one.tier, one.rank_s, one.visit), default=None)


@dataclass(slots=True)
class _Seat:
    stint: int = -1
    leg: int = -1
    is_busy: bool = False


@dataclass(slots=True)
class _Visit:
    first: int
    first_joined_s: float
    is_moved: bool = False


@dataclass(slots=True)
class _Day:
    legs: Legs
    seats: Seats
    classes: Classes
    out: Records
    choose: Choose
    order: dict[str, int] = field(default_factory=lambda: {"gone": 0, "done": 1, "later": 2, "opens": 3, "comes": 4})
    over_s: float = -math.inf
    events: list[tuple[float, int, int, str]] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    free: list[int] = field(default_factory=list)
    desks: list[_Seat] = field(default_factory=list)
    visits: dict[int, _Visit] = field(default_factory=dict)

    def plan(self, at: float, what: str, which: int) -> None:
        heapq.heappush(self.events, (at, self.order[what], which, what))

    def run(self) -> None:
        while any(what != "gone" for *_, what in self.events):
            now, _, which, what = heapq.heappop(self.events)
            self.over_s = now if what != "gone" else self.over_s
            if what == "gone":
                self.gone(now, which)
            elif what == "done":
                self.done(now, which)
            elif what == "opens":
                self.opens(now, which)
            else:
                self.joins(now, which)

    def gone(self, now: float, leg: int) -> None:
        for one in self.waiting:
            if one.leg == leg:
                self.waiting.remove(one)
                self.out.done_s[leg], self.out.fate[leg] = now, Fate.ABANDONED
                return

    def opens(self, now: float, stint: int) -> None:
        seat = int(self.seats.seat[stint])
        self.desks[seat].stint = stint
        if not self.desks[seat].is_busy:
            self.look(now, seat)

    def done(self, now: float, seat: int) -> None:
        desk = self.desks[seat]
        leg, desk.leg, desk.is_busy = desk.leg, -1, False
        if leg >= 0:
            self.out.done_s[leg] = now
            self.out.fate[leg] = Fate.ABSENT if self.legs.is_absent[leg] else Fate.SERVED
            after = self.legs.after(leg)
            if after >= 0:
                self.visits[after] = self.visits[leg]
                if self.legs.gap_s[leg] > 0:
                    self.plan(now + float(self.legs.gap_s[leg]), "later", after)
                else:
                    self.joins(now, after)
        self.look(now, seat)

    def joins(self, now: float, leg: int) -> None:
        legs, klass, queue = self.legs, int(self.legs.klass[leg]), int(self.legs.queue[leg])
        tier, head_start = int(self.classes.tier[klass]), float(self.classes.head_start_s[klass])
        is_first = leg not in self.visits
        since = float(legs.since_s[leg]) if is_first else now
        self.out.joined_s[leg] = since
        enters = Enter.NEW if is_first else Enter(int(legs.enter[leg]))
        if enters is Enter.NEW:
            self.visits[leg] = _Visit(leg, since)
        visit = self.visits[leg]
        line = [one.rank_s for one in self.waiting if one.queue == queue and one.tier == tier]
        if enters is Enter.LAST:
            rank = max(now, max(line) + 1e-6) if line else now
        elif enters is Enter.FIRST:
            rank = min(now, min(line) - 1e-6) if line else now
        else:
            rank = visit.first_joined_s - head_start
        visit.is_moved |= enters in (Enter.LAST, Enter.FIRST, Enter.AGE)
        one = Waiting(leg, visit.first, queue, klass, tier, rank, visit.first_joined_s, since, visit.is_moved)

        for seat in list(self.free):
            stint = self.desks[seat].stint
            if self.seats.closes_s[stint] <= now:
                self.free.remove(seat)
            elif self.seats.serves[stint, queue]:
                self.free.remove(seat)
                self.call(now, seat, one)
                return
        self.waiting.append(one)
        if math.isfinite(legs.patience_s[leg]):
            self.plan(since + float(legs.patience_s[leg]), "gone", leg)

    def look(self, now: float, seat: int) -> None:
        desk = self.desks[seat]
        if desk.stint < 0 or seat in self.free:
            return
        is_over = bool(self.seats.closes_s[desk.stint] <= now)
        if not is_over or self.seats.drains[desk.stint]:
            queues = frozenset(q for q, serves in enumerate(self.seats.serves[desk.stint]) if serves)
            one = self.choose(now, desk.stint, self.waiting, queues)
            if one is not None:
                self.waiting.remove(one)
                self.call(now, seat, one)
                return
        if not is_over:
            self.free.append(seat)
            if self.seats.in_order:
                self.free.sort()

    def call(self, now: float, seat: int, one: Waiting) -> None:
        desk = self.desks[seat]
        desk.leg, desk.is_busy = one.leg, True
        self.out.called_s[one.leg], self.out.stint[one.leg] = now, desk.stint
        self.plan(now + float(self.legs.work_s[one.leg]) * float(self.seats.pace[desk.stint]), "done", seat)


def run_days(
    legs: Legs, days: Days, seats: Seats, classes: Classes, choose: Callable[[], Choose] = lambda: shipped_order
) -> Records:
    """Run every day of the block; `choose` makes the decision of a day, with a fresh memory."""
    out = blank_records(len(legs.at_s))
    for first, end in zip(days.first[:-1], days.first[1:], strict=True):
        day = _Day(legs, seats, classes, out, choose(), desks=[_Seat() for _ in range(seats.seats)])
        for seat, until in enumerate(seats.busy_until_s):
            if until > -math.inf:
                day.desks[seat].is_busy = True
                day.plan(float(until), "done", seat)
        for stint, opens in enumerate(seats.opens_s):
            day.plan(float(opens), "opens", stint)
        for leg in range(int(first), int(end)):
            day.plan(float(legs.at_s[leg]), "comes", leg)
        day.run()
        for one in day.waiting:
            gone = one.joined_s + float(legs.patience_s[one.leg])
            over = max(days.ends_s, day.over_s)
            out.done_s[one.leg] = min(gone, over)
            out.fate[one.leg] = Fate.ABANDONED if gone <= over else Fate.UNSERVED
    return out
