"""What a roster is made from: people, shifts, what each half hour needs, and what breaking a rule costs. Plain data.

Times are minutes after midnight of a day, lengths minutes or hours as named. A lunch break is placed within its window by the
solver: each possible start is a variant of the shift (`variants`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

DAY_MIN = 24 * 60


class Wanted(StrEnum):
    """What somebody may wish for a day. Early and late: if on duty at all."""

    OFF = "off"
    EARLY = "early"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish for a day; `weight` is what refusing it costs."""

    on: date
    wanted: Wanted
    weight: float = 3.0


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be on duty. Hours and days are those of the span that is planned (a week).

    On `leave` days and within `off_post` spans (first and last day: 待岗, an exam not passed) nobody is put on duty, and the
    least hours shrink with the days that are left. `licences` say until when each is valid.
    """

    code: str
    skills: tuple[str, ...]
    least_hours: float = 24.0
    most_hours: float = 40.0
    most_days: int = 5
    rest_hours: float = 11.0
    leave: frozenset[date] = frozenset()
    off_post: tuple[tuple[date, date], ...] = ()
    licences: Mapping[str, date] = field(default_factory=dict)
    wishes: tuple[Wish, ...] = ()

    def is_there(self, on: date) -> bool:
        """Say whether the person may be put on duty on a day."""
        return on not in self.leave and not any(first <= on <= last for first, last in self.off_post)


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift; `lunch_min` 0 is none, else a break of that length that begins and ends between the two lunch times."""

    code: str
    starts_min: int
    ends_min: int
    lunch_min: int = 0
    lunch_from_min: int = 0
    lunch_until_min: int = 0

    @property
    def hours(self) -> float:
        """Paid hours: without the lunch break."""
        return (self.ends_min - self.starts_min - self.lunch_min) / 60.0


@dataclass(frozen=True, slots=True)
class Duty:
    """A shift with its lunch break placed (None: it has none)."""

    shift: str
    lunch_at_min: int | None = None


@dataclass(frozen=True, slots=True)
class Lock:
    """A cell that stays as it is: a shift (with its lunch, where that is fixed too) or a day off (None)."""

    person: str
    on: date
    shift: str | None
    lunch_at_min: int | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What each break of a rule costs. `under` and `over`: somebody missing, or too many, for one slot.

    `hours_below`, `hours_above`: an hour outside the contract. `extra_day`: a day more than agreed. `short_rest`: a night that is
    too short. `change`: a cell that differs from the former plan. A shift is early when it starts by `early_by_min`, late when
    it ends at `late_from_min` or after. `licence_of`: skills that count only with a valid licence.
    """

    under: float = 10.0
    over: float = 1.0
    hours_below: float = 20.0
    hours_above: float = 40.0
    extra_day: float = 200.0
    short_rest: float = 200.0
    change: float = 2.0
    early_by_min: int = 9 * 60 + 30
    late_from_min: int = 20 * 60
    licence_of: Mapping[str, str] = field(default_factory=dict)


Plan = Mapping[tuple[str, date], Duty]


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be planned. `need[day, slot, skill]`: people wanted on post, each counted for one skill only.

    `former` is the plan to stay near to. `on_duty_until`: when each person's last duty before the first day ended, in minutes
    before its midnight as a negative number.
    """

    days: tuple[date, ...]
    skills: tuple[str, ...]
    need: NDArray[np.int64]
    people: tuple[Person, ...]
    shifts: tuple[Shift, ...]
    rules: Rules = Rules()
    opens_min: int = 8 * 60
    slot_min: int = 30
    locks: tuple[Lock, ...] = ()
    former: Plan | None = None
    on_duty_until: Mapping[str, int] = field(default_factory=dict)

    def able(self, person: Person, on: date) -> frozenset[str]:
        """Return the skills that a person has on a day: with the licences that they need."""
        wanted = self.rules.licence_of
        return frozenset(
            skill
            for skill in person.skills
            if skill in self.skills and (skill not in wanted or person.licences.get(wanted[skill], date.min) >= on)
        )

    def lock_of(self) -> dict[tuple[str, date], Lock]:
        """Return the locks by cell."""
        return {(lock.person, lock.on): lock for lock in self.locks}


