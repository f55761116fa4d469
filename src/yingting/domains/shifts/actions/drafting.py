"""Drafts of a hall's week: written by a planner as a whole, and cell by cell by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from yingting.domains.shifts.actions.stepping import Here, draft_at, hold, planner_in, require_week, step_on
from yingting.domains.shifts.contracts import Cell, ShiftTemplate
from yingting.domains.shifts.facts import CellSet, RosterDrafted
from yingting.domains.shifts.models import Roster, RosterCell
from yingting.domains.shifts.queries.places import at_counters, person_at
from yingting.domains.shifts.queries.rosters import shifts_by_day
from yingting.domains.shifts.queries.staff import is_away
from yingting.domains.shifts.refusals import (
    CELL_TWICE,
    CHANGED,
    LUNCH_WRONG,
    PERSON_AWAY,
    PERSON_UNKNOWN,
    SHIFT_UNKNOWN,
    WEEK_WRONG,
)
from yingting.domains.shifts.rules import WEEK, Origin, RosterState, can_lunch
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

DRAFT = RosterState.DRAFT.value


def draft_roster(
    *, hall: UUID, first_day: dt.date, cells: Sequence[Cell], figures: str, expected_version: int | None, actor: Actor,
    now: dt.datetime,
) -> UUID:  # fmt: skip
    """Make a week's draft, or write its unlocked cells anew; locked ones stay as they are. Return the draft's id.

    `expected_version` is that of the draft which the caller saw, None for none. Raises Refusal shifts.changed_meanwhile,
    shifts.week_wrong, shifts.week_past, shifts.person_unknown, shifts.shift_unknown, shifts.lunch_wrong, shifts.cell_twice.
    """
    here = planner_in(hall, actor, now)
    require_week(here, first_day)
    _require_cells(here, first_day, cells)
    with writing():
        Hall.objects.select_for_update(of=("self",)).get(pk=hall)
        draft = Roster.objects.filter(hall=hall, first_day=first_day, state=DRAFT).first()
        if (draft.version if draft else None) != expected_version:
            raise Refusal(CHANGED)
        if draft is None:
            draft = Roster.objects.create(
                hall_id=hall, first_day=first_day, days=WEEK, figures=figures, made_at=now, made_by_id=actor.person
            )
        else:
            step_on(draft.pk, draft.version)
            Roster.objects.filter(pk=draft.pk).update(figures=figures, made_at=now, made_by=actor.person)
        locked = _write(draft.pk, cells)
        here.note(RosterDrafted(first_day, RosterCell.objects.filter(roster=draft).count(), locked), draft.pk)
    return draft.pk


def _write(roster: UUID, cells: Sequence[Cell]) -> int:
    """Write the cells beside the locked ones; return how many are locked then."""
    RosterCell.objects.filter(roster=roster, is_locked=False).delete()
    kept = set(RosterCell.objects.filter(roster=roster).values_list("person_id", "day"))
    RosterCell.objects.bulk_create(
        RosterCell(
            roster_id=roster, person_id=cell.person, day=cell.day, shift=cell.shift, lunch_at_min=cell.lunch_at_min,
            is_locked=cell.is_locked, origin=Origin(cell.origin).value,
        )
        for cell in cells
        if (cell.person, cell.day) not in kept
    )  # fmt: skip
    return RosterCell.objects.filter(roster=roster, is_locked=True).count()


def _require_cells(here: Here, first_day: dt.date, cells: Sequence[Cell]) -> None:
    shifts = shifts_by_day(here.hall.pk, first_day)
    known = set(at_counters(here.hall).values_list("pk", flat=True))
    for cell in cells:
        if cell.day not in shifts:
            raise Refusal(WEEK_WRONG)
        if cell.person not in known:
            raise Refusal(PERSON_UNKNOWN)
        _require_shift(shifts[cell.day], cell.shift, cell.lunch_at_min)
    if len({(cell.person, cell.day) for cell in cells}) < len(cells):
        raise Refusal(CELL_TWICE)


def _require_shift(shifts: dict[str, ShiftTemplate], code: str, lunch_at_min: int | None) -> None:
    shift = shifts.get(code)
    if code and shift is None:
        raise Refusal(SHIFT_UNKNOWN)
    if lunch_at_min is None:
        return
    if shift is None or not can_lunch(
        lunch_at_min, starts_min=shift.starts_min, ends_min=shift.ends_min, lunch_min=shift.lunch_min,
        from_min=shift.lunch_from_min, until_min=shift.lunch_until_min,
    ):  # fmt: skip
        raise Refusal(LUNCH_WRONG)


def set_cell(
    *, roster: UUID, person: UUID, day: dt.date, shift: str, lunch_at_min: int | None, is_locked: bool,
    expected_version: int, actor: Actor, now: dt.datetime,
) -> int:  # fmt: skip
    """Set a cell of a draft by hand ("" is a day off) and return the draft's new version.

    Raises Refusal shifts.roster_unknown, shifts.roster_published, shifts.changed_meanwhile, shifts.week_past,
    shifts.week_wrong, shifts.person_unknown, shifts.shift_unknown, shifts.lunch_wrong, shifts.person_away.
    """
    draft, here = draft_at(roster, actor, now)
    # A day off may be set for somebody who has left the hall: so their shifts are taken out.
    has_cell = not shift and RosterCell.objects.filter(roster=draft, person=person).exists()
    who = Person.objects.get(pk=person) if has_cell else person_at(here.hall, person)
    days = shifts_by_day(here.hall.pk, draft.first_day)
    if day not in days:
        raise Refusal(WEEK_WRONG)
    _require_shift(days[day], shift, lunch_at_min)
    with writing():
        # Who enters an absence at this moment holds the same row.
        hold(person)
        if shift and is_away(person, day):
            raise Refusal(PERSON_AWAY, name=who.name, day=day)
        step_on(draft.pk, expected_version)
        RosterCell.objects.update_or_create(
            roster=draft, person_id=person, day=day,
            defaults={
                "shift": shift, "lunch_at_min": lunch_at_min, "is_locked": is_locked, "origin": Origin.HAND.value,
            },
        )  # fmt: skip
        here.note(CellSet(person, day, shift, is_locked), draft.pk)
    return expected_version + 1
