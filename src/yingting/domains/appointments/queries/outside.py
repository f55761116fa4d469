"""Appointments as other systems read them over the API: plain values, personal data as its mask."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from yingting.domains.appointments.queries.bookings import booking_for
from yingting.domains.appointments.queries.slots import bookable_days, free_in, hall_places, papers_for
from yingting.domains.appointments.queries.touched import offers_for
from yingting.domains.appointments.refusals import UNKNOWN
from yingting.domains.appointments.rules.slots import FreeSlot
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


def free_outside(hall: UUID, business: UUID, day: dt.date, now: dt.datetime) -> dict[str, Any]:
    """Return the free times of a business on a day. The caller has the right to this hall. Raises Refusal booking.not_bookable."""
    here = hall_places(hall)
    slots = free_in(here, business, day, now, at_counter=True)
    papers = [name for name, _english in papers_for(here.hall, business, day)]
    return {
        "day": day,
        "last_day": bookable_days(here, now)[-1],
        "papers": papers,
        "slots": [_slot(one) for one in slots],
    }


def booking_outside(actor: Actor, hall: UUID, booking: UUID, now: dt.datetime) -> dict[str, Any]:
    """Return a booking of a hall. Raises Refusal booking.unknown, access.refused."""
    row = booking_for(actor, booking)
    if row.hall_id != hall:
        raise Refusal(UNKNOWN)
    return {
        "id": row.pk, "hall": row.hall_id, "business": row.business_id, "starts_at": row.starts_at, "ends_at": row.slot.ends_at,
        "state": row.state, "cause": row.cause, "version": row.version, "channel": row.channel, "name": str(row.name),
        "phone": str(row.phone), "papers": row.papers, "touched": row.touched_why,
        "offers": [_slot(one) for one in offers_for(row, now)] if row.touched_why else [],
    }  # fmt: skip


def _slot(free: FreeSlot) -> dict[str, Any]:
    return {"starts_at": free.starts_at, "ends_at": free.ends_at, "free": free.free}
