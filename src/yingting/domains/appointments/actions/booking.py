"""Hold a place, book it, change it, give it back.

Each is one transaction that holds the booker, then the slots, then the booking; the hall's screens hear of it after the commit.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError

from yingting.domains.appointments.actions.stepping import (
    BOOKED,
    HELD,
    give_back,
    hold_booker,
    hold_same_booker,
    hold_slots,
    lapse_holds,
    note,
    slot_row,
    step_on,
    take_place,
)
from yingting.domains.appointments.actions.waiting import consider
from yingting.domains.appointments.contracts import Given, Wish
from yingting.domains.appointments.facts import (
    BookingBooked,
    BookingCancelled,
    BookingChanged,
    BookingDayLeft,
    BookingHeld,
)
from yingting.domains.appointments.models import Booker, Booking, Slot
from yingting.domains.appointments.queries.bookings import booking_for
from yingting.domains.appointments.queries.slots import HallPlaces, business_at, code_of, hall_places
from yingting.domains.appointments.refusals import (
    CHANGE_LATE,
    CHANGED,
    CHOICE_UNKNOWN,
    ENDED,
    HOLD_OVER,
    NAME_MISSING,
    NO_SLOT,
    NOT_BOOKABLE,
    SAME_TIME,
)
from yingting.domains.appointments.rules.limits import Mine, cancelled_as, counts, require_may_book
from yingting.domains.appointments.rules.slots import OfferedSlot, group_of
from yingting.domains.appointments.rules.states import OPEN, Cause, Channel, State
from yingting.domains.queueing.facade import KEY_REUSED, answered, is_taken_key
from yingting.foundation.customers.refusals import PHONE_FORM
from yingting.foundation.journal.catalogue import FactData
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.foundation.privacy.fields import sealed_values, search_keys
from yingting.foundation.privacy.rules import DataKind, phone_of
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.refusals import Refusal

PHONE_DIGITS = (7, 15)  # ITU-T E.164 for the upper end
NEED, NAME = 200, 40
PAPERS = 20
_OPEN = [state.value for state in OPEN]


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
    offered, day = _offered(here, wish.business, wish.starts_at, actor, making.now)
    try:
        with writing():
            row = _write(making, here, offered, day)
    except IntegrityError as error:
        if is_taken_key(error) and (first := _first(making)):
            return first
        if _is_same_time(error):
            raise Refusal(SAME_TIME) from None
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
        _require_within(here, booker, offered, day, now)
    take_place(held[slot], offered, now)
    terms = here.terms(now)
    until = now + dt.timedelta(minutes=terms.hold_min) if making.is_hold else None
    row = Booking.objects.create(
        hall_id=wish.hall, slot_id=slot, business_id=wish.business, business_day=day, starts_at=offered.starts_at,
        booker=booker, customer_id=wish.customer, name=wish.name.strip()[:NAME], phone=phone_of(wish.phone),
        need=wish.need.strip()[:NEED], papers=list(wish.papers[:PAPERS]), wants_reminder=wish.wants_reminder,
        channel=wish.channel, state=HELD if making.is_hold else BOOKED, made_at=now, holds_until=until, changed_at=now,
    )  # fmt: skip
    fact: FactData
    if until is not None:
        fact = BookingHeld(slot, wish.business, offered.starts_at, wish.channel, until)
    else:
        fact = _booked_fact(row)
    note(fact, row.pk, 1, hall=wish.hall, day=day, actor=making.actor, now=now, request_key=making.key)
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


def given(row: Booking) -> Given:
    """Return a booking as the answer to whoever made it."""
    until = row.holds_until if row.state == HELD else None
    return Given(
        row.pk, row.secret, row.hall_id, row.business_id, row.starts_at, row.slot.ends_at, row.state, row.version, until
    )


def _require_person(name: str, phone: str, *, needs_name: bool) -> None:
    low, high = PHONE_DIGITS
    if not low <= sum(sign.isdigit() for sign in phone_of(phone)) <= high:
        raise Refusal(PHONE_FORM)
    if needs_name and not name.strip():
        raise Refusal(NAME_MISSING)


def _offered(
    here: HallPlaces, business: UUID, starts_at: dt.datetime, actor: Actor, now: dt.datetime
) -> tuple[OfferedSlot, dt.date]:
    """The slot of a business that begins at an instant. Colleagues may book until it begins, customers until the latest minute."""
    day = here.day_of(starts_at)
    places = here.places(day)
    group = group_of(places, code_of(business_at(here.hall, business)))
    if group is None or not places.is_on:
        raise Refusal(NOT_BOOKABLE)
    found = next((one for one in here.offered(day, group, places) if one.starts_at == starts_at), None)
    latest = places.latest_min if actor.kind is ActorKind.CUSTOMER else 0
    is_early_enough = now < starts_at and now <= starts_at - dt.timedelta(minutes=latest)
    is_near_enough = day <= here.day_of(now) + dt.timedelta(days=places.days_ahead)
    if found is None or not is_early_enough or not is_near_enough:
        raise Refusal(NO_SLOT)
    return found, day


def _stale_slots(booker: Booker | None, now: dt.datetime) -> set[UUID]:
    """The slots in which the person's own holds are over: they must not stand in its way."""
    if booker is None:
        return set()
    rows = Booking.objects.filter(booker=booker, state=HELD, holds_until__lte=now)
    return set(rows.values_list("slot_id", flat=True))


