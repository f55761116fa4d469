"""A hall's week as its domain knows it, and as the planner's task: who, which shifts, which rules, what stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.domains.shifts.contracts import Cell, ShiftTemplate, StaffMember
from yingting.domains.shifts.facade import last_duty_ends, licence_of, planning_terms, shift_templates, staff_of
from yingting.foundation.catalogue.models import BusinessClass
from yingting.foundation.rulebook.reading import in_force
from yingting.foundation.sites.models import Hall
from yingting.kernel.canonical import canonical, digest
from yingting.planning.rosters.kinds import TERMS, RosterTerms
from yingting.planning.rosters.needs import SLOT_MIN, Need, Post
from yingting.twin.rostering.facts import Duty, Lock, Person, Plan, Rules, Shift, Task, Wanted, Wish, variants

DAYS = 7


@dataclass(frozen=True, slots=True)
class Week:
    """What a hall's week is planned from. `licence_of`: which licence a class of business needs; `ended`: when each person's last
    duty before the week ended; `classes_of`: classes of business by the letter of their queue.
    """

    hall: Hall
    first_day: dt.date
    staff: tuple[StaffMember, ...]
    shifts: tuple[ShiftTemplate, ...]
    licence_of: Mapping[str, str]
    ended: Mapping[UUID, int]
    terms: RosterTerms
    early_by_min: int
    late_from_min: int
    classes_of: Mapping[str, frozenset[str]]

    @property
    def days(self) -> tuple[dt.date, ...]:
        """Its seven days."""
        return tuple(self.first_day + dt.timedelta(days=ahead) for ahead in range(DAYS))

    @property
    def made_from(self) -> dict[str, str]:
        """Digests of what a plan is made from: by person, and of the shifts ("")."""
        told = {str(one.person): digest(canonical(_told(one))) for one in self.staff}
        shifts = [
            [one.code, one.starts_min, one.ends_min, one.lunch_min, one.lunch_from_min, one.lunch_until_min]
            for one in self.shifts
        ]
        return {**told, "": digest(canonical([shifts, sorted(self.licence_of.items())]))}


def _told(one: StaffMember) -> list[object]:
    return [
        sorted(one.skills) if one.skills is not None else None, one.least_hours, one.most_hours, one.most_days, one.rest_hours,
        sorted(one.leave), [list(span) for span in one.off_post], sorted(one.licences.items()),
        sorted([wish.day.isoformat(), wish.wanted, wish.weight] for wish in one.wishes),
    ]  # fmt: skip


def week_of(hall: Hall, first_day: dt.date) -> Week:
    """Return a hall's week as it is known now."""
    terms = planning_terms(hall.pk, first_day)
    return Week(
        hall, first_day, staff_of(hall.pk, first_day, DAYS), shift_templates(hall.pk, first_day),
        licence_of(hall.pk, first_day), last_duty_ends(hall.pk, first_day),
        in_force(TERMS, path=hall.unit.path, day=first_day).rule, terms.early_by_min, terms.late_from_min,
        _classes_by_queue(hall),
    )  # fmt: skip


def _classes_by_queue(hall: Hall) -> dict[str, frozenset[str]]:
    setup = fresh_setup(hall.pk)
    ids = {one for queue in setup.queues.values() for one in queue.classes}
    codes = dict(BusinessClass.objects.filter(pk__in=ids).values_list("pk", "code"))
    found: dict[str, frozenset[str]] = {}
    for queue in setup.queues.values():
        found[queue.letter] = found.get(queue.letter, frozenset()) | {codes[one] for one in queue.classes}
    return found


# ---------------------------------------------------------------------------------------------- who can do what
def can_take(member: StaffMember, classes: Iterable[str]) -> bool:
    """Say whether the skills of a person cover classes of business; licences are another matter."""
    return member.skills is None or member.skills.issuperset(classes)


def queues_of(member: StaffMember, week: Week) -> tuple[str, ...]:
    """Return the queues that a person can serve on some day of the week: there, skilled, with licences that are still valid."""
    there = [day for day in week.days if _is_there(member, day)]
    return tuple(
        queue
        for queue, classes in sorted(week.classes_of.items())
        if there
        and can_take(member, classes)
        and all(
            member.licences.get(week.licence_of[one], dt.date.min) >= there[0]
            for one in classes
            if one in week.licence_of
        )
    )


