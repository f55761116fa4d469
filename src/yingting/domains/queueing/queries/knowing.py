"""Who the customers of tickets are, and the visits of a customer. Whoever shows the answer has asked for the right to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db.models import DurationField, ExpressionWrapper, F, Sum

from yingting.domains.queueing.contracts import CustomerLink, KnownVisit
from yingting.domains.queueing.models import Handling, Ticket, TicketCustomer
from yingting.kernel.clocks import elapsed_min


def links_of(tickets: Collection[UUID]) -> dict[UUID, CustomerLink]:
    """Return who the customers of tickets are, by ticket; a ticket nobody asked about is not among them."""
    rows = TicketCustomer.objects.filter(ticket__in=tickets)
    return {
        row.ticket_id: CustomerLink(
            row.ticket_id, row.customer_id, row.how, row.segment, row.level, row.version, row.at
        )
        for row in rows
    }


def visits_of_customer(
    customers: Collection[UUID],
    *,
    since: dt.date | None = None,
    until: dt.date | None = None,
    most: int = 200,
    halls: Collection[UUID] | None = None,
) -> tuple[KnownVisit, ...]:
    """Return the latest visits of a customer (all ids of one file: `finding.ids_of`), the latest first; both days belong to it.
    `halls`: only of these.
    """
    links = TicketCustomer.objects.filter(customer__in=customers)
    if halls is not None:
        links = links.filter(hall__in=halls)
    if since is not None:
        links = links.filter(business_day__gte=since)
    if until is not None:
        links = links.filter(business_day__lte=until)
    found = {row.ticket_id: row for row in links.order_by("-business_day", "-at")[:most]}
    length = ExpressionWrapper(F("ended_at") - F("started_at"), output_field=DurationField())
    handled = dict(
        Handling.objects.filter(ticket__in=found, ended_at__isnull=False)
        .values_list("ticket_id")
        .annotate(length=Sum(length))
    )
    tickets = Ticket.objects.filter(pk__in=found).order_by("-issued_at", "-id")
    return tuple(_visit(row, found[row.pk], handled.get(row.pk)) for row in tickets)


def _visit(row: Ticket, link: TicketCustomer, handled: dt.timedelta | None) -> KnownVisit:
    assert link.customer_id is not None
    return KnownVisit(
        row.pk, link.customer_id, row.hall_id, row.business_day, row.business_id, row.number, row.state, link.how,
        row.issued_at, elapsed_min(row.issued_at, row.first_called_at) if row.first_called_at else None,
        handled.total_seconds() / 60 if handled is not None else None, row.rating,
    )  # fmt: skip
