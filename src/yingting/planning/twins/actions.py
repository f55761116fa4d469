"""Ask a hall's twin, cancel a question, and write down how far an answer is. The answering itself is in `working`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import hall_for
from yingting.foundation.rulebook.reading import in_force
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import SYSTEM, Actor
from yingting.kernel.canonical import digest
from yingting.kernel.clocks import business_day, elapsed_s
from yingting.kernel.refusals import Refusal
from yingting.planning.twins.facts import TwinAnswered, TwinAsked
from yingting.planning.twins.kinds import TERMS
from yingting.planning.twins.models import RunKind, RunState, TwinRun, permission_for
from yingting.planning.twins.questions import Ahead, CountersNeeded, WhatIf, kept
from yingting.planning.twins.refusals import NO_LEVER, RUN_OVER, RUN_UNKNOWN, TOO_MANY

_OPEN = (RunState.WAITING, RunState.RUNNING)


def ask_what_if(*, hall: UUID, question: WhatIf, actor: Actor, now: dt.datetime) -> UUID:
    """Ask what measures would do to a hall; return the run. A worker answers it.

    Raises Refusal twin.no_lever, twin.too_many, hall.unknown, access.refused.
    """
    if not question.levers:
        raise Refusal(NO_LEVER)
    return ask_run(hall=hall, kind=RunKind.WHAT_IF, question=kept(question), actor=actor, now=now)


def ask_for_fit(*, hall: UUID, actor: Actor, now: dt.datetime) -> UUID:
    """Ask for a calibration of a hall; return the run. Raises Refusal twin.too_many, hall.unknown, access.refused."""
    return ask_run(hall=hall, kind=RunKind.FIT, question="{}", actor=actor, now=now)


def ask_ahead(*, hall: UUID, question: Ahead, actor: Actor, now: dt.datetime) -> UUID:
    """Ask for a forecast; return the run. Raises Refusal twin.too_many, hall.unknown, access.refused."""
    return ask_run(hall=hall, kind=RunKind.FORECAST, question=kept(question), actor=actor, now=now)


def ask_for_counters(*, hall: UUID, question: CountersNeeded, actor: Actor, now: dt.datetime) -> UUID:
    """Ask which counters a day needs; return the run. Raises Refusal twin.too_many, hall.unknown, access.refused."""
    return ask_run(hall=hall, kind=RunKind.COUNTERS, question=kept(question), actor=actor, now=now)


def ask_run(
    *,
    hall: UUID,
    kind: RunKind,
    question: str,
    actor: Actor,
    now: dt.datetime,
    job: Callable[[str], object] | None = None,
) -> UUID:
    """Ask a question of a kind as it is kept; return the run, which `job` puts into the worker's hands (None: the twin's own).

    Raises Refusal twin.too_many, hall.unknown, access.refused.
    """
    from yingting.planning.twins.jobs import answer_run

    row = hall_for(actor, permission_for(kind), hall)
    terms = in_force(TERMS, path=row.unit.path, day=business_day(now, row.timezone)).rule
    with writing():
        Hall.objects.select_for_update().get(pk=row.pk)
        waiting = TwinRun.objects.filter(hall=row, state__in=_OPEN).count()
        if waiting >= terms.waiting_most:
            raise Refusal(TOO_MANY, count=waiting)
        run = TwinRun.objects.create(hall=row, kind=kind, question=question, asked_by_id=actor.person, asked_at=now)
        record(TwinAsked(kind.value, digest(question)), subject=run.pk, actor=actor, now=now, hall=row.pk)
        (job or answer_run.enqueue)(str(run.pk))
    return run.pk


def cancel_run(*, run: UUID, actor: Actor, now: dt.datetime) -> None:
    """Cancel a question that is not answered yet. Raises Refusal twin.run_unknown, twin.run_over, access.refused."""
    row = TwinRun.objects.filter(pk=run).first()
    if row is None:
        raise Refusal(RUN_UNKNOWN)
    hall_for(actor, permission_for(row.kind), row.hall_id)
    if not _end(row, RunState.CANCELLED, actor=actor, now=now):
        raise Refusal(RUN_OVER)


# ---------------------------------------------------------------------------------------------- by the worker
def begin_run(*, run: UUID, now: dt.datetime) -> bool:
    """Take a waiting run to answer it; False when somebody else did, or it was cancelled."""
    return bool(
        TwinRun.objects.filter(pk=run, state=RunState.WAITING).update(
            state=RunState.RUNNING, began_at=now
        )  # not a fact: its end is
    )


def tell_progress(*, run: UUID, share: float, step: str) -> bool:
    """Write down how far a run is; False when it is no longer wanted."""
    return bool(TwinRun.objects.filter(pk=run, state=RunState.RUNNING).update(progress=int(1000 * share), step=step))


def end_run(*, run: UUID, state: RunState, answer: str, inputs: str, now: dt.datetime) -> bool:
    """Keep the answer of a run; False when it was cancelled meanwhile."""
    row = TwinRun.objects.get(pk=run)
    row.answer, row.inputs, row.progress = answer, inputs, 1000
    return _end(row, state, actor=SYSTEM, now=now)


def _end(row: TwinRun, state: RunState, *, actor: Actor, now: dt.datetime) -> bool:
    with writing():
        changed = TwinRun.objects.filter(pk=row.pk, state__in=_OPEN).update(
            state=state, ended_at=now, answer=row.answer, inputs=row.inputs, progress=row.progress
        )
        if changed:
            seconds = elapsed_s(row.began_at or row.asked_at, now)
            told = TwinAnswered(row.kind, state.value, row.inputs, digest(row.answer), seconds)
            record(told, subject=row.pk, actor=actor, now=now, hall=row.hall_id)
    return bool(changed)
