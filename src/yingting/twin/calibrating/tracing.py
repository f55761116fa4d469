"""Run days with the customers who really came, through the counters that were really there: what is left to the model is
how long services take and who loses patience.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from yingting.twin.calibrating.visits import Floats, Ints, Leaving, Outcome, Visits
from yingting.twin.engine.arrays import Days, Fate, Legs, blank_records
from yingting.twin.engine.loop import run_days
from yingting.twin.hall import HallModel, Klass, Law, Length, Need, Stint
from yingting.twin.running import Prepared, prepare


@dataclass(frozen=True, slots=True)
class Traced:
    """A day that was run `copies` times: `row` is the visit's row of each leg, `copy` its copy; waits are seconds as the

    hall's clock would show them, `fate` a `Fate`.
    """

    row: Ints
    copy: Ints
    waited_s: Floats
    fate: Ints


def seen_wait_s(joined_s: Floats, over_s: Floats, clock: Floats | None) -> Floats:
    """Return waits as a hall shows them that is looked at only at the times of `clock` (None: always).

    >>> seen_wait_s(np.array([10.0]), np.array([290.0]), np.array([0.0, 300.0, 600.0]))
    array([0.])
    """
    if clock is None or not len(clock):
        return over_s - joined_s
    return _seen(over_s, clock) - _seen(joined_s, clock)


def _seen(at_s: Floats, clock: Floats) -> Floats:
    place = np.searchsorted(clock, at_s)
    return np.where(place < len(clock), clock[np.minimum(place, len(clock) - 1)], at_s)


def passed_s(joined_s: Floats, called_s: Floats, left_s: Floats, queue: Ints, group: Ints) -> Floats:
    """Return when each number was called or, for who had gone by then, passed: when the next one of its queue was called.

    A number that nobody after it follows is passed when its holder goes (`left_s`). Of one `group` (day) and queue at a time.
    """
    order = np.lexsort((joined_s, queue, group))
    segment = np.concatenate([[0], np.cumsum((np.diff(queue[order]) != 0) | (np.diff(group[order]) != 0))]) * 1e7
    values = np.where(np.isnan(called_s[order]), 1e12, called_s[order] + segment)
    nexts = np.minimum.accumulate(values[::-1])[::-1] - segment
    found = np.empty(len(joined_s))
    found[order] = np.where(nexts < 1e6, nexts, np.nan)
    return np.where(np.isnan(called_s), np.where(np.isnan(left_s), math.nan, np.fmax(found, left_s)), called_s)


def trace(
    visits: Visits, rows: Ints, needs: Sequence[Need], stints: tuple[Stint, ...], klasses: tuple[Klass, ...], *,
    seed: int, copies: int, clock: Floats | None = None,
) -> Traced:  # fmt: skip
    """Run one day's visits (`rows` of `visits`, in order of issue) through the counters, `copies` times.

    Visits whose queue no counter serves are left out. The same seed gives the same normal scores to the same visit, so that
    two sets of lengths can be compared.
    """
    served = {queue for stint in stints for queue in stint.queues}
    queue_names = tuple(sorted({need.queue for need in needs if need.queue in served} | served))
    position = np.array([queue_names.index(need.queue) if need.queue in queue_names else -1 for need in needs])
    rows = rows[position[visits.need[rows]] >= 0]
    count = len(rows)
    at_s = visits.issued_s[rows]
    rng = np.random.default_rng(np.random.SeedSequence(seed))
    need = visits.need[rows]
    at, order = _times(at_s, clock, visits.clock_s, copies, rng)
    draws = rng.standard_normal((2, copies, count)), rng.random((3, copies, count))
    work = lengths([one.service for one in needs], need, draws[0][0], draws[1][0])
    patience = lengths(
        [((1.0, one.patience),) if one.patience else () for one in needs], need, draws[0][1], draws[1][1]
    )
    absent = draws[1][2] < np.array([one.absent for one in needs])[need]
    if (visits.outcome[rows] == Outcome.NO_SHOW).any():
        absent = np.broadcast_to(visits.outcome[rows] == Outcome.NO_SHOW, (copies, count))
    model = _bare(needs, stints, klasses, queue_names)
    place = np.take_along_axis(np.broadcast_to(np.arange(count), (copies, count)), order, axis=1).ravel()
    turned = [np.take_along_axis(one, order, axis=1).ravel() for one in (at, work, patience, absent)]
    total = count * copies
    legs = Legs(
        turned[0], turned[0], position[need][place].astype(np.int32), visits.klass[rows][place].astype(np.int32),
        np.where(turned[3], model.absent_wait_s, turned[1]), turned[2], turned[3].astype(bool),
        np.full(total, -1, np.int64), np.zeros(total), np.zeros(total, np.int32),
    )  # fmt: skip
    copy = np.repeat(np.arange(copies), count)
    over, joined, fate = _ran(legs, prepare(model), copy, copies, is_seen=visits.leaving is not Leaving.UNSEEN)
    if clock is not None and len(clock):
        # The issue is known as it was seen; only the call has to be put on the clock.
        over, joined = _seen(over, clock), at_s[place]
    return Traced(rows[place], copy, over - joined, fate)


def _ran(legs: Legs, prepared: Prepared, copy: Ints, copies: int, *, is_seen: bool) -> tuple[Floats, Floats, Ints]:
    """When each leg's wait was over (called, or left; passed where leaving is not seen), when it began, and its fate."""
    out = blank_records(len(copy))
    first = np.searchsorted(copy, np.arange(copies + 1))
    run_days(legs, Days(first.astype(np.int64), math.inf), prepared.seats, prepared.classes, prepared.books, out)
    left = np.where(out.fate == Fate.ABANDONED, out.done_s, math.nan)
    if is_seen:
        over = np.where(np.isnan(left), out.called_s, left)
    else:
        over = passed_s(out.joined_s, out.called_s, left, legs.queue.astype(np.int64), copy)
    return over, out.joined_s, out.fate.astype(np.int64)


