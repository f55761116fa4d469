"""Who owns a case: taking it up, handing it over with the receiver's consent, naming another by a superior, asking a colleague."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.domains.cases.actions.stepping.clocking import reach
from yingting.domains.cases.actions.stepping.owning import change_owner, end_offer, name_owner, pending
from yingting.domains.cases.actions.stepping.turns import done, turn
from yingting.domains.cases.contracts import Done
from yingting.domains.cases.facts import (
    CaseAccepted,
    ConsultAnswered,
    ConsultAsked,
    HandoverOffered,
)
from yingting.domains.cases.models import Consult, Cycle, Handover
from yingting.domains.cases.queries.people import require_handler
from yingting.domains.cases.queries.rules_in_force import HANDLING, rule_of
from yingting.domains.cases.refusals import CONSULT_NONE, WORDS_MISSING
from yingting.domains.cases.rules.holding import may_answer, may_offer, require_few_bounces
from yingting.domains.cases.rules.processes import Mark
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


def accept(*, case: UUID, seen: int | None = None, actor: Actor, now: dt.datetime) -> Done:
    """Take the case up: its owner says that they are at it. Twice is the same as once.

    Raises Refusal case.unknown, access.refused, case.changed, case.closed, case.owner_only.
    """
    with turn(case, actor=actor, now=now, seen=seen) as taken:
        taken.require_open()
        taken.require_owner()
        cycle = Cycle.objects.get(case=case, n=taken.case.cycle)
        if cycle.accepted_at is None:
            assert taken.case.owner_id is not None
            Cycle.objects.filter(pk=cycle.pk).update(accepted_at=now)
            reach(taken, Mark.ACCEPTED, now)
            taken.note(CaseAccepted(taken.case.owner_id))
    return done(taken)


def offer(*, case: UUID, receiver: UUID, reason: str, seen: int | None = None, actor: Actor, now: dt.datetime) -> Done:
    """Offer the case to another. Until they accept, the giver stays its owner and answerable.

    Raises Refusal case.unknown, access.refused, case.changed, case.closed, case.owner_only, case.handover_self,
    case.handover_open, case.bounced, case.person_unknown, case.words_missing.
    """
    with turn(case, actor=actor, now=now, seen=seen) as taken:
        taken.require_open()
        taken.require_owner()
        assert taken.case.owner_id is not None
        may_offer(taken.case.owner_id, actor.person, receiver, pending(taken))
        rule = rule_of(HANDLING, taken.path, taken.case.business_day)
        require_few_bounces(taken.case.bounces, rule.bounces)
        require_handler(receiver, taken.path)
        if not reason.strip():
            raise Refusal(WORDS_MISSING)
        row = Handover.objects.create(
            case=taken.case, giver_id=taken.case.owner_id, receiver_id=receiver, reason=reason.strip(), offered_at=now
        )
        taken.note(HandoverOffered(row.pk, receiver))
        taken.touch()
    return done(taken)


def answer_offer(
    *, case: UUID, accepts: bool, words: str = "", seen: int | None = None, actor: Actor, now: dt.datetime
) -> Done:
    """Accept a case that was offered, or decline it, with the reason. Declined ones count as bounces as well.

    Raises Refusal case.unknown, access.refused, case.changed, case.closed, case.handover_none, case.words_missing.
    """
    with turn(case, actor=actor, now=now, seen=seen) as taken:
        taken.require_open()
        offered = may_answer(pending(taken), actor.person)
        if not accepts and not words.strip():
            raise Refusal(WORDS_MISSING)
        end_offer(taken, "accepted" if accepts else "declined", words)
        if accepts:
            change_owner(taken, offered.receiver, "handover")
    return done(taken)


def withdraw_offer(*, case: UUID, seen: int | None = None, actor: Actor, now: dt.datetime) -> Done:
    """Take an offer back before it is answered. Raises Refusal case.unknown, case.owner_only, case.handover_none."""
    with turn(case, actor=actor, now=now, seen=seen) as taken:
        taken.require_owner()
        if pending(taken) is None:
            may_answer(None, actor.person)
        end_offer(taken, "withdrawn", "")
    return done(taken)


def assign(
    *, case: UUID, owner: UUID, why: str = "named", seen: int | None = None, actor: Actor, now: dt.datetime
) -> Done:
    """Name who handles the case from now on: a superior's right, at once. Bounces begin anew.

    Raises Refusal case.unknown, access.refused, case.changed, case.closed, case.person_unknown.
    """
    with turn(case, actor=actor, now=now, permission=Permission.CASE_SUPERVISE, seen=seen) as taken:
        taken.require_open()
        require_handler(owner, taken.path)
        name_owner(taken, owner, why)
    return done(taken)


def consult(*, case: UUID, asked: UUID, question: str, seen: int | None = None, actor: Actor, now: dt.datetime) -> Done:
    """Ask a colleague. The owner stays the owner, and the clocks go on.

    Raises Refusal case.unknown, access.refused, case.changed, case.closed, case.owner_only, case.person_unknown,
    case.words_missing.
    """
    with turn(case, actor=actor, now=now, seen=seen) as taken:
        taken.require_open()
        taken.require_owner()
        require_handler(asked, taken.path)
        if not question.strip():
            raise Refusal(WORDS_MISSING)
        assert actor.person is not None
        row = Consult.objects.create(
            case=taken.case, asked_id=asked, by_id=actor.person, question=question.strip(), answer="", asked_at=now
        )
        taken.note(ConsultAsked(row.pk, asked))
        taken.touch()
    return done(taken)


def answer_consult(*, case: UUID, consult: UUID, answer: str, actor: Actor, now: dt.datetime) -> Done:
    """Answer what one was asked. Raises Refusal case.unknown, access.refused, case.consult_none, case.words_missing."""
    with turn(case, actor=actor, now=now) as taken:
        row = Consult.objects.select_for_update().filter(
            pk=consult, case=case, asked=actor.person, answered_at__isnull=True
        ).first()  # fmt: skip
        if row is None:
            raise Refusal(CONSULT_NONE)
        if not answer.strip():
            raise Refusal(WORDS_MISSING)
        row.answer, row.answered_at = answer.strip(), now
        row.save(update_fields=["answer", "answered_at"])
        taken.note(ConsultAnswered(row.pk))
        taken.touch()
    return done(taken)
