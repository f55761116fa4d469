"""How the customers of tickets stand to offers: looked at before every use, and for past days as it was then."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from yingting.domains.queueing.facade import links_of
from yingting.domains.selling.rules import NOBODY_KNOWN, Consent, Who
from yingting.foundation.customers.consents import MARKETING
from yingting.foundation.customers.models import Consent as ConsentRow
from yingting.foundation.customers.models import Customer, FileState


def who_of(ticket: UUID, *, at: dt.datetime) -> Who:
    """Return what is known of a ticket's customer at an instant."""
    return whos({ticket: at}).get(ticket, NOBODY_KNOWN)


def whos(tickets: Mapping[UUID, dt.datetime]) -> dict[UUID, Who]:
    """Return what is known of the customers of tickets, each at its instant; a ticket of nobody known is not among them.

    Segment and level are those of the visit. Being left alone has no history here: it counts from now for past days too,
    and only takes tickets out of the rate.
    """
    links = {ticket: link for ticket, link in links_of(tickets).items() if link.customer is not None}
    present = _present({link.customer for link in links.values() if link.customer})
    left_alone = set(Customer.objects.filter(pk__in=present.values(), is_left_alone=True).values_list("pk", flat=True))
    spans: dict[UUID, list[tuple[dt.datetime, dt.datetime | None]]] = defaultdict(list)
    rows = ConsentRow.objects.filter(customer__in={*present, *present.values()}, purpose=MARKETING)
    for row in rows:
        assert row.customer_id is not None
        spans[present.get(row.customer_id, row.customer_id)].append((row.given_at, row.ended_at))
    found = {}
    for ticket, link in links.items():
        file = present.get(link.customer) if link.customer else None
        if file is not None:
            consent = Consent.LEFT_ALONE if file in left_alone else _consent_at(spans[file], tickets[ticket])
            found[ticket] = Who(consent, link.segment, link.level)
    return found


def _consent_at(spans: Collection[tuple[dt.datetime, dt.datetime | None]], at: dt.datetime) -> Consent:
    if any(since <= at and (until is None or at < until) for since, until in spans):
        return Consent.GIVEN
    is_withdrawn = any(until is not None and until <= at for _since, until in spans)
    return Consent.WITHDRAWN if is_withdrawn else Consent.NOT_ASKED


def _present(customers: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the file that each id stands for now; of an erased one none."""
    found = {customer: customer for customer in customers}
    ended: set[UUID] = set()
    while True:
        rows = Customer.objects.filter(pk__in=set(found.values())).exclude(state=FileState.ACTIVE)
        moved = dict(rows.values_list("pk", "merged_into_id"))
        ended |= {customer for customer, into in moved.items() if into is None}
        onward = {customer: into for customer, into in moved.items() if into is not None}
        found = {customer: onward.get(at, at) for customer, at in found.items() if at not in ended}
        if not onward:
            return found
