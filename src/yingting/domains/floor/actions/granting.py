"""Grant the green channel: looked at, chosen by kind and by what was shown, never who the customer is (CUS-24)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.domains.floor.actions.stepping import require_shown, require_ticket, step, write_grant
from yingting.domains.floor.contracts import Done
from yingting.domains.floor.models import GreenGrant
from yingting.domains.floor.refusals import GREEN_GRANTED
from yingting.domains.queueing.facade import entitle
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


def grant_green(
    *, hall: UUID, ticket: UUID, entitlement: str, shown: str, actor: Actor, now: dt.datetime,
    request_key: str | None = None, at: dt.datetime | None = None,
) -> Done:  # fmt: skip
    """Grant the green channel to a customer who waits with a number already.

    Raises Refusal floor.paper_unknown, floor.green_granted, queue.entitlement_unknown, ticket.unknown, ticket.moved_on,
    access.refused.
    """
    here = step(hall, actor, now, request_key)
    require_ticket(here, ticket)
    require_shown(here, entitlement, shown)

    def write() -> UUID:
        Hall.objects.select_for_update().get(pk=hall)  # one after the other: two guides grant once
        if GreenGrant.objects.filter(ticket=ticket).exists():
            raise Refusal(GREEN_GRANTED)
        moved = entitle(hall=hall, ticket=ticket, entitlement=entitlement, actor=actor, now=now)
        return write_grant(here, ticket, entitlement, shown, at or now, moved=moved, keyed=True)

    return Done(here.once("green.granted", write), now)
