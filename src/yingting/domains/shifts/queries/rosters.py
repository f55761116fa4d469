"""Rosters of a hall's weeks with their cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from uuid import UUID

from yingting.domains.shifts.contracts import Cell, PlanningTerms, RosterView, ShiftTemplate
from yingting.domains.shifts.models import Roster, RosterCell
from yingting.domains.shifts.queries.places import hall_at
from yingting.domains.shifts.queries.rules_in_force import licences_at, planning_terms_at, templates_at
from yingting.domains.shifts.rules import WEEK, RosterState


def shift_templates(hall: UUID, day: dt.date) -> tuple[ShiftTemplate, ...]:
    """Return the shifts of a hall in force on a day."""
    return templates_at(hall_at(hall).unit.path, day)


def licence_of(hall: UUID, day: dt.date) -> Mapping[str, str]:
    """Return which class of business needs which licence in a hall on a day, by codes."""
    return {one.business: one.licence for one in licences_at(hall_at(hall).unit.path, day).needed}


def planning_terms(hall: UUID, day: dt.date) -> PlanningTerms:
    """Return what a planner has to know of a hall's terms in force on a day."""
    return planning_terms_at(hall_at(hall).unit.path, day)


def roster_of(hall: UUID, first_day: dt.date, state: str) -> RosterView | None:
    """Return a hall's roster of a week in a state: draft or published. Of replaced ones the latest."""
    row = Roster.objects.filter(hall=hall, first_day=first_day, state=state).order_by("-id").first()
    return _view(row, _cells(row)) if row else None


def rosters_of(hall: UUID, limit: int) -> tuple[RosterView, ...]:
    """Return the latest rosters of a hall, the latest week first, without their cells."""
    return tuple(_view(row, ()) for row in Roster.objects.filter(hall=hall).order_by("-first_day", "-id")[:limit])


def last_duty_ends(hall: UUID, first_day: dt.date) -> Mapping[UUID, int]:
    """Return when the last duty of each person ended in the published week before: minutes from the midnight with which the
    first day begins, negative.
    """
    before = Roster.objects.filter(
        hall=hall, first_day=first_day - dt.timedelta(days=WEEK), state=RosterState.PUBLISHED.value
    ).first()
    if before is None:
        return {}
    ends: dict[UUID, int] = {}
    shifts = shifts_by_day(hall, before.first_day)
    for cell in RosterCell.objects.filter(roster=before).exclude(shift="").order_by("day"):
        if shift := shifts[cell.day].get(cell.shift):
            ends[cell.person_id] = (cell.day - first_day).days * 24 * 60 + shift.ends_min
    return ends


def shifts_by_day(hall: UUID, first_day: dt.date, days: int = WEEK) -> dict[dt.date, dict[str, ShiftTemplate]]:
    """Return the shifts of a hall by code, for each day of a span."""
    path = hall_at(hall).unit.path
    span = [first_day + dt.timedelta(days=n) for n in range(days)]
    return {day: {one.code: one for one in templates_at(path, day)} for day in span}


def published_shifts(people: Collection[UUID], first: dt.date, last: dt.date | None) -> dict[UUID, tuple[dt.date, ...]]:
    """Return on which days from the first to the last (None: without end) each person has a shift in a published roster."""
    cells = RosterCell.objects.filter(
        person__in=people, day__gte=first, roster__state=RosterState.PUBLISHED.value
    ).exclude(shift="")
    if last is not None:
        cells = cells.filter(day__lte=last)
    found: dict[UUID, tuple[dt.date, ...]] = dict.fromkeys(people, ())
    for person, day in cells.order_by("day").values_list("person_id", "day"):
        found[person] = (*found[person], day)
    return found


def _cells(row: Roster) -> tuple[Cell, ...]:
    cells = RosterCell.objects.filter(roster=row).order_by("person__staff_no", "day")
    return tuple(Cell(one.person_id, one.day, one.shift, one.lunch_at_min, one.is_locked, one.origin) for one in cells)


def _view(row: Roster, cells: tuple[Cell, ...]) -> RosterView:
    return RosterView(
        row.pk, row.hall_id, row.first_day, row.state, row.version, row.figures, cells, row.made_at, row.published_at
    )
