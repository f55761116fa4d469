"""Draw the customers of a block of days: all that is random in the twin.

Days are drawn in blocks of `DAYS`; each block and purpose has a stream of its own, spawned from the seed. So a day can be
drawn again alone, blocks can be drawn in any order and on any machine, and two halls that differ in one thing share all
other draws (common random numbers): the same customer comes at the same minute with the same need, length and patience.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from yingting.twin.engine.arrays import Days, Enter, Flags, Legs, Seconds, Small, Whole
from yingting.twin.engine.numbers import arrivals
from yingting.twin.hall import HallModel, Need, Then
from yingting.twin.lengths import Lengths

DAYS = 50
_ROOM = 6.0  # so many spreads more customers than expected fit in; more come once in a thousand million blocks
_FEW = 8  # up to so many steps are compared one by one, which is quicker than looking them up
_MOST_LEGS = 4  # a visit may go on three times; what would follow then is cut off


class Purpose(IntEnum):
    """What a stream of random numbers is for. The numbers are part of every result: never give one to something else."""

    TIMES = 0
    NEEDS = 1
    SERVICE = 2
    PATIENCE = 3
    CLASS = 4
    PRESENCE = 5
    DIVERSION = 6
    VOLUME = 7
    APPOINTMENT = 8
    THEN = 9


@dataclass(frozen=True, slots=True)
class Crowd:
    """The customers of a block: the legs for the event loop, and what the statistics group by.

    `need` has one entry a leg, `slot` (of arrival; of the visit for later legs) too. `diverted[d]` counts who went elsewhere
    on day d, `busyness[d]` is the day's factor. `visit[j]` is the first leg of leg j.
    """

    legs: Legs
    days: Days
    need: Small
    slot: Small
    visit: Whole
    diverted: Whole
    busyness: Seconds


def stream(seed: int, block: int, purpose: Purpose) -> np.random.Generator:
    """Return the stream of a block for a purpose."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(block, purpose))))


def draw(model: HallModel, *, seed: int, block: int, days: int = DAYS) -> Crowd:
    """Return the customers of a block of days.

    >>> from yingting.twin.hall import Length, Need, Stint
    >>> hall = HallModel(0, 1800, ((30.0,),), (Need("a", "A", ((1, Length(60)),)),), (Stint("1", 0, 1800, ("A",)),))
    >>> one, same = draw(hall, seed=7, block=3), draw(hall, seed=7, block=3)
    >>> len(one.days.first), bool((one.legs.at_s == same.legs.at_s).all())
    (51, True)
    """
    return _Block(model, seed, block, days).drawn()


class _First(NamedTuple):
    """The first legs, while they are drawn."""

    at_s: Seconds
    slot: Small
    need: Small
    klass: Small
    work_s: Seconds
    patience_s: Seconds
    absent: Flags
    back: Flags


class _Row(NamedTuple):
    """Legs, before they are put together."""

    at_s: Seconds
    slot: Small
    need: Small
    klass: Small
    work_s: Seconds
    patience_s: Seconds
    absent: Flags
    follow: Whole
    gap_s: Seconds
    enter: Small
    visit: Whole


