"""Plan a hall's week: what each half hour needs, who does it, and what it costs; and say why a wish is not met.

Only workers import this: it brings the compiler and the solver along.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from yingting.domains.queueing.queries.setup import fresh_setup, hall_now
from yingting.domains.shifts.contracts import RosterView
from yingting.domains.shifts.facade import draft_roster, roster_of
from yingting.foundation.people.access import actor_for_person
from yingting.foundation.rulebook.reading import in_force
from yingting.kernel.refusals import Refusal
from yingting.kernel.words import gettext_noop as _
from yingting.planning.rosters.figures import Figures
from yingting.planning.rosters.figures import opened as opened_figures
from yingting.planning.rosters.kinds import COVER
from yingting.planning.rosters.needs import DayFound, Need, merged
from yingting.planning.rosters.questions import WeekAsked, WishAsked
from yingting.planning.rosters.reading import standing
from yingting.planning.rosters.staffing import Told, searched
from yingting.planning.rosters.weeks import Week, cells_of, plan_of, queues_of, task_of, week_of
from yingting.planning.twins.answers import refusal_of
from yingting.planning.twins.days import facts_of
from yingting.planning.twins.models import RunKind
from yingting.planning.twins.questions import Ahead, digest_of, opened
from yingting.planning.twins.working import CannotAnswerError, Work, work_out
from yingting.twin.calibrating.reasons import CannotCalibrate
from yingting.twin.forecasting.forecast import TooFewDaysError
from yingting.twin.hall import ModelError
from yingting.twin.rostering.apart import Standing
from yingting.twin.rostering.breaks import Break, Code, breaks, costs
from yingting.twin.rostering.facts import Task, Wanted
from yingting.twin.rostering.solving import Roster, solve, why_not
from yingting.twin.staffing.plans import Goal

_NEED, _PLAN = 0.55, 0.4  # the shares of a run


def plan(run: UUID) -> None:
    """Work out one run of the planner."""
    work_out(run, Planning)


@dataclass(frozen=True, slots=True)
class _Found:
    need: Need
    notes: Told


class Planning(Work):
    """A week that is planned, or a wish that is explained."""

    def answered(self) -> dict[str, Any]:
        """Return what came out; a planned week stands in its roster."""
        if self.row.kind == RunKind.WHY_NOT:
            return self.explained(opened(WishAsked, self.row.question))
        return self.planned(opened(WeekAsked, self.row.question).first_day)

    # ---------------------------------------------------------------------------------------------- a week
    def planned(self, first_day: dt.date) -> dict[str, Any]:
        week, former = week_of(self.hall, first_day), standing(self.hall, first_day)
        found = self.need(week)
        now = hall_now(self.hall.pk)
        cells = former.cells if former else ()
        task = task_of(week, found.need, cells, plan_of(week, cells) if former else None, self.today)
        self.tell(_NEED, _("Looking for the plan"), at_once=True)
        roster = solve(
            task, seconds=week.terms.seconds, progress=lambda at: self.heard(at, week.terms.seconds),
            is_cancelled=lambda: not self.wanted,
        )  # fmt: skip
        self.inputs = digest_of(self.inputs, self.row.question, week.made_from, found.need, week.terms, cells)
        figures = self.figures(week, found, roster)
        try:
            made = draft_roster(
                hall=self.hall.pk, first_day=first_day, cells=cells_of(week, roster.plan, cells), figures=figures.kept,
                expected_version=former.version if former and former.state == "draft" else None, actor=self.actor(), now=now,
            )  # fmt: skip
        except Refusal as no:
            raise CannotAnswerError({"said": [[no.kind.sentence, {k: str(v) for k, v in no.params.items()}]]}) from no
        return {"roster": str(made), "cost": roster.cost, "bound": roster.bound, "seconds": roster.seconds}

    def need(self, week: Week) -> _Found:
        """What each half hour needs; the hall's own floor alone where the twin cannot say."""
        floor = in_force(COVER, path=self.hall.unit.path, day=week.first_day).rule.rows
        days: dict[dt.date, DayFound] = {}
        notes: Told = []
        try:
            days, notes = self.by_twin(week)
        except (CannotCalibrate, ModelError) as no:
            if not floor:
                raise CannotAnswerError(_said_of(no) | {"without": True}) from no
            notes = [(_("The twin does not know enough of this hall; planned from the counters open at least."), {})]
        need = merged(week.days, days, floor, week.classes_of)
        return _Found(need, [*_unserved(need, week), *notes])

    def by_twin(self, week: Week) -> tuple[dict[dt.date, DayFound], Told]:
        fit, made_from = self.fit(), self.inputs
        facts = facts_of(self.hall, week.days)
        models = {day: fit.model(one) for day in week.days if (one := facts[day.toordinal()]).opens_s is not None}
        customers, notes = self.customers(week)
        self.inputs = digest_of(made_from, self.inputs, sorted(facts.items()))
        goal = Goal(week.terms.share / 100, self.limits_s[0])
        self.tell(0.2, _("Trying counters"), at_once=True)
        empty = [day.isoformat() for day in models if customers.get(day) == 0.0]
        if empty:
            notes = [
                *notes,
                (_("Nobody ever came on such days: no counters are planned for %(days)s."), {"days": ", ".join(empty)}),
            ]
        found = searched(
            models, customers, week, goal, len(fresh_setup(self.hall.pk).counters), int(self.inputs[:8], 16),
            lambda share: self.tell(0.2 + (_NEED - 0.2) * share, _("Trying counters")), lambda: not self.wanted,
        )  # fmt: skip
        return found.days, [*notes, *found.notes]

    def customers(self, week: Week) -> tuple[dict[dt.date, float], Told]:
        """The customers that are forecast for each day; nothing, said in words, where the past is too short for it."""
        try:
            body = self.foretold(Ahead(week.first_day.isoformat(), len(week.days)))
        except TooFewDaysError:
            return {}, [(_("Too few days for a forecast: the customers are those of the days learned from."), {})]
        told = {
            dt.date.fromisoformat(one["on"]): float(one["total"] or 0.0) if one["is_open"] else 0.0
            for one in body["days"]
        }
        return told, []

    def figures(self, week: Week, found: _Found, roster: Roster) -> Figures:
        return Figures(
            found.need, roster.cost, roster.bound, roster.is_optimal, roster.seconds,
            {code.value: cost for code, cost in roster.costs.items()},
            tuple((one.code.value, one.cost, _plain(one)) for one in roster.breaks if one.code is not Code.OVER),
            week.made_from, week.terms.share / 100, self.limits_s[0] / 60, tuple(found.notes),
        )  # fmt: skip

    def actor(self) -> Any:
        assert self.row.asked_by is not None
        return actor_for_person(self.row.asked_by)

    def heard(self, at: Standing, seconds: float) -> None:
        """How far the solver is, by its gap and its time, whichever is further."""
        closed = 0.0
        if math.isfinite(at.best) and math.isfinite(at.bound) and at.best > 0:
            closed = 1.0 - min(1.0, max(0.0, (at.best - at.bound) / at.best))
        self.tell(_NEED + _PLAN * max(closed, min(1.0, at.seconds / seconds)), _("Looking for the plan"))

    # ---------------------------------------------------------------------------------------------- a wish
    def explained(self, asked: WishAsked) -> dict[str, Any]:
        first_day = dt.date.fromisoformat(asked.first)
        roster = next((one for one in self.standings(first_day) if str(one.id) == asked.roster), None)
        figures = opened_figures(roster.figures) if roster else None
        if roster is None or figures is None or roster.version != asked.version:
            raise CannotAnswerError({"said": [[_("The roster has changed meanwhile. Ask again."), {}]]})
        week = week_of(self.hall, first_day)
        task = task_of(week, figures.need, roster.cells, None, self.today)
        made = _as_it_stands(task, week, roster, figures)
        self.tell(0.3, _("Granting the wish"), at_once=True)
        found = why_not(task, made, asked.person, dt.date.fromisoformat(asked.day), Wanted(asked.wanted))
        self.inputs = digest_of(self.row.question, week.made_from, roster.figures, roster.cells)
        return {
            "more": found.more, "at_least": found.at_least, "is_locked": found.is_locked,
            "breaks": [[one.code.value, one.cost, _plain(one)] for one in found.breaks],
            "mends": [[one.code.value, one.cost, _plain(one)] for one in found.mends],
        }  # fmt: skip

    def standings(self, first_day: dt.date) -> list[RosterView]:
        both = [roster_of(self.hall.pk, first_day, state) for state in ("draft", "published")]
        return [one for one in both if one is not None]


def _unserved(need: Need, week: Week) -> Told:
    """Say which queues nobody of the week can serve."""
    wanted = {queue for post in need.posts for queue in post.queues} & set(week.classes_of)
    served = {queue for member in week.staff for queue in queues_of(member, week)}
    return [
        (
            _("Nobody can serve queue %(queue)s in this week: nobody there has the skills and licences for it."),
            {"queue": queue},
        )
        for queue in sorted(wanted - served)
    ]


def _as_it_stands(task: Task, week: Week, roster: RosterView, figures: Figures) -> Roster:
    """The roster as the solver would have made it: what it costs now. No bound is known of what hands changed."""
    plan = plan_of(week, roster.cells)
    found = breaks(task, plan)
    cost = sum(one.cost for one in found)
    return Roster(plan, cost, costs(found), found, 0.0, False, figures.seconds)


def _plain(one: Break) -> dict[str, Any]:
    return {
        name: value if isinstance(value, int | float | str) and not isinstance(value, Wanted) else str(value)
        for name, value in one.values.items()
    }


def _said_of(no: CannotCalibrate | ModelError) -> dict[str, Any]:
    return refusal_of(no) if isinstance(no, CannotCalibrate) else {"problems": list(no.problems)}
