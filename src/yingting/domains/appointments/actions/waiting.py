"""The waiting period after no-shows: when it begins, when it is lifted."""

from __future__ import annotations

import datetime as dt

from yingting.domains.appointments.actions.stepping import note
from yingting.domains.appointments.facts import BookerBlocked
from yingting.domains.appointments.models import Block, Booker, Booking
from yingting.domains.appointments.rules.limits import waiting_period
from yingting.domains.appointments.rules.shapes import Terms
from yingting.kernel.actors import Actor


def consider(row: Booking, terms: Terms, *, actor: Actor, now: dt.datetime) -> None:
    """Begin a waiting period if a booker has missed too many. The caller holds the booker's row, in the same transaction."""
    if row.booker_id is None:
        return
    last = Block.objects.filter(booker=row.booker_id).order_by("-since").first()
    if last is not None and last.lifted_at is None and last.until > now:
        return
    missed = list(missed_since(row, last))
    until = waiting_period(terms, missed, now)
    if until is None:
        return
    block = Block.objects.create(
        booker_id=row.booker_id, hall_id=row.hall_id, missed=len(missed), since=now, until=until
    )
    Booker.objects.filter(pk=row.booker_id).update(waits_until=until)
    note(
        BookerBlocked(row.booker_id, len(missed), until),
        block.pk,
        1,
        hall=row.hall_id,
        day=row.business_day,
        actor=actor,
        now=now,
    )


def missed_since(row: Booking, last: Block | None) -> list[dt.datetime]:
    """Return when the booker's counted bookings ended, those that led to an earlier waiting period left out."""
    rows = Booking.objects.filter(booker=row.booker_id, counts=True, ended_at__isnull=False)
    if last is not None:
        rows = rows.filter(ended_at__gt=last.since)
    return [at for at in rows.values_list("ended_at", flat=True) if at is not None]
