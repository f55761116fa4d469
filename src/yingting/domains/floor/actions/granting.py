"""Grant the green channel: looked at, chosen by kind and by what was shown, never who the customer is (CUS-24)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.domains.floor.actions.stepping import Step, require_ticket, step
from yingting.domains.floor.contracts import Done
from yingting.domains.floor.facts import GreenGranted
from yingting.domains.floor.models import GreenGrant
from yingting.domains.floor.queries.lobby import entitlements_of
from yingting.domains.floor.refusals import GREEN_GRANTED, PAPER_UNKNOWN
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


def require_shown(here: Step, entitlement: str, shown: str) -> None:
    """Refuse a paper that does not belong to the entitlement. Raises Refusal floor.paper_unknown.

    An entitlement that is not in force is refused by the queue.
    """
    row = next((row for row in entitlements_of(here.setup, here.day) if row.code == entitlement), None)
    if row is not None and shown not in {name for name, _english in row.papers}:
        raise Refusal(PAPER_UNKNOWN)


def write_grant(
    here: Step, ticket: UUID, entitlement: str, shown: str, at: dt.datetime, *, moved: bool, keyed: bool = False
) -> UUID:
    """Put a grant on a ticket, inside the caller's transaction."""
    row = GreenGrant.objects.create(
        hall_id=here.setup.id, business_day=here.day, ticket_id=ticket, entitlement=entitlement, shown=shown,
        by_id=here.actor.person, at=at,
    )  # fmt: skip
    here.note(GreenGranted(ticket, entitlement, moved), row.pk, keyed=keyed)
    return row.pk
