"""Referrals to the lobby as parts above the floor see them: for a lead that may come of one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.floor.models import Referral
from yingting.foundation.people.access import under
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor


@dataclass(frozen=True, slots=True)
class ReferralTold:
    """A referral that has ended: of which ticket, for which interest, with which result."""

    id: UUID
    ticket: UUID
    hall_code: str
    number: str
    interest: str
    result: str
    note: str
    at: dt.datetime


def _told(row: Referral) -> ReferralTold:
    return ReferralTold(
        row.pk, row.ticket_id, row.hall.code, row.ticket.number, row.interest, row.result, row.result_note, row.at
    )


def referrals_with(actor: Actor, results: Collection[str], since: dt.date, most: int) -> list[ReferralTold]:
    """Return the latest referrals with such results in the halls whose customers are in the actor's care."""
    rows = Referral.objects.filter(
        under("hall__unit__path", actor.paths(Permission.CUSTOMERS_VIEW)), result__in=results, business_day__gte=since
    )
    return [_told(row) for row in rows.select_related("hall", "ticket").order_by("-at")[:most]]


def referral_by_id(actor: Actor, referral: UUID) -> ReferralTold | None:
    """Return one referral of a hall whose customers are in the actor's care."""
    rows = Referral.objects.filter(under("hall__unit__path", actor.paths(Permission.CUSTOMERS_VIEW)), pk=referral)
    row = rows.select_related("hall", "ticket").first()
    return _told(row) if row else None