def _is_there(member: StaffMember, day: dt.date) -> bool:
    return day not in member.leave and not any(first <= day <= last for first, last in member.off_post)


def _licence(post: Post, week: Week) -> str:
    """The licences that a post needs, as one; "" for none."""
    return "+".join(sorted({week.licence_of[one] for one in post.classes if one in week.licence_of}))


# ---------------------------------------------------------------------------------------------- the task
def task_of(
    week: Week, need: Need, cells: Sequence[Cell] = (), former: Plan | None = None, today: dt.date = dt.date.min
) -> Task:
    """Return the task of a week: its need, its people; locked cells and days until today stay, the rest stays near `former`."""
    wanted = {post.code: _licence(post, week) for post in need.posts}
    licences = sorted({one for one in wanted.values() if one})
    terms = week.terms
    rules = Rules(
        under=terms.under, over=terms.over, hours_below=terms.hours_below, hours_above=terms.hours_above,
        extra_day=terms.extra_day, short_rest=terms.short_rest, change=terms.change, early_by_min=week.early_by_min,
        late_from_min=week.late_from_min, licence_of={code: licence for code, licence in wanted.items() if licence},
    )  # fmt: skip
    shifts = tuple(
        Shift(one.code, one.starts_min, one.ends_min, one.lunch_min, one.lunch_from_min, one.lunch_until_min)
        for one in week.shifts
    )
    return Task(
        week.days, tuple(post.code for post in need.posts), need.counts,
        tuple(_person(one, need.posts, licences) for one in week.staff), shifts, rules, need.opens_min, SLOT_MIN,
        tuple(_locks(week, shifts, cells, today)), former, {str(person): until for person, until in week.ended.items()},
    )  # fmt: skip


def _person(member: StaffMember, posts: Sequence[Post], licences: Iterable[str]) -> Person:
    valid = {several: min(member.licences.get(one, dt.date.min) for one in several.split("+")) for several in licences}
    wishes = tuple(Wish(one.day, Wanted(one.wanted), one.weight) for one in member.wishes)
    return Person(
        str(member.person), tuple(post.code for post in posts if can_take(member, post.classes)), member.least_hours,
        member.most_hours, member.most_days, member.rest_hours, member.leave, member.off_post, valid, wishes,
    )  # fmt: skip


def _locks(week: Week, shifts: Sequence[Shift], cells: Sequence[Cell], today: dt.date) -> Iterable[Lock]:
    """Locked cells that can still be: of somebody who is there, with a shift that the hall still has. What was, is locked."""
    members, known = {one.person: one for one in week.staff}, {one.code: one for one in shifts}
    for cell in cells:
        member = members.get(cell.person)
        if not (cell.is_locked or cell.day <= today) or member is None or cell.day not in week.days:
            continue
        if not cell.shift:
            yield Lock(str(cell.person), cell.day, None)
        elif cell.shift in known and _is_there(member, cell.day):
            fits = Duty(cell.shift, cell.lunch_at_min) in variants(known[cell.shift], SLOT_MIN)
            yield Lock(str(cell.person), cell.day, cell.shift, cell.lunch_at_min if fits else None)


def plan_of(week: Week, cells: Sequence[Cell]) -> dict[tuple[str, dt.date], Duty]:
    """Return the duties of a roster, of people and shifts that the hall still has."""
    people, shifts = {one.person for one in week.staff}, {one.code for one in week.shifts}
    return {
        (str(cell.person), cell.day): Duty(cell.shift, cell.lunch_at_min)
        for cell in cells
        if cell.shift in shifts and cell.person in people
    }


def cells_of(week: Week, plan: Plan, former: Sequence[Cell]) -> tuple[Cell, ...]:
    """Return a plan as cells, everybody's every day; locks and who wrote a cell stay where the cell does."""
    before = {(cell.person, cell.day): cell for cell in former}
    found = []
    for member in week.staff:
        for day in week.days:
            duty, old = plan.get((str(member.person), day)), before.get((member.person, day))
            shift, lunch = (duty.shift, duty.lunch_at_min) if duty else ("", None)
            stays = old is not None and (old.shift, old.is_locked) == (shift, True)
            found.append(Cell(member.person, day, shift, lunch, stays, old.origin if old and stays else "solver"))
    return tuple(found)