class TaskError(ValueError):
    """A task that contradicts itself; `problems` says everything that is wrong with it, in English for the log."""

    def __init__(self, problems: Iterable[str]) -> None:
        """Keep the problems."""
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


def variants(shift: Shift, step_min: int) -> tuple[Duty, ...]:
    """Return the shift with every start of its lunch break.

    >>> [one.lunch_at_min for one in variants(Shift("day", 540, 1020, 60, 690, 810), 30)]
    [690, 720, 750]
    >>> variants(Shift("half", 540, 780), 30)
    (Duty(shift='half', lunch_at_min=None),)
    """
    if not shift.lunch_min:
        return (Duty(shift.code),)
    first = max(shift.starts_min, shift.lunch_from_min)
    last = min(shift.ends_min, shift.lunch_until_min) - shift.lunch_min
    return tuple(Duty(shift.code, at) for at in range(first, last + 1, step_min))


def present(task: Task, shift: Shift, duty: Duty) -> NDArray[np.bool_]:
    """Return for each slot whether somebody with this duty is on post all of it."""
    begins = task.opens_min + task.slot_min * np.arange(task.need.shape[1])
    ends = begins + task.slot_min
    there = (begins >= shift.starts_min) & (ends <= shift.ends_min)
    if duty.lunch_at_min is not None:
        there &= (ends <= duty.lunch_at_min) | (begins >= duty.lunch_at_min + shift.lunch_min)
    return np.asarray(there)


def refuses(rules: Rules, wanted: Wanted, shift: Shift) -> bool:
    """Say whether a shift goes against a wish.

    >>> refuses(Rules(), Wanted.EARLY, Shift("late", 780, 1260))
    True
    """
    if wanted is Wanted.EARLY:
        return shift.starts_min > rules.early_by_min
    return wanted is Wanted.OFF or shift.ends_min < rules.late_from_min


def least_hours(task: Task, person: Person) -> float:
    """Return the hours that a person is to work at least: fewer where leave takes days."""
    there = sum(person.is_there(on) for on in task.days)
    return person.least_hours * there / len(task.days)


def check(task: Task) -> None:
    """Raise TaskError for a task that contradicts itself: shapes, unknown names, shifts that cannot be, two locks for a cell."""
    found: list[str] = []
    if task.need.ndim != 3 or task.need.shape[::2] != (len(task.days), len(task.skills)) or (task.need < 0).any():
        found.append(
            f"need has the shape {task.need.shape} for {len(task.days)} days and {len(task.skills)} skills, or is negative"
        )
    if any(later - before != timedelta(days=1) for before, later in zip(task.days, task.days[1:], strict=False)):
        found.append("the days must follow each other")
    people, shifts = {one.code for one in task.people}, {one.code: one for one in task.shifts}
    if len(people) < len(task.people) or len(shifts) < len(task.shifts):
        found.append("people and shifts must have codes of their own")
    found += [
        f"shift {one.code}: its times or its lunch break cannot be"
        for one in task.shifts
        if not 0 <= one.starts_min < one.ends_min <= 48 * 60 or one.hours <= 0 or not variants(one, task.slot_min)
    ]
    for lock in task.locks:
        known = shifts.get(lock.shift) if lock.shift is not None else None
        if lock.person not in people or lock.on not in task.days or (lock.shift is not None and known is None):
            found.append(f"a lock of {lock.person} on {lock.on} names what is not there")
        elif (
            known
            and lock.lunch_at_min is not None
            and Duty(known.code, lock.lunch_at_min) not in variants(known, task.slot_min)
        ):
            found.append(f"a lock of {lock.person} on {lock.on}: no lunch at {lock.lunch_at_min}")
    if len(task.lock_of()) < len(task.locks):
        found.append("two locks for one cell")
    if found:
        raise TaskError(found)
