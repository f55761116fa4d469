"""Ask the planner for a week, and why a wish is not met. The planning itself is in `working`."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.domains.shifts.facade import roster_of
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import business_day
from yingting.kernel.refusals import Refusal
from yingting.planning.rosters.jobs import plan_run
from yingting.planning.rosters.questions import WeekAsked, WishAsked
from yingting.planning.rosters.reading import hall_of_rosters, is_open_week, monday, planning_of
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
    return ask_run(
        hall=row.pk, kind=RunKind.ROSTER, question=question, actor=actor, now=now, job=plan_run.enqueue
    )


def ask_why_not(
    *, hall: UUID, first_day: dt.date, person: UUID, day: dt.date, wanted: str, actor: Actor, now: dt.datetime
) -> UUID:
    """Ask why the draft of a week does not meet a wish; return the run.

    Raises Refusal rosters.no_roster, twin.too_many, hall.unknown, access.refused.
    """
    row = hall_of_rosters(actor, hall)
    draft = roster_of(row.pk, first_day, "draft") or roster_of(row.pk, first_day, "published")
    if draft is None:
        raise Refusal(NO_ROSTER)
    asked = WishAsked(first_day.isoformat(), str(draft.id), draft.version, str(person), day.isoformat(), wanted)
    return ask_run(
        hall=row.pk, kind=RunKind.WHY_NOT, question=kept(asked), actor=actor, now=now, job=plan_run.enqueue
    )
