"""What pages show of weeks: the rosters of a hall, one week with its people, plan, need and runs. Scoped by the hall."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.domains.shifts.contracts import RosterView
from yingting.domains.shifts.facade import roster_of
from yingting.foundation.people.access import hall_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.planning.rosters.questions import WeekAsked, WishAsked
from yingting.planning.rosters.refusals import NOT_A_WEEK
from yingting.planning.twins.models import RunKind, TwinRun
from yingting.planning.twins.questions import kept, opened

ONE_WEEK = dt.timedelta(days=7)


def hall_of_rosters(actor: Actor, hall: UUID | str) -> Hall:
    """Return a hall whose rosters the actor may plan, by id or code. Raises Refusal hall.unknown, access.refused."""
    return hall_for(actor, Permission.SHIFTS_PLAN, hall)


def monday(day: dt.date) -> dt.date:
    """Return the Monday that names a week. Raises Refusal rosters.not_a_week for another day."""
    if day.weekday():
        raise Refusal(NOT_A_WEEK)
    return day


def is_open_week(first_day: dt.date, today: dt.date) -> bool:
    """Say whether a week can still be planned: a day of it is to come.

    >>> monday = dt.date(2026, 1, 12)
    >>> is_open_week(monday, dt.date(2026, 1, 17)), is_open_week(monday, dt.date(2026, 1, 18))
    (True, False)
    """
    return first_day + dt.timedelta(days=6) > today


def standing(hall: Hall, first_day: dt.date) -> RosterView | None:
    """Return the roster that is worked on: the draft, else what is published."""
    return roster_of(hall.pk, first_day, "draft") or roster_of(hall.pk, first_day, "published")


def planning_of(hall: Hall, first_day: dt.date) -> TwinRun | None:
    """Return the last run that plans a week."""
    question = kept(WeekAsked(first_day.isoformat()))
    return TwinRun.objects.filter(hall=hall, kind=RunKind.ROSTER, question=question).first()


def explanations_of(hall: Hall, roster: RosterView) -> dict[tuple[str, str], TwinRun]:
    """Return the last explanation of each wish of a roster as it stands, by person and day."""
    found: dict[tuple[str, str], TwinRun] = {}
    for run in TwinRun.objects.filter(hall=hall, kind=RunKind.WHY_NOT, question__contains=str(roster.id)):
        asked = opened(WishAsked, run.question)
        if asked.version == roster.version:
            found.setdefault((asked.person, asked.day), run)
    return found
