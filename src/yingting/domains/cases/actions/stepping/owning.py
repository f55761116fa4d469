"""Who owns a case, inside a step: one holding ends at the instant at which the next begins."""

from __future__ import annotations

from uuid import UUID

from yingting.domains.cases.actions.stepping.turns import Turn
from yingting.domains.cases.facts import CaseAssigned, HandoverAnswered
from yingting.domains.cases.models import Handover, Holding, StepVisit
from yingting.domains.cases.rules.holding import Offer


def name_owner(taken: Turn, owner: UUID, why: str) -> None:
    """Name the owner inside a step; an offer that waits for an answer is over then."""
    was = taken.case.owner_id
    assert was is not None
    if was == owner:
        return
    if pending(taken) is not None:
        end_offer(taken, "overtaken", "")
    change_owner(taken, owner, why)
    taken.change(bounces=0)
    taken.note(CaseAssigned(owner, was, why))


def change_owner(taken: Turn, owner: UUID, why: str) -> None:
    """End one holding and begin the next at the same instant: there is never none, and never two."""
    case, now = taken.case, taken.now
    Holding.objects.filter(case=case, until__isnull=True).update(until=now)
    Holding.objects.create(case=case, cycle=case.cycle, owner_id=owner, since=now, why=why)
    StepVisit.objects.filter(case=case, left_at__isnull=True).update(owner=owner)
    taken.change(owner_id=owner)


def pending(taken: Turn) -> Offer | None:
    """Return the hand-over that waits for an answer."""
    row = Handover.objects.filter(case=taken.case, answered_at__isnull=True).first()
    return Offer(row.giver_id, row.receiver_id, row.offered_at) if row else None


def end_offer(taken: Turn, answer: str, words: str) -> None:
    """End the hand-over that waits: accepted, declined, withdrawn or overtaken; the first two count as bounces."""
    row = Handover.objects.get(case=taken.case, answered_at__isnull=True)
    Handover.objects.filter(pk=row.pk).update(answered_at=taken.now, answer=answer, words=words.strip())
    bounces = taken.case.bounces + (answer in ("accepted", "declined"))
    taken.change(bounces=bounces)
    owner = row.receiver_id if answer == "accepted" else row.giver_id
    taken.note(HandoverAnswered(row.pk, answer, owner, bounces))
