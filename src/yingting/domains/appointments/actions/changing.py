"""Move a booking to another time, or cancel it. One transaction each: the new place is sure before the old one is given back."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.domains.appointments.actions.stepping import (
    BOOKED,
    HELD,
    OPEN_STATES,
    give_back,
    hold_same_booker,
    hold_slots,
    note,
    require_within,
    slot_row,
    step_on,
    take_place,
    writing_once,
)
from yingting.domains.appointments.actions.waiting import consider
from yingting.domains.appointments.contracts import Given
from yingting.domains.appointments.facts import BookingCancelled, BookingChanged, BookingDayLeft
from yingting.domains.appointments.models import Booking, Slot
from yingting.domains.appointments.queries.bookings import booking_for, given
from yingting.domains.appointments.queries.slots import HallPlaces, hall_places, offered_at
from yingting.domains.appointments.refusals import CHANGE_LATE, CHANGED, CHOICE_UNKNOWN, ENDED
from yingting.domains.appointments.rules.limits import cancelled_as, counts
from yingting.domains.appointments.rules.slots import OfferedSlot
from yingting.domains.appointments.rules.states import Cause, State
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.kernel.actors import Actor, ActorKind
from yingting.kernel.refusals import Refusal


def change(*, booking: UUID, starts_at: dt.datetime, seen: int | None = None, actor: Actor, now: dt.datetime) -> Given:
    """Move a booking to another time: the new place is taken first, then the old one is given back, or nothing changes.

    Raises Refusal booking.unknown, booking.ended, booking.change_late, booking.changed_meanwhile, booking.no_slot, booking.full,
    the limits of a person, access.refused.
    """
    row = booking_for(actor, booking)
    here = hall_places(row.hall_id)
    _require_changeable(row, here, actor, now)
    offered, day = offered_at(here, row.business_id, starts_at, actor, now)
    with writing_once():
        row = _move(row.pk, here, offered, day, seen, actor, now)
    publish(row.hall_id)
    return given(row)


def _require_changeable(row: Booking, here: HallPlaces, actor: Actor, now: dt.datetime) -> None:
    if row.state not in OPEN_STATES or (row.state == HELD and (row.holds_until is None or row.holds_until <= now)):
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
        require_within(here, row.booker, offered, day, now, own=row.pk, is_change=True)
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
        if row.state not in OPEN_STATES:
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
        return None if named is Cause.CANCELLED else named  # whether in time or late the clock says
    return None
