"""Correct a frozen card: one person proposes, another decides. The card itself is never changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import hall_for, require
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.reporting.scorecards.cards import frozen_card
from yingting.reporting.scorecards.facts import CorrectionConfirmed, CorrectionProposed, CorrectionRefused
from yingting.reporting.scorecards.models import CorrectionOf, CorrectionState, FrozenScore, ScoreCorrection
from yingting.reporting.scorecards.refusals import CORRECTION_WRONG, DECIDED, SAME_PERSON, UNKNOWN
from yingting.reporting.scorecards.rules import Month
from yingting.reporting.scorecards.sealing import opened


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody proposes: `about` is a dimension or an indicator's key, `amount` is in percent, minutes or points."""

    about: str
    what: str
    amount: Decimal
    reason: str
    evidence: str = ""


def may_propose(actor: Actor, path: str) -> bool:
    """May the actor propose corrections: who runs the hall, or who decides on cards?"""
    return actor.may(Permission.HALL_CONFIGURE, path) or actor.may(Permission.SCORE_FREEZE, path)


def propose_correction(*, hall: str, month: Month, proposal: Proposal, actor: Actor, now: dt.datetime) -> UUID:
    """Enter a proposal and return its id. Raises Refusal score.not_frozen, score.correction_wrong, access.refused,
    hall.unknown.
    """
    place = hall_for(actor, Permission.REPORT_VIEW, hall)
    if not may_propose(actor, place.unit.path):
        require(actor, Permission.SCORE_FREEZE, place.unit.path)
    card = frozen_card(place, month)
    if actor.person is None or not _fits(proposal, card):
        raise Refusal(CORRECTION_WRONG)
    with writing():
        row = ScoreCorrection.objects.create(
            card=card, about=proposal.about, what=proposal.what, amount=proposal.amount, reason=proposal.reason.strip(),
            evidence=proposal.evidence.strip(), proposed_by_id=actor.person, proposed_at=now,
        )  # fmt: skip
        fact = CorrectionProposed(str(card.pk), row.about, row.what, str(row.amount), row.reason, row.evidence)
        record(fact, subject=row.pk, version=1, hall=place.pk, actor=actor, now=now)
    return row.pk


def _fits(proposal: Proposal, card: FrozenScore) -> bool:
    rule = opened(card.body).rule
    lines = {item.indicator for item in rule.items}
    if proposal.what == CorrectionOf.POINTS:
        fits = proposal.about in lines | {item.dimension.value for item in rule.items} and 0 <= proposal.amount <= 100
    else:
        fits = proposal.what == CorrectionOf.VALUE and proposal.about in lines
    return fits and bool(proposal.reason.strip())


def decide_correction(
    *, correction: UUID, confirm: bool, actor: Actor, now: dt.datetime, note: str = ""
) -> ScoreCorrection:
    """Confirm or refuse a proposal; return it. Raises Refusal score.same_person, score.decided, score.unknown,
    access.refused.
    """
    row = ScoreCorrection.objects.select_related("card__hall__unit").filter(pk=correction).first()
    if row is None or not actor.may(Permission.REPORT_VIEW, row.card.hall.unit.path):
        raise Refusal(UNKNOWN)
    require(actor, Permission.SCORE_FREEZE, row.card.hall.unit.path)
    if actor.person is None or actor.person == row.proposed_by_id:
        raise Refusal(SAME_PERSON)
    state = CorrectionState.CONFIRMED if confirm else CorrectionState.REFUSED
    note = note.strip()
    with writing():
        changed = ScoreCorrection.objects.filter(pk=correction, state=CorrectionState.PROPOSED).update(
            state=state, decided_by=actor.person, decided_at=now, note=note
        )
        if not changed:
            raise Refusal(DECIDED)
        fact = (CorrectionConfirmed if confirm else CorrectionRefused)(str(row.card_id), note)
        record(fact, subject=row.pk, version=2, hall=row.card.hall_id, actor=actor, now=now)
    return row
