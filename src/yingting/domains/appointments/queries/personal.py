"""The personal data of bookings: who may see it, how long it is kept, how it goes."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from yingting.domains.appointments.models import Appeal, Booker, Booking
from yingting.domains.appointments.queries.bookings import booking_for
from yingting.domains.appointments.rules.states import OPEN, State
from yingting.foundation.privacy.fields import emptied
from yingting.foundation.privacy.holders import Due, Erasing, Held, Holder, Kept
from yingting.foundation.privacy.rules import DataKind
from yingting.foundation.privacy.rules_in_force import BOOKING
from yingting.kernel.actors import Actor
from yingting.kernel.words import gettext_noop as _

FIELDS = {"name": _("Customer's name"), "phone": _("Phone"), "need": _("What the customer needs")}
# Who is expected or being served must be able to be called; then the time of keeping begins.
_STILL = [state.value for state in (*OPEN, State.ARRIVED)]


def _read(actor: Actor, record: UUID) -> Held:
    row = booking_for(actor, record)
    # Whoever books and calls for customers has the booking in hand while it is open.
    return Held(row.hall.unit.path, {name: getattr(row, name) for name in FIELDS}, is_needed=row.state in _STILL)


def _full() -> QuerySet[Booking]:
    return Booking.objects.select_related("hall__unit").filter(~Q(phone="") | ~Q(name="") | ~Q(need=""))


def _kept(row: Booking) -> Kept:
    local = row.starts_at.astimezone(ZoneInfo(row.hall.timezone))
    since = None if row.state in _STILL else row.ended_at or row.starts_at
    return Kept(row.pk, row.hall.unit.path, since, f"{row.hall.code} {local:%Y-%m-%d %H:%M}")


def _due(due: Due) -> Sequence[Kept]:
    rows = _full().exclude(state__in=_STILL).filter(ended_at__lt=due.before)
    if due.after:
        rows = rows.filter(pk__gt=due.after)
    return [_kept(row) for row in rows.order_by("pk")[: due.limit]]


def _kept_among(records: Sequence[UUID]) -> Sequence[Kept]:
    return [_kept(row) for row in _full().filter(pk__in=records)]


def _find(kind: DataKind, keys: Sequence[str]) -> Sequence[Kept]:
    if kind is not DataKind.PHONE:
        return ()
    return [_kept(row) for row in _full().filter(phone_key__in=keys)]


def _erase(erasing: Erasing) -> None:
    """The person goes; the booking, its facts and its place stay. Whoever has no booking with a number left is not known either,
    and with that a waiting period is nobody's; what was said against it goes, too.
    """
    bookers = set(Booking.objects.filter(pk__in=erasing.records).values_list("booker", flat=True))
    Booking.objects.filter(pk__in=erasing.records).update(customer=None, papers=[], **emptied(Booking))
    left = Exists(Booking.objects.filter(booker=OuterRef("pk")).exclude(phone=""))
    gone = list(Booker.objects.filter(~left, pk__in=bookers - {None}).values_list("pk", flat=True))
    Booker.objects.filter(pk__in=gone).update(**emptied(Booker))
    Appeal.objects.filter(block__booker__in=gone).update(**emptied(Appeal))


BOOKINGS = Holder(
    kind="appointments.booking", title=_("Booking"), data_class=BOOKING, read=_read, due=_due, find=_find, kept=_kept_among,
    erase=_erase, fields=FIELDS,
)  # fmt: skip
