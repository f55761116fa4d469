"""Who is expected and not here yet: told by the appointments, counted in what walk-ins are told.

Both are called inside the transaction that books, moves, cancels or ends the booking; its action has checked the right and
records the fact.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.domains.queueing.models import ExpectedBooking, ExpectedState
from yingting.foundation.live.publishing import publish
from yingting.kernel.actors import Actor


def expect_booking(
    *, booking: UUID, hall: UUID, business_day: dt.date, queue: UUID, rank_at: dt.datetime, expected_s: int, actor: Actor,
    now: dt.datetime, due_at: dt.datetime | None = None,
) -> None:  # fmt: skip
    """Expect a booked customer, or expect the same booking elsewhere. `rank_at` is the place in line that it will give.

    `due_at` is when the customer is to be here (None: at `rank_at`). The same again changes nothing.
    """
    del actor, now  # as every action; the booking's own fact tells who and when
    values = {
        "hall_id": hall, "business_day": business_day, "queue_id": queue, "rank_at": rank_at, "due_at": due_at or rank_at,
        "expected_s": expected_s, "state": ExpectedState.EXPECTED,
    }  # fmt: skip
    ExpectedBooking.objects.update_or_create(pk=booking, defaults=values)
    publish(hall)


def forget_booking(*, booking: UUID, actor: Actor, now: dt.datetime, came: bool | None = None) -> None:
    """The booked customer is no longer expected: has come, will not come (any more), or the booking is off (`came` None).

    Who came and who did not stays written down, for the share that comes. A booking that nobody expects is no error.
    """
    del actor, now
    row = ExpectedBooking.objects.filter(pk=booking)
    hall = row.values_list("hall_id", flat=True).first()
    if hall is None:
        return
    if came is None:
        row.delete()
    else:
        row.update(state=ExpectedState.CAME if came else ExpectedState.MISSED)
    publish(hall)
