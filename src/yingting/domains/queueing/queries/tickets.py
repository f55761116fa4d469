"""Reads about one ticket or one counter session."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.queueing import statements
from yingting.domains.queueing.contracts import HallSetup, IssuedTicket
from yingting.domains.queueing.models import CounterSession, SessionState, Ticket, TicketState
from yingting.domains.queueing.queries.announcing import seen_at, told_to
from yingting.domains.queueing.queries.setup import class_levels, skills_of
from yingting.domains.queueing.refusals import SESSION_UNKNOWN, TICKET_UNKNOWN
from yingting.domains.queueing.rules import slip_id
from yingting.domains.queueing.rules.calling import Standing
from yingting.foundation.journal.recording import facts_of
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True)
class TicketPlace:
    """A ticket's live place: state, people ahead, range of minutes, and where to go once called."""

    id: UUID
    number: str
    state: str
    version: int
    business: UUID
    queue: UUID
    ahead: int | None
    low_min: int | None
    high_min: int | None
    counter_number: str
    issued_at: dt.datetime
    called_at: dt.datetime | None
    rating_asked: bool
    rating: int | None


def ticket_place(setup: HallSetup, ticket: UUID, *, now: dt.datetime) -> TicketPlace:
    """Return the live place of a ticket of this hall. Raises Refusal ticket.unknown."""
    row = Ticket.objects.filter(pk=ticket, hall=setup.id).first()
    if row is None:
        raise Refusal(TICKET_UNKNOWN)
    ahead = low = high = None
    if row.state == TicketState.WAITING:
        levels = class_levels(setup)
        place = standing_of(row, setup, levels)
        look = statements.outlook(setup, day=row.business_day, queue=row.queue_id, place=place, levels=levels, now=now)
        ahead = look["ahead"]
        seen = seen_at(setup, look, queue=row.queue_id, place=place, now=now)
        low, high = told_to(setup, row.queue_id, seen).ends
    counter = setup.counters.get(row.counter_id) if row.counter_id else None
    return TicketPlace(
        row.pk, row.number, row.state, row.version, row.business_id, row.queue_id, ahead, low, high,
        counter.number if counter else "", row.issued_at, row.called_at, row.rating_asked_at is not None, row.rating,
    )  # fmt: skip


def standing_of(row: Ticket, setup: HallSetup, levels: Mapping[UUID, int]) -> Standing:
    """Return how a waiting ticket stands; `levels` are the ranks of the priority classes."""
    return Standing(
        row.pk, setup.queues[row.queue_id].letter, row.tier, levels.get(row.priority_id, 9999), row.rank_at, row.issued_at,
        row.queued_at, row.transfers, row.for_counter_id is not None, row.booking is not None,
    )  # fmt: skip


