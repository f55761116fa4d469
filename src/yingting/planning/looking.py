"""What the simulated people can see of their hall."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.models import CounterSession, SessionState, Ticket, TicketState
from yingting.foundation.catalogue.models import BusinessType
from yingting.foundation.journal.models import Fact
from yingting.foundation.people.models import RoleGrant
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall

_HERE = (TicketState.WAITING, TicketState.CALLED, TicketState.SERVING, TicketState.PARKED, TicketState.MISSED)


@dataclass(frozen=True, slots=True)
class Seat:
    """A live counter session of a clerk, with the ticket at the counter."""

    session: UUID
    counter: UUID
    is_open: bool
    pause_reason: str
    ticket: UUID | None
    ticket_state: str | None


def seats_of(hall: UUID, day: dt.date, clerks: list[UUID]) -> dict[UUID, Seat]:
    """Return the live sessions of these clerks in the hall on this day, by clerk."""
    rows = (
        CounterSession.objects.filter(hall=hall, business_day=day, clerk__in=clerks)
        .exclude(state=SessionState.CLOSED)
        .values_list("clerk_id", "id", "counter_id", "state", "pause_reason", "ticket_id", "ticket__state")
    )
    return {
        clerk: Seat(session, counter, state == SessionState.OPEN, reason, ticket, ticket_state)
        for clerk, session, counter, state, reason, ticket, ticket_state in rows
    }


def codes_of(setup: HallSetup) -> dict[str, UUID]:
    """Return the businesses that the hall offers, by code."""
    return dict(BusinessType.objects.filter(pk__in=setup.businesses).values_list("code", "id"))


def star_class(setup: HallSetup) -> UUID | None:
    """Return the priority class of star customers, or None where the hall has none."""
    return next((row.id for row in setup.priorities.values() if row.code == "vip"), None)


def supervisor_of(hall: UUID) -> UUID | None:
    """Return somebody of the hall who supervises its queue, or None."""
    grants = RoleGrant.objects.filter(
        unit__in=Hall.objects.filter(pk=hall).values("unit"), person__is_active=True
    ).order_by("person__staff_no")
    rows = grants.values_list("person_id", "role__permissions")
    return next((person for person, permissions in rows if Permission.QUEUE_SUPERVISE in permissions), None)


def still_here(hall: UUID, day: dt.date, kiosk: UUID) -> list[UUID]:
    """Return the tickets that this kiosk gave out and that are not done."""
    open_now = Ticket.objects.filter(hall=hall, business_day=day, state__in=_HERE).values_list("id", flat=True)
    issued = Fact.objects.filter(
        hall=hall, business_day=day, kind="ticket.issued", actor=kiosk, subject__in=list(open_now)
    )
    return list(issued.order_by("id").values_list("subject", flat=True))


def somebody_waits(hall: UUID, day: dt.date) -> bool:
    """Does anybody wait?"""
    return Ticket.objects.filter(hall=hall, business_day=day, state=TicketState.WAITING).exists()


def asked_to_rate(hall: UUID, day: dt.date) -> list[UUID]:
    """Return the finished visits of the day that were asked for a rating and have none, the latest first."""
    asked = Ticket.objects.filter(
        hall=hall, business_day=day, state=TicketState.FINISHED, rating_asked_at__isnull=False, rating__isnull=True
    )
    return list(asked.order_by("-rating_asked_at").values_list("id", flat=True)[:20])
