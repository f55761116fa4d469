"""Tell the queue who is expected: what walk-ins are told counts them. Called with every step of a booking."""

from __future__ import annotations

import datetime as dt

from yingting.domains.appointments.models import Booking
from yingting.domains.appointments.rules.states import State
from yingting.domains.queueing.facade import expect_booking, forget_booking, fresh_setup
from yingting.kernel.actors import Actor

_CAME = {State.ARRIVED.value: True, State.MISSED.value: False, State.CANCELLED.value: None, State.LAPSED.value: None}


def keep_expected(row: Booking, *, actor: Actor, now: dt.datetime) -> None:
    """Expect the customer of a booking, or no longer: as its state is now. Call inside the transaction of the step."""
    if row.state in _CAME:
        forget_booking(booking=row.pk, came=_CAME[row.state], actor=actor, now=now)
    if row.state != State.BOOKED.value:
        return
    setup = fresh_setup(row.hall_id)
    business = setup.businesses.get(row.business_id)
    if business is None:  # no longer done here: the booking is touched, and nobody waits for it
        forget_booking(booking=row.pk, actor=actor, now=now)
        return
    expect_booking(
        booking=row.pk, hall=row.hall_id, business_day=row.business_day, queue=setup.classes[business.class_id].queue,
        rank_at=row.starts_at, expected_s=business.expected_s, actor=actor, now=now,
    )  # fmt: skip
