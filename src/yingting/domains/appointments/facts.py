"""Facts of appointments: ids, instants and codes. The day of a fact is the day of the booking, whenever something came of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from yingting.foundation.journal.catalogue import fact


@fact("booking.held")
@dataclass(frozen=True, slots=True)
class BookingHeld:
    """A place is held while the customer fills in the form."""

    slot: UUID
    business: UUID
    starts_at: dt.datetime
    channel: str
    holds_until: dt.datetime


@fact("booking.booked")
@dataclass(frozen=True, slots=True)
class BookingBooked:
    """A place is booked. `papers` counts those that the customer says to have, `has_need`: a need was told."""

    slot: UUID
    business: UUID
    starts_at: dt.datetime
    channel: str
    customer: UUID | None
    booker: UUID
    papers: int
    has_need: bool


@fact("booking.lapsed")
@dataclass(frozen=True, slots=True)
class BookingLapsed:
    """A hold was over before it was confirmed; its place is free again."""

    slot: UUID


@fact("booking.changed")
@dataclass(frozen=True, slots=True)
class BookingChanged:
    """A booking went to another slot: the new place was taken first, then the old one given back. `was_touched`: it had to."""

    slot: UUID
    starts_at: dt.datetime
    was_slot: UUID
    was_starts_at: dt.datetime
    was_touched: bool


@fact("booking.cancelled")
@dataclass(frozen=True, slots=True)
class BookingCancelled:
    """A booking was cancelled; the cause says by whom and whether in time. `counts`: for the waiting period."""

    cause: str
    counts: bool


@fact("booking.arrived")
@dataclass(frozen=True, slots=True)
class BookingArrived:
    """The customer checked in (`how`: kiosk, phone, guide, counter) and got a ticket; minutes after the booked time (negative: before)."""

    ticket: UUID
    how: str
    kind: str
    minutes: int


@fact("booking.served")
@dataclass(frozen=True, slots=True)
class BookingServed:
    """The visit of a booking was finished."""

    ticket: UUID


@fact("booking.left")
@dataclass(frozen=True, slots=True)
class BookingLeft:
    """A booked customer arrived and was not served: left, did not answer the call, or the day was closed."""

    ticket: UUID


@fact("booking.missed")
@dataclass(frozen=True, slots=True)
class BookingMissed:
    """A booking's time was over and the customer had not come. `counts`: for the waiting period."""

    cause: str
    counts: bool


@fact("booking.cause_set")
@dataclass(frozen=True, slots=True)
class BookingCauseSet:
    """Somebody corrected why a booking was missed."""

    cause: str
    was: str
    counts: bool


@fact("booking.touched")
@dataclass(frozen=True, slots=True)
class BookingTouched:
    """A booking cannot stand as it is: hours, holidays or places changed after it was made."""

    why: str


@fact("booking.settled")
@dataclass(frozen=True, slots=True)
class BookingSettled:
    """A touched booking stands: the hall keeps it although it is over its places (`kept`), or what touched it was taken back."""

    kept: bool


@fact("booking.escalated")
@dataclass(frozen=True, slots=True)
class BookingEscalated:
    """The customer of a touched booking has not answered in time: the hall's management was told to call."""


@fact("booking.called")
@dataclass(frozen=True, slots=True)
class BookingCalled:
    """The customer was called about a booking (`about`: reminder, touched); the outcome: reached, not_reached."""

    about: str
    outcome: str


@fact("booking.day_left")
@dataclass(frozen=True, slots=True)
class BookingDayLeft:
    """A booking went to another day: told on the day that it left, for the count of that day."""

    booking: UUID


@fact("booker.blocked")
@dataclass(frozen=True, slots=True)
class BookerBlocked:
    """A person missed so many bookings that nothing may be booked until then."""

    booker: UUID
    missed: int
    until: dt.datetime


@fact("booker.block_lifted")
@dataclass(frozen=True, slots=True)
class BookerBlockLifted:
    """A waiting period ended early: an objection was granted, or a no-show turned out to be none."""

    booker: UUID


@fact("booker.appealed")
@dataclass(frozen=True, slots=True)
class BookerAppealed:
    """A person objected to a waiting period."""

    appeal: UUID


@fact("booker.appeal_decided")
@dataclass(frozen=True, slots=True)
class BookerAppealDecided:
    """An objection was decided; granted, the waiting period is over."""

    appeal: UUID
    granted: bool


@fact("slots.offered")
@dataclass(frozen=True, slots=True)
class SlotsOffered:
    """What a hall offers to be booked on this day was written down, for the use of its places: slots, and places in them."""

    slots: int
    places: int
