"""Plan a roster: the plan, what it costs and breaks, and how far it can be from the best.

Nothing but physics is hard: one duty a day, nobody on duty while on leave or off post, locked cells as they are. Everything
else has a cost (`facts.Rules`), so a task is never unsolvable; what cannot be met stands in the answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from yingting.kernel.words import gettext_noop
from yingting.twin.rostering.apart import Solution, Standing, relaxed, solve_apart, solve_here
from yingting.twin.rostering.breaks import Break, Code, breaks, costs, only
from yingting.twin.rostering.facts import Duty, Lock, Plan, Task, Wanted, check, refuses
from yingting.twin.rostering.greedy import begun
from yingting.twin.rostering.lunches import spread
from yingting.twin.rostering.program import Forbidden, Program, Writer, nearest

Sentence = tuple[str, Mapping[str, object]]
_SAME = 1e-6


@dataclass(frozen=True, slots=True)
class Roster:
    """A plan. `cost` is what it costs together, `costs` by rule, `breaks` one by one; no plan can cost less than `bound`.

    `gap` is (cost - bound) / cost. `is_optimal`: proven. `seconds` it took.
    """

    plan: dict[tuple[str, date], Duty]
    cost: float
    costs: Mapping[Code, float]
    breaks: tuple[Break, ...]
    bound: float
    is_optimal: bool
    seconds: float

    @property
    def gap(self) -> float:
        """How much of the cost could be saved at most."""
        return max(0.0, (self.cost - self.bound) / self.cost) if self.cost > 0 else 0.0

    @property
    def standing(self) -> Sentence:
        """Return what can be said of how good the plan is."""
        if self.is_optimal:
            return gettext_noop("No plan costs less: %(cost)s points."), {"cost": round(self.cost, 1)}
        return (
            gettext_noop(
                "The best plan found in %(seconds)s s costs %(cost)s points; none can cost less than %(bound)s."
            ),
            {"seconds": round(self.seconds, 1), "cost": round(self.cost, 1), "bound": round(self.bound, 1)},
        )


def solve(
    task: Task, *, seconds: float = 60.0, gap: float = 0.0, apart: bool = True,
    progress: Callable[[Standing], None] = lambda _standing: None, is_cancelled: Callable[[], bool] = lambda: False,
) -> Roster:  # fmt: skip
    """Return the best roster found in the time, or the first within `gap` of the best.

    `apart`: in a process of its own, which can be watched and cancelled. Raises TaskError for a task that contradicts itself,
    and Cancelled.
    """
    check(task)
    return _solved(task, frozenset(), seconds, gap, apart, progress, is_cancelled)


def _solved(
    task: Task, refused: Forbidden, seconds: float, gap: float, apart: bool,
    progress: Callable[[Standing], None] = lambda _standing: None, is_cancelled: Callable[[], bool] = lambda: False,
) -> Roster:  # fmt: skip
    began = time.monotonic()
    program = Writer(task, refused).written()
    found = (
        solve_apart(program, seconds, gap, progress=progress, is_cancelled=is_cancelled)
        if apart
        else solve_here(program, seconds, gap)
    )
    return _roster(task, program, refused, found, time.monotonic() - began)


def _roster(task: Task, program: Program, refused: Forbidden, found: Solution, seconds: float) -> Roster:
    plans = [_without(task, plan, refused) for plan in (nearest(task), begun(task))]
    if found.x is not None:
        plans.insert(0, program.plan(found.x))
    rated = [(plan, breaks(task, plan)) for plan in plans]
    plan, _broken = min(rated, key=lambda one: sum(each.cost for each in one[1]))
    plan = spread(task, plan)
    broken = breaks(task, plan)
    cost = sum(one.cost for one in broken)
    # Every cost is at least 0, whatever the solver did not come to say.
    bound = max(0.0, min(found.bound, cost))
    return Roster(plan, cost, costs(broken), broken, bound, found.is_optimal or cost - bound < _SAME, seconds)


def _without(task: Task, plan: Plan, refused: Forbidden) -> dict[tuple[str, date], Duty]:
    shifts = {shift.code: shift for shift in task.shifts}
    against = {
        (code, on)
        for code, on, wanted in refused
        if (duty := plan.get((code, on))) and refuses(task.rules, wanted, shifts[duty.shift])
    }
    return {cell: duty for cell, duty in plan.items() if cell not in against}


# ---------------------------------------------------------------------------------------------- why not
@dataclass(frozen=True, slots=True)
class WhyNot:
    """What granting a wish would do: the roster would cost `at_least` more, `more` in the plan `instead`; what that breaks and mends.

    What the refused wish costs itself is counted as mended. `is_locked`: a cell set by hand stands against it, so nothing was
    tried.
    """

    more: float
    at_least: float
    breaks: tuple[Break, ...]
    mends: tuple[Break, ...]
    instead: Roster | None
    is_locked: bool = False


def why_not(
    task: Task, roster: Roster, person: str, on: date, wanted: Wanted, *, seconds: float = 5.0, all_free: bool = False
) -> WhyNot:
    """Return what it would cost to grant a wish that the roster refuses.

    Quick: the person's week and everybody's same day are planned again, the rest stays; a bound for the whole is taken from
    the relaxed program. With `all_free` the whole roster is planned again.
    """
    lock = task.lock_of().get((person, on))
    if lock is not None and roster.plan.get((person, on)) is not None:
        return WhyNot(0.0, 0.0, (), (), None, is_locked=True)
    forced = frozenset({(person, on, wanted)})
    least = max(relaxed(Writer(task, forced).written()), roster.bound) - roster.cost
    held = task if all_free else replace(task, locks=_held(task, roster.plan, person, on))
    other = _solved(held, forced, seconds, 0.0, apart=False)
    return WhyNot(
        other.cost - roster.cost, min(least, other.cost - roster.cost), only(other.breaks, roster.breaks),
        only(roster.breaks, other.breaks), other,
    )  # fmt: skip


def _held(task: Task, plan: Plan, person: str, on: date) -> tuple[Lock, ...]:
    """Lock every cell as planned but those of the person and of the day; where nobody may be on duty nothing is locked."""
    locks = task.lock_of()
    for one in task.people:
        for day in task.days:
            duty = plan.get((one.code, day))
            if one.code != person and day != on and (one.code, day) not in locks:
                locks[one.code, day] = Lock(
                    one.code, day, duty.shift if duty else None, duty.lunch_at_min if duty else None
                )
    return tuple(locks.values())
