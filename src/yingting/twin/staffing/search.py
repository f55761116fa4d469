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

from yingting.kernel.words import gettext_noop
from yingting.twin.asking import Cancelled
from yingting.twin.drawing import DAYS
from yingting.twin.hall import HallModel, ModelError
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
)
from yingting.twin.staffing.trials import Trial

Sentence = tuple[str, Mapping[str, object]]
_TURNS, _STEP = 4, 0.003


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
    model: HallModel, kinds: Sequence[CounterKind], goals: Sequence[Goal] = (Goal(),), *, seed: int, stretch: int = 4,
    days: int = 300, fresh_days: int = 1_000, begin: Plan | None = None,
    progress: Callable[[float], None] = lambda _share: None, is_cancelled: Callable[[], bool] = lambda: False,
) -> Staffing:  # fmt: skip
    """Return the counters that the hall needs; its own stints are not looked at.

    `stretch`: no counter opens for less than so many slots. `begin`: a plan to begin from instead of theory's. Raises
    ModelError for kinds that leave a queue without counters and Cancelled once `is_cancelled` says so.
    """
    _check(model, kinds, goals)
    stretch = max(1, min(stretch, len(model.rates)))
    starts = [by_theory(model, kinds, goals, stretch, broad=one) for one in (False, True)] if begin is None else [begin]
    plans = [np.array([steadied(row, stretch) for row in np.array(one, np.int64)]) for one in starts]
    plan, aside, count = plans[0], np.zeros((len(goals), len(model.rates))), 0
    for turn in range(_TURNS):
        trial = Trial(model, kinds, goals, seed=seed, blocks=range(-(-days // DAYS) * min(2, turn + 1)), aside=aside)
        judge = Trial(model, kinds, goals, seed=seed, blocks=_fresh(fresh_days, turn))
        search = _Search(trial, stretch, is_cancelled, partial(_part_of_turn, progress, turn))
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
    progress((turn + part) / _TURNS)


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
    return Staffing(slots, hours, _unmet(judge, plan), hall, plan, count, days, len(judge.crowds) * DAYS)


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
        self, trial: Trial, stretch: int, is_cancelled: Callable[[], bool], progress: Callable[[float], None]
    ) -> None:
        self.trial, self.stretch, self.is_cancelled, self.progress = trial, stretch, is_cancelled, progress
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
        for kind, limits in enumerate(self.limits):
            near = {
                window
                for at in (slot, slot - 1)
                if at >= 0
                for window in windows(plan, kind, at, 1, self.stretch, limits)
            }
            for begin, end in sorted(near):
                self._heed()
                more = changed(plan, kind, begin, end, 1)
                gain = float((missed - self.trial.short(more))[:, : slot + 2].sum())
                worth = max(0.0, gain) / ((end - begin) * self.trial.kinds[kind].cost)
                if worth > most:
                    best, most = more, worth
        return best

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
        opened = {queue for row, kind in zip(plan, self.trial.kinds, strict=True) if row.any() for queue in kind.queues}
        return all(need.queue in opened for need in self.trial.model.needs)

    def _heed(self) -> None:
        if self.is_cancelled():
            raise Cancelled


# By whether the goal lies within what the simulated days can tell, and whether it is one queue's.
_UNMET = {
    (True, False): gettext_noop("%(time)s: %(share)s %%, so near to the goal of %(goal)s %% that chance decides."),
    (True, True): gettext_noop(
        "%(time)s, queue %(queue)s: %(share)s %%, so near to the goal of %(goal)s %% that chance decides."
    ),
    (False, False): gettext_noop(
        "%(time)s: only %(share)s %% with all counters that may be opened; the goal is %(goal)s %%."
    ),
    (False, True): gettext_noop(
        "%(time)s, queue %(queue)s: only %(share)s %% with all counters that may be opened; the goal is %(goal)s %%."
    ),
}


def _unmet(judge: Trial, plan: Plan) -> tuple[Sentence, ...]:
    said: list[Sentence] = []
    figures = judge.figures(plan)
    for number, (goal, row) in enumerate(zip(judge.goals, judge.short(plan), strict=True)):
        for slot in np.flatnonzero(row):
            figure = figures[number][slot]
            at = judge.model.opens_s + int(slot) * judge.model.slot_s
            values: dict[str, object] = {
                "time": f"{int(at // 3600):02d}:{int(at % 3600 // 60):02d}", "share": round(100 * figure.value, 1),
                "goal": round(100 * goal.share, 1),
            }  # fmt: skip
            if goal.queue is not None:
                values["queue"] = goal.queue
            text = _UNMET[figure.high >= goal.share, goal.queue is not None]
            said.append((text, values))
    return tuple(said)


def _check(model: HallModel, kinds: Sequence[CounterKind], goals: Sequence[Goal]) -> None:
    queues = {need.queue for need in model.needs}
    able = {queue for kind in kinds if kind.at_most > 0 for queue in kind.queues}
    problems = [f"no kind of counter serves queue {queue}" for queue in sorted(queues - able)]
    problems += [
        f"kind {kind.code}: {kind.at_least} to {kind.at_most}"
        for kind in kinds
        if not 0 <= kind.at_least <= kind.at_most
    ]
    problems += [f"kind {kind.code}: a cost of {kind.cost}" for kind in kinds if not kind.cost > 0]
    problems += [
        f"kind {kind.code} serves {one}, where nobody waits"
        for kind in kinds
        for one in sorted(set(kind.queues) - queues)
    ]
    problems += [f"a goal of {goal.share}" for goal in goals if not 0 < goal.share < 1]
    problems += [
        f"a goal for queue {goal.queue}, where nobody waits" for goal in goals if goal.queue not in {None, *queues}
    ]
    if len({kind.code for kind in kinds}) < len(kinds) or not goals:
        problems.append("kinds must have codes of their own, and there must be a goal")
    if problems:
        raise ModelError(problems)
