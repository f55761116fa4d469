"""Check in: a booked customer is here and gets a ticket with the booked place in line."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from yingting.domains.appointments.actions.stepping import step_on
from yingting.domains.appointments.facts import BookingArrived, BookingLeft, BookingServed
from yingting.domains.appointments.models import Booking
from yingting.domains.appointments.queries.bookings import booking_for
from yingting.domains.appointments.queries.rules_in_force import terms_at
from yingting.domains.appointments.refusals import CHANGED, ENDED, OTHER_DAY, OVER
from yingting.domains.appointments.rules.arriving import Arrival, ArrivalKind, arrival
from yingting.domains.appointments.rules.states import State
from yingting.domains.floor.facade import prepare_from_booking
from yingting.domains.queueing.facade import (
    BOOKED,
    Booked,
    IssuedTicket,
    KnownBy,
    fresh_setup,
    issue_ticket,
    issued_ticket,
    tickets_at,
)
from yingting.foundation.customers.finding import present_id
from yingting.foundation.customers.refusals import CUSTOMER_UNKNOWN
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """The answer to an arrival: the ticket, how the arrival lay to the booked time, and the msgid that explains it."""

    booking: UUID
    ticket: IssuedTicket
    kind: ArrivalKind
    starts_at: dt.datetime
    minutes: int

    @property
    def words(self) -> str:
        """Why the place in line is what it is, an English msgid."""
        return self.kind.title


def check_in(*, booking: UUID, how: str, actor: Actor, now: dt.datetime, care: bool = False) -> CheckedIn:
    """Let a booked customer arrive: ticket, the end of expecting, and what was told at booking for the counter, all or nothing.

    `how` is kiosk, phone, guide or counter. Who is early or in time gets the booked place, who is late a place by arrival, who
    comes when the booking is over none (booking.over: there is a number like everybody's). Twice is the same as once.
    Raises Refusal booking.unknown, booking.ended, booking.other_day, booking.over, booking.changed_meanwhile, those of
    `issue_ticket`, access.refused.
    """
    row = booking_for(actor, booking, Permission.QUEUE_ISSUE)
    setup = fresh_setup(row.hall_id)
    if row.state == State.ARRIVED.value:
        return _again(row)
    if row.state not in (State.BOOKED.value, State.MISSED.value):
        raise Refusal(ENDED)
    local = row.starts_at.astimezone(ZoneInfo(setup.timezone))
    if row.business_day != setup.day(now):
        raise Refusal(OTHER_DAY, day=f"{local:%m-%d}", time=f"{local:%H:%M}")
    terms = terms_at(setup.path, setup.day(now))
    lies = arrival(terms, row.starts_at, now)
    if lies.rank_at is None or row.state == State.MISSED.value:
        raise Refusal(OVER, time=f"{local:%H:%M}")
    code = terms.priority or BOOKED
    with writing():
        issued = _issue(row, Booked(row.pk, lies.rank_at, code), how, care, actor, now)
        _arrive(row, issued, lies, how, actor, now)
    publish(row.hall_id)
    return CheckedIn(row.pk, issued, lies.kind, row.starts_at, lies.minutes)


def _issue(row: Booking, booked: Booked, how: str, care: bool, actor: Actor, now: dt.datetime) -> IssuedTicket:
    wish = {
        "hall": row.hall_id, "business": row.business_id, "actor": actor, "now": now, "care": care, "channel": how[:8],
        "booked": booked,
    }  # fmt: skip
    customer = present_id(row.customer_id) if row.customer_id else None
    if customer is not None:
        try:
            with writing():
                return issue_ticket(**wish, customer=customer, known_by=KnownBy.BOOKING.value)  # type: ignore[arg-type]  # checked below
        except Refusal as refusal:
            if refusal.code != CUSTOMER_UNKNOWN:  # a file out of this hall's reach: the visit counts without it
                raise
    return issue_ticket(**wish)  # type: ignore[arg-type]  # the names are those of the call


def _arrive(row: Booking, issued: IssuedTicket, lies: Arrival, how: str, actor: Actor, now: dt.datetime) -> None:
    need, papers = row.need.open(), list(row.papers)
    done = step_on(
        row, actor, now, BookingArrived(issued.id, how, lies.kind.value, lies.minutes), state=State.ARRIVED.value,
        ticket=issued.id, arrived_at=now, arrival=lies.kind.value, touched_why="", touched_at=None,
    )  # fmt: skip
    if not done:
        raise Refusal(CHANGED)
    prepare_from_booking(
        hall=row.hall_id, ticket=issued.id, business=row.business_id, need=need, papers=papers, actor=actor, now=now
    )


def _again(row: Booking) -> CheckedIn:
    assert row.ticket is not None
    assert row.arrived_at is not None
    issued = issued_ticket(fresh_setup(row.hall_id), row.ticket)
    minutes = round((row.arrived_at - row.starts_at).total_seconds() / 60)
    return CheckedIn(row.pk, issued, ArrivalKind(row.arrival), row.starts_at, minutes)


# How a visit ended for its booking; a ticket in any other state goes on.
_ENDS = {"finished": State.SERVED, "left": State.LEFT, "lapsed": State.LEFT}


def end_visit(*, booking: UUID, actor: Actor, now: dt.datetime) -> bool:
    """End a booking whose visit is over: served when it was finished, else left. Return whether anything changed."""
    row = Booking.objects.filter(pk=booking, state=State.ARRIVED.value).first()
    if row is None or row.ticket is None:
        return False
    [ticket] = tickets_at([row.ticket])
    to = _ENDS.get(ticket.state)
    if to is None:
        return False
    fact = BookingServed(row.ticket) if to is State.SERVED else BookingLeft(row.ticket)
    ended_at = ticket.ended_at or now
    with writing():
        changed = step_on(row, actor, now, fact, state=to.value, ended_at=ended_at)
    publish(row.hall_id)
    return changed
