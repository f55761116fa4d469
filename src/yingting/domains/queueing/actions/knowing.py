"""Write down who the customer of a ticket is: with the number, at the counter or on the floor; one link a ticket (CUS-25)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F

from yingting.domains.queueing.actions.moving import raise_class
from yingting.domains.queueing.actions.stepping import enter, moved_on, ticket_in
from yingting.domains.queueing.contracts import CustomerLink, HallSetup, Priority
from yingting.domains.queueing.facts import TicketCustomerKnown
from yingting.domains.queueing.models import Ticket, TicketCustomer, TicketState
from yingting.domains.queueing.queries.customer_classes import class_for
from yingting.domains.queueing.queries.tickets import ticket_at
from yingting.domains.queueing.refusals import KNOWN_ALREADY
from yingting.domains.queueing.rules.knowing import KnownBy, customer_link_id
from yingting.foundation.customers.contracts import Known
from yingting.foundation.customers.finding import known as known_of
from yingting.foundation.customers.finding import note_seen, present_id
from yingting.foundation.customers.refusals import CUSTOMER_UNKNOWN
from yingting.foundation.customers.rules_in_force import reach_of
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

_NOBODY = (KnownBy.DECLINED, KnownBy.SEVERAL)
_STAFF = (Permission.QUEUE_SERVE, Permission.FLOOR_GUIDE, Permission.QUEUE_SUPERVISE)


@dataclass(frozen=True, slots=True)
class Told:
    """Who a ticket's customer is said to be, and how that was found out; `known` None: nobody is to be known."""

    known: Known | None
    how: KnownBy

    @classmethod
    def of(cls, setup: HallSetup, customer: UUID | None, how: str) -> Told:
        """Look a file up by its id, within the reach of the hall. Raises Refusal customer.unknown, also for one out of reach."""
        known_by = KnownBy(how)
        if (customer is None) != (known_by in _NOBODY):
            raise ValueError(f"{how} with customer {customer}")
        if customer is None:
            return cls(None, known_by)
        now_id = present_id(customer)
        known = known_of([now_id]).get(now_id) if now_id else None
        if known is None or not known.unit_path.startswith(reach_of(setup.path)):
            raise Refusal(CUSTOMER_UNKNOWN)
        return cls(known, known_by)

    def class_in(self, setup: HallSetup) -> Priority | None:
        """Return the priority class that the customer's number takes here; None: like everybody's."""
        return class_for(setup, self.known, self.how, setup.rules_day) if self.known else None


def know_customer(*, ticket: UUID, customer: UUID | None, how: str, actor: Actor, now: dt.datetime) -> CustomerLink:
    """Link a ticket to a customer's file, or say that nobody is to be known (`customer` None: declined, several).

    One link a ticket: staff of the hall correct it with a new fact, a kiosk only writes the first. A ticket that waits gets
    the customer's priority class if it is called earlier then; nobody is put back.
    Raises Refusal ticket.unknown, ticket.known_already, ticket.moved_on, customer.unknown, access.refused.
    """
    place = ticket_at(ticket)
    setup = enter(place.hall, actor, Permission.QUEUE_ISSUE, *_STAFF)
    if customer is not None and actor.person is not None:
        require(actor, Permission.CUSTOMERS_VIEW, setup.path)
    told = Told.of(setup, customer, how)
    with writing():
        row = ticket_in(place.hall, ticket)
        kept = TicketCustomer.objects.filter(ticket=ticket).first()
        if kept is not None and not any(actor.may(permission, setup.path) for permission in _STAFF):
            raise Refusal(KNOWN_ALREADY)
        at = max(now, kept.at) if kept else now
        if kept is None:
            link = write_link(ticket, told, hall=row.hall_id, business_day=row.business_day, actor=actor, now=at)
        elif _is_same(kept, told):
            return _as_link(kept)
        else:
            link = _correct(row, kept, told, actor=actor, at=at)
        if row.state == TicketState.WAITING and (granted := told.class_in(setup)):
            raise_class(row, granted, actor=actor, now=now)
    publish(place.hall)
    return link


def write_link(
    ticket: UUID, told: Told, *, hall: UUID, business_day: dt.date, actor: Actor, now: dt.datetime
) -> CustomerLink:
    """Write a ticket's first link and its fact. Call inside `writing()`."""
    known = told.known
    row = TicketCustomer.objects.create(
        ticket_id=ticket, customer_id=known.id if known else None, hall_id=hall, business_day=business_day, how=told.how.value,
        segment=known.segment if known else "", level=known.level if known else "", at=now, by_id=actor.person,
    )  # fmt: skip
    return _recorded(row, actor)


def _correct(row: Ticket, kept: TicketCustomer, told: Told, *, actor: Actor, at: dt.datetime) -> CustomerLink:
    known = told.known
    changes = {
        "customer_id": known.id if known else None, "how": told.how.value, "segment": known.segment if known else "",
        "level": known.level if known else "", "at": at, "by_id": actor.person,
    }  # fmt: skip
    same = TicketCustomer.objects.filter(pk=kept.pk, version=kept.version)
    if same.update(version=F("version") + 1, **changes) != 1:
        raise moved_on(row)
    kept.refresh_from_db()
    return _recorded(kept, actor)


def _recorded(row: TicketCustomer, actor: Actor) -> CustomerLink:
    record(
        TicketCustomerKnown(row.ticket_id, row.customer_id, row.how, row.segment, row.level),
        subject=customer_link_id(row.ticket_id), version=row.version, hall=row.hall_id, business_day=row.business_day,
        actor=actor, now=row.at,
    )  # fmt: skip
    if row.customer_id is not None:
        note_seen(row.customer_id, row.business_day)
    return _as_link(row)


def _as_link(row: TicketCustomer) -> CustomerLink:
    return CustomerLink(row.ticket_id, row.customer_id, row.how, row.segment, row.level, row.version, row.at)


def _is_same(kept: TicketCustomer, told: Told) -> bool:
    return kept.customer_id == (told.known.id if told.known else None) and (
        told.known is not None or kept.how == told.how.value
    )
