"""Ask the twins of many halls one question, cancel it, and keep hall after hall as it is answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import halls_for, require, units_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.reading import in_force
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import SYSTEM, Actor
from yingting.kernel.canonical import canonical, digest
from yingting.kernel.clocks import business_day, elapsed_s
from yingting.kernel.refusals import Refusal
from yingting.planning.twins.facts import TwinAnswered, TwinAsked
from yingting.planning.twins.kinds import TERMS
from yingting.planning.twins.many.kept import kept_of
from yingting.planning.twins.models import ManyAnswer, ManyRun, RunState
from yingting.planning.twins.questions import WhatIf, digest_of, kept
from yingting.planning.twins.refusals import MANY_WAITING, NO_HALL, NO_LEVER, RUN_OVER, RUN_UNKNOWN

if TYPE_CHECKING:  # pages import this module, and rows bring Arrow along
    from yingting.twin.many.jobs import HallRow

MANY = "many"
_OPEN = (RunState.WAITING, RunState.RUNNING)


def ask_many(*, unit: UUID, question: WhatIf, actor: Actor, now: dt.datetime) -> UUID:
    """Ask what measures would do to each hall of a unit; return the run. Workers answer it hall by hall.

    Raises Refusal twin.no_lever, twin.no_hall, twin.many_waiting, hall.unknown, access.refused.
    """
    from yingting.planning.twins.jobs import answer_many

    if not question.levers:
        raise Refusal(NO_LEVER)
    row = units_for(actor, Permission.TWIN_ASK).filter(pk=unit, is_active=True).first()
    if row is None:
        raise Refusal(NO_HALL)
    halls = list(halls_for(actor, Permission.TWIN_ASK).filter(unit__path__startswith=row.path, unit__is_active=True))
    if not halls:
        raise Refusal(NO_HALL)
    terms = in_force(TERMS, path=row.path, day=business_day(now, halls[0].timezone)).rule
    with writing():
        Unit.objects.select_for_update().get(pk=row.pk)  # who asks twice at once is counted twice
        waiting = ManyRun.objects.filter(asked_by_id=actor.person, state__in=_OPEN).count()
        if waiting >= terms.waiting_most:
            raise Refusal(MANY_WAITING, count=waiting)
        text = kept(question)
        run = ManyRun.objects.create(
            unit=row, question=text, asked_by_id=actor.person, asked_at=now, halls=len(halls)
        )  # fmt: skip
        ManyAnswer.objects.bulk_create(ManyAnswer(run=run, hall=hall) for hall in halls)
        record(TwinAsked(MANY, digest(text)), subject=run.pk, actor=actor, now=now)
        answer_many.enqueue(str(run.pk))
    return run.pk


def cancel_many(*, run: UUID, actor: Actor, now: dt.datetime) -> None:
    """Cancel a question that is not answered yet; what is answered stays. Raises Refusal twin.run_unknown, twin.run_over,
    access.refused.
    """
    row = ManyRun.objects.select_related("unit").filter(pk=run).first()
    if row is None:
        raise Refusal(RUN_UNKNOWN)
    require(actor, Permission.TWIN_ASK, row.unit.path)
    if not _end(row, RunState.CANCELLED, actor=actor, now=now):
        raise Refusal(RUN_OVER)


# ---------------------------------------------------------------------------------------------- by the worker
def begin_many(*, run: UUID, now: dt.datetime) -> bool:
    """Take a run to answer some of its halls; False when it is over."""
    waiting = ManyRun.objects.filter(pk=run, state=RunState.WAITING)
    waiting.update(state=RunState.RUNNING, began_at=now)  # not a fact: its end is
    return is_wanted(run=run)


def is_wanted(*, run: UUID) -> bool:
    """Say whether somebody still waits for the run."""
    return ManyRun.objects.filter(pk=run, state=RunState.RUNNING).exists()


def keep_hall(*, run: UUID, rows: Sequence[HallRow]) -> bool:
    """Keep what came out for a hall (all rows are of one); False when it is kept already, or no longer wanted."""
    waiting = ManyAnswer.objects.filter(
        run=run, hall__code=rows[0].hall, state=RunState.WAITING, run__state=RunState.RUNNING
    )
    return bool(waiting.update(**kept_of(rows)))  # not a fact: the end of the run is


def end_many(*, run: UUID, state: RunState, now: dt.datetime) -> bool:
    """End a run; False when it is over already."""
    return _end(ManyRun.objects.get(pk=run), state, actor=SYSTEM, now=now)


def _end(row: ManyRun, state: RunState, *, actor: Actor, now: dt.datetime) -> bool:
    with writing():
        changed = ManyRun.objects.filter(pk=row.pk, state__in=_OPEN).update(state=state, ended_at=now)
        if changed:
            found = list(
                ManyAnswer.objects.filter(run=row).values_list("hall__code", "inputs", "body").order_by("hall__code")
            )
            inputs = digest_of(row.question, *((code, of) for code, of, _body in found))
            answer = digest(canonical([[code, body] for code, _of, body in found]))
            seconds = elapsed_s(row.began_at or row.asked_at, now)
            record(TwinAnswered(MANY, state.value, inputs, answer, seconds), subject=row.pk, actor=actor, now=now)
    return bool(changed)
