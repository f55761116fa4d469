"""What a plan costs and which rules it breaks, read off the plan itself and not off the program that made it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yingting.kernel.words import gettext_noop
from yingting.twin.rostering.facts import DAY_MIN, Duty, Person, Plan, Shift, Task, least_hours, present, refuses


class Code(StrEnum):
    """A rule of rosters."""

    UNDER = "under"
    OVER = "over"
    HOURS_BELOW = "hours-below"
    HOURS_ABOVE = "hours-above"
    EXTRA_DAY = "extra-day"
    SHORT_REST = "short-rest"
    WISH = "wish"
    CHANGE = "change"
    AWAY = "away"
    LICENCE = "licence"


SENTENCES: Mapping[Code, str] = {
    Code.UNDER: gettext_noop("%(day)s %(time)s: %(count)s too few for %(skill)s."),
    Code.OVER: gettext_noop("%(day)s %(time)s: %(count)s more than needed."),
    Code.HOURS_BELOW: gettext_noop("%(person)s: %(hours)s hours, %(least)s at least are agreed."),
    Code.HOURS_ABOVE: gettext_noop("%(person)s: %(hours)s hours, %(most)s at most are agreed."),
    Code.EXTRA_DAY: gettext_noop("%(person)s: %(days)s days on duty, %(most)s at most are agreed."),
    Code.SHORT_REST: gettext_noop("%(person)s, night before %(day)s: %(hours)s hours of rest instead of %(least)s."),
    Code.WISH: gettext_noop("%(person)s wished %(wanted)s on %(day)s and has %(shift)s."),
    Code.CHANGE: gettext_noop("%(person)s, %(day)s: %(before)s becomes %(after)s."),
    Code.AWAY: gettext_noop("%(person)s is on duty on %(day)s by hand, but on leave or off post."),
    Code.LICENCE: gettext_noop(
        "%(person)s is on duty on %(day)s without a valid licence for %(skill)s, which does not count."
    ),
}


@dataclass(frozen=True, slots=True)
class Break:
    """A broken rule: its code, what it costs, and the values of its sentence (`SENTENCES`)."""

    code: Code
    cost: float
    values: Mapping[str, object]

    @property
    def key(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        """What tells it from other breaks."""
        return self.code, tuple(sorted((name, str(value)) for name, value in self.values.items()))


def breaks(task: Task, plan: Plan) -> tuple[Break, ...]:
    """Return everything that a plan breaks, what costs and what only has to be known. Costs add up to the plan's cost."""
    shifts = {shift.code: shift for shift in task.shifts}
    found = list(_cover(task, plan, shifts))
    for person in task.people:
        duties = [plan.get((person.code, on)) for on in task.days]
        found.extend(_person(task, person, [shifts[one.shift] if one else None for one in duties]))
        found.extend(_changes(task, person, duties))
    return tuple(found)


def costs(found: Sequence[Break]) -> dict[Code, float]:
    """Return what each rule costs together; rules that cost nothing are left out."""
    total: dict[Code, float] = {}
    for one in found:
        if one.cost:
            total[one.code] = total.get(one.code, 0.0) + one.cost
    return total


def only(mine: Sequence[Break], theirs: Sequence[Break]) -> tuple[Break, ...]:
    """Return what one plan breaks and another does not."""
    known = {one.key for one in theirs}
    return tuple(one for one in mine if one.key not in known)


def _cover(task: Task, plan: Plan, shifts: Mapping[str, Shift]) -> Iterator[Break]:
    rules = task.rules
    for day, on in enumerate(task.days):
        there = [
            (task.able(person, on), present(task, shifts[duty.shift], duty))
            for person in task.people
            if (duty := plan.get((person.code, on)))
        ]
        for slot in range(task.need.shape[1]):
            minute = task.opens_min + slot * task.slot_min
            at: dict[str, object] = {"day": on, "time": f"{minute // 60:02d}:{minute % 60:02d}"}
            people = [skills for skills, on_post in there if on_post[slot]]
            missing, idle = placed(people, dict(zip(task.skills, task.need[day, slot].tolist(), strict=True)))
            for skill, count in missing.items():
                yield Break(Code.UNDER, rules.under * count, {**at, "skill": skill, "count": count})
            if idle:
                yield Break(Code.OVER, rules.over * idle, {**at, "count": idle})


