"""What the worker does for appointments. It may run twice, or in two workers at once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from uuid import UUID

from yingting.domains.appointments.actions.ending import lapse_slot, no_show
from yingting.domains.appointments.actions.offering import write_down_places
from yingting.domains.appointments.actions.texting import text_bookers
from yingting.domains.appointments.actions.touching import look_at_bookings
from yingting.domains.appointments.queries.due import (
    halls_not_written_down,
    not_come,
    slots_with_stale_holds,
)
from yingting.domains.appointments.queries.texts import halls_to_text
from yingting.domains.appointments.queries.touched import halls_with_bookings
from yingting.domains.queueing.facade import hall_now
from yingting.foundation.texts.asking import has_gateways
from yingting.kernel.actors import SYSTEM
from yingting.kernel.clocks import system_now
from yingting.kernel.refusals import Refusal

log = logging.getLogger(__name__)


def look_after_bookings() -> int:
    """Free the places of holds that are over, note who did not come; return how many changed."""
    return _everywhere(halls_with_bookings(), _look_after)


def _look_after(hall: UUID) -> int:
    now = hall_now(hall)
    done = sum(lapse_slot(slot=slot, actor=SYSTEM, now=now) for slot in slots_with_stale_holds(hall, now))
    for booking in not_come(hall, now):
        try:
            no_show(booking=booking, actor=SYSTEM, now=now)
        except Refusal:  # somebody was faster: the customer has come, or has cancelled
            continue
        done += 1
    return done


def compare_bookings() -> int:
    """Compare what is booked with what the halls offer now; return how many bookings changed."""
    return _everywhere(
        halls_with_bookings(), lambda hall: look_at_bookings(hall=hall, actor=SYSTEM, now=hall_now(hall))
    )


def text_customers() -> int:
    """Text customers about their bookings, where there is a gateway to them; return how many texts are new."""
    halls = halls_to_text() if has_gateways() else []
    return _everywhere(
        halls, lambda hall: text_bookers(hall=hall, actor=SYSTEM, now=hall_now(hall), leaves_at=system_now())
    )


def write_places_down() -> int:
    """Write down what each hall offers on its day; return how many slots."""
    return _everywhere(
        halls_not_written_down(), lambda hall: write_down_places(hall=hall, actor=SYSTEM, now=hall_now(hall))
    )


def _everywhere(halls: list[UUID], work: Callable[[UUID], int]) -> int:
    """Work in each hall; a hall that fails does not stop the others."""
    done = 0
    for hall in halls:
        try:
            done += work(hall)
        except Exception:  # told in the log; the next turn tries again
            log.exception("appointments of hall %s were not looked after", hall)
    return done
