"""The states of a booking, its channels, and why one ended without a visit; the fold of its facts.

    held ──confirm──▶ booked ──check in──▶ arrived ──▶ served | left
      │                 │ ▲ │ └──stays away──▶ missed
      │                 │ └─┘ change (another slot, the same booking)
      ├──gives back─────┴──cancel──▶ cancelled
      └──the hold is over──▶ lapsed

A booking takes a place while it is held (until its hold is over), booked, arrived, served, left or missed: a place that was
not given back in time is used up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from yingting.kernel.titled import Titled
from yingting.kernel.words import gettext_noop as _


class State(Titled):
    """Where a booking stands."""

    HELD = "held", _("Held")
    BOOKED = "booked", _("Booked")
    ARRIVED = "arrived", _("Arrived")
    SERVED = "served", _("Visit finished")
    LEFT = "left", _("Arrived, not served")
    MISSED = "missed", _("Nobody came")
    CANCELLED = "cancelled", _("Cancelled")
    LAPSED = "lapsed", _("Hold expired")


class Channel(Titled):
    """Which way a booking was made."""

    PHONE_PAGE = "phone_page", _("Phone page")
    COUNTER = "counter", _("Counter")
    HOTLINE = "hotline", _("Hotline")
    API = "api", _("Other system")


class Cause(Titled):
    """Why a booking ended without a visit. The first three are the customer's doing."""

    NOT_COME = "not_come", _("Did not come, said nothing")
    TOO_LATE = "too_late", _("Came after the time was over")
    CANCELLED_LATE = "cancelled_late", _("Cancelled late")
    CANCELLED = "cancelled", _("Cancelled in time")
    HALL_CLOSED = "hall_closed", _("The hall could not keep the place")
    EXCUSED = "excused", _("Excused: illness, weather, traffic")


class Why(Titled):
    """Why a booking cannot stand as it is."""

    CLOSED = "closed", _("The hall is not open then any more")
    NOT_OFFERED = "not_offered", _("The business cannot be booked then any more")
    OVER = "over", _("There are fewer places than bookings")


# Whose doing it was decides what counts for the waiting period; that of a late cancellation the terms decide.
CUSTOMERS_DOING = frozenset({Cause.NOT_COME, Cause.TOO_LATE})
TAKING = (State.HELD, State.BOOKED, State.ARRIVED, State.SERVED, State.LEFT, State.MISSED)
OPEN = (State.HELD, State.BOOKED)
# Causes that a colleague may set to a booking that was missed.
SETTABLE = (Cause.NOT_COME, Cause.TOO_LATE, Cause.HALL_CLOSED, Cause.EXCUSED)


@dataclass(frozen=True, slots=True)
class Folded:
    """A booking as its facts tell it."""

    state: str = ""
    slot: UUID | None = None
    starts_at: dt.datetime | None = None
    cause: str = ""
    ticket: UUID | None = None
    version: int = 0


def fold_booking(facts: Iterable[Mapping[str, Any]]) -> Folded:
    """Return what the facts of a booking, in order, make of it. Fact: kind, version, data."""
    booking = Folded()
    for fact in facts:
        booking = replace(_step(booking, fact["kind"], fact["data"]), version=fact["version"])
    return booking


_ENDS = {
    "booking.booked": State.BOOKED, "booking.lapsed": State.LAPSED, "booking.cancelled": State.CANCELLED,
    "booking.missed": State.MISSED, "booking.arrived": State.ARRIVED, "booking.served": State.SERVED, "booking.left": State.LEFT,
}  # fmt: skip


def _step(booking: Folded, kind: str, data: Mapping[str, Any]) -> Folded:
    if kind in ("booking.held", "booking.booked") and data.get("slot"):
        booking = replace(booking, state=State.HELD.value, slot=UUID(data["slot"]), starts_at=_at(data["starts_at"]))
    if kind == "booking.changed":
        return replace(booking, slot=UUID(data["slot"]), starts_at=_at(data["starts_at"]))
    if kind in ("booking.cancelled", "booking.missed", "booking.cause_set"):
        booking = replace(booking, cause=data["cause"])
    if kind == "booking.arrived" and data.get("ticket"):
        booking = replace(booking, ticket=UUID(data["ticket"]))
    return replace(booking, state=_ENDS[kind].value) if kind in _ENDS else booking


def _at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)