def placed(people: Sequence[frozenset[str]], need: Mapping[str, int]) -> tuple[dict[str, int], int]:
    """Put each person to one skill so that as few as possible are missing; return who is missing by skill, and who is left over.

    Paths of changes are followed until nobody can take a post any more (Kuhn 1955).

    >>> both, one = frozenset({"a", "b"}), frozenset({"a"})
    >>> placed([both, one], {"a": 1, "b": 1}), placed([both], {"a": 1, "b": 1})
    (({}, 0), ({'b': 1}, 0))
    """
    at_post: dict[str, list[int]] = {skill: [] for skill in need}

    def takes(person: int, tried: set[str]) -> bool:
        for skill in need:
            if skill in people[person] and skill not in tried:
                tried.add(skill)
                if len(at_post[skill]) < need[skill]:
                    at_post[skill].append(person)
                    return True
                for place, other in enumerate(at_post[skill]):
                    if takes(other, tried):
                        at_post[skill][place] = person
                        return True
        return False

    working = sum(takes(person, set()) for person in range(len(people)))
    missing = {skill: count - len(at_post[skill]) for skill, count in need.items() if count > len(at_post[skill])}
    return missing, len(people) - working


def _person(task: Task, person: Person, shifts: Sequence[Shift | None]) -> Iterator[Break]:
    rules = task.rules
    hours, days = sum(shift.hours for shift in shifts if shift), sum(shift is not None for shift in shifts)
    least = least_hours(task, person)
    who: dict[str, object] = {"person": person.code}
    if hours < least - 1e-9:
        values = {**who, "hours": round(hours, 2), "least": round(least, 2)}
        yield Break(Code.HOURS_BELOW, rules.hours_below * (least - hours), values)
    if hours > person.most_hours + 1e-9:
        values = {**who, "hours": round(hours, 2), "most": person.most_hours}
        yield Break(Code.HOURS_ABOVE, rules.hours_above * (hours - person.most_hours), values)
    if days > person.most_days:
        yield Break(
            Code.EXTRA_DAY, rules.extra_day * (days - person.most_days), {**who, "days": days, "most": person.most_days}
        )
    ended = task.on_duty_until.get(person.code)
    for day, shift in enumerate(shifts):
        if shift:
            on = task.days[day]
            if ended is not None and shift.starts_min - ended < person.rest_hours * 60:
                rest = {"day": on, "hours": round((shift.starts_min - ended) / 60, 2), "least": person.rest_hours}
                yield Break(Code.SHORT_REST, rules.short_rest, {**who, **rest})
            yield from _duty(task, person, on, shift)
        ended = shift.ends_min - DAY_MIN if shift else None


def _duty(task: Task, person: Person, on: date, shift: Shift) -> Iterator[Break]:
    who: dict[str, object] = {"person": person.code, "day": on}
    for wish in person.wishes:
        if wish.on == on and refuses(task.rules, wish.wanted, shift):
            yield Break(Code.WISH, wish.weight, {**who, "wanted": wish.wanted, "shift": shift.code})
    if not person.is_there(on):
        yield Break(Code.AWAY, 0.0, who)
    for skill in sorted(set(person.skills) & set(task.skills) - task.able(person, on)):
        yield Break(Code.LICENCE, 0.0, {**who, "skill": skill})


def _changes(task: Task, person: Person, duties: Sequence[Duty | None]) -> Iterator[Break]:
    if task.former is None:
        return
    for on, duty in zip(task.days, duties, strict=True):
        before = task.former.get((person.code, on))
        was, becomes = before.shift if before else None, duty.shift if duty else None
        if was != becomes:
            values = {"person": person.code, "day": on, "before": was or "-", "after": becomes or "-"}
            yield Break(Code.CHANGE, task.rules.change, values)
