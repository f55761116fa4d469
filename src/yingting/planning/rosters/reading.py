"""What pages show of weeks: the rosters of a hall, one week with its people, plan, need and runs. Scoped by the hall."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np

from yingting.domains.shifts.contracts import RosterView, StaffMember
from yingting.domains.shifts.facade import roster_of
from yingting.foundation.people.access import hall_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.planning.rosters.figures import Figures
from yingting.planning.rosters.figures import opened as opened_figures
from yingting.planning.rosters.needs import Need
from yingting.planning.rosters.questions import WeekAsked, WishAsked
from yingting.planning.rosters.refusals import NOT_A_WEEK
from yingting.planning.rosters.weeks import Week, plan_of, task_of
from yingting.planning.twins.models import RunKind, TwinRun
from yingting.planning.twins.questions import kept, opened
from yingting.twin.rostering.breaks import Break, breaks
from yingting.twin.rostering.facts import Duty, Task, variants

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


@dataclass(frozen=True, slots=True)
class Stand:
    """A roster as it stands: worked out anew from what the hall knows now, without the solver.

    `figures` None: made without a planner, so that no need is known. `found`: everything that it breaks.
    """

    week: Week
    roster: RosterView
    figures: Figures | None
    task: Task
    plan: dict[tuple[str, dt.date], Duty]
    found: tuple[Break, ...]

    @property
    def cost(self) -> float:
        """What it costs, in points."""
        return sum(one.cost for one in self.found)

    @property
    def changed_people(self) -> tuple[StaffMember, ...]:
        """People of whom something changed after the plan was made: leave, time off post, skills, terms, wishes."""
        if self.figures is None:
            return ()
        then, now = self.figures.made_from, self.week.made_from
        return tuple(one for one in self.week.staff if then.get(str(one.person)) != now[str(one.person)])

    @property
    def are_shifts_changed(self) -> bool:
        """The hall's shifts or licences changed after the plan was made, or somebody left."""
        if self.figures is None:
            return False
        now = self.week.made_from
        return self.figures.made_from.get("") != now[""] or bool(set(self.figures.made_from) - set(now))

    def with_cell(self, person: UUID, day: dt.date, duty: Duty | None) -> tuple[Break, ...]:
        """Return what the plan breaks with one cell set otherwise. Only that day's cover and that person's week are looked at anew."""
        code, place = str(person), self.task.days.index(day)
        plan = {cell: one for cell, one in self.plan.items() if cell != (code, day)}
        if duty is not None:
            plan[code, day] = duty
        cover = breaks(replace(self.task, days=(day,), need=self.task.need[place : place + 1]), plan)
        own = breaks(
            replace(
                self.task, people=tuple(one for one in self.task.people if one.code == code),
                need=self.task.need[:, :0],
            ),
            plan,
        )  # fmt: skip
        kept = [one for one in self.found if not (_is_cover(one, day) or one.values.get("person") == code)]
        return (*kept, *(one for one in cover if _is_cover(one, day)), *own)

    def duties_for(self, person: UUID, day: dt.date) -> list[tuple[Duty | None, tuple[Break, ...]]]:
        """Return what a cell may be set to with what the plan breaks then: off, and each shift at each start of its lunch."""
        options: list[Duty | None] = [None]
        options += [duty for shift in self.task.shifts for duty in variants(shift, self.task.slot_min)]
        return [(duty, self.with_cell(person, day, duty)) for duty in options]


def _is_cover(one: Break, day: dt.date) -> bool:
    return "time" in one.values and one.values["day"] == day


def stand_of(week: Week) -> Stand | None:
    """Return the roster of a week that is worked on, as it stands; None where there is none."""
    roster = standing(week.hall, week.first_day)
    if roster is None:
        return None
    figures = opened_figures(roster.figures)
    need = (
        figures.need if figures else Need((), np.zeros((len(week.days), 0, 0), np.int64), 0, (None,) * len(week.days))
    )
    task, plan = task_of(week, need), plan_of(week, roster.cells)
    return Stand(week, roster, figures, task, plan, breaks(task, plan))
