"""The rows that a day of appointments puts into the lake. The facts say that the day changed; what counts is the state."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from yingting.domains.appointments.models import Booking, OfferedDay, Slot
from yingting.domains.appointments.rules.states import State

_NO_BOOKING = (State.HELD.value, State.LAPSED.value)


def booking_rows(hall: UUID, code: str, day: dt.date) -> list[dict[str, Any]]:
    """Return the rows of `tables.BOOKINGS` for a day of a hall; a hold that nobody confirmed, or that was given back, is no booking."""
    rows = Booking.objects.filter(hall=hall, business_day=day).exclude(state__in=_NO_BOOKING)
    return [
        {
            "hall": code, "business_day": day, "booking": str(row.pk), "booked_visit": str(row.ticket) if row.ticket else None,
            "channel": row.channel, "state": row.state, "cause": row.cause, "arrival": row.arrival, "made_at": row.made_at,
            "starts_at": row.starts_at, "arrived_at": row.arrived_at,
        }
        for row in rows.filter(booker__isnull=False).order_by("starts_at", "pk")
    ]  # fmt: skip


def slot_rows(hall: UUID, code: str, day: dt.date) -> list[dict[str, Any]]:
    """Return the rows of `tables.SLOTS` for a day of a hall: what was written down when the day began, and what was added since."""
    written = OfferedDay.objects.filter(hall=hall, business_day=day).first()
    offered = {
        (group, dt.datetime.fromisoformat(at)): places for group, at, places in (written.slots if written else ())
    }
    slots = {(slot.group, slot.starts_at): slot for slot in Slot.objects.filter(hall=hall, business_day=day)}
    found = []
    for key in sorted({*offered, *slots}, key=lambda key: (key[1], key[0])):
        slot = slots.get(key)
        taken = slot.taken if slot else 0
        # A slot that only a rule of before the day had counts with what was booked of it.
        places = max(offered.get(key, 0), taken)
        if places:
            found.append(
                {
                    "hall": code, "business_day": day, "slot": f"{code}/{key[0]}/{key[1]:%Y-%m-%dT%H:%MZ}", "place_group": key[0],
                    "starts_at": key[1], "offered": places, "taken": taken,
                }
            )  # fmt: skip
    return found
