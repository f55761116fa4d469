"""What parts above may call: a customer's bookings, and what is free."""

from __future__ import annotations

from yingting.domains.appointments.actions.booking import book, cancel, change, confirm, hold
from yingting.domains.appointments.contracts import BookingTold, Given, Wish
from yingting.domains.appointments.queries.bookings import bookings_of_customer, bookings_of_phone
from yingting.domains.appointments.queries.slots import free_slots
from yingting.domains.appointments.rules.slots import FreeSlot
from yingting.domains.appointments.rules.states import State as BookingState

__all__ = [
    "BookingState",
    "BookingTold",
    "FreeSlot",
    "Given",
    "Wish",
    "book",
    "bookings_of_customer",
    "bookings_of_phone",
    "cancel",
    "change",
    "confirm",
    "free_slots",
    "hold",
]
