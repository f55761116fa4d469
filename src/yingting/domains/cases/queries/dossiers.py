"""What is there of a case when somebody wants to go on or to close it."""

from __future__ import annotations

from uuid import UUID

from yingting.domains.cases.models import (
    CallBack,
    Case,
    Complainant,
    Consult,
    Holding,
    Message,
    Promise,
    StepVisit,
    Words,
)
from yingting.domains.cases.queries.editions import process_of
from yingting.domains.cases.queries.findings import is_found
from yingting.domains.cases.queries.penalties import is_penalised, is_warned
from yingting.domains.cases.queries.public_rules import public_channels, public_rule
from yingting.domains.cases.queries.remedies import open_remedies
from yingting.domains.cases.rules.gate import Attempt, Dossier
from yingting.domains.cases.rules.processes import Need, StepRole
from yingting.foundation.evidence.models import Proof
from yingting.foundation.evidence.taking import Subject, awaited

PROOF_KIND = "case"
DOING = (StepRole.VERIFY, StepRole.HANDLE, StepRole.ANSWER)


def dossier_of(case: Case) -> Dossier:
    """Return what is known of a case in its present cycle."""
    mine = {"case": case, "cycle": case.cycle}
    calls = list(CallBack.objects.filter(**mine))
    words = Words.objects.get(case=case)
    is_there = {
        Need.PRODUCT: bool(words.product),
        Need.MODEL: bool(words.model),
        Need.REASON: bool(words.reason),
        Need.DEMAND: bool(words.demand),
        Need.CATEGORY: bool(case.category),
        Need.VERIFICATION: bool(case.verification),
        Need.CONSENT: Message.objects.filter(**mine, is_consent=True).exists(),
        Need.PROMISE: Promise.objects.filter(**mine).exists(),
        Need.RESULT: bool(words.result and case.result),
        Need.ANSWER: _is_answered(case),
        Need.CALLBACK: any(_counts(case, call) for call in calls) or not can_be_reached(case),
        Need.CAUSE: bool(case.cause),
        Need.FINDING: is_found(case),
        Need.PENALTY: is_penalised(case),
        Need.NOTICE: is_warned(case),
        Need.EFFECT: bool(case.effect),
    }
    subject = Subject(PROOF_KIND, case.pk)
    return Dossier(
        frozenset(need for need, there in is_there.items() if there),
        Proof.objects.filter(kind=PROOF_KIND, record=case.pk).count(),
        len(awaited(subject)),
        tuple(Attempt(call.band, call.reached) for call in calls),
        doers_of(case),
        open_remedies(case),
    )


def _is_answered(case: Case) -> bool:
    """Did an answer reach the customer? Who left no way to be reached cannot be: what was decided is written down, and that is the
    answer; but to who left the case on a page of ours, and holds its link, the answer is written there.
    """
    answers = Message.objects.filter(case=case, cycle=case.cycle, is_answer=True)
    if can_be_reached(case):
        return answers.filter(reached_at__isnull=False).exists()
    return case.channel not in public_channels(case.unit.path, case.business_day) or answers.exists()


def _counts(case: Case, call: CallBack) -> bool:
    """Did somebody who did not handle it hear the customer? Their own rating counts where the rule has it so."""
    return call.reached and (call.by_id is not None or public_rule(case.unit.path, case.business_day).rating_counts)


def can_be_reached(case: Case) -> bool:
    """Did the customer leave a way to be reached? An inner case is answered to the colleague who raised it."""
    found = Complainant.objects.filter(case=case).first()
    return (found is None and case.first_asker_id is not None) or (found is not None and bool(found.phone))


def doers_of(case: Case) -> frozenset[UUID]:
    """Return who handled the case in this cycle: who owned it during, or ended, a step that verifies, handles or answers, who
    answered the customer, and whom they consulted. Taking a case in is not handling it: the first-asker may call back.
    """
    process = process_of(case.edition_id)
    visits = [
        visit
        for visit in StepVisit.objects.filter(case=case, cycle=case.cycle)
        if process.step(visit.step).role in DOING
    ]
    doers = {visit.left_by_id for visit in visits}
    for held in Holding.objects.filter(case=case, cycle=case.cycle):
        if any(_overlap(held, visit) for visit in visits):
            doers.add(held.owner_id)
    doers.update(Message.objects.filter(case=case, cycle=case.cycle, is_answer=True).values_list("by", flat=True))
    doers.update(Consult.objects.filter(case=case, answered_at__isnull=False).values_list("asked", flat=True))
    return frozenset(one for one in doers if one is not None)


def _overlap(held: Holding, visit: StepVisit) -> bool:
    ends = [at for at in (held.until, visit.left_at) if at is not None]
    return max(held.since, visit.entered_at) < min(ends) if ends else True
