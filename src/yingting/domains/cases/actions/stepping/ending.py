"""The end of a cycle, however it comes about: clocks stop, nobody owns the case any more, an offer that waits is overtaken."""

from __future__ import annotations

from yingting.domains.cases.actions.stepping.clocking import reach, stop_all
from yingting.domains.cases.actions.stepping.turns import Turn
from yingting.domains.cases.facts import CaseClosed
from yingting.domains.cases.models import CaseState, Cycle, Handover, Holding, StepVisit
from yingting.domains.cases.rules.processes import Mark


def end_case(taken: Turn, outcome: CaseState, reason: str = "") -> None:
    """End the present cycle of a case."""
    case, now = taken.case, taken.now
    reach(taken, Mark.CLOSED, now)
    stop_all(taken, now)
    StepVisit.objects.filter(case=case, left_at__isnull=True).update(left_at=now, left_by=taken.actor.person)
    Holding.objects.filter(case=case, until__isnull=True).update(until=now)
    Handover.objects.filter(case=case, answered_at__isnull=True).update(answered_at=now, answer="overtaken")
    Cycle.objects.filter(case=case, n=case.cycle).update(
        closed_at=now, closed_by=taken.actor.person, outcome=outcome.value, reason=reason.strip()[:64]
    )
    taken.change(state=outcome, owner_id=None, closed_at=now, next_due_at=None, is_due_provisional=False)
    taken.note(CaseClosed(case.cycle, outcome.value, case.result, taken.actor.person))
