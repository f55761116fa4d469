"""Find a booking of today by what its customer has at hand, and who is expected."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from yingting.domains.appointments.models import Booking
from yingting.domains.appointments.queries.rules_in_force import terms_at
from yingting.domains.appointments.refusals import SEVERAL, UNKNOWN
from yingting.domains.appointments.rules.arriving import Arrival, arrival
from yingting.domains.appointments.rules.public import Typed, number_of, typed
from yingting.domains.appointments.rules.states import State
from yingting.domains.queueing.contracts import HallSetup
from yingting.foundation.customers.contracts import Known
from yingting.foundation.customers.finding import known
from yingting.foundation.privacy.fields import search_keys
from yingting.foundation.privacy.rules import DataKind
from yingting.kernel.refusals import Refusal

# Who comes after the time was over is found, too, and told so.
_HERE = (State.BOOKED.value, State.ARRIVED.value, State.MISSED.value)


def todays_booking(setup: HallSetup, text: str, *, now: dt.datetime) -> UUID:
    """Return the booking of this hall and day that was typed or scanned: by its link, its number or the telephone number.

    Of several under one number the next that has not arrived. Raises Refusal booking.unknown for whatever is not found, and
    booking.several when two bookings share a number: then the telephone number is asked for.
    """
    asked = typed(text)
    found = list(_matching(_todays(setup, now), asked))
    open_ones = [row for row in found if row.state == State.BOOKED.value]
    if asked.number and len(open_ones) > 1:
        raise Refusal(SEVERAL)
    row = next(iter(open_ones or found), None)
    if row is None:
        raise Refusal(UNKNOWN)
    return row.pk


def _todays(setup: HallSetup, now: dt.datetime) -> QuerySet[Booking]:
    return Booking.objects.filter(hall=setup.id, business_day=setup.day(now), state__in=_HERE).order_by(
        "starts_at", "id"
    )


def _matching(rows: QuerySet[Booking], asked: Typed) -> list[Booking]:
    if asked.secret:
        return list(rows.filter(secret=asked.secret))
    if asked.phone:
        return list(rows.filter(phone_key__in=search_keys(DataKind.PHONE, asked.phone)))
    return [row for row in rows if number_of(row.pk) == asked.number] if asked.number else []


@dataclass(frozen=True, slots=True)
class ExpectedCustomer:
    """A booking of today as the floor sees it before the call: never the name, only what may be known of a customer's file."""

    id: UUID
    number: str
    starts_at: dt.datetime
    business: UUID
    arrival: Arrival
    has_need: bool
    is_touched: bool
    known: Known | None


def expected_today(setup: HallSetup, *, now: dt.datetime) -> list[ExpectedCustomer]:
    """Return who has booked for today and is not here yet, the earliest first. The caller has the right to this hall."""
    terms = terms_at(setup.path, setup.day(now))
    rows = list(_todays(setup, now).filter(state=State.BOOKED.value))
    files = known([row.customer_id for row in rows if row.customer_id is not None])
    return [
        ExpectedCustomer(
            row.pk, number_of(row.pk), row.starts_at, row.business_id, arrival(terms, row.starts_at, now), bool(row.need),
            bool(row.touched_why), files.get(row.customer_id) if row.customer_id else None,
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ToEnd:
    """A booking whose customer has arrived and whose visit is not known to be over."""

    id: UUID
    ticket: UUID


def visits_to_end(limit: int = 2000) -> list[ToEnd]:
    """Return the arrived bookings of all halls, the oldest first: a job looks how their visits went."""
    rows = Booking.objects.filter(state=State.ARRIVED.value, ticket__isnull=False).order_by("starts_at", "id")
    return [ToEnd(pk, ticket) for pk, ticket in rows.values_list("pk", "ticket")[:limit] if ticket is not None]
