"""A plan at once: duties given out one by one, the most useful first. What stands while the solver has not found a better one."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from yingting.twin.rostering.facts import DAY_MIN, Duty, Person, Task, present, refuses, variants
from yingting.twin.rostering.program import nearest


def begun(task: Task) -> dict[tuple[str, date], Duty]:
    """Return a plan that keeps to locks, leave, hours, days and nights, and covers what is then worth covering."""
    return _Giving(task).given()


class _Giving:
    def __init__(self, task: Task) -> None:
        self.task = task
        self.shifts = {shift.code: shift for shift in task.shifts}
        self.options = [duty for shift in task.shifts for duty in variants(shift, task.slot_min)]
        self.there = np.array([present(task, self.shifts[duty.shift], duty) for duty in self.options])
        self.hours = np.array([self.shifts[duty.shift].hours for duty in self.options])
        self.starts = np.array([self.shifts[duty.shift].starts_min for duty in self.options])
        self.ends = np.array([self.shifts[duty.shift].ends_min for duty in self.options])
        self.left = task.need.astype(float).copy()
        self.plan: dict[tuple[str, date], Duty] = {}
        holders = [sum(name in person.skills for person in task.people) for name in task.skills]
        self.scarce = sorted(range(len(task.skills)), key=lambda skill: holders[skill])

    def given(self) -> dict[tuple[str, date], Duty]:
        task, locks = self.task, self.task.lock_of()
        people = {person.code: person for person in task.people}
        for (code, on), duty in nearest(task).items():
            if (code, on) in locks:
                self.give(people[code], task.days.index(on), duty)
        free = [
            (person, day)
            for person in task.people
            for day, on in enumerate(task.days)
            if (person.code, on) not in locks and person.is_there(on)
        ]
        while free and self.options:
            gains = np.array([self.gains(person, day) for person, day in free])
            cell, option = np.unravel_index(int(gains.argmax()), gains.shape)
            if not gains[cell, option] > 0:
                break
            person, day = free.pop(int(cell))
            self.give(person, day, self.options[int(option)])
        return self.plan

    def give(self, person: Person, day: int, duty: Duty) -> None:
        on = self.task.days[day]
        self.plan[person.code, on] = duty
        able = self.task.able(person, on)
        mine = [skill for skill in self.scarce if self.task.skills[skill] in able]
        for slot in np.flatnonzero(self.there[self.options.index(duty)]):
            post = next((skill for skill in mine if self.left[day, slot, skill] > 0), None)
            if post is not None:
                self.left[day, slot, post] -= 1

    def gains(self, person: Person, day: int) -> NDArray[np.float64]:
        """Return what each duty would spare, -inf where it would break the person's hours, days or nights."""
        task, rules, on = self.task, self.task.rules, self.task.days[day]
        able = task.able(person, on)
        mine = [skill for skill, name in enumerate(task.skills) if name in able]
        wanted = (self.left[day][:, mine] > 0).any(axis=1)
        own = [(other, self.plan.get((person.code, other))) for other in task.days]
        worked = sum(self.shifts[duty.shift].hours for _, duty in own if duty)
        gain = self.there @ np.where(wanted, rules.under, -rules.over)
        gain = gain + rules.hours_below * np.minimum(self.hours, max(0.0, person.least_hours - worked))
        for wish in person.wishes:
            if wish.on == on:
                gain = gain - wish.weight * np.array(
                    [refuses(rules, wish.wanted, self.shifts[one.shift]) for one in self.options]
                )
        if task.former is not None:
            was = task.former.get((person.code, on))
            same = np.array([was is not None and one.shift == was.shift for one in self.options])
            gain = gain + rules.change * (same.astype(float) * 2 - 1 if was else -1.0)
        broken = worked + self.hours > person.most_hours
        broken |= sum(duty is not None for _, duty in own) >= person.most_days
        before = own[day - 1][1] if day else None
        after = own[day + 1][1] if day + 1 < len(own) else None
        ended = (
            self.shifts[before.shift].ends_min - DAY_MIN
            if before
            else None
            if day
            else task.on_duty_until.get(person.code)
        )
        if ended is not None:
            broken |= self.starts - ended < person.rest_hours * 60
        if after:
            broken |= self.shifts[after.shift].starts_min + DAY_MIN - self.ends < person.rest_hours * 60
        return np.where(broken, -np.inf, gain)