def ticket_by_secret(secret: str) -> tuple[UUID, UUID]:
    """Return (hall, ticket) for the secret on a slip. Raises Refusal ticket.unknown."""
    found = Ticket.objects.filter(secret=secret).values_list("hall_id", "id").first()
    if found is None:
        raise Refusal(TICKET_UNKNOWN)
    return found


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a clerk sits and what the clerk can do."""

    counter: UUID
    skills: frozenset[UUID]


_SEAT_KEPT_S = 2.0
_seats: dict[tuple[UUID, UUID, UUID | None], tuple[float, Seat]] = {}


def session_now(hall: UUID, session: UUID, actor: Actor) -> Seat:
    """Return counter and skills of a session of this hall, remembered for two seconds: a session never changes its counter.

    Raises Refusal session.unknown.
    """
    key = (hall, session, actor.id)
    kept = _seats.get(key)
    if kept is None or time.monotonic() - kept[0] > _SEAT_KEPT_S:
        row = CounterSession.objects.filter(pk=session, hall=hall).values_list("counter_id", "clerk_id").first()
        if row is None:
            raise Refusal(SESSION_UNKNOWN)
        if len(_seats) > 5000:
            _seats.clear()
        kept = _seats[key] = (time.monotonic(), Seat(row[0], skills_of(row[1])))
    return kept[1]


@dataclass(frozen=True, slots=True)
class OwnSeat:
    """The counter where somebody sits today, and the ticket there (None: nobody)."""

    session: UUID
    counter: UUID
    ticket: UUID | None
    number: str
    state: str


def own_seat(setup: HallSetup, actor: Actor, *, now: dt.datetime) -> OwnSeat:
    """Return where the actor sits in this hall today. Raises Refusal session.unknown."""
    row = (
        CounterSession.objects.filter(clerk=actor.id, hall=setup.id, business_day=setup.day(now))
        .exclude(state=SessionState.CLOSED)
        .select_related("ticket")
        .first()
    )
    if row is None:
        raise Refusal(SESSION_UNKNOWN)
    ticket = row.ticket
    return OwnSeat(
        row.pk, row.counter_id, row.ticket_id, ticket.number if ticket else "", ticket.state if ticket else ""
    )


def slip_state(hall: UUID, ticket: UUID) -> str:
    """Return how far the slip of a ticket of this hall is: none, printing, printed, failed. Raises Refusal ticket.unknown."""
    if not Ticket.objects.filter(pk=ticket, hall=hall).exists():
        raise Refusal(TICKET_UNKNOWN)
    kinds = [entry["kind"] for entry in facts_of(slip_id(ticket))]
    if not kinds:
        return "none"
    return {"slip.requested": "printing", "slip.printed": "printed", "slip.failed": "failed"}[kinds[-1]]


def issued_ticket(setup: HallSetup, ticket: UUID) -> IssuedTicket:
    """Return what the customer was told when this ticket was issued. Raises Refusal ticket.unknown."""
    row = Ticket.objects.filter(pk=ticket, hall=setup.id).first()
    if row is None:
        raise Refusal(TICKET_UNKNOWN)
    return IssuedTicket(
        row.pk, row.secret, row.number, row.hall_id, row.queue_id, row.business_id, row.priority_id, row.issued_at,
        row.quoted_ahead, row.quoted_low_min, row.quoted_high_min,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class TicketAt:
    """Where a ticket is: its hall, state, number, business, and the clerk at whose counter it is (None: at no counter)."""

    id: UUID
    hall: UUID
    number: str
    state: str
    queue: UUID
    business: UUID
    clerk: UUID | None
    business_day: dt.date
    priority: UUID
    ended_at: dt.datetime | None


def ticket_at(ticket: UUID) -> TicketAt:
    """Return where a ticket is, in whichever hall. Raises Refusal ticket.unknown."""
    return tickets_at([ticket])[0]


def ticket_of_day(setup: HallSetup, ticket: UUID, day: dt.date) -> TicketAt:
    """Return where a ticket of this hall and day is. Raises Refusal ticket.unknown for any other."""
    place = ticket_at(ticket)
    if place.hall != setup.id or place.business_day != day:
        raise Refusal(TICKET_UNKNOWN)
    return place


def tickets_at(tickets: Sequence[UUID]) -> list[TicketAt]:
    """Return where tickets are, in the order asked for. Raises Refusal ticket.unknown when one does not exist."""
    rows = {
        row.pk: TicketAt(
            row.pk, row.hall_id, row.number, row.state, row.queue_id, row.business_id,
            row.session.clerk_id if row.session else None, row.business_day, row.priority_id, row.ended_at,
        )
        for row in Ticket.objects.select_related("session").filter(pk__in=tickets)
    }  # fmt: skip
    if any(ticket not in rows for ticket in tickets):
        raise Refusal(TICKET_UNKNOWN)
    return [rows[ticket] for ticket in tickets]


@dataclass(frozen=True, slots=True)
class ServedTicket:
    """A visit that was finished at a counter, and the clerk who finished it."""

    id: UUID
    number: str
    business: UUID
    priority: UUID
    clerk: UUID
    staff_no: str
    clerk_name: str
    ended_at: dt.datetime


def served_tickets(hall: UUID, day: dt.date, *, clerk: UUID | None = None) -> tuple[ServedTicket, ...]:
    """Return the visits finished on a day of a hall (by one clerk), in order of their end."""
    rows = Ticket.objects.filter(
        hall=hall, business_day=day, state=TicketState.FINISHED, called_at__isnull=False, session__isnull=False
    ).order_by("ended_at", "id")
    if clerk is not None:
        rows = rows.filter(session__clerk=clerk)
    names = (
        "id", "number", "business_id", "priority_id", "session__clerk_id", "session__clerk__staff_no",
        "session__clerk__name", "ended_at",
    )  # fmt: skip
    return tuple(ServedTicket(*row) for row in rows.values_list(*names))
