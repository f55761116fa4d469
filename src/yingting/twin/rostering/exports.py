"""A roster as rows for a spreadsheet and as a calendar for a phone (RFC 5545)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from yingting.kernel.ics import Entry, uid
from yingting.kernel.ics import calendar as ics
from yingting.kernel.words import gettext_noop
from yingting.twin.rostering.breaks import SENTENCES, Code, placed
from yingting.twin.rostering.facts import Duty, Plan, Shift, Task, present

if TYPE_CHECKING:  # whoever only shows a plan loads no solver
    from yingting.twin.rostering.solving import Roster

Row = list[str | float | int | None]
Say = Callable[[str], str]
_PRODUCT = "-//Yingting//Roster//EN"


def clock(minute: int) -> str:
    """Return minutes after midnight as people write them.

    >>> clock(545), clock(1500)
    ('09:05', '01:00')
    """
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"


def week_rows(task: Task, plan: Plan, names: Mapping[str, str], say: Say = str) -> list[Row]:
    """Return one row a person, one column a day, and the hours; the first row is the heading. `say` translates a msgid."""
    shifts = {shift.code: shift for shift in task.shifts}
    heading: Row = [
        say(gettext_noop("Person")),
        *(on.isoformat() for on in task.days),
        say(gettext_noop("Hours on duty")),
    ]
    rows = [heading]
    for person in task.people:
        duties = [plan.get((person.code, on)) for on in task.days]
        hours = sum(shifts[duty.shift].hours for duty in duties if duty)
        cells = [
            _cell(shifts[duty.shift], duty) if duty else "" if person.is_there(on) else say(gettext_noop("away"))
            for on, duty in zip(task.days, duties, strict=True)
        ]
        rows.append([names.get(person.code, person.code), *cells, round(hours, 2)])
    return rows


def _cell(shift: Shift, duty: Duty) -> str:
    times = f"{clock(shift.starts_min)}-{clock(shift.ends_min)}"
    if duty.lunch_at_min is None:
        return times
    return f"{times} ({clock(duty.lunch_at_min)}-{clock(duty.lunch_at_min + shift.lunch_min)})"


def cover_rows(task: Task, plan: Plan, say: Say = str) -> list[Row]:
    """Return one row a day and slot: who is needed for each skill, how many are on post, how many are missing and left over."""
    shifts = {shift.code: shift for shift in task.shifts}
    heading = [
        gettext_noop("Day"),
        gettext_noop("Time"),
        gettext_noop("On post"),
        gettext_noop("Missing"),
        gettext_noop("Too many"),
    ]
    rows: list[Row] = [[*(say(one) for one in heading[:2]), *task.skills, *(say(one) for one in heading[2:])]]
    for day, on in enumerate(task.days):
        there = [
            (task.able(person, on), present(task, shifts[duty.shift], duty))
            for person in task.people
            if (duty := plan.get((person.code, on)))
        ]
        for slot in range(task.need.shape[1]):
            people = [skills for skills, on_post in there if on_post[slot]]
            need = task.need[day, slot].tolist()
            missing, idle = placed(people, dict(zip(task.skills, need, strict=True)))
            at = clock(task.opens_min + slot * task.slot_min)
            rows.append([on.isoformat(), at, *need, len(people), sum(missing.values()), idle])
    return rows


def cost_rows(roster: Roster, say: Say = str) -> list[Row]:
    """Return what the plan costs by rule, then every broken rule in words."""
    rows: list[Row] = [[say(gettext_noop("Rule")), say(gettext_noop("Points")), say(gettext_noop("What"))]]
    rows += [[code, round(cost, 2), None] for code, cost in sorted(roster.costs.items())]
    rows += [
        [
            one.code,
            round(one.cost, 2),
            say(SENTENCES[one.code]) % {name: str(value) for name, value in one.values.items()},
        ]
        for one in roster.breaks
        if one.code is not Code.OVER
    ]
    return rows


# ---------------------------------------------------------------------------------------------- calendar
def calendar(
    task: Task, plan: Plan, person: str, *, title: str, place: str, host: str, zone: ZoneInfo, stamp: datetime, edition: int = 0,
    say: Say = str,
) -> str:  # fmt: skip
    """Return one person's duties as an iCalendar text: UTC times, lines of at most 75 octets, CRLF.

    The UID of a day stays the same whatever becomes of the plan, so that a newer `edition` replaces the duty in the phone; days
    off are sent as cancelled, so that a duty that was taken away goes. `stamp` must know its zone (ValueError).
    """
    entries = _entries(task, plan, person, title, place, host, zone, edition, say)
    return ics(entries, product=_PRODUCT, stamp=stamp)


def calendar_of_all(
    task: Task, plan: Plan, titles: Mapping[str, str], *, place: str, host: str, zone: ZoneInfo, stamp: datetime,
    edition: int = 0, say: Say = str,
) -> str:  # fmt: skip
    """Return everybody's duties as one iCalendar text; `titles` heads the duties of each person. Else as `calendar`."""
    people = [person.code for person in task.people]
    entries = [
        one for code in people for one in _entries(task, plan, code, titles[code], place, host, zone, edition, say)
    ]
    return ics(entries, product=_PRODUCT, stamp=stamp)


def _entries(
    task: Task, plan: Plan, person: str, title: str, place: str, host: str, zone: ZoneInfo, edition: int, say: Say
) -> list[Entry]:
    shifts = {shift.code: shift for shift in task.shifts}
    entries = []
    for on in task.days:
        duty = plan.get((person, on))
        if duty is None and not edition:
            continue
        entries.append(
            Entry(
                uid(host, person, on.isoformat()), _at(on, shifts[duty.shift].starts_min if duty else 0, zone),
                _at(on, shifts[duty.shift].ends_min, zone) if duty else None, title, place,
                _break(shifts[duty.shift], duty, say) if duty else "", edition,
            )
        )  # fmt: skip
    return entries


def _break(shift: Shift, duty: Duty, say: Say) -> str:
    if duty.lunch_at_min is None:
        return ""
    times = {"from": clock(duty.lunch_at_min), "until": clock(duty.lunch_at_min + shift.lunch_min)}
    return say(gettext_noop("Break from %(from)s to %(until)s.")) % times


def _at(on: date, minute: int, zone: ZoneInfo) -> datetime:
    return (datetime(on.year, on.month, on.day) + timedelta(minutes=minute)).replace(tzinfo=zone)  # noqa: DTZ001  # the zone follows
