"""Bookings as they are read: by their secret, by customer, by phone, within a hall in one's care."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from yingting.domains.appointments.contracts import BookingTold, Given
from yingting.domains.appointments.models import Booking
from yingting.domains.appointments.refusals import UNKNOWN
from yingting.domains.appointments.rules.states import State
from yingting.foundation.customers.finding import recognise
from yingting.foundation.people.access import hall_for, require
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.fields import search_keys
from yingting.foundation.privacy.rules import DataKind
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.refusals import Refusal

_WITH = ("hall__unit", "slot", "business__business_class")


def booking_by_secret(secret: str) -> Booking:
    """Return the booking that a secret opens. Raises Refusal booking.unknown."""
    row = Booking.objects.select_related(*_WITH).filter(secret=secret).first() if secret else None
    if row is None:
        raise Refusal(UNKNOWN)
    return row


def booking_for(actor: Actor, booking: UUID, permission: Permission = Permission.APPOINTMENTS_BOOK) -> Booking:
    """Return a booking: the customer's own, or one of a hall where the actor holds the permission.

    Raises Refusal booking.unknown, access.refused.
    """
    row = Booking.objects.select_related(*_WITH).filter(pk=booking).first()
    if row is None or (actor.kind is ActorKind.CUSTOMER and actor.id != row.pk):
        raise Refusal(UNKNOWN)
    if actor.kind is not ActorKind.CUSTOMER:
        require(actor, permission, row.hall.unit.path)
    return row


def bookings_in(actor: Actor, hall: UUID | str) -> QuerySet[Booking]:
    """Return the bookings of a hall in the actor's care. Raises Refusal hall.unknown, access.refused."""
    found = hall_for(actor, Permission.APPOINTMENTS_BOOK, hall)
    return Booking.objects.select_related("slot", "business__business_class", "hall__unit").filter(hall=found)


def bookings_of_customer(customers: Collection[UUID]) -> list[BookingTold]:
    """Return the bookings of customer files, the latest first; holds are none yet. The caller has the right to these files."""
    return _told(Booking.objects.filter(customer__in=customers))


def bookings_of_phone(phone: str, *, hall: UUID, day: dt.date) -> list[BookingTold]:
    """Return what was booked in a hall for a day under a phone number. The caller shows no more than that there is a booking."""
    keys = search_keys(DataKind.PHONE, phone)
    return _told(Booking.objects.filter(phone_key__in=keys, hall=hall, business_day=day)) if keys else []


def file_of(path: str, phone: str) -> UUID | None:
    """Return the customer file that a number belongs to within reach of a hall, if it is one and only one; it is shown to nobody
    by this.
    """
    found = recognise(path=path, phone=phone) if phone else ()
    return found[0].id if len(found) == 1 else None


def _told(rows: QuerySet[Booking]) -> list[BookingTold]:
    known = rows.exclude(state__in=(State.HELD.value, State.LAPSED.value)).order_by("-starts_at", "-id")
    return [
        BookingTold(
            row.pk, row.hall_id, row.business_id, row.customer_id, row.starts_at, row.state, row.channel, row.ticket
        )
        for row in known
    ]


def given(row: Booking) -> Given:
    """Return a booking as the answer to whoever made it."""
    until = row.holds_until if row.state == State.HELD.value else None
    return Given(
        row.pk, row.secret, row.hall_id, row.business_id, row.starts_at, row.slot.ends_at, row.state, row.version, until
    )
