"""From one step of the process into another."""

from __future__ import annotations

from yingting.domains.cases.actions.stepping.clocking import start_step, stop
from yingting.domains.cases.actions.stepping.turns import Turn
from yingting.domains.cases.facts import CaseMoved
from yingting.domains.cases.models import StepVisit
from yingting.domains.cases.rules.processes import Step


def enter_step(taken: Turn, step: Step, note: str = "") -> None:
    """Leave the present step and enter another one: its clock begins."""
    was = StepVisit.objects.filter(case=taken.case, left_at__isnull=True).first()
    n = StepVisit.objects.filter(case=taken.case).count() + 1
    if was is not None:
        StepVisit.objects.filter(pk=was.pk).update(
            left_at=taken.now, left_by=taken.actor.person, note=note.strip()[:400]
        )
        stop(taken, f"step.{was.n}", taken.now)
    clock = start_step(taken, n, step.limit, taken.now)
    StepVisit.objects.create(
        case=taken.case, cycle=taken.case.cycle, n=n, step=step.code, owner_id=taken.case.owner_id, entered_at=taken.now,
        due_at=clock.due_at,
    )  # fmt: skip
    taken.note(CaseMoved(taken.case.step, step.code, n))
    taken.change(step=step.code)
