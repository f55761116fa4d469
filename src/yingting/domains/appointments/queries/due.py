"""What the worker finds due: holds that are over, bookings nobody came for, days to be written down."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.domains.appointments.models import Block, Booking, OfferedDay
from yingting.domains.appointments.queries.rules_in_force import terms_at
from yingting.domains.appointments.rules.arriving import over_since
from yingting.domains.appointments.rules.states import State
from yingting.foundation.sites.models import Hall
from yingting.kernel.clocks import business_day, system_now

AT_ONCE = 200


def slots_with_stale_holds(hall: UUID, now: dt.datetime) -> list[UUID]:
    """Return the slots of a hall in which holds are over."""
    rows = Booking.objects.filter(hall=hall, state=State.HELD.value, holds_until__lte=now)
    return list(rows.order_by("slot").values_list("slot", flat=True).distinct()[:AT_ONCE])


def not_come(hall: UUID, now: dt.datetime) -> list[UUID]:
    """Return the bookings of a hall whose time is over and for which nobody has come."""
    row = Hall.objects.select_related("unit").get(pk=hall)
    terms = terms_at(row.unit.path, business_day(now, row.timezone))
    rows = Booking.objects.filter(hall=hall, state=State.BOOKED.value, starts_at__lt=over_since(terms, now))
    return list(rows.order_by("starts_at", "pk").values_list("pk", flat=True)[:AT_ONCE])


def halls_not_written_down() -> list[UUID]:
    """Return the active halls of whose latest day it is not known that the places were written down; for the worker."""
    halls = Hall.objects.filter(unit__is_active=True).order_by("code")
    real = system_now()
    days = {hall.pk: business_day(hall.clock.at(real), hall.timezone) for hall in halls}
    known = set(OfferedDay.objects.filter(business_day__in=set(days.values())).values_list("hall", "business_day"))
    return [hall for hall, day in days.items() if (hall, day) not in known]


def missed_since(row: Booking, last: Block | None) -> list[dt.datetime]:
    """Return when the booker's counted bookings ended, those that led to an earlier waiting period left out."""
    rows = Booking.objects.filter(booker=row.booker_id, counts=True, ended_at__isnull=False)
    if last is not None:
        rows = rows.filter(ended_at__gt=last.since)
    return [at for at in rows.values_list("ended_at", flat=True) if at is not None]
