"""Lunch breaks spread over their windows: of plans that cost the same, the one where fewer are missing at once.

A plan's cost counts everybody who is missing alike, so four people at lunch together cost what four lunches one after another
do; customers do not see it so. Lunches are moved one at a time while nothing gets dearer and the missing lie more evenly.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from yingting.twin.rostering.breaks import placed
from yingting.twin.rostering.facts import Duty, Plan, Task, present, variants

_ROUNDS = 5
_SAME = 1e-9
Cell = tuple[str, date]


def spread(task: Task, plan: Plan) -> dict[Cell, Duty]:
    """Return the plan with its lunches spread: it costs no more, and locked lunches stay."""
    out = dict(plan)
    for place in range(len(task.days)):
        out |= _Day(task, place, plan).spread()
    return out


@dataclass(frozen=True, slots=True)
class _Slot:
    """What a slot costs, and how many are missing in it."""

    cost: float
    missing: int


class _Day:
    def __init__(self, task: Task, place: int, plan: Plan) -> None:
        self.task, self.place, on = task, place, task.days[place]
        self.shifts = {shift.code: shift for shift in task.shifts}
        self.able = {(one.code, on): task.able(one, on) for one in task.people}
        self.plan = {cell: duty for cell, duty in plan.items() if cell in self.able}
        self.there = {cell: self.presence(duty) for cell, duty in self.plan.items()}
        fixed = {(lock.person, lock.on) for lock in task.locks if lock.lunch_at_min is not None}
        self.movable = [cell for cell, duty in self.plan.items() if duty.lunch_at_min is not None and cell not in fixed]
        self.slots = [self.slot(number) for number in range(task.need.shape[1])]

    def presence(self, duty: Duty) -> NDArray[np.bool_]:
        return present(self.task, self.shifts[duty.shift], duty)

    def slot(self, number: int) -> _Slot:
        people = [self.able[cell] for cell, there in self.there.items() if there[number]]
        need = dict(zip(self.task.skills, self.task.need[self.place, number].tolist(), strict=True))
        missing, idle = placed(people, need)
        count = sum(missing.values())
        return _Slot(self.task.rules.under * count + self.task.rules.over * idle, count)

    def spread(self) -> dict[Cell, Duty]:
        for _round in range(_ROUNDS):
            moved = [cell for cell in self.movable if self.move(cell)]
            if not moved:
                break
        return self.plan

    def move(self, cell: Cell) -> bool:
        """Move a lunch to where it is best; say whether it moved."""
        was = self.plan[cell]
        for duty in variants(self.shifts[was.shift], self.task.slot_min):
            if duty != self.plan[cell]:
                self.try_out(cell, duty)
        return self.plan[cell] != was

    def try_out(self, cell: Cell, duty: Duty) -> None:
        old, new = self.there[cell], self.presence(duty)
        touched = np.flatnonzero(old != new).tolist()
        before = [self.slots[number] for number in touched]
        self.there[cell] = new
        after = [self.slot(number) for number in touched]
        dearer = sum(one.cost for one in after) - sum(one.cost for one in before)
        rougher = sum(one.missing**2 for one in after) - sum(one.missing**2 for one in before)
        if dearer <= _SAME and rougher < 0:
            self.plan[cell] = duty
            for number, one in zip(touched, after, strict=True):
                self.slots[number] = one
        else:
            self.there[cell] = old
