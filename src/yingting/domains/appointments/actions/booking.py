"""Hold a place, book it at once, make a hold a booking. `changing` moves and cancels.

Each is one transaction that holds the booker, then the slots, then the booking; the hall's screens hear of it after the commit.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from yingting.domains.appointments.actions.changing import cancel, change
from yingting.domains.appointments.actions.expecting import keep_expected
from yingting.domains.appointments.actions.stepping import (
    BOOKED,
    HELD,
    hold_booker,
    hold_slots,
    lapse_holds,
    note,
    require_within,
    slot_row,
    step_on,
    take_place,
    writing_once,
)
from yingting.domains.appointments.contracts import Given, Wish
from yingting.domains.appointments.facts import BookingBooked, BookingHeld
from yingting.domains.appointments.models import Booker, Booking
from yingting.domains.appointments.queries.bookings import booking_for, file_of, given
from yingting.domains.appointments.queries.slots import HallPlaces, hall_places, offered_at
from yingting.domains.appointments.refusals import CHOICE_UNKNOWN, HOLD_OVER, NAME_MISSING
from yingting.domains.appointments.rules.slots import OfferedSlot
from yingting.domains.appointments.rules.states import Channel
from yingting.domains.queueing.facade import KEY_REUSED, answered, is_taken_key
from yingting.foundation.customers.refusals import PHONE_FORM
from yingting.foundation.journal.catalogue import FactData
from yingting.foundation.live.publishing import publish
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.fields import sealed_values, search_keys
from yingting.foundation.privacy.rules import DataKind, phone_of
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.refusals import Refusal

__all__ = ["book", "cancel", "change", "confirm", "hold"]

PHONE_DIGITS = (7, 15)  # ITU-T E.164 for the upper end
NEED, NAME = 200, 40
PAPERS = 20


def hold(*, wish: Wish, actor: Actor, now: dt.datetime, request_key: str | None = None) -> Given:
    """Hold a place for a few minutes while the customer fills in the form; the number may follow with `confirm`.

    Raises Refusal booking.not_bookable, booking.no_slot, booking.full, the limits of a person (booking.open_limit, …day_limit,
    …same_time, …waiting_period), customer.phone_form, request.key_reused, access.refused.
    """
    return _make(_Making(wish, actor, now, request_key, is_hold=True))


def book(*, wish: Wish, actor: Actor, now: dt.datetime, request_key: str | None = None) -> Given:
    """Book a place at once. A retry with the same key gets the first answer. Raises Refusal as `hold`, and booking.name_missing."""
    return _make(_Making(wish, actor, now, request_key, is_hold=False))


@dataclass(frozen=True, slots=True)
class _Making:
    wish: Wish
    actor: Actor
    now: dt.datetime
    key: str | None
    is_hold: bool

    @property
    def kind(self) -> str:
        return "booking.held" if self.is_hold else "booking.booked"


def _make(making: _Making) -> Given:
    wish, actor = making.wish, making.actor
    here = hall_places(wish.hall)
    if actor.kind is not ActorKind.CUSTOMER:
        require(actor, Permission.APPOINTMENTS_BOOK, here.path)
    if wish.channel not in {one.value for one in Channel}:
        raise Refusal(CHOICE_UNKNOWN)
    if wish.phone or not making.is_hold:
        _require_person(wish.name, wish.phone, needs_name=not making.is_hold)
    if first := _first(making):
        return first
    offered, day = offered_at(here, wish.business, wish.starts_at, actor, making.now)
    try:
        with writing_once():
            row = _write(making, here, offered, day)
    except IntegrityError as error:
        if is_taken_key(error) and (first := _first(making)):
            return first
        raise
    if isinstance(row, Given):
        return row
    publish(wish.hall)
    return given(row)


def _write(making: _Making, here: HallPlaces, offered: OfferedSlot, day: dt.date) -> Booking | Given:
    wish, now = making.wish, making.now
    booker = hold_booker(wish.phone) if wish.phone else None
    if first := _first(making):  # the same request was faster by a moment
        return first
    slot = slot_row(wish.hall, day, offered)
    stale = _stale_slots(booker, now)
    held = hold_slots({slot, *stale})
    for pk in stale:
        lapse_holds(held[pk], now)
    if booker is not None:
        require_within(here, booker, offered, day, now)
    take_place(held[slot], offered, now)
    terms = here.terms(now)
    until = now + dt.timedelta(minutes=terms.hold_min) if making.is_hold else None
    row = Booking.objects.create(
        hall_id=wish.hall, slot_id=slot, business_id=wish.business, business_day=day, starts_at=offered.starts_at,
        booker=booker, customer_id=wish.customer or file_of(here.path, wish.phone), name=wish.name.strip()[:NAME], phone=phone_of(wish.phone),
        need=wish.need.strip()[:NEED], papers=list(wish.papers[:PAPERS]), wants_reminder=wish.wants_reminder,
        language=wish.language, channel=wish.channel, state=HELD if making.is_hold else BOOKED, made_at=now,
        holds_until=until, changed_at=now,
    )  # fmt: skip
    fact: FactData
    fact = (
        BookingHeld(slot, wish.business, offered.starts_at, wish.channel, until)
        if until is not None
        else _booked_fact(row)
    )
    note(fact, row.pk, 1, hall=wish.hall, day=day, actor=making.actor, now=now, request_key=making.key)
    keep_expected(row, actor=making.actor, now=now)
    return row


def _booked_fact(row: Booking) -> BookingBooked:
    assert row.booker_id is not None
    return BookingBooked(
        row.slot_id, row.business_id, row.starts_at, row.channel, row.customer_id, row.booker_id, len(row.papers),
        bool(row.need),
    )  # fmt: skip


def _first(making: _Making) -> Given | None:
    """The answer that the first request with this key got. Raises Refusal request.key_reused for another wish."""
    fact = answered(making.wish.hall, making.key, making.kind)
    if fact is None:
        return None
    row = Booking.objects.select_related("slot").get(pk=fact.subject)
    same = (UUID(fact.data["business"]), dt.datetime.fromisoformat(fact.data["starts_at"]))
    keys = search_keys(DataKind.PHONE, making.wish.phone) or [""]
    if same != (making.wish.business, making.wish.starts_at) or (row.phone and row.phone_key not in keys):
        raise Refusal(KEY_REUSED)
    return given(row)


def _require_person(name: str, phone: str, *, needs_name: bool) -> None:
    low, high = PHONE_DIGITS
    if not low <= sum(sign.isdigit() for sign in phone_of(phone)) <= high:
        raise Refusal(PHONE_FORM)
    if needs_name and not name.strip():
        raise Refusal(NAME_MISSING)


def _stale_slots(booker: Booker | None, now: dt.datetime) -> set[UUID]:
    """The slots in which the person's own holds are over: they must not stand in its way."""
    if booker is None:
        return set()
    rows = Booking.objects.filter(booker=booker, state=HELD, holds_until__lte=now)
    return set(rows.values_list("slot_id", flat=True))


