"""Appointments over HTTP: free times, book, look, change, cancel, by the same actions and the same rights as the desk.

`Idempotency-Key` on booking makes a retry safe. Personal data comes back as its mask.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema
from ninja.responses import Status
from pydantic import AwareDatetime

from yingting.domains.appointments.actions import booking as acting
from yingting.domains.appointments.contracts import Wish
from yingting.domains.appointments.queries.desk import desk_hall
from yingting.domains.appointments.queries.outside import booking_outside, free_outside
from yingting.domains.appointments.rules.states import Cause, Channel
from yingting.domains.queueing.api import KEYED, PROBLEMS, actor_of, key_of
from yingting.domains.queueing.facade import hall_now
from yingting.kernel.actors import Actor

router = Router(tags=["appointments"])
NO_NUL = r"^[^\x00]*$"


class FreeOut(Schema):
    """A time that may be booked, and how many places are left."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime
    free: int


class FreeListOut(Schema):
    """The free times of a day, the papers to bring, and the last day that may be booked now."""

    day: dt.date
    last_day: dt.date
    papers: list[str]
    slots: list[FreeOut]


class BookIn(Schema):
    """What is booked for whom. `papers` are the names that the customer says to have, `language` the one that the
    customer is texted in ("": as the gateway is set up).
    """

    business: UUID
    starts_at: AwareDatetime
    name: Annotated[str, Field(max_length=40, pattern=NO_NUL)]
    phone: Annotated[str, Field(max_length=24, pattern=NO_NUL)]
    need: Annotated[str, Field(max_length=200, pattern=NO_NUL)] = ""
    papers: Annotated[list[Annotated[str, Field(max_length=60, pattern=NO_NUL)]], Field(max_length=20)] = []
    wants_reminder: bool = False
    language: Literal["", "zh-hans", "en"] = ""


class ChangeIn(Schema):
    """Another time; `version` as last read, null: whatever it is now."""

    starts_at: AwareDatetime
    version: Annotated[int, Field(ge=1, le=10**6)] | None = None


class CancelIn(Schema):
    """Why, if it is not the customer's wish: hall_closed, excused."""

    cause: Annotated[str, Field(pattern="^(cancelled|hall_closed|excused)$")] | None = None


class BookedOut(Schema):
    """A booking as made. `secret` opens the customer's own page: hand it to the customer only."""

    id: UUID
    secret: str
    hall: UUID
    business: UUID
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    state: str
    version: int


class BookingOut(Schema):
    """A booking as it is now, name and phone as their masks. `touched` says why it cannot stand ("": it can)."""

    id: UUID
    hall: UUID
    business: UUID
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    state: str
    cause: str
    version: int
    channel: str
    name: str
    phone: str
    papers: list[str]
    touched: str
    offers: list[FreeOut]


@router.get("/{uuid:hall}/appointments/free", response={200: FreeListOut, **PROBLEMS})
def free(request: HttpRequest, hall: UUID, business: UUID, day: dt.date) -> Any:
    """The free times of a business on a day."""
    _here(request, hall)
    return free_outside(hall, business, day, hall_now(hall))


@router.post("/{uuid:hall}/appointments", response={201: BookedOut, **PROBLEMS}, openapi_extra=KEYED)
def book(request: HttpRequest, hall: UUID, body: BookIn) -> Any:
    """Book a free time for a customer."""
    actor = _here(request, hall)
    wish = Wish(
        hall, body.business, body.starts_at, Channel.API.value, body.name, body.phone, body.need, tuple(body.papers),
        wants_reminder=body.wants_reminder, language=body.language,
    )  # fmt: skip
    return Status(201, acting.book(wish=wish, actor=actor, now=hall_now(hall), request_key=key_of(request)))


@router.get("/{uuid:hall}/appointments/{uuid:booking}", response={200: BookingOut, **PROBLEMS})
def look(request: HttpRequest, hall: UUID, booking: UUID) -> Any:
    """A booking as it is now; one that cannot stand comes with the nearest free times."""
    return booking_outside(_here(request, hall), hall, booking, hall_now(hall))


@router.post("/{uuid:hall}/appointments/{uuid:booking}/change", response={200: BookedOut, **PROBLEMS})
def change(request: HttpRequest, hall: UUID, booking: UUID, body: ChangeIn) -> Any:
    """Move a booking to another free time; refused, the old one stays. Asked twice it is moved once."""
    actor, now = _here(request, hall), hall_now(hall)
    booking_outside(actor, hall, booking, now)
    return acting.change(booking=booking, starts_at=body.starts_at, seen=body.version, actor=actor, now=now)


@router.post("/{uuid:hall}/appointments/{uuid:booking}/cancel", response={200: BookedOut, **PROBLEMS})
def cancel(request: HttpRequest, hall: UUID, booking: UUID, body: CancelIn) -> Any:
    """Cancel a booking. Asked twice it is cancelled once."""
    actor, now = _here(request, hall), hall_now(hall)
    booking_outside(actor, hall, booking, now)
    cause = Cause(body.cause) if body.cause else None
    return acting.cancel(booking=booking, cause=cause, actor=actor, now=now)


def _here(request: HttpRequest, hall: UUID) -> Actor:
    """Who asks, if this hall is in their care. Raises Refusal hall.unknown, access.refused."""
    actor = actor_of(request)
    desk_hall(actor, hall)
    return actor
