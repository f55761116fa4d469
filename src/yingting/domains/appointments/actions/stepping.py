"""What the actions of appointments share: rows held in one order, places taken and given back, a booking taken a step on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import F

from yingting.domains.appointments.actions.expecting import keep_expected
from yingting.domains.appointments.facts import BookingLapsed
from yingting.domains.appointments.models import Booker, Booking, Slot
from yingting.domains.appointments.queries.slots import HallPlaces
from yingting.domains.appointments.refusals import CHANGED, FULL, SAME_TIME
from yingting.domains.appointments.rules.limits import Mine, require_may_book
from yingting.domains.appointments.rules.slots import OfferedSlot
from yingting.domains.appointments.rules.states import OPEN, State
from yingting.foundation.journal.catalogue import FactData
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.privacy.fields import search_keys
from yingting.foundation.privacy.rules import DataKind
from yingting.kernel.actors import SYSTEM, Actor
from yingting.kernel.refusals import Refusal

HELD, BOOKED, LAPSED = State.HELD.value, State.BOOKED.value, State.LAPSED.value
OPEN_STATES = [state.value for state in OPEN]


def hold_booker(phone: str) -> Booker:
    """Return the row of who books with this number, held until the transaction ends: whoever books with it comes after."""
    keys = search_keys(DataKind.PHONE, phone)
    found = Booker.objects.select_for_update().filter(phone_key__in=keys).order_by("pk").first()
    if found is not None:
        return found
    made, is_new = Booker.objects.get_or_create(phone_key=keys[0], defaults={"phone": phone})
    return made if is_new else Booker.objects.select_for_update().get(pk=made.pk)


def hold_same_booker(booker: UUID | None) -> None:
    """Hold the row of a booking's person, if it has one."""
    if booker is not None:
        list(Booker.objects.select_for_update().filter(pk=booker))


def hold_slots(slots: Iterable[UUID]) -> dict[UUID, Slot]:
    """Hold slots until the transaction ends, always in the order of their ids; return them by id."""
    return {row.pk: row for row in Slot.objects.select_for_update().filter(pk__in=set(slots)).order_by("pk")}


def slot_row(hall: UUID, day: dt.date, offered: OfferedSlot) -> UUID:
    """Return the id of an offered slot's row; it comes into being with the first who asks."""
    row, _is_new = Slot.objects.get_or_create(
        hall_id=hall, group=offered.group, starts_at=offered.starts_at,
        defaults={"business_day": day, "ends_at": offered.ends_at, "capacity": offered.capacity},
    )  # fmt: skip
    return row.pk


def take_place(slot: Slot, offered: OfferedSlot, now: dt.datetime) -> None:
    """Take one place of a slot that is held, after holds that are over have given theirs back. Raises Refusal booking.full.

    The count itself is a compare-and-set, and the database refuses more than the capacity whoever writes.
    """
    lapse_holds(slot, now)
    slot.refresh_from_db()
    capacity = max(offered.capacity, slot.taken)
    if (slot.capacity, slot.ends_at) != (capacity, offered.ends_at):
        Slot.objects.filter(pk=slot.pk).update(capacity=capacity, ends_at=offered.ends_at)
    if not Slot.objects.filter(pk=slot.pk, taken__lt=F("capacity")).update(taken=F("taken") + 1):
        raise Refusal(FULL)


def give_back(slot: UUID, places: int = 1) -> None:
    """Give places of a slot back. The slot is held by the caller."""
    if not Slot.objects.filter(pk=slot, taken__gte=places).update(taken=F("taken") - places):
        raise AssertionError(f"slot {slot} gives back more than was taken")


def lapse_holds(slot: Slot, now: dt.datetime) -> int:
    """End the holds of a slot that are over and free their places; return how many. The slot is held by the caller."""
    stale = Booking.objects.filter(slot=slot, state=HELD, holds_until__lte=now).select_for_update(of=("self",))
    ended = 0
    for row in stale.order_by("pk"):
        if step_on(row, SYSTEM, now, BookingLapsed(slot.pk), state=LAPSED, ended_at=now):
            ended += 1
    if ended:
        give_back(slot.pk, ended)
    return ended


def step_on(
    row: Booking, actor: Actor, now: dt.datetime, fact: FactData, *, seen: int | None = None, request_key: str | None = None,
    **values: Any,
) -> bool:  # fmt: skip
    """Take a booking from the state and version that the row has to the next, and record it; False: somebody was faster.

    `seen` is the version that the person saw, None where that does not matter. Raises Refusal booking.changed_meanwhile.
    """
    if seen is not None and seen != row.version:
        raise Refusal(CHANGED)
    version = row.version + 1
    moved = Booking.objects.filter(pk=row.pk, state=row.state, version=row.version).update(
        version=version, changed_at=now, **values
    )
    if not moved:
        return False
    note(fact, row.pk, version, hall=row.hall_id, day=values.get("business_day", row.business_day), actor=actor, now=now,
         request_key=request_key)  # fmt: skip
    for name, value in {**values, "version": version, "changed_at": now}.items():
        setattr(row, name, value)
    keep_expected(row, actor=actor, now=now)
    return True


def note(
    fact: FactData, subject: UUID, version: int | None, *, hall: UUID, day: dt.date, actor: Actor, now: dt.datetime,
    request_key: str | None = None,
) -> None:  # fmt: skip
    """Record a fact of a hall on the day that it is about."""
    record(
        fact,
        subject=subject,
        version=version,
        hall=hall,
        business_day=day,
        actor=actor,
        now=now,
        request_key=request_key,
    )


def require_within(
    here: HallPlaces, booker: Booker, offered: OfferedSlot, day: dt.date, now: dt.datetime, *, own: UUID | None = None,
    is_change: bool = False,
) -> None:  # fmt: skip
    """Refuse what the person may not book beside its other open bookings; `own` is the one that is confirmed or changed.

    A waiting period does not touch what was booked before it.
    """
    rows = Booking.objects.filter(booker=booker, state__in=OPEN_STATES)
    # In Python: a hold has an end, a booking has none.
    others = [
        Mine(row.business_day, row.starts_at)
        for row in rows
        if row.pk != own and (row.holds_until is None or row.holds_until > now)
    ]
    waits_until = None if is_change else booker.waits_until
    require_may_book(
        here.terms(now), day=day, starts_at=offered.starts_at, others=others, waits_until=waits_until, now=now
    )


@contextmanager
def writing_once() -> Iterator[None]:
    """`writing()`, where the database lets a person have one booking at a time. Raises Refusal booking.same_time."""
    try:
        with writing():
            yield
    except IntegrityError as error:
        if _is_same_time(error):
            raise Refusal(SAME_TIME) from None
        raise


def _is_same_time(error: IntegrityError) -> bool:
    """Did the database refuse because the person has a booking at this instant already?"""
    text = str(error)
    return (
        "appointments_person_once" in text or "appointments_booking.booker_id, appointments_booking.starts_at" in text
    )