def confirm(
    *, booking: UUID, name: str, phone: str = "", need: str = "", papers: tuple[str, ...] = (), wants_reminder: bool = False,
    customer: UUID | None = None, actor: Actor, now: dt.datetime,
) -> Given:  # fmt: skip
    """Make a held place a booking. `phone` may have been given with the hold. Twice is the same as once.

    Raises Refusal booking.hold_over, the limits of a person, booking.name_missing, customer.phone_form, booking.unknown.
    """
    row = booking_for(actor, booking)
    number = phone or row.phone.open()
    _require_person(name, number, needs_name=True)
    here = hall_places(row.hall_id)
    with writing_once():
        booker = hold_booker(number)
        row = Booking.objects.select_related("slot").get(pk=booking)
        if row.state == BOOKED:
            return given(row)
        if row.state != HELD or row.holds_until is None or row.holds_until <= now:
            raise Refusal(HOLD_OVER)
        slot = OfferedSlot(row.slot.group, row.starts_at, row.slot.ends_at, row.slot.capacity)
        require_within(here, booker, slot, row.business_day, now, own=row.pk)
        sealed: dict[str, Any] = sealed_values(
            Booking, name=name.strip()[:NAME], phone=phone_of(number), need=need.strip()[:NEED]
        )
        row.papers, row.booker_id, row.customer_id = list(papers[:PAPERS]), booker.pk, customer or row.customer_id
        row.customer_id = row.customer_id or file_of(here.path, number)
        row.need = need.strip()[:NEED]
        done = step_on(
            row, actor, now, _booked_fact(row), state=BOOKED, holds_until=None, booker_id=booker.pk,
            customer_id=row.customer_id, papers=row.papers, wants_reminder=wants_reminder, **sealed,
        )  # fmt: skip
        if not done:
            raise Refusal(HOLD_OVER)
    publish(row.hall_id)
    return given(row)