class _Block:
    """One block while it is drawn."""

    def __init__(self, model: HallModel, seed: int, block: int, days: int) -> None:
        self.model, self.seed, self.block, self.days = model, seed, block, days
        self.rates = np.asarray(model.rates, dtype=float)
        self.parts, self.patience = _lengths(model.needs)

    def stream(self, purpose: Purpose) -> np.random.Generator:
        return stream(self.seed, self.block, purpose)

    def drawn(self) -> Crowd:
        model, plan = self.model, self.model.appointments
        at, slot, starts, busyness = self.times()
        count = len(at)
        need, klass = self.needs(slot), self.classes(count)
        keep, diverted = self.who_stays(starts, need)
        absent, back = self.presence(need)
        first = _First(
            at, slot, need, klass, self.service(self.stream(Purpose.SERVICE), need, slot), self.lengths_of_patience(need, slot),
            absent, back,
        )  # fmt: skip
        if plan is not None:
            first, shows = self.appointed(first)
            keep &= shows
        if not keep.all() or plan is not None:
            order, day = np.flatnonzero(keep), np.repeat(np.arange(self.days), np.diff(starts))
            if plan is not None:
                order = order[np.lexsort((first.at_s[order], day[order]))]
            first = _First._make(one[order] for one in first)
            starts = np.searchsorted(day[order], np.arange(self.days + 1)).astype(np.int64)
        return self.crowd(first, Days(starts, model.ends_s), diverted, busyness)

    # ---------------------------------------------------------------------------------------------- who comes
    def times(self, more: float = 0.0) -> tuple[Seconds, Small, Whole, Seconds]:
        """When customers come, in order: seconds of the day, slot; each day's first customer, and the busyness of each day.

        `more` spreads fit in beyond those of `_ROOM`.
        """
        model, rng = self.model, self.stream(Purpose.TIMES)
        shape = model.busyness
        busyness = rng.gamma(shape, 1.0 / shape, self.days) if math.isfinite(shape) else np.ones(self.days)
        expected = (busyness[:, None] * (self.rates.sum(axis=1) * model.volume_at_most)).ravel()
        total = float(expected.sum())
        size = int(total + (_ROOM + more) * math.sqrt(total) + 20.0)
        at, slot, first = np.empty(size), np.empty(size, np.int32), np.empty(self.days + 1, np.int64)
        if not arrivals(rng, expected, len(self.rates), model.opens_s, model.slot_s, at, slot, first):
            return self.times(more + 6.0)
        return at[: first[-1]], slot[: first[-1]], first, busyness

    def needs(self, slot: Small) -> Small:
        """What each comes for, by the mix of the slot."""
        count = self.rates.shape[1]
        if count == 1:
            return np.zeros(len(slot), np.int32)
        shares = np.cumsum(self.rates, axis=1)
        shares /= np.where(shares[:, -1:] > 0, shares[:, -1:], 1.0)
        drawn = self.stream(Purpose.NEEDS).random(len(slot))
        if (shares == shares[0]).all():
            return _steps(shares[0], drawn)
        if count <= _FEW:
            place = np.zeros(len(slot), np.int32)
            for step in range(count - 1):
                place += drawn >= shares[:, step][slot]
            return place
        ladder = (np.arange(len(shares))[:, None] + shares).ravel()
        place = np.searchsorted(ladder, slot + drawn, side="right") - slot * np.int64(count)
        at_most: Small = np.minimum(place, count - 1).astype(np.int32)
        return at_most

    def classes(self, count: int) -> Small:
        shares = np.array([klass.share for klass in self.model.klasses])
        if np.count_nonzero(shares) == 1:
            return np.full(count, int(shares.argmax()), np.int32)
        return _steps(np.cumsum(shares), self.stream(Purpose.CLASS).random(count))

    def who_stays(self, starts: Whole, need: Small) -> tuple[Flags, Whole]:
        """Who is there at this volume and takes a number, and how many go elsewhere each day."""
        model, count = self.model, len(need)
        keep = np.ones(count, bool)
        if model.volume < model.volume_at_most:
            keep &= self.stream(Purpose.VOLUME).random(count) < model.volume / model.volume_at_most
        diverted = np.array([one.diverted for one in model.needs])
        if not diverted.any():
            return keep, np.zeros(self.days, np.int64)
        goes = keep & (self.stream(Purpose.DIVERSION).random(count) < diverted[need])
        summed = np.concatenate([[0], np.cumsum(goes)])
        return keep & ~goes, np.diff(summed[starts])

    def presence(self, need: Small) -> tuple[Flags, Flags]:
        """Who does not come when called, and who of them comes back."""
        shares = np.array([one.absent for one in self.model.needs])
        if not shares.any():
            return np.zeros(len(need), bool), np.zeros(len(need), bool)
        drawn = self.stream(Purpose.PRESENCE).random((2, len(need)))
        back = np.array([one.comes_back for one in self.model.needs])
        absent = drawn[0] < shares[need]
        return absent, absent & (drawn[1] < back[need])

    def appointed(self, first: _First) -> tuple[_First, Flags]:
        """Move the appointed customers to their times, evenly over the slots in which anybody comes; who shows up."""
        model, plan = self.model, self.model.appointments
        assert plan is not None
        planned = self.stream(Purpose.APPOINTMENT).random((4, len(first.at_s)))
        has = planned[0] < plan.share
        begins = np.arange(model.opens_s, model.closes_s - plan.slot_s / 2, plan.slot_s)
        rate = self.rates.sum(axis=1)[((begins - model.opens_s) // model.slot_s).astype(int)]
        open_at = begins[rate > 0]
        chosen = open_at[np.minimum((planned[1] * len(open_at)).astype(int), len(open_at) - 1)]
        # Lateness is logistic with the spread given: its inverse needs one number.
        odds = np.clip(planned[2], 1e-9, 1 - 1e-9)
        late = np.log(odds / (1 - odds)) * plan.spread_s * math.sqrt(3.0) / math.pi - plan.early_s
        moved = np.clip(chosen + late, model.opens_s, model.closes_s - 1.0)
        klass = [one.code for one in model.klasses].index(plan.klass)
        told = first._replace(
            at_s=np.where(has, moved, first.at_s),
            slot=np.where(has, ((moved - model.opens_s) // model.slot_s).astype(np.int32), first.slot),
            klass=np.where(has, np.int32(klass), first.klass),
        )
        return told, ~has | (planned[3] >= plan.no_show)

    # ---------------------------------------------------------------------------------------------- how long
    def service(self, rng: np.random.Generator, need: Small, slot: Small) -> Seconds:
        work = self.parts.drawn(rng, need)
        if self.model.service_by_slot:
            work *= np.asarray(self.model.service_by_slot)[slot, need]
        return work

    def lengths_of_patience(self, need: Small, slot: Small) -> Seconds:
        if not self.patience.count:
            return np.full(len(need), math.inf)
        patience = self.patience.drawn(self.stream(Purpose.PATIENCE), need)
        if self.model.patience_by_slot:
            patience *= np.asarray(self.model.patience_by_slot)[slot, need]
        return patience

    # ---------------------------------------------------------------------------------------------- legs
    def crowd(self, first: _First, days: Days, diverted: Whole, busyness: Seconds) -> Crowd:
        """Put first legs and those that follow into one set of arrays."""
        count = len(first.at_s)
        work = np.where(first.absent, self.model.absent_wait_s, first.work_s) if first.absent.any() else first.work_s
        row = _Row(
            first.at_s, first.slot, first.need, first.klass, work, first.patience_s, first.absent, np.empty(0, np.int64),
            np.empty(0), np.empty(0, np.int32), np.arange(count),
        )  # fmt: skip
        if any(one.then for one in self.model.needs) or first.back.any():
            row = self.with_later(row, first.back)
        queues = {queue: place for place, queue in enumerate(self.model.queues)}
        queue_of = np.array([queues[one.queue] for one in self.model.needs], np.int32)
        is_own = (queue_of == np.arange(len(queue_of))).all()
        legs = Legs(
            row.at_s, row.at_s, row.need if is_own else queue_of[row.need], row.klass, row.work_s, row.patience_s, row.absent,
            row.follow, row.gap_s, row.enter,
        )  # fmt: skip
        return Crowd(legs, days, row.need, row.slot, row.visit, diverted, busyness)

    def with_later(self, row: _Row, back: Flags) -> _Row:
        """Return first legs with all that follow them."""
        count = len(row.at_s)
        start, rng = count, self.stream(Purpose.THEN)
        rows = [
            row._replace(follow=np.full(count, -1, np.int64), gap_s=np.zeros(count), enter=np.zeros(count, np.int32))
        ]
        for _ in range(_MOST_LEGS - 1):
            more = self.later(rng, rows[-1], back, start)
            if not len(more.at_s):
                break
            rows.append(more)
            start += len(more.at_s)
            back = np.zeros(len(more.at_s), bool)
        return _Row._make(np.concatenate(parts) for parts in zip(*rows, strict=True))

    def later(self, rng: np.random.Generator, before: _Row, back: Flags, start: int) -> _Row:
        """Draw the legs that follow the legs `before`, and link them; the first of the new ones has the number `start`."""
        way = self.ways(rng, before)
        goes = np.flatnonzero((way >= 0) | back)
        way, need, slot, count = way[goes], before.need[goes], before.slot[goes], len(goes)
        ways = [one for kind in self.model.needs for one in kind.then] or [Then(0.0, self.model.needs[0].code)]
        codes = {kind.code: number for number, kind in enumerate(self.model.needs)}
        goes_on = way >= 0
        to = np.array([codes[one.need] for one in ways])
        returns = np.array([kind.back_s for kind in self.model.needs])
        before.follow[goes] = start + np.arange(count)
        before.gap_s[goes] = np.where(goes_on, np.array([one.gap_s for one in ways])[way], returns[need])
        need = np.where(goes_on, to[way], need).astype(np.int32)
        enter = np.where(goes_on, np.array([int(one.enter) for one in ways])[way], int(Enter.BACK))
        return _Row(
            before.at_s[goes], slot, need, before.klass[goes], self.service(rng, need, slot),
            self.patience.drawn(rng, need) if self.patience.count else np.full(count, math.inf),
            np.zeros(count, bool), np.full(count, -1, np.int64), np.zeros(count), enter.astype(np.int32), before.visit[goes],
        )  # fmt: skip

    def ways(self, rng: np.random.Generator, legs: _Row) -> Whole:
        """Draw which way of going on each leg takes, counted over all needs; -1: none."""
        way = np.full(len(legs.at_s), -1)
        drawn = rng.random(len(legs.at_s))
        place = 0
        for number, kind in enumerate(self.model.needs):
            mine = (legs.need == number) & ~legs.absent
            summed = 0.0
            for one in kind.then:
                way[mine & (drawn >= summed) & (drawn < summed + one.share)] = place
                summed += one.share
                place += 1
        return way


@lru_cache(maxsize=64)
def _lengths(needs: tuple[Need, ...]) -> tuple[Lengths, Lengths]:
    """Return how long the needs take and how long people are willing to wait."""
    patience = [((1.0, need.patience),) if need.patience else () for need in needs]
    return Lengths([need.service for need in needs]), Lengths(patience)


def _steps(ladder: NDArray[np.float64], drawn: NDArray[np.float64]) -> Small:
    """Return on which step of a ladder of summed shares each number stands."""
    if len(ladder) <= _FEW:
        place = np.zeros(len(drawn), np.int32)
        for step in ladder[:-1]:
            place += drawn >= step
        return place
    return np.minimum(np.searchsorted(ladder, drawn, side="right"), len(ladder) - 1).astype(np.int32)
