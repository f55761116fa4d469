"""The personal data of bookings: who may see it, how long it is kept. How it goes is in `actions/erasing.py`."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from yingting.domains.appointments.models import Booking
from yingting.domains.appointments.queries.bookings import booking_for
from yingting.domains.appointments.rules.states import OPEN, State
from yingting.foundation.privacy.holders import Due, Held, Kept
from yingting.foundation.privacy.rules import DataKind
from yingting.kernel.actors import Actor
from yingting.kernel.words import gettext_noop as _

KIND = "appointments.booking"
FIELDS = {"name": _("Customer's name"), "phone": _("Phone"), "need": _("What the customer needs")}
# Who is expected or being served must be able to be called; then the time of keeping begins.
_STILL = [state.value for state in (*OPEN, State.ARRIVED)]


def read(actor: Actor, record: UUID) -> Held:
    """Return what a booking holds. Raises Refusal booking.unknown, access.refused."""
    row = booking_for(actor, record)
    # Whoever books and calls for customers has the booking in hand while it is open.
    return Held(row.hall.unit.path, {name: getattr(row, name) for name in FIELDS}, is_needed=row.state in _STILL)


def _full() -> QuerySet[Booking]:
    return Booking.objects.select_related("hall__unit").filter(~Q(phone="") | ~Q(name="") | ~Q(need=""))


def _kept(row: Booking) -> Kept:
    local = row.starts_at.astimezone(ZoneInfo(row.hall.timezone))
    since = None if row.state in _STILL else row.ended_at or row.starts_at
    return Kept(row.pk, row.hall.unit.path, since, f"{row.hall.code} {local:%Y-%m-%d %H:%M}")


def due(asked: Due) -> Sequence[Kept]:
    """Return bookings that ended before an instant and still hold a person."""
    rows = _full().exclude(state__in=_STILL).filter(ended_at__lt=asked.before)
    if asked.after:
        rows = rows.filter(pk__gt=asked.after)
    return [_kept(row) for row in rows.order_by("pk")[: asked.limit]]


def kept_among(records: Sequence[UUID]) -> Sequence[Kept]:
    """Return those of the bookings that still hold a person."""
    return [_kept(row) for row in _full().filter(pk__in=records)]


def find(kind: DataKind, keys: Sequence[str]) -> Sequence[Kept]:
    """Return the bookings made with a number."""
    if kind is not DataKind.PHONE:
        return ()
    return [_kept(row) for row in _full().filter(phone_key__in=keys)]