def _require_within(
    here: HallPlaces, booker: Booker, offered: OfferedSlot, day: dt.date, now: dt.datetime, *, own: UUID | None = None,
    is_change: bool = False,
) -> None:  # fmt: skip
    """Refuse what the person may not book beside its other open bookings; `own` is the one that is confirmed or changed.

    A waiting period does not touch what was booked before it.
    """
    rows = Booking.objects.filter(booker=booker, state__in=_OPEN).exclude(pk=own)
    # In Python: a hold has an end, a booking has none.
    others = [
        Mine(row.business_day, row.starts_at)
        for row in rows
        if row.holds_until is None or row.holds_until > now or row.state == BOOKED
    ]
    waits_until = None if is_change else booker.waits_until
    require_may_book(
        here.terms(now), day=day, starts_at=offered.starts_at, others=others, waits_until=waits_until, now=now
    )


def _is_same_time(error: IntegrityError) -> bool:
    text = str(error)
    return (
        "appointments_person_once" in text or "appointments_booking.booker_id, appointments_booking.starts_at" in text
    )


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
    try:
        with writing():
            booker = hold_booker(number)
            row = Booking.objects.select_related("slot").get(pk=booking)
            if row.state == BOOKED:
                return given(row)
            if row.state != HELD or row.holds_until is None or row.holds_until <= now:
                raise Refusal(HOLD_OVER)
            slot = OfferedSlot(row.slot.group, row.starts_at, row.slot.ends_at, row.slot.capacity)
            _require_within(here, booker, slot, row.business_day, now, own=row.pk)
            values = sealed_values(Booking, name=name.strip()[:NAME], phone=phone_of(number), need=need.strip()[:NEED])
            row.papers, row.booker_id, row.customer_id = list(papers[:PAPERS]), booker.pk, customer or row.customer_id
            row.need = need.strip()[:NEED]
            done = step_on(
                row, actor, now, _booked_fact(row), state=BOOKED, holds_until=None, booker_id=booker.pk,
                customer_id=row.customer_id, papers=row.papers, wants_reminder=wants_reminder, **values,
            )  # fmt: skip
            if not done:
                raise Refusal(HOLD_OVER)
    except IntegrityError as error:
        if _is_same_time(error):
            raise Refusal(SAME_TIME) from None
        raise
    publish(row.hall_id)
    return given(row)


def change(*, booking: UUID, starts_at: dt.datetime, seen: int | None = None, actor: Actor, now: dt.datetime) -> Given:
    """Move a booking to another time: the new place is taken first, then the old one is given back, or nothing changes.

    Raises Refusal booking.unknown, booking.ended, booking.change_late, booking.changed_meanwhile, booking.no_slot, booking.full,
    the limits of a person, access.refused.
    """
    row = booking_for(actor, booking)
    here = hall_places(row.hall_id)
    _require_changeable(row, here, actor, now)
    offered, day = _offered(here, row.business_id, starts_at, actor, now)
    try:
        with writing():
            row = _move(row.pk, here, offered, day, seen, actor, now)
    except IntegrityError as error:
        if _is_same_time(error):
            raise Refusal(SAME_TIME) from None
        raise
    publish(row.hall_id)
    return given(row)


