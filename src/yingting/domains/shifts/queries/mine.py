"""What a person sees of their own: published shifts of the coming weeks, wishes, absences, time off post, licences."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.shifts.contracts import ShiftTemplate
from yingting.domains.shifts.models import Absence, OffPost, Roster, RosterCell, Wish
from yingting.domains.shifts.queries.rosters import shifts_by_day
from yingting.domains.shifts.queries.rules_in_force import terms_at
from yingting.domains.shifts.rules import (
    WEEK,
    WISH_WEEKS,
    AbsenceKind,
    OffPostReason,
    RosterState,
    Wanted,
    WishState,
    clock,
    monday_of,
    wishes_until,
)
from yingting.foundation.sites.models import Hall

LOOK_BACK_DAYS = 28


@dataclass(frozen=True, slots=True)
class Duty:
    """A day of a published roster as the person sees it; `shift` None is a day off."""

    day: dt.date
    shift: ShiftTemplate | None
    lunch_at_min: int | None
    is_today: bool

    @property
    def times(self) -> str:
        """From – to."""
        return span_of(self.shift.starts_min, self.shift.ends_min) if self.shift else ""

    @property
    def lunch(self) -> str:
        """From – to of the lunch break, "" for none."""
        if self.shift is None or self.lunch_at_min is None:
            return ""
        return span_of(self.lunch_at_min, self.lunch_at_min + self.shift.lunch_min)


@dataclass(frozen=True, slots=True)
class MyWeek:
    """A published week; `edition` counts how often it was published before."""

    first_day: dt.date
    last_day: dt.date
    edition: int
    duties: tuple[Duty, ...]

    @property
    def hours(self) -> float:
        """Paid hours of the whole week."""
        return sum(duty.shift.hours for duty in self.duties if duty.shift)


@dataclass(frozen=True, slots=True)
class MyWish:
    """A wish with its answer."""

    id: UUID
    day: dt.date
    wanted: Wanted
    state: WishState
    answer: str


def span_of(starts_min: int, ends_min: int) -> str:
    """Return two times of a day as people write them.

    >>> span_of(480, 1020)
    '08:00–17:00'
    """
    return f"{clock(starts_min)}–{clock(ends_min)}"


def my_weeks(person: UUID, hall: Hall, today: dt.date) -> tuple[MyWeek, ...]:
    """Return the published weeks of a hall from the present one on in which a person has a cell, with every day of them."""
    cells = RosterCell.objects.filter(
        person=person,
        roster__hall=hall,
        roster__state=RosterState.PUBLISHED.value,
        roster__first_day__gte=monday_of(today),
    )
    held: dict[dt.date, dict[dt.date, RosterCell]] = defaultdict(dict)
    for cell in cells.select_related("roster"):
        held[cell.roster.first_day][cell.day] = cell
    return tuple(_week(hall, first, held[first], today) for first in sorted(held))


def _week(hall: Hall, first: dt.date, cells: dict[dt.date, RosterCell], today: dt.date) -> MyWeek:
    duties = []
    shifts = shifts_by_day(hall.pk, first)
    for day in shifts:
        cell = cells.get(day)
        shift = shifts[day].get(cell.shift) if cell else None
        duties.append(Duty(day, shift, cell.lunch_at_min if cell else None, day == today))
    editions = Roster.objects.filter(hall=hall, first_day=first, state=RosterState.REPLACED.value).count()
    return MyWeek(first, first + dt.timedelta(days=WEEK - 1), editions, tuple(duties))


def my_wishes(person: UUID, today: dt.date) -> tuple[MyWish, ...]:
    """Return a person's wishes that are not withdrawn, of the last four weeks and later, the next day first."""
    rows = Wish.objects.filter(person=person, day__gte=today - dt.timedelta(days=LOOK_BACK_DAYS))
    return tuple(
        MyWish(row.pk, row.day, Wanted(row.wanted), WishState(row.state), row.answer)
        for row in rows.exclude(state=WishState.WITHDRAWN.value).order_by("day")
    )


def wish_days(hall: Hall, today: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and the last day for which a wish may be made today."""
    before = terms_at(hall.unit.path, today).wish_days_before
    first = monday_of(today)
    while wishes_until(first, before) < today:
        first += dt.timedelta(days=WEEK)
    return first, monday_of(today) + dt.timedelta(days=WEEK * (WISH_WEEKS + 1) - 1)


@dataclass(frozen=True, slots=True)
class AbsenceLine:
    """An absence as it is shown."""

    id: UUID
    kind: AbsenceKind
    first_day: dt.date
    last_day: dt.date
    words: str


@dataclass(frozen=True, slots=True)
class OffPostLine:
    """A time off post as it is shown; `until` None: until the resit is passed, or somebody ends it."""

    id: UUID
    reason: OffPostReason
    words: str
    since: dt.date
    until: dt.date | None


def absences_of(people: Collection[UUID], since: dt.date) -> dict[UUID, tuple[AbsenceLine, ...]]:
    """Return the absences of people that reach to a day or beyond it."""
    found: dict[UUID, tuple[AbsenceLine, ...]] = dict.fromkeys(people, ())
    for row in Absence.objects.filter(person__in=people, is_withdrawn=False, last_day__gte=since):
        line = AbsenceLine(row.pk, AbsenceKind(row.kind), row.first_day, row.last_day, row.words)
        found[row.person_id] = (*found[row.person_id], line)
    return found


def off_post_of(people: Collection[UUID], today: dt.date) -> dict[UUID, tuple[OffPostLine, ...]]:
    """Return the times off post of people that are not over on a day."""
    found: dict[UUID, tuple[OffPostLine, ...]] = dict.fromkeys(people, ())
    for row in OffPost.objects.filter(person__in=people).exclude(until__lt=today):
        line = OffPostLine(row.pk, OffPostReason(row.reason), row.words, row.since, row.until)
        found[row.person_id] = (*found[row.person_id], line)
    return found
