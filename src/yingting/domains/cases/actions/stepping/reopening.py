"""A closed case opened again: by staff, or because the customer says that it is not solved."""

from __future__ import annotations

import datetime as dt

from yingting.domains.cases.actions.stepping.clocking import reach, start_step
from yingting.domains.cases.actions.stepping.turns import Turn
from yingting.domains.cases.facts import CaseReopened
from yingting.domains.cases.models import CaseState, Cycle, Holding, StepVisit
from yingting.domains.cases.queries.people import holder_of_post
from yingting.domains.cases.queries.rules_in_force import HANDLING, rule_of
from yingting.domains.cases.refusals import PERSON_UNKNOWN, REOPEN_LATE
from yingting.domains.cases.rules.processes import Mark, Step
from yingting.foundation.days import local_day
from yingting.kernel.refusals import Refusal


def require_reopening(taken: Turn) -> None:
    """Refuse when the time for reopening a closed case is over, or it goes on in another. Raises Refusal case.reopen_late."""
    days = rule_of(HANDLING, taken.path, local_day(taken.now)).reopen_days
    assert taken.case.closed_at is not None
    if taken.case.state == CaseState.MERGED or taken.now - taken.case.closed_at > dt.timedelta(days=days):
        raise Refusal(REOPEN_LATE)


def begin_again(taken: Turn, reason: str, step: Step | None = None) -> None:
    """Begin the next cycle, from the first step on (or the one that a list tells), with its own clocks. Raises Refusal
    case.person_unknown.
    """
    case, now, first = taken.case, taken.now, step or taken.process.first
    last = Holding.objects.filter(case=case).last()
    found = holder_of_post(first.post, taken.path, first.level)
    owner = last.owner_id if last is not None else found.pk if found is not None else None
    if owner is None:
        raise Refusal(PERSON_UNKNOWN)
    n = case.cycle + 1
    taken.change(
        state=CaseState.OPEN, cycle=n, owner_id=owner, closed_at=None, step=first.code, bounces=0, verification="", result="",
        effect="",
    )  # fmt: skip
    Cycle.objects.create(case=case, n=n, opened_at=now, reason=reason.strip()[:64])
    Holding.objects.create(case=case, cycle=n, owner_id=owner, since=now, why="reopened")
    place = StepVisit.objects.filter(case=case).count() + 1
    clock = start_step(taken, place, first.limit, now)
    StepVisit.objects.create(
        case=case, cycle=n, n=place, step=first.code, owner_id=owner, entered_at=now, due_at=clock.due_at
    )
    taken.note(CaseReopened(n, reason.strip()[:64], owner, first.code))
    # What brought the case in has happened long ago: the new cycle's clocks begin with the reopening.
    reach(taken, Mark.RECEIVED, now)
    reach(taken, Mark.REGISTERED, now)
