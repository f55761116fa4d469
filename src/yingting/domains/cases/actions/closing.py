"""Closing, and what comes after: withdrawn, out of scope, merged into another, opened again."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.domains.cases.actions.stepping.clocking import take_over
from yingting.domains.cases.actions.stepping.ending import end_case
from yingting.domains.cases.actions.stepping.reopening import begin_again, require_reopening
from yingting.domains.cases.actions.stepping.turns import done, turn
from yingting.domains.cases.contracts import Done
from yingting.domains.cases.facts import CaseMerged, CaseSettled, WordsFilled
from yingting.domains.cases.models import CaseState, Words
from yingting.domains.cases.queries.dossiers import doers_of, dossier_of
from yingting.domains.cases.queries.words import missing_text
from yingting.domains.cases.refusals import (
    CHANGED,
    CHOICE_UNKNOWN,
    GATE,
    MERGE_SELF,
    REOPEN_OPEN,
    STEP_WRONG,
    WORDS_MISSING,
)
from yingting.domains.cases.rules.answers import RESULTS
from yingting.domains.cases.rules.gate import missing_to_close, require_other_person
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.fields import sealed_values
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


def settle(
    *, case: UUID, result: str, words: str = "", seen: int | None = None, actor: Actor, now: dt.datetime
) -> Done:
    """Say what came of the handling, solved, partly or not, and in words what was done; none leave the record as it is.

    Raises Refusal case.unknown, access.refused, case.changed, case.closed, case.owner_only, case.choice_unknown.
    """
    with turn(case, actor=actor, now=now, seen=seen) as taken:
        taken.require_open()
        taken.require_owner()
        if result not in RESULTS:
            raise Refusal(CHOICE_UNKNOWN, field="result")
        taken.change(result=result)
        taken.note(CaseSettled(result))
        if words.strip():
            Words.objects.filter(case=taken.case).update(**sealed_values(Words, result=words.strip()))
            taken.note(WordsFilled(("result",)))
    return done(taken)


def close(*, case: UUID, seen: int | None = None, actor: Actor, now: dt.datetime) -> Done:
    """Close a case from its last step: when nothing is missing, and by somebody who did not handle it.

    Raises Refusal case.unknown, access.refused, case.changed, case.closed, case.step_wrong, case.closer_is_doer, case.gate.
    """
    with turn(case, actor=actor, now=now, seen=seen) as taken:
        taken.require_open()
        here = taken.process.step(taken.case.step)
        if not here.is_last:
            raise Refusal(STEP_WRONG)
        dossier = dossier_of(taken.case)
        require_other_person(dossier.doers, actor.person)
        missing = missing_to_close(taken.process.gate, here.needs, here.proofs, dossier)
        if missing:
            raise Refusal(GATE, needs=missing_text(missing))
        end_case(taken, CaseState.CLOSED)
    return done(taken)


def end_without(
    *, case: UUID, outcome: str, reason: str, seen: int | None = None, actor: Actor, now: dt.datetime
) -> Done:
    """End a case that was withdrawn by the customer or is not ours to handle (the customer was told whom to go to).

    A superior's right, and not for who handled it. Raises Refusal case.unknown, access.refused, case.changed, case.closed,
    case.choice_unknown, case.words_missing, case.closer_is_doer.
    """
    with turn(case, actor=actor, now=now, permission=Permission.CASE_SUPERVISE, seen=seen) as taken:
        taken.require_open()
        if outcome not in (CaseState.WITHDRAWN, CaseState.OUT_OF_SCOPE):
            raise Refusal(CHOICE_UNKNOWN, field="outcome")
        if not reason.strip():
            raise Refusal(WORDS_MISSING)
        require_other_person(doers_of(taken.case), actor.person)
        end_case(taken, CaseState(outcome), reason)
    return done(taken)


def merge(*, case: UUID, into: UUID, seen: int | None = None, actor: Actor, now: dt.datetime) -> Done:
    """Put a case into another one of the same customer's matter. Both numbers stay; the other goes on with the earliest clocks and
    keeps its owner.

    Raises Refusal case.unknown, access.refused, case.changed, case.closed, case.merge_self.
    """
    if case == into:
        raise Refusal(MERGE_SELF)
    # Always in the same order, whichever is merged into which: two merges at once do not wait for each other in a ring.
    first, second = sorted((case, into))
    with turn(first, actor=actor, now=now) as one, turn(second, actor=actor, now=now) as other:
        gone, kept = (one, other) if case == first else (other, one)
        if seen is not None and seen != gone.case.version:
            raise Refusal(CHANGED)
        gone.require_open()
        kept.require_open()
        take_over(kept, gone)
        gone.change(merged_into_id=kept.case.pk)
        gone.note(CaseMerged(kept.case.pk))
        end_case(gone, CaseState.MERGED)
        kept.change(received_at=min(kept.case.received_at, gone.case.received_at))
    return done(kept)


def reopen(*, case: UUID, reason: str, seen: int | None = None, actor: Actor, now: dt.datetime) -> Done:
    """Open a closed case again: the next cycle, with its own clocks. The first-asker stays; nothing of before is erased.

    Raises Refusal case.unknown, access.refused, case.changed, case.reopen_open, case.reopen_late, case.words_missing,
    case.person_unknown.
    """
    with turn(case, actor=actor, now=now, seen=seen) as taken:
        if taken.is_open:
            raise Refusal(REOPEN_OPEN)
        if not reason.strip():
            raise Refusal(WORDS_MISSING)
        require_reopening(taken)
        begin_again(taken, reason)
    return done(taken)
