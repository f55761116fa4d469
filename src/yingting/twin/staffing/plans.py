"""Plans of counters by kind and half hour: what may be planned, which shapes are allowed, and where a search begins.

A plan is an array [kind, slot] of open counters. Counters of a kind are stacked: the second is open where two or more are.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from yingting.twin.hall import HallModel, Need, Stint
from yingting.twin.theory import load_at, servers_for

Plan = NDArray[np.int64]
_LACKING = 1e3  # what a counter too few costs beside a counter


@dataclass(frozen=True, slots=True)
class CounterKind:
    """A kind of counter: what it serves, how many there are at most and at least, what an hour of one costs beside others."""

    code: str
    queues: tuple[str, ...]
    at_most: int
    at_least: int = 0
    pace: float = 1.0
    cost: float = 1.0


@dataclass(frozen=True, slots=True)
class Goal:
    """In every slot this share of its customers is served after at most `limit_s`; of one queue, or of all (None).

    Who leaves before is counted as not served within the limit.
    """

    share: float = 0.9
    limit_s: float = 600.0
    queue: str | None = None


def stints(plan: Plan, kinds: Sequence[CounterKind], model: HallModel) -> tuple[Stint, ...]:
    """Return the plan as stretches in which counters are open; who has a number at closing is still served."""
    out = []
    for row, kind in zip(plan, kinds, strict=True):
        for number in range(int(row.max(initial=0))):
            for begin, end in runs(row > number):
                opens, closes = model.opens_s + begin * model.slot_s, model.opens_s + end * model.slot_s
                drains = end == len(row)
                out.append(Stint(f"{kind.code} {number + 1}", opens, closes, kind.queues, kind.pace, drains))
    return tuple(out)


def runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return where flags are set, as stretches [begin, end).

    >>> runs(np.array([True, True, False, True]))
    [(0, 2), (3, 4)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return [(int(begin), int(end)) for begin, end in zip(edges[::2], edges[1::2], strict=True)]


def is_steady(row: NDArray[np.int64], stretch: int) -> bool:
    """Say whether no counter of a kind opens for less than `stretch` slots.

    >>> is_steady(np.array([1, 2, 2, 1]), 2), is_steady(np.array([1, 2, 1, 1]), 2)
    (True, False)
    """
    top = int(row.max(initial=0))
    return all(end - begin >= stretch for level in range(top) for begin, end in runs(row > level))


def steadied(row: NDArray[np.int64], stretch: int) -> NDArray[np.int64]:
    """Return the row with openings that are too short made longer, later first; never fewer counters anywhere.

    >>> steadied(np.array([0, 0, 2, 0, 0, 1]), 3).tolist()
    [0, 0, 2, 2, 2, 1]
    """
    out = row.copy()
    stretch = min(stretch, len(row))
    for level in range(int(row.max(initial=0)) - 1, -1, -1):
        for begin, end in runs(out > level):
            if end - begin < stretch:
                until = min(len(row), begin + stretch)
                part = out[until - stretch : until]
                np.maximum(part, level + 1, out=part)
    return out


def changed(plan: Plan, kind: int, begin: int, end: int, by: int) -> Plan:
    """Return the plan with `by` more counters of a kind from one slot to another."""
    out = plan.copy()
    out[kind, begin:end] += by
    return out


def windows(
    plan: Plan, kind: int, around: int, by: int, stretch: int, limits: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    """Yield the shortest changes [begin, end) around a slot after which no counter opens too briefly."""
    row = plan[kind]
    for width in range(1, min(stretch, len(row)) + 1):
        found = False
        for begin in range(max(0, around - width + 1), min(around, len(row) - width) + 1):
            new = row.copy()
            new[begin : begin + width] += by
            if limits[0] <= new.min() and new.max() <= limits[1] and is_steady(new, stretch):
                found = True
                yield begin, begin + width
        if found:
            return


# ---------------------------------------------------------------------------------------------- where a search begins
def within(plan: Plan, counters: int, stretch: int, kinds: Sequence[CounterKind]) -> Plan:
    """Return the plan with no more than so many counters open in any slot, closing the kinds with the fewest queues first.

    >>> kinds = (CounterKind("A", ("A",), 3), CounterKind("AB", ("A", "B"), 3))
    >>> within(np.array([[1, 2, 2, 1], [1, 1, 1, 1]]), 2, 2, kinds).tolist()
    [[1, 1, 1, 1], [1, 1, 1, 1]]
    """
    narrow = sorted(range(len(kinds)), key=lambda kind: len(kinds[kind].queues))
    while (full := np.flatnonzero(plan.sum(axis=0) > counters)).size:
        slot = int(full[0])
        ways = (
            (kind, begin, end)
            for kind in narrow
            for begin, end in windows(plan, kind, slot, -1, stretch, (kinds[kind].at_least, kinds[kind].at_most))
        )
        found = next(ways, None)
        if found is None:
            return plan
        plan = changed(plan, *found, -1)
    return plan


def by_theory(
    model: HallModel, kinds: Sequence[CounterKind], goals: Sequence[Goal], stretch: int, *, broad: bool = False,
    counters: int = 0,
) -> Plan:  # fmt: skip
    """Return the fewest counters such that every set of queues has, by Erlang A and its own load, those that it needs.

    The load follows the arrivals late, as customers are served (`load_at`). A set of queues needs at least what it would need
    alone, of the counters that serve any of it; so combined counters are found by an integer program for each slot. `broad`:
    counters that serve many queues are taken first, whatever they cost. `counters`: no more are open at once (0: as many as
    the kinds have); what they cannot carry is shared out.
    """
    queues = tuple(dict.fromkeys(need.queue for need in model.needs))
    sizes = range(1, len(queues) + 1) if len(queues) <= 5 else (1, 2, len(queues))
    sets = [frozenset(one) for size in sizes for one in combinations(queues, size)]
    wanted = np.array([_wanted(model, one, goals) for one in sets])
    touches = np.array([[not one.isdisjoint(kind.queues) for kind in kinds] for one in sets], float)
    work = touches / np.array([kind.pace for kind in kinds])
    low = np.array([kind.at_least for kind in kinds], float)
    high = np.array([kind.at_most for kind in kinds], float)
    # Of two kinds that cost the same the one with fewer skills is easier to staff.
    cost = np.array(
        [kind.cost / len(kind.queues) if broad else kind.cost * (1.0 + 1e-3 * len(kind.queues)) for kind in kinds]
    )
    plan = np.empty((len(kinds), len(model.rates)), np.int64)
    # What cannot be had is bought dearly: a lack for each set of queues, so that every slot has an answer.
    kinds_n, lacks, most = len(kinds), np.eye(len(sets)), counters or int(high.sum())
    rows = np.block([[work, lacks], [np.ones((1, kinds_n)), np.zeros((1, len(sets)))]])
    bounds = Bounds(np.append(low, np.zeros(len(sets))), np.append(high, np.full(len(sets), np.inf)))
    price = np.append(cost, np.full(len(sets), _LACKING * cost.max()))
    whole = np.append(np.ones(kinds_n), np.zeros(len(sets)))
    top = np.append(np.full(len(sets), np.inf), most)
    for slot in range(plan.shape[1]):
        enough = LinearConstraint(rows, np.append(wanted[:, slot], -np.inf), top)
        found = milp(price, integrality=whole, bounds=bounds, constraints=enough)
        plan[:, slot] = np.round(found.x[:kinds_n])
    return within(np.array([steadied(row, stretch) for row in plan]), most, stretch, kinds)


def _wanted(model: HallModel, queues: frozenset[str], goals: Sequence[Goal]) -> list[int]:
    mine = [(place, need) for place, need in enumerate(model.needs) if need.queue in queues]
    bind = [goal for goal in goals if goal.queue is None or goal.queue in queues]
    share = max((goal.share for goal in bind), default=0.5)
    limit = min((goal.limit_s for goal in bind), default=1800.0)
    rates = np.array(model.rates)[:, [place for place, _ in mine]] * model.volume / model.slot_s
    rates = rates * np.array([1.0 - need.diverted for _, need in mine])
    longer = np.array(model.service_by_slot)[:, [place for place, _ in mine]] if model.service_by_slot else 1.0
    work = rates * np.array([need.mean_s for _, need in mine]) * longer
    total = float(rates.sum())
    if total == 0.0:
        return [0] * len(rates)
    mean = float(work.sum()) / total
    leave = sum(_leaving(need) * float(rates[:, place].sum()) for place, (_, need) in enumerate(mine)) / total
    middle = (np.arange(len(rates)) + 0.5) * model.slot_s
    # The wave of work: what is still being served counts too, but a slot never needs less than its own arrivals.
    load = np.maximum(
        load_at(middle.tolist(), (work.sum(axis=1) / mean).tolist(), model.slot_s, 1.0 / mean), work.sum(axis=1)
    )
    return [servers_for(one / mean, 1.0 / mean, limit=limit, share=share, abandon_rate=leave) for one in load.tolist()]


def _leaving(need: Need) -> float:
    return 1.0 / need.patience.mean_s if need.patience and math.isfinite(need.patience.mean_s) else 0.0
