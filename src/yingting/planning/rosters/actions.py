"""Ask the planner for a week, and why a wish is not met; set a day by hand. The planning itself is in `working`."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.domains.shifts.facade import CHANGED, draft_roster, roster_of, set_cell
from yingting.foundation.journal.writing import writing
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import business_day
from yingting.kernel.refusals import Refusal
from yingting.planning.rosters.jobs import plan_run
from yingting.planning.rosters.questions import WeekAsked, WishAsked
from yingting.planning.rosters.reading import hall_of_rosters, is_open_week, monday, planning_of, standing
from yingting.planning.rosters.refusals import NO_ROSTER, NO_SHIFTS, NO_STAFF, PLANNING_RUNS, WEEK_OVER
from yingting.planning.rosters.weeks import week_of
from yingting.planning.twins.actions import ask_run
from yingting.planning.twins.models import RunKind
from yingting.planning.twins.questions import kept


def ask_for_week(*, hall: UUID, first_day: dt.date, actor: Actor, now: dt.datetime) -> UUID:
    """Ask for a plan of a week; return the run. A worker plans it.

    Raises Refusal rosters.not_a_week, rosters.week_over, rosters.no_staff, rosters.no_shifts, rosters.planning_runs,
    twin.too_many, hall.unknown, access.refused.
    """
    row = hall_of_rosters(actor, hall)
    monday(first_day)
    if not is_open_week(first_day, business_day(now, row.timezone)):
        raise Refusal(WEEK_OVER)
    week = week_of(row, first_day)
    if not week.staff:
        raise Refusal(NO_STAFF)
    if not week.shifts:
        raise Refusal(NO_SHIFTS)
    running = planning_of(row, first_day)
    if running is not None and not running.is_over:
        raise Refusal(PLANNING_RUNS)
    question = kept(WeekAsked(first_day.isoformat()))
    return ask_run(hall=row.pk, kind=RunKind.ROSTER, question=question, actor=actor, now=now, job=plan_run.enqueue)


def ask_why_not(
    *, hall: UUID, first_day: dt.date, person: UUID, day: dt.date, wanted: str, actor: Actor, now: dt.datetime
) -> UUID:
    """Ask why the draft of a week does not meet a wish; return the run.

    Raises Refusal rosters.no_roster, twin.too_many, hall.unknown, access.refused.
    """
    row = hall_of_rosters(actor, hall)
    roster = standing(row, first_day)
    if roster is None:
        raise Refusal(NO_ROSTER)
    asked = WishAsked(first_day.isoformat(), str(roster.id), roster.version, str(person), day.isoformat(), wanted)
    return ask_run(hall=row.pk, kind=RunKind.WHY_NOT, question=kept(asked), actor=actor, now=now, job=plan_run.enqueue)


def set_by_hand(
    *, hall: UUID, first_day: dt.date, person: UUID, day: dt.date, shift: str, lunch_at_min: int | None, is_locked: bool,
    expected_version: int, actor: Actor, now: dt.datetime,
) -> None:  # fmt: skip
    """Set a day of a person by hand. A published roster stays as it is: its cells become a draft first.

    Raises Refusal rosters.no_roster, hall.unknown, access.refused, and what `draft_roster` and `set_cell` raise.
    """
    row = hall_of_rosters(actor, hall)
    roster = standing(row, first_day)
    if roster is None:
        raise Refusal(NO_ROSTER)
    if roster.version != expected_version:
        raise Refusal(CHANGED)
    with writing():
        draft, version = roster.id, expected_version
        if roster.state != "draft":
            draft = draft_roster(
                hall=row.pk, first_day=first_day, cells=roster.cells, figures=roster.figures, expected_version=None, actor=actor,
                now=now,
            )  # fmt: skip
            made = roster_of(row.pk, first_day, "draft")
            assert made is not None
            version = made.version
        set_cell(
            roster=draft, person=person, day=day, shift=shift, lunch_at_min=lunch_at_min, is_locked=is_locked,
            expected_version=version, actor=actor, now=now,
        )  # fmt: skip
