"""Visits of known customers, for who counts them and who shows a customer's file; the caller has asked for the right to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Avg, Count, Q

from yingting.domains.queueing.models import Handling, Ticket, TicketCustomer


@dataclass(frozen=True, slots=True)
class SeenVisit:
    """A visit of a known customer as it is counted: its business as class and type, how the number was taken."""

    ticket: UUID
    customer: UUID
    business: str
    channel: str
    how: str
    issued_at: dt.datetime


@dataclass(frozen=True, slots=True)
class VisitEnd:
    """Who served a visit last, and when it was over (None: not yet)."""

    clerk_no: str
    clerk: str
    ended_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class VisitTotals:
    """How often a customer came to some halls and to others, and how the visits to the former were rated: how many, mean, low ones."""

    here: int
    elsewhere: int
    rated: int
    mean: float | None
    low: int


def visit_totals(customers: Collection[UUID], halls: Collection[UUID], low: int) -> VisitTotals:
    """Return how often a customer came (all ids of one file); a rating of `low` or less is a low one."""
    links = TicketCustomer.objects.filter(customer__in=customers)
    here, every = links.filter(hall__in=halls), links.count()
    told = Ticket.objects.filter(pk__in=here.values("ticket"), rating__isnull=False).aggregate(
        n=Count("pk"), mean=Avg("rating"), low=Count("pk", filter=Q(rating__lte=low))
    )
    count = here.count()
    return VisitTotals(count, every - count, told["n"], told["mean"], told["low"])


def tickets_of(customers: Collection[UUID], halls: Collection[UUID], most: int) -> list[UUID]:
    """Return the latest tickets of a customer in some halls."""
    links = TicketCustomer.objects.filter(customer__in=customers, hall__in=halls).order_by("-business_day", "-at")
    return list(links.values_list("ticket_id", flat=True)[:most])


def seen_visits(hall: UUID, day: dt.date) -> tuple[SeenVisit, ...]:
    """Return the visits of known customers of a hall's day."""
    links = TicketCustomer.objects.filter(hall=hall, business_day=day, customer__isnull=False)
    known = {ticket: (customer, how) for ticket, customer, how in links.values_list("ticket_id", "customer_id", "how")}
    rows = Ticket.objects.filter(pk__in=known).order_by("pk").values_list(
        "pk", "business__business_class__code", "business__code", "channel", "issued_at"
    )  # fmt: skip
    found = []
    for ticket, kind, business, channel, at in rows:
        customer, how = known[ticket]
        assert customer is not None
        found.append(SeenVisit(ticket, customer, f"{kind}/{business}", channel, how, at))
    return tuple(found)


def ends_of(tickets: Collection[UUID]) -> dict[UUID, VisitEnd]:
    """Return who served tickets last and when they were over; a ticket that nobody has served is not among them."""
    rows = Handling.objects.filter(ticket__in=tickets).order_by("started_at", "pk")
    return {
        ticket: VisitEnd(no, name, ended)
        for ticket, no, name, ended in rows.values_list(
            "ticket_id", "clerk__staff_no", "clerk__name", "ticket__ended_at"
        )
    }
