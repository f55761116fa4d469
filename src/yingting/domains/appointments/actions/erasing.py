"""The person goes out of bookings: when their time is over, or at the person's request."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from yingting.domains.appointments.actions.stepping import give_back, hold_same_booker, hold_slots, step_on
from yingting.domains.appointments.facts import BookingCancelled
from yingting.domains.appointments.models import Appeal, Booker, Booking
from yingting.domains.appointments.queries.personal import FIELDS, KIND, due, find, kept_among, read
from yingting.domains.appointments.rules.states import OPEN, Cause, State
from yingting.foundation.privacy.fields import emptied
from yingting.foundation.privacy.holders import Erasing, Holder
from yingting.foundation.privacy.rules_in_force import BOOKING
from yingting.kernel.words import gettext_noop as _


def _erase(erasing: Erasing) -> None:
    """Empty bookings; the booking, its facts and its place stay. One that is still to come is given up: nobody would be expected.

    Whoever has no booking with a number left is not known either, and with that a waiting period is nobody's; what was said
    against it goes, too.
    """
    rows = list(Booking.objects.filter(pk__in=erasing.records).order_by("pk"))
    bookers = {row.booker_id for row in rows if row.booker_id is not None}
    for booker in sorted(bookers):
        hold_same_booker(booker)
    open_rows = [row for row in rows if row.state in {state.value for state in OPEN}]
    hold_slots(row.slot_id for row in open_rows)
    for row in open_rows:
        fact = BookingCancelled(Cause.CANCELLED.value, counts=False)
        if step_on(
            row, erasing.actor, erasing.now, fact, state=State.CANCELLED.value, cause=fact.cause, ended_at=erasing.now,
            ended_by_id=erasing.actor.person, holds_until=None, touched_why="", touched_at=None,
        ):  # fmt: skip
            give_back(row.slot_id)
    Booking.objects.filter(pk__in=erasing.records).update(customer=None, papers=[], **emptied(Booking))
    left = Exists(Booking.objects.filter(booker=OuterRef("pk")).exclude(phone=""))
    gone = list(Booker.objects.filter(~left, pk__in=bookers).values_list("pk", flat=True))
    Booker.objects.filter(pk__in=gone).update(**emptied(Booker))
    Appeal.objects.filter(block__booker__in=gone).update(**emptied(Appeal))


BOOKINGS = Holder(
    kind=KIND, title=_("Booking"), data_class=BOOKING, read=read, due=due, find=find, kept=kept_among, erase=_erase, fields=FIELDS,
)  # fmt: skip
