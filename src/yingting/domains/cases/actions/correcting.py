"""Clocks set right: another limit for one case by a superior; an entry that was wrong, by two people.

A breach is never recoloured. Only an approved correction of what was recorded can show that there was none, and that is a fact
of its own beside the first.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.domains.cases.actions.stepping.clocking import record_event
from yingting.domains.cases.actions.stepping.turns import Turn, done, turn
from yingting.domains.cases.contracts import Done
from yingting.domains.cases.facts import BreachCorrected, CorrectionDecided, CorrectionProposed
from yingting.domains.cases.models import Clock, ClockCorrection, ClockEntry
from yingting.domains.cases.queries.dossiers import doers_of
from yingting.domains.cases.queries.ledgers import breach_of, limit_of
from yingting.domains.cases.refusals import (
    CLOCK_BY_LAW,
    CLOCK_UNKNOWN,
    CORRECTION_NONE,
    CORRECTION_OPEN,
    CORRECTION_SELF,
    FUTURE,
    WORDS_MISSING,
)
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.kernel.worktime.ledgers import CLOCK_ORDER, EventKind
from yingting.kernel.worktime.limits import Limit


def retarget(
    *, case: UUID, clock: UUID, limit: Limit, reason: str, seen: int | None = None, actor: Actor, now: dt.datetime
) -> Done:
    """Give a running clock of the house another limit from now on, with the reason: a superior's right, never for the law's.

    Raises Refusal case.unknown, access.refused, case.changed, case.closed, case.clock_unknown, case.clock_by_law, clock.reason,
    clock.order.
    """
    with turn(case, actor=actor, now=now, permission=Permission.CASE_SUPERVISE, seen=seen) as taken:
        taken.require_open()
        row = _clock(taken, clock)
        if limit_of(row.limit).is_statutory or limit.is_statutory:
            raise Refusal(CLOCK_BY_LAW)
        record_event(taken, row, EventKind.RETARGET, now, reason.strip()[:200], limit=limit)
    return done(taken)


def propose_correction(
    *, case: UUID, entry: UUID, at: dt.datetime | None, reason: str, seen: int | None = None, actor: Actor, now: dt.datetime
) -> UUID:  # fmt: skip
    """Propose to set an entry of a clock's ledger right: when it really was, or (none) that it never happened.

    Raises Refusal case.unknown, access.refused, case.changed, case.clock_unknown, case.correction_open, case.words_missing,
    case.future.
    """
    with turn(case, actor=actor, now=now, permission=Permission.CASE_SUPERVISE, seen=seen) as taken:
        row = ClockEntry.objects.select_related("clock").filter(pk=entry, clock__case=case).first()
        if row is None:
            raise Refusal(CLOCK_UNKNOWN)
        if not reason.strip():
            raise Refusal(WORDS_MISSING)
        if at is not None and at > now:
            raise Refusal(FUTURE)
        if ClockCorrection.objects.filter(clock=row.clock_id, decided_at__isnull=True).exists():
            raise Refusal(CORRECTION_OPEN)
        assert actor.person is not None
        made = ClockCorrection.objects.create(
            clock=row.clock, entry=row, at=at, reason=reason.strip()[:200], by_id=actor.person, proposed_at=now
        )
        taken.note(CorrectionProposed(made.pk, row.clock_id, row.pk, at))
        taken.touch()
    return made.pk


def decide_correction(
    *, case: UUID, correction: UUID, approves: bool, words: str = "", seen: int | None = None, actor: Actor, now: dt.datetime
) -> Done:  # fmt: skip
    """Approve or refuse a correction: neither who proposed it nor who handles the case may. An approved one is carried out.

    Raises Refusal case.unknown, access.refused, case.changed, case.correction_none, case.correction_self, case.words_missing,
    clock.order, clock.backdated.
    """
    with turn(case, actor=actor, now=now, permission=Permission.CASE_SUPERVISE, seen=seen) as taken:
        row = (
            ClockCorrection.objects.select_related("clock", "entry")
            .filter(pk=correction, clock__case=case, decided_at__isnull=True)
            .first()
        )
        if row is None:
            raise Refusal(CORRECTION_NONE)
        if actor.person in {row.by_id, taken.case.owner_id, *doers_of(taken.case)}:
            raise Refusal(CORRECTION_SELF)
        if not approves and not words.strip():
            raise Refusal(WORDS_MISSING)
        ClockCorrection.objects.filter(pk=row.pk).update(
            approved=approves, decided_by=actor.person, decided_at=now, words=words.strip()[:200]
        )
        taken.note(CorrectionDecided(row.pk, row.clock_id, approves))
        if approves:
            _carry_out(taken, row)
        taken.touch()
    return done(taken)


def _clock(taken: Turn, clock: UUID) -> Clock:
    row = Clock.objects.filter(pk=clock, case=taken.case, is_running=True).first()
    if row is None:
        raise Refusal(CLOCK_UNKNOWN)
    return row


def _carry_out(taken: Turn, row: ClockCorrection) -> None:
    clock, was = row.clock, row.clock.breached_at
    record_event(taken, clock, EventKind.CORRECT, taken.now, row.reason, annuls=row.entry_id)
    if row.at is not None:
        limit = limit_of(row.entry.limit) if row.entry.limit is not None else None
        record_event(taken, clock, EventKind(row.entry.kind), row.at, row.reason, limit=limit)
    if clock.is_running and not taken.is_open:
        raise Refusal(CLOCK_ORDER)
    if was is None:
        return
    held = breach_of(clock, taken.path, taken.now)
    at = held.at if held else None
    if at != was:
        values = {"breached_at": at, "breach_s": held.natural_s if held and not clock.is_running else None}
        taken.note(BreachCorrected(clock.pk, clock.code, row.pk, was, at))
        Clock.objects.filter(pk=clock.pk).update(**values)
