"""A roster as an integer program: minimise cost @ x, rows between `low` and `high`, columns from 0 to `most`.

Columns: one binary for each person, day and variant of a shift that may be; `posts` (how many people with the same skills do
work of a skill in a slot, so that nobody counts twice); and what exceeds a rule (hours, days, nights). Every row can be met by
giving nobody any duty, so there is always a solution: what cannot be met costs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from yingting.twin.rostering.facts import (
    DAY_MIN,
    Duty,
    Person,
    Plan,
    Shift,
    Task,
    Wanted,
    least_hours,
    present,
    refuses,
    variants,
)

# Wishes that must be granted: who, when, what.
Forbidden = frozenset[tuple[str, date, Wanted]]


@dataclass(frozen=True, slots=True)
class Cell:
    """What somebody may do on a day: column `first` and those after it, one for each duty."""

    person: Person
    day: int
    first: int
    duties: tuple[Duty, ...]
    must: bool


@dataclass(frozen=True, slots=True)
class Program:
    """A program and what its columns stand for. `constant` is what no column says: everybody missing, nobody there."""

    cost: NDArray[np.float64]
    most: NDArray[np.float64]
    whole: NDArray[np.int64]
    rows: csr_array
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    constant: float
    cells: tuple[Cell, ...]
    days: tuple[date, ...]

    def plan(self, x: NDArray[np.float64]) -> dict[tuple[str, date], Duty]:
        """Return the duties that a solution stands for."""
        plan = {}
        for cell in self.cells:
            chosen = x[cell.first : cell.first + len(cell.duties)]
            best = int(chosen.argmax())
            if chosen[best] > 0.5:
                plan[cell.person.code, self.days[cell.day]] = cell.duties[best]
        return plan


class Writer:
    """Writes the rows and columns of a task's program."""

    def __init__(self, task: Task, forbidden: Forbidden = frozenset()) -> None:
        self.task, self.forbidden = task, forbidden
        self.shifts = {shift.code: shift for shift in task.shifts}
        self.options = [duty for shift in task.shifts for duty in variants(shift, task.slot_min)]
        self.present = {duty: present(task, self.shifts[duty.shift], duty) for duty in self.options}
        self.cost: list[float] = []
        self.most: list[float] = []
        self.row_at: list[NDArray[np.int64]] = [np.empty(0, np.int64)]
        self.column_at: list[NDArray[np.int64]] = [np.empty(0, np.int64)]
        self.value_at: list[NDArray[np.float64]] = [np.empty(0)]
        self.low: list[float] = []
        self.high: list[float] = []
        self.constant = 0.0

    def written(self) -> Program:
        """Return the program."""
        cells = self.cells()
        count = len(self.cost)
        self.posts(cells)
        by_person: dict[str, list[Cell]] = defaultdict(list)
        for cell in cells:
            by_person[cell.person.code].append(cell)
        for person in self.task.people:
            mine = by_person[person.code]
            self.hours(person, mine)
            self.days(person, mine)
            self.nights(person, mine)
        shape = (len(self.low), len(self.cost))
        rows = csr_array(
            (np.concatenate(self.value_at), (np.concatenate(self.row_at), np.concatenate(self.column_at))), shape=shape
        )
        whole = np.zeros(len(self.cost), np.int64)
        whole[:count] = 1
        return Program(
            np.array(self.cost), np.array(self.most), whole, rows, np.array(self.low), np.array(self.high), self.constant,
            tuple(cells), self.task.days,
        )  # fmt: skip

    # ---------------------------------------------------------------------------------------------- rows and columns
    def column(self, cost: float, most: float = np.inf) -> int:
        self.cost.append(cost)
        self.most.append(most)
        return len(self.cost) - 1

    def row(self, columns: Sequence[int] | NDArray[np.int64], values: object, low: float, high: float) -> None:
        at = np.asarray(columns, np.int64)
        self.row_at.append(np.full(len(at), len(self.low)))
        self.column_at.append(at)
        self.value_at.append(np.broadcast_to(np.asarray(values, float), at.shape))
        self.low.append(low)
        self.high.append(high)

    # ---------------------------------------------------------------------------------------------- who may do what
    def cells(self) -> list[Cell]:
        locks, cells = self.task.lock_of(), []
        for person in self.task.people:
            for day, on in enumerate(self.task.days):
                lock = locks.get((person.code, on))
                if (lock and lock.shift is None) or (lock is None and not person.is_there(on)):
                    self.constant += self.change(person, on, None)
                    continue
                duties = tuple(
                    duty
                    for duty in self.options
                    if (lock is None or (lock.shift == duty.shift and lock.lunch_at_min in {None, duty.lunch_at_min}))
                    and not self.is_forbidden(person, on, self.shifts[duty.shift])
                )
                off = self.change(person, on, None)
                self.constant += off
                first = len(self.cost)
                for duty in duties:
                    self.column(self.duty_cost(person, on, duty) - off, 1.0)
                must = lock is not None and bool(duties)
                if duties:
                    self.row(range(first, first + len(duties)), 1.0, 1.0 if must else -np.inf, 1.0)
                    cells.append(Cell(person, day, first, duties, must))
        return cells

    def is_forbidden(self, person: Person, on: date, shift: Shift) -> bool:
        return any(
            code == person.code and when == on and refuses(self.task.rules, wanted, shift)
            for code, when, wanted in self.forbidden
        )

    def change(self, person: Person, on: date, shift: str | None) -> float:
        if self.task.former is None:
            return 0.0
        before = self.task.former.get((person.code, on))
        return self.task.rules.change if (before.shift if before else None) != shift else 0.0

    def duty_cost(self, person: Person, on: date, duty: Duty) -> float:
        shift, rules = self.shifts[duty.shift], self.task.rules
        wishes = sum(wish.weight for wish in person.wishes if wish.on == on and refuses(rules, wish.wanted, shift))
        # Everybody present is one too many until a post takes him (`posts`).
        return wishes + rules.over * int(self.present[duty].sum()) + self.change(person, on, duty.shift)

    # ---------------------------------------------------------------------------------------------- cover
    def posts(self, cells: Sequence[Cell]) -> None:
        task, rules = self.task, self.task.rules
        self.constant += rules.under * float(task.need.sum())
        groups: dict[tuple[int, frozenset[str]], list[Cell]] = defaultdict(list)
        for cell in cells:
            groups[cell.day, task.able(cell.person, task.days[cell.day])].append(cell)
        takers: dict[tuple[int, int, int], list[int]] = defaultdict(list)
        for (day, skills), mine in groups.items():
            there = np.concatenate([np.array([self.present[duty] for duty in cell.duties]) for cell in mine])
            columns = np.concatenate([np.arange(cell.first, cell.first + len(cell.duties)) for cell in mine])
            for slot in range(task.need.shape[1]):
                wanted = [(s, int(task.need[day, slot, s])) for s, name in enumerate(task.skills) if name in skills]
                posts = [(s, self.column(-rules.under - rules.over, count)) for s, count in wanted if count]
                if posts:
                    for skill, column in posts:
                        takers[day, slot, skill].append(column)
                    on_post = columns[there[:, slot]]
                    at = np.concatenate([[column for _, column in posts], on_post])
                    self.row(at, np.concatenate([np.ones(len(posts)), -np.ones(len(on_post))]), -np.inf, 0.0)
        for (day, slot, skill), posts_of in takers.items():
            if len(posts_of) > 1:
                self.row(posts_of, 1.0, -np.inf, float(task.need[day, slot, skill]))

    # ---------------------------------------------------------------------------------------------- people
    def hours(self, person: Person, cells: Sequence[Cell]) -> None:
        least = least_hours(self.task, person)
        columns = [cell.first + number for cell in cells for number in range(len(cell.duties))]
        hours = [self.shifts[duty.shift].hours for cell in cells for duty in cell.duties]
        if least > 0 and not columns:
            self.constant += self.task.rules.hours_below * least
        elif columns:
            below, above = self.column(self.task.rules.hours_below, least), self.column(self.task.rules.hours_above)
            self.row([*columns, below], [*hours, 1.0], least, np.inf)
            self.row([*columns, above], [*hours, -1.0], -np.inf, person.most_hours)

    def days(self, person: Person, cells: Sequence[Cell]) -> None:
        if len(cells) > person.most_days:
            columns = [cell.first + number for cell in cells for number in range(len(cell.duties))]
            extra = self.column(self.task.rules.extra_day)
            self.row([*columns, extra], [*np.ones(len(columns)), -1.0], -np.inf, float(person.most_days))

    def nights(self, person: Person, cells: Sequence[Cell]) -> None:
        """A night is too short when one duty ends after `edge` and the next begins before `edge` and the rest."""
        rest = round(person.rest_hours * 60)
        by_day = {cell.day: cell for cell in cells}
        until = self.task.on_duty_until.get(person.code)
        if until is not None and 0 in by_day:
            for column, _ends, begins in self._times(by_day[0]):
                if begins - until < rest:
                    self.cost[column] += self.task.rules.short_rest
        for day, cell in by_day.items():
            following = by_day.get(day + 1)
            if following is None:
                continue
            before, after = self._times(cell), self._times(following)
            edges = sorted(
                {ends for _, ends, _ in before if any(begins + DAY_MIN - ends < rest for _, _, begins in after)}
            )
            if edges:
                short = self.column(self.task.rules.short_rest, 1.0)
            for edge in edges:
                late = [column for column, ends, _ in before if ends >= edge]
                soon = [column for column, _, begins in after if begins + DAY_MIN - edge < rest]
                self.row([*late, *soon, short], [*np.ones(len(late) + len(soon)), -1.0], -np.inf, 1.0)

    def _times(self, cell: Cell) -> list[tuple[int, int, int]]:
        shifts = [self.shifts[duty.shift] for duty in cell.duties]
        return [(cell.first + number, shift.ends_min, shift.starts_min) for number, shift in enumerate(shifts)]


def nearest(task: Task) -> dict[tuple[str, date], Duty]:
    """Return the plan that stands before anything is solved: the former one where it may stay, and the locked cells."""
    people = {person.code: person for person in task.people}
    options = {duty for shift in task.shifts for duty in variants(shift, task.slot_min)}
    former: Plan = task.former or {}
    plan = {
        (code, on): duty
        for (code, on), duty in former.items()
        if code in people and on in task.days and duty in options and people[code].is_there(on)
    }
    for (code, on), lock in task.lock_of().items():
        plan.pop((code, on), None)
        if lock.shift is not None:
            shift = next(one for one in task.shifts if one.code == lock.shift)
            own = [one for one in variants(shift, task.slot_min) if lock.lunch_at_min in {None, one.lunch_at_min}]
            plan[code, on] = former[code, on] if former.get((code, on)) in own else own[0]
    return plan
