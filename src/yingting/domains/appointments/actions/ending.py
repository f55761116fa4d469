"""How bookings end: nobody came, somebody corrects why; and what a no-show leads to."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.domains.appointments.actions.stepping import BOOKED, hold_same_booker, hold_slots, lapse_holds, step_on
from yingting.domains.appointments.actions.waiting import consider, reconsider
from yingting.domains.appointments.facts import BookingCauseSet, BookingMissed
from yingting.domains.appointments.models import Booking, Slot
from yingting.domains.appointments.queries.bookings import booking_for
from yingting.domains.appointments.queries.rules_in_force import terms_at
from yingting.domains.appointments.refusals import CHANGED, CHOICE_UNKNOWN, ENDED, NOT_OVER
from yingting.domains.appointments.rules.arriving import is_no_show
from yingting.domains.appointments.rules.limits import counts
from yingting.domains.appointments.rules.states import SETTABLE, Cause, State
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import business_day
from yingting.kernel.refusals import Refusal


def no_show(
    *, booking: UUID, cause: Cause = Cause.NOT_COME, seen: int | None = None, actor: Actor, now: dt.datetime
) -> None:
    """Note that nobody came for a booking whose time is over. One that could not stand is the hall's, whatever is said.

    Raises Refusal booking.unknown, booking.ended, booking.not_over, booking.choice_unknown, booking.changed_meanwhile,
    access.refused.
    """
    row = booking_for(actor, booking)
    terms = terms_at(row.hall.unit.path, business_day(now, row.hall.timezone))
    if cause not in SETTABLE:
        raise Refusal(CHOICE_UNKNOWN)
    with writing():
        hold_same_booker(row.booker_id)
        row = Booking.objects.get(pk=booking)
        if row.state != BOOKED:
            raise Refusal(ENDED)
        if not is_no_show(terms, row.starts_at, now):
            raise Refusal(NOT_OVER)
        why = Cause.HALL_CLOSED if row.touched_why else cause
        fact = BookingMissed(why.value, counts(terms, why))
        done = step_on(
            row, actor, now, fact, seen=seen, state=State.MISSED.value, cause=why.value, counts=fact.counts, ended_at=now,
            ended_by_id=actor.person,
        )  # fmt: skip
        if not done:
            raise Refusal(CHANGED)
        if fact.counts:
            consider(row, terms, actor=actor, now=now)
    publish(row.hall_id)


def set_cause(*, booking: UUID, cause: Cause, seen: int | None = None, actor: Actor, now: dt.datetime) -> None:
    """Correct why a booking was missed. A waiting period that rests on it is lifted when too few no-shows are left.

    Raises Refusal booking.unknown, booking.ended, booking.choice_unknown, booking.changed_meanwhile, access.refused.
    """
    row = booking_for(actor, booking, Permission.APPOINTMENTS_PLAN)
    terms = terms_at(row.hall.unit.path, business_day(now, row.hall.timezone))
    if cause not in SETTABLE:
        raise Refusal(CHOICE_UNKNOWN)
    with writing():
        hold_same_booker(row.booker_id)
        row = Booking.objects.get(pk=booking)
        if row.state != State.MISSED.value:
            raise Refusal(ENDED)
        if row.cause == cause.value:
            return
        fact = BookingCauseSet(cause.value, row.cause, counts(terms, cause))
        if not step_on(
            row, actor, now, fact, seen=seen, cause=cause.value, counts=fact.counts, ended_by_id=actor.person
        ):
            raise Refusal(CHANGED)
        if fact.counts:
            consider(row, terms, actor=actor, now=now)
        else:
            reconsider(row, terms, actor=actor, now=now)
    publish(row.hall_id)


def lapse_slot(*, slot: UUID, actor: Actor, now: dt.datetime) -> int:  # noqa: ARG001 - every action names who acts
    """End the holds of a slot that are over; return how many. The facts name the system, whoever noticed."""
    with writing():
        held = hold_slots({slot})
        ended = lapse_holds(held[slot], now) if slot in held else 0
        hall = Slot.objects.values_list("hall", flat=True).get(pk=slot)
    if ended:
        publish(hall)
    return ended