def _times(
    at_s: Floats, clock: Floats | None, clock_s: float, copies: int, rng: np.random.Generator
) -> tuple[Floats, Ints]:
    """When each copy of each visit came, and its order: within the step of a coarse clock anywhere."""
    at = np.repeat(at_s[None, :], copies, axis=0)
    if clock is not None and len(clock):
        place = np.searchsorted(clock, at_s)
        before = np.where(place > 0, clock[np.maximum(place - 1, 0)], at_s - clock_s)
        at = at - rng.random(at.shape) * np.maximum(at_s - before, 0.0)
    order = np.argsort(at, axis=1, kind="stable")
    return at, order


def lengths(mixtures: Sequence[Sequence[tuple[float, Length]]], need: Ints, score: Floats, part: Floats) -> Floats:
    """Return a length [copy, visit] for each visit's need from normal scores and uniform numbers; without a law: infinite."""
    out = np.full(score.shape, math.inf)
    for number, mixture in enumerate(mixtures):
        mine = np.flatnonzero(need == number)
        if not len(mine) or not mixture:
            continue
        ladder = np.cumsum([weight for weight, _ in mixture])
        step = (part[:, mine, None] >= ladder[:-1] / ladder[-1]).sum(axis=2)
        out[:, mine] = _laid([length for _, length in mixture], step, score[:, mine])
    return out


def _laid(parts: Sequence[Length], step: Ints, score: Floats) -> Floats:
    total = np.zeros(score.shape)
    for number, length in enumerate(parts):
        if length.law is Law.EXPONENTIAL:
            # The score's own tail, so that the same customer stays patient under every law.
            drawn = -length.mean_s * np.log(np.maximum(_tail(score), 1e-300))
        else:
            spread = math.log1p(length.cv**2)
            drawn = length.mean_s * np.exp(math.sqrt(spread) * score - spread / 2)
        total = np.where(step == number, drawn, total)
    return total


def _tail(score: Floats) -> Floats:
    tail: Floats = ndtr(-score)
    return tail


def _bare(
    needs: Sequence[Need], stints: tuple[Stint, ...], klasses: tuple[Klass, ...], queues: tuple[str, ...]
) -> HallModel:
    """A hall that nobody comes to by itself: only its counters and rules are used."""
    kept = tuple(need for need in needs if need.queue in queues)
    return HallModel(0.0, 1800.0, ((0.0,) * len(kept),), kept, stints, klasses)
