"""What whoever plans a hall's shifts sees: everybody with terms, skills, licences, absences, time off post, wishes; the day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.shifts.contracts import OwnTerms, StaffMember
from yingting.domains.shifts.models import Licence, Roster, RosterCell, Wish
from yingting.domains.shifts.queries.mine import (
    AbsenceLine,
    Duty,
    MyWish,
    OffPostLine,
    absences_of,
    off_post_of,
)
from yingting.domains.shifts.queries.places import at_counters
from yingting.domains.shifts.queries.rosters import published_shifts, shifts_by_day
from yingting.domains.shifts.queries.rules_in_force import licences_at
from yingting.domains.shifts.queries.staff import leave_days, off_post_spans, own_terms, staff_of
from yingting.domains.shifts.rules import RosterState, Wanted, WishState, monday_of
from yingting.foundation.catalogue.models import BusinessClass
from yingting.foundation.rulebook.reading import prefixes
from yingting.foundation.sites.models import Hall
from yingting.kernel.shapes import Named

SOON_DAYS = 30
_AHEAD = 366


@dataclass(frozen=True, slots=True)
class LicenceLine:
    """A licence of a person: `state` is valid, soon (ends within 30 days) or over."""

    id: UUID
    licence: Named
    valid_until: dt.date
    state: str


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person with all that a roster looks at. `clashes`: days with a published shift on which the person is away."""

    member: StaffMember
    own: OwnTerms
    version: int
    skills: tuple[BusinessClass, ...]
    licences: tuple[LicenceLine, ...]
    absences: tuple[AbsenceLine, ...]
    off_post: tuple[OffPostLine, ...]
    wishes: tuple[MyWish, ...]
    clashes: tuple[dt.date, ...]
    today: dt.date

    @property
    def is_off_post(self) -> bool:
        """Whether the person may not be put on duty today."""
        return any(one.since <= self.today for one in self.off_post)

    @property
    def has_own_terms(self) -> bool:
        """Whether anything differs from the rule of the hall."""
        return self.own != OwnTerms()


def people_lines(hall: Hall, today: dt.date) -> tuple[PersonLine, ...]:
    """Return everybody on the counters of a hall, by staff number."""
    members = staff_of(hall.pk, today, 1)
    ids = [member.person for member in members]
    own, licences, wishes, clashes = (
        own_terms(ids),
        _licences(hall, ids, today),
        open_wishes(ids, today),
        _clashes(ids, today),
    )
    absences, off_post = absences_of(ids, today), off_post_of(ids, today)
    classes = BusinessClass.objects.filter(unit__path__in=prefixes(hall.unit.path), is_active=True).order_by("position")
    known = {one.code: one for one in classes}
    return tuple(
        PersonLine(
            member, *own.get(member.person, (OwnTerms(), 0)),
            tuple(one for code, one in known.items() if member.skills is not None and code in member.skills),
            licences[member.person], absences[member.person], off_post[member.person],
            wishes[member.person], clashes[member.person], today,
        )
        for member in members
    )  # fmt: skip


def person_line(hall: Hall, person: UUID, today: dt.date) -> PersonLine | None:
    """Return one person on the counters of a hall, None when there is none of this id."""
    return next((line for line in people_lines(hall, today) if line.member.person == person), None)


def open_wishes(people: list[UUID], today: dt.date) -> dict[UUID, tuple[MyWish, ...]]:
    """Return the wishes of people that wait for an answer, for days to come."""
    found: dict[UUID, tuple[MyWish, ...]] = dict.fromkeys(people, ())
    rows = Wish.objects.filter(person__in=people, state=WishState.OPEN.value, day__gte=today).order_by("day")
    for row in rows:
        wish = MyWish(row.pk, row.day, Wanted(row.wanted), WishState.OPEN, row.answer)
        found[row.person_id] = (*found[row.person_id], wish)
    return found


def _licences(hall: Hall, people: list[UUID], today: dt.date) -> dict[UUID, tuple[LicenceLine, ...]]:
    names = {one.code: one for one in licences_at(hall.unit.path, today).licences}
    found: dict[UUID, list[LicenceLine]] = defaultdict(list)
    for row in Licence.objects.filter(person__in=people).order_by("code"):
        days = (row.valid_until - today).days
        state = "over" if days < 0 else "soon" if days <= SOON_DAYS else "valid"
        named = names.get(row.code, Named(row.code, row.code))
        found[row.person_id].append(LicenceLine(row.pk, named, row.valid_until, state))
    return {person: tuple(found[person]) for person in people}


def _clashes(people: list[UUID], today: dt.date) -> dict[UUID, tuple[dt.date, ...]]:
    """The days from today on with a published shift on which each person is absent or off post."""
    last = today + dt.timedelta(days=_AHEAD)
    shifts = published_shifts(people, today, last)
    leave, off_post = leave_days(people, today, last), off_post_spans(people, today, last)
    return {
        person: tuple(
            day
            for day in days
            if day in leave[person] or any(since <= day <= until for since, until in off_post[person])
        )
        for person, days in shifts.items()
    }


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody of a day. `state` is on (should be here), absent, off_post (both: not to be put on duty), free."""

    person: UUID
    name: str
    staff_no: str
    duty: Duty
    state: str


def expected_on(hall: Hall, day: dt.date) -> tuple[Expected, ...] | None:
    """Return who is on the counters of a hall on a day by its published roster, by beginning; None where none is published."""
    roster = Roster.objects.filter(hall=hall, first_day=monday_of(day), state=RosterState.PUBLISHED.value).first()
    if roster is None:
        return None
    shifts = shifts_by_day(hall.pk, day, 1)[day]
    people = list(at_counters(hall))
    ids = [person.pk for person in people]
    leave, off_post = leave_days(ids, day, day), off_post_spans(ids, day, day)
    cells = {cell.person_id: cell for cell in RosterCell.objects.filter(roster=roster, day=day)}
    rows = []
    for person in people:
        cell = cells.get(person.pk)
        shift = shifts.get(cell.shift) if cell else None
        state = "off_post" if off_post[person.pk] else "absent" if leave[person.pk] else "on" if shift else "free"
        duty = Duty(day, shift, cell.lunch_at_min if cell else None, is_today=True)
        rows.append(Expected(person.pk, person.name, person.staff_no, duty, state))
    return tuple(sorted(rows, key=lambda row: (row.duty.shift.starts_min if row.duty.shift else 2000, row.staff_no)))
