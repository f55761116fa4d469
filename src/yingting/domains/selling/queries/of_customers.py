"""What was offered to a customer, by the tickets of its visits: part, offer and answer in the reader's words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.selling.models import RecommendationRecord
from yingting.domains.selling.queries.rules_in_force import RECOMMENDING
from yingting.domains.selling.rules import OFFERED
from yingting.foundation.editing.naming import named
from yingting.foundation.people.access import under
from yingting.foundation.people.permissions import Permission
from yingting.foundation.rulebook.reading import in_force
from yingting.kernel.actors import Actor


@dataclass(frozen=True, slots=True)
class OfferTold:
    """One part that was offered at one visit, and how the customer took it (a code of `rules.Result`)."""

    ticket: UUID
    part: str
    offer: str
    result: str
    at: dt.datetime


def offers_with(actor: Actor, tickets: Collection[UUID]) -> list[OfferTold]:
    """Return what was offered with tickets of halls whose customers are in the actor's care, the latest first."""
    rows = RecommendationRecord.objects.filter(
        under("hall__unit__path", actor.paths(Permission.CUSTOMERS_VIEW)), ticket__in=tickets, is_current=True
    ).select_related("hall__unit")
    told = []
    for row in rows.order_by("-at", "pk"):
        rule = in_force(RECOMMENDING, path=row.hall.unit.path, day=row.business_day).rule
        parts = {one.code: named(one) for one in rule.parts}
        offers = {one.code: named(one) for one in rule.offers}
        for part, (result, offer, *_reason) in row.answers.items():
            if result in OFFERED:
                told.append(OfferTold(row.ticket_id, parts.get(part, part), offers.get(offer, offer), result, row.at))
    return told
