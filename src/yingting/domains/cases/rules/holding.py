"""Who owns a case: exactly one owner at every instant, and a hand-over counts only when the receiver accepts it.

assign      the first owner, or one whom a superior names: at once
offer       the owner offers the case to another; until that one accepts, the owner stays who they are
accept      the receiver takes it: the holding of the giver ends at this instant and theirs begins
decline     the receiver does not: the giver keeps it. Declined hand-overs count as bounces, as accepted ones do
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from yingting.domains.cases.refusals import BOUNCED, HANDOVER_NONE, HANDOVER_OPEN, HANDOVER_SELF, OWNER_ONLY
from yingting.kernel.refusals import Refusal

# Why somebody became the owner, where the case was passed on to them: not by the process itself, nor by time.
PASSED_ON = ("handover", "named", "bounced")


@dataclass(frozen=True, slots=True)
class Holding:
    """A person who owns a case, from one instant to another (None: still). Instants are aware."""

    owner: UUID
    since: dt.datetime
    until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A hand-over that was offered and neither accepted nor declined yet."""

    giver: UUID
    receiver: UUID
    at: dt.datetime


def owner_at(holdings: Sequence[Holding], at: dt.datetime) -> UUID | None:
    """Return who owned the case at an instant; None only before its registration and after its close.

    >>> from uuid import UUID
    >>> nine, ten = (dt.datetime(2026, 11, 23, hour, tzinfo=dt.UTC) for hour in (9, 10))
    >>> owner_at([Holding(UUID(int=1), nine, ten), Holding(UUID(int=2), ten)], ten)
    UUID('00000000-0000-0000-0000-000000000002')
    """
    for holding in holdings:
        if holding.since <= at and (holding.until is None or at < holding.until):
            return holding.owner
    return None


def gaps(holdings: Sequence[Holding]) -> list[tuple[dt.datetime, dt.datetime]]:
    """Return the stretches between two holdings that nobody owned, or that two did: there must be none."""
    pairs = pairwise(holdings)
    return [(one.until, other.since) for one, other in pairs if one.until is not None and one.until != other.since]


def may_offer(owner: UUID, actor: UUID | None, receiver: UUID, pending: Offer | None) -> None:
    """Refuse a hand-over that is not the actor's to make, goes nowhere, or stands beside another.

    Raises Refusal case.owner_only, case.handover_self, case.handover_open.
    """
    if actor != owner:
        raise Refusal(OWNER_ONLY)
    if receiver == owner:
        raise Refusal(HANDOVER_SELF)
    if pending is not None:
        raise Refusal(HANDOVER_OPEN)


def may_answer(pending: Offer | None, actor: UUID | None) -> Offer:
    """Return the hand-over that the actor may accept or decline. Raises Refusal case.handover_none."""
    if pending is None or pending.receiver != actor:
        raise Refusal(HANDOVER_NONE)
    return pending


def require_few_bounces(bounces: int, most: int) -> None:
    """Refuse another hand-over when there were too many: the supervisor decides then. Raises Refusal case.bounced."""
    if bounces >= most:
        raise Refusal(BOUNCED, most=most)


def charged_s(holdings: Sequence[Holding], now: dt.datetime) -> dict[UUID, float]:
    """Return the natural seconds for which each owner is answerable, by now."""
    seconds: dict[UUID, float] = {}
    for holding in holdings:
        end = min(holding.until or now, now)
        seconds[holding.owner] = seconds.get(holding.owner, 0.0) + max(0.0, (end - holding.since).total_seconds())
    return seconds
