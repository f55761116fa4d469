"""Bookings that cannot stand as they are, found by comparing each with what the hall offers now.

Opening hours, single dates, holidays, notices, make-up days and places may all change, some of them by a rule whose first day
comes. So nothing listens for changes: what was booked is compared with what is true, again and again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID
from zoneinfo import ZoneInfo

from yingting.domains.appointments.models import Booking
from yingting.domains.appointments.queries.slots import HallPlaces, bookable_days, code_of, free_in, hall_places
from yingting.domains.appointments.rules.slots import (
    DAY_AWAY,
    FreeSlot,
    Standing,
    distance,
    group_of,
    nearest,
    touched_of,
)
from yingting.domains.appointments.rules.states import State, Why
from yingting.kernel.refusals import Refusal

OFFERS = 3
BOOKED = State.BOOKED.value


def halls_with_bookings() -> list[UUID]:
    """Return the halls that have bookings to come, or holds; for the worker."""
    rows = Booking.objects.filter(state__in=(BOOKED, State.HELD.value))
    return list(rows.order_by("hall").values_list("hall", flat=True).distinct())


def touched_now(here: HallPlaces, now: dt.datetime) -> dict[UUID, Why]:
    """Return which bookings to come of a hall cannot stand, and why."""
    rows = Booking.objects.filter(hall=here.hall, state=BOOKED, starts_at__gt=now).select_related(
        "business__business_class"
    )
    by_day: dict[dt.date, list[Booking]] = {}
    for row in rows:
        by_day.setdefault(row.business_day, []).append(row)
    found: dict[UUID, Why] = {}
    for day, held in by_day.items():
        found |= _touched_on(here, day, held)
    return found


def _touched_on(here: HallPlaces, day: dt.date, rows: Iterable[Booking]) -> dict[UUID, Why]:
    # Taking no more bookings does not take back those that were made.
    places = replace(here.places(day), is_on=True)
    on = here.on(day)
    offered = [slot for group in places.groups for slot in here.offered(day, group, places)]
    standing = []
    for row in rows:
        group = group_of(places, code_of(row.business))
        standing.append(Standing(row.pk, group.code if group else "", row.starts_at, row.made_at))

    def is_open(at: dt.datetime) -> bool:
        local = at.astimezone(ZoneInfo(here.hall.timezone)).time()
        closed = on.is_holiday and not places.on_holidays
        return not closed and any(span.has(local) for span in on.hours)

    return touched_of(standing, offered, is_open)


def offers_for(booking: Booking, now: dt.datetime, most: int = OFFERS) -> tuple[FreeSlot, ...]:
    """Return the free slots nearest to a booking's time, in the order of time: what its customer is offered instead.

    Looks outward day by day, and stops as soon as no farther day can be nearer.
    """
    here = hall_places(booking.hall_id)
    found: list[FreeSlot] = []
    for day in sorted(bookable_days(here, now), key=lambda day: abs(day - booking.business_day)):
        away = abs(day - booking.business_day).days
        if len(found) >= most and all(
            distance(one.starts_at, booking.starts_at) <= (away - 1) * DAY_AWAY for one in found
        ):
            break
        try:
            free = free_in(here, booking.business_id, day, now)
        except Refusal:  # the business cannot be booked on that day
            continue
        found = list(
            nearest([*found, *(one for one in free if one.starts_at != booking.starts_at)], booking.starts_at, most)
        )
    return tuple(found)
