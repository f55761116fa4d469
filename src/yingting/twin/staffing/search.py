"""How many counters of which kind each half hour needs, so that customers do not wait too long: by simulation.

The search begins at what theory says (`plans.by_theory`, once with few skills and once with many), opens counters where and
when the simulation falls short (earliest slot first, the change that gains most for its cost), then closes whatever can be
closed while every goal still holds. All plans meet the same customers. The answer is judged on other days than those it was
found on, so that it is not flattered; what falls short there is repaired on more days.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from yingting.twin.asking import Cancelled
from yingting.twin.drawing import DAYS
from yingting.twin.hall import HallModel
from yingting.twin.measures import Figure
from yingting.twin.staffing.plans import (
    CounterKind,
    Goal,
    Plan,
    by_theory,
    changed,
    is_steady,
    steadied,
    stints,
    windows,
    within,
)
from yingting.twin.staffing.saying import Sentence, check, unmet
from yingting.twin.staffing.trials import Trial

# Of 300 searches 279 ended within two turns and one needed a fifth; a turn more costs only those that need it.
_TURNS, _STEP = 8, 0.003


@dataclass(frozen=True, slots=True)
class SlotAnswer:
    """What one slot needs: counters by kind, and the share within the limit for each goal, judged on fresh days."""

    at_s: float
    counters: Mapping[str, int]
    within: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Staffing:
    """Counters by slot and kind. `hours` are counter hours a day by kind; `unmet` says which goals cannot be held, and why.

    `model` is the hall with these counters, ready to be simulated; `judged` plans were simulated on `days` days each, and the
    answer on `fresh_days` others.
    """

    slots: tuple[SlotAnswer, ...]
    hours: Mapping[str, float]
    unmet: tuple[Sentence, ...]
    model: HallModel
    plan: Plan
    judged: int
    days: int
    fresh_days: int

    @property
    def total_hours(self) -> float:
        """Counter hours of the day."""
        return math.fsum(self.hours.values())


def staff(
    model: HallModel, kinds: Sequence[CounterKind], goals: Sequence[Goal] = (Goal(),), *, seed: int, counters: int = 0,
    stretch: int = 4, days: int = 300, fresh_days: int = 1_000, begin: Plan | None = None,
    progress: Callable[[float], None] = lambda _share: None, is_cancelled: Callable[[], bool] = lambda: False,
) -> Staffing:  # fmt: skip
    """Return the counters that the hall needs; its own stints are not looked at.

    `counters`: no more are open at once, of all kinds together (0: as many as the kinds have). `stretch`: no counter opens for
    less than so many slots. `begin`: a plan to begin from instead of theory's. Raises
    ModelError for kinds that leave a queue without counters and Cancelled once `is_cancelled` says so.
    """
    check(model, kinds, goals)
    stretch = max(1, min(stretch, len(model.rates)))
    most = counters or sum(kind.at_most for kind in kinds)
    starts = [begin] if begin is not None else [
        by_theory(model, kinds, goals, stretch, broad=broad, counters=most) for broad in (False, True)
    ]  # fmt: skip
    steady = [np.array([steadied(row, stretch) for row in np.array(one, np.int64)]) for one in starts]
    plans = [within(one, most, stretch, kinds) for one in steady]
    plan, aside, count = plans[0], np.zeros((len(goals), len(model.rates))), 0
    for turn in range(_TURNS):
        trial = Trial(model, kinds, goals, seed=seed, blocks=range(-(-days // DAYS) * min(2, turn + 1)), aside=aside)
        judge = Trial(model, kinds, goals, seed=seed, blocks=_fresh(fresh_days, turn))
        search = _Search(trial, stretch, most, is_cancelled, partial(_part_of_turn, progress, turn))
        plans = [search.raised(one) for one in plans]
        if turn == 0:
            plans = [search.trimmed(one) for one in plans]
        plan = min(plans, key=lambda one: _cost(one, kinds))
        plans, count = [plan], count + trial.judged
        short = judge.short(plan)
        if not short[:, search.hopeful()].any():
            break
        # Chance was kind to these slots: the next turn asks more of them.
        aside = aside + np.where(short > 0, short + _STEP, 0.0)
    progress(1.0)
    return _answer(judge, plan, count, len(trial.crowds) * DAYS)


def _part_of_turn(progress: Callable[[float], None], turn: int, part: float) -> None:
    # How many turns there will be is not known: each takes half of what is left.
    progress(1.0 - 0.5 ** (turn + part))


def _fresh(days: int, turn: int = 0) -> range:
    """Return blocks that no search has seen, others each turn."""
    first = 1_000_000 * (turn + 1)
    return range(first, first + -(-days // DAYS))


def _answer(judge: Trial, plan: Plan, count: int, days: int) -> Staffing:
    model, kinds, figures = judge.model, judge.kinds, judge.figures(plan)
    slots = tuple(
        SlotAnswer(
            model.opens_s + slot * model.slot_s,
            {kind.code: int(plan[number, slot]) for number, kind in enumerate(kinds)},
            tuple(row[slot] for row in figures),
        )
        for slot in range(plan.shape[1])
    )
    hours = {kind.code: float(plan[number].sum()) * model.slot_s / 3600.0 for number, kind in enumerate(kinds)}
    hall = replace(model, stints=stints(plan, kinds, model))
    return Staffing(slots, hours, unmet(judge, plan), hall, plan, count, days, len(judge.crowds) * DAYS)


def judged(
    model: HallModel, kinds: Sequence[CounterKind], goals: Sequence[Goal], plan: Plan, *, seed: int, days: int = 1_000
) -> list[list[Figure]]:
    """Return for each goal and slot what a plan from anywhere would hold, on the days that answers are judged on."""
    return Trial(model, kinds, goals, seed=seed, blocks=_fresh(days)).figures(plan)


def _cost(plan: Plan, kinds: Sequence[CounterKind]) -> float:
    return float(plan.sum(axis=1) @ np.array([kind.cost for kind in kinds]))


@dataclass(frozen=True, slots=True, order=True)
class _Change:
    """Close a counter of a kind from one slot to another, or open one of another kind in its place."""

    kind: int
    begin: int
    end: int
    instead: int = -1

    def made(self, plan: Plan) -> Plan:
        fewer = changed(plan, self.kind, self.begin, self.end, -1)
        return fewer if self.instead < 0 else changed(fewer, self.instead, self.begin, self.end, 1)


class _Search:
    """Plans on the way to an answer, on one set of days."""

    def __init__(
        self, trial: Trial, stretch: int, counters: int, is_cancelled: Callable[[], bool], progress: Callable[[float], None]
    ) -> None:  # fmt: skip
        self.trial, self.stretch, self.counters = trial, stretch, counters
        self.is_cancelled, self.progress = is_cancelled, progress
        self.limits = [(kind.at_least, kind.at_most) for kind in trial.kinds]
        self.given_up: set[int] = set()

    def hopeful(self) -> NDArray[np.bool_]:
        """Return the slots in which more counters could still be opened."""
        return np.array([slot not in self.given_up for slot in range(len(self.trial.model.rates))])

    def raised(self, plan: Plan) -> Plan:
        """Open counters until every goal holds, or nothing helps any more; slots where nothing helps are given up."""
        while True:
            self._heed()
            missed = self.trial.short(plan)
            todo = [int(slot) for slot in np.flatnonzero(missed.sum(axis=0)) if int(slot) not in self.given_up]
            if not todo:
                return plan
            better = self._best_more(plan, todo[0], missed)
            if better is None:
                self.given_up.add(todo[0])
            else:
                plan = better

    def _best_more(self, plan: Plan, slot: int, missed: NDArray[np.float64]) -> Plan | None:
        # Deep in overload one counter more changes no share yet: then the first that can be opened is.
        best, most = None, -math.inf
        for more, cost in self._opened(plan, slot):
            worth = max(0.0, self._gain(more, slot, missed)) / cost
            if worth > most:
                best, most = more, worth
        if best is not None:
            return best
        # No counter is left: one that serves other queues in place of another, if that is better.
        most = _STEP
        for more in self._exchanged(plan, slot):
            gain = self._gain(more, slot, missed)
            if gain > most:
                best, most = more, gain
        return best

    def _gain(self, plan: Plan, slot: int, missed: NDArray[np.float64]) -> float:
        self._heed()
        return float((missed - self.trial.short(plan))[:, : slot + 2].sum())

    def _opened(self, plan: Plan, slot: int) -> Iterator[tuple[Plan, float]]:
        """Yield every plan with a counter more in a slot, with what it costs."""
        for kind, one in enumerate(self.trial.kinds):
            for begin, end in self._near(plan, kind, slot, 1):
                more = changed(plan, kind, begin, end, 1)
                if int(more[:, begin:end].sum(axis=0).max()) <= self.counters:
                    yield more, (end - begin) * one.cost

    def _exchanged(self, plan: Plan, slot: int) -> Iterator[Plan]:
        """Yield every plan with another kind in place of one in a slot; no queue is given up for it."""
        served = self._served(plan)
        for kind in range(len(plan)):
            for begin, end in self._near(plan, kind, slot, -1):
                for other, one in enumerate(self.trial.kinds):
                    more = _Change(kind, begin, end, other).made(plan)
                    if (
                        other != kind and more[other].max() <= one.at_most and is_steady(more[other], self.stretch)
                        and (served <= self._served(more)).all()
                    ):  # fmt: skip
                        yield more

    def _served(self, plan: Plan) -> NDArray[np.bool_]:
        """Say which queue [queue, slot] has a counter."""
        queues, kinds = self.trial.model.queues, self.trial.kinds
        does = np.array([[queue in kind.queues for kind in kinds] for queue in queues], np.int64)
        return np.asarray(does @ plan > 0, bool)

    def _near(self, plan: Plan, kind: int, slot: int, by: int) -> list[tuple[int, int]]:
        near = (at for at in (slot, slot - 1) if at >= 0)
        return sorted({one for at in near for one in windows(plan, kind, at, by, self.stretch, self.limits[kind])})

    def trimmed(self, plan: Plan) -> Plan:
        """Close counters, where most is to spare first, or open a cheaper kind instead, while no goal falls short that held."""
        failed: set[_Change] = set()
        held = self.trial.short(plan)
        missed = np.append(held.any(axis=0), False)
        while True:
            spare = (self.trial.shares(plan) - self.trial.wanted).min(axis=0)
            allowed = {one for one in self._cheaper(plan) if not missed[one.begin : one.end + 1].any()}
            tries = sorted(
                allowed - failed,
                key=lambda one: (one.instead >= 0, -float(spare[one.begin : one.end].min()), one),
            )
            for done, change in enumerate(tries):
                self._heed()
                self.progress(done / len(tries))
                fewer = change.made(plan)
                if self._is_served(fewer) and (self.trial.short(fewer) <= held).all():
                    plan = fewer
                    break
                # With fewer counters elsewhere it would fail all the more.
                failed.add(change)
            else:
                return plan

    def _cheaper(self, plan: Plan) -> Iterator[_Change]:
        """Yield every way to close a counter for a while, alone or for a cheaper one of another kind."""
        kinds = self.trial.kinds
        for kind, limits in enumerate(self.limits):
            for at in range(plan.shape[1]):
                for begin, end in windows(plan, kind, at, -1, self.stretch, limits):
                    yield _Change(kind, begin, end)
                    for other, one in enumerate(kinds):
                        row = changed(plan, other, begin, end, 1)[other]
                        if one.cost < kinds[kind].cost and row.max() <= one.at_most and is_steady(row, self.stretch):
                            yield _Change(kind, begin, end, other)

    def _is_served(self, plan: Plan) -> bool:
        served, queues = self._served(plan), self.trial.model.queues
        return all(served[queues.index(need.queue)].any() for need in self.trial.model.needs)

    def _heed(self) -> None:
        if self.is_cancelled():
            raise Cancelled