def _require_changeable(row: Booking, here: HallPlaces, actor: Actor, now: dt.datetime) -> None:
    if row.state not in _OPEN or (row.state == HELD and (row.holds_until is None or row.holds_until <= now)):
        raise Refusal(ENDED)
    is_late = cancelled_as(here.terms(now), row.starts_at, now) is Cause.CANCELLED_LATE
    if actor.kind is ActorKind.CUSTOMER and row.state == BOOKED and is_late and not row.touched_why:
        raise Refusal(CHANGE_LATE)


def _move(
    booking: UUID,
    here: HallPlaces,
    offered: OfferedSlot,
    day: dt.date,
    seen: int | None,
    actor: Actor,
    now: dt.datetime,
) -> Booking:
    hold_same_booker(Booking.objects.values_list("booker", flat=True).get(pk=booking))
    row = Booking.objects.select_related("slot", "booker").get(pk=booking)
    _require_changeable(row, here, actor, now)
    new = slot_row(row.hall_id, day, offered)
    old, old_day, old_at = row.slot_id, row.business_day, row.starts_at
    if new == old:
        return row
    if row.booker is not None:
        _require_within(here, row.booker, offered, day, now, own=row.pk, is_change=True)
    held = hold_slots({new, old})
    take_place(held[new], offered, now)
    fact = BookingChanged(new, offered.starts_at, old, old_at, bool(row.touched_why))
    done = step_on(
        row, actor, now, fact, seen=seen, slot_id=new, starts_at=offered.starts_at, business_day=day, touched_at=None,
        touched_why="", is_kept=False, escalated_at=None, reminded_at=None,
    )  # fmt: skip
    if not done:
        raise Refusal(CHANGED)
    give_back(old)
    if day != old_day:
        note(BookingDayLeft(row.pk), old, None, hall=row.hall_id, day=old_day, actor=actor, now=now)
    row.slot = Slot.objects.get(pk=new)
    return row


def cancel(
    *, booking: UUID, cause: Cause | None = None, seen: int | None = None, actor: Actor, now: dt.datetime
) -> Given:
    """Cancel a booking, or give a held place back. Twice is the same as once.

    The terms say whether it is late; a booking that could not stand is never the customer's. Colleagues may name the cause.
    Raises Refusal booking.unknown, booking.ended, booking.changed_meanwhile, access.refused.
    """
    row = booking_for(actor, booking)
    here = hall_places(row.hall_id)
    terms = here.terms(now)
    with writing():
        hold_same_booker(row.booker_id)
        row = Booking.objects.select_related("slot", "booker").get(pk=booking)
        if row.state == State.CANCELLED.value:
            return given(row)
        if row.state not in _OPEN:
            raise Refusal(ENDED)
        hold_slots({row.slot_id})
        why = _cause(row, cause, actor) or cancelled_as(terms, row.starts_at, now)
        does_count = row.state == BOOKED and counts(terms, why)
        done = step_on(
            row, actor, now, BookingCancelled(why.value, does_count), seen=seen, state=State.CANCELLED.value, cause=why.value,
            counts=does_count, ended_at=now, ended_by_id=actor.person, holds_until=None, touched_why="", touched_at=None,
        )  # fmt: skip
        if not done:
            raise Refusal(CHANGED)
        give_back(row.slot_id)
        if does_count:
            consider(row, terms, actor=actor, now=now)
    publish(row.hall_id)
    return given(row)


def _cause(row: Booking, named: Cause | None, actor: Actor) -> Cause | None:
    """The cause that is known without the clock: a held place and a touched booking are nobody's fault."""
    if row.state == HELD:
        return Cause.CANCELLED
    if row.touched_why:
        return Cause.HALL_CLOSED
    if named is not None and actor.kind is not ActorKind.CUSTOMER:
        if named not in (Cause.CANCELLED, Cause.HALL_CLOSED, Cause.EXCUSED):
            raise Refusal(CHOICE_UNKNOWN)
        return named
    return None
