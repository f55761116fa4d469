"""What appointments do when the visit of a booking has gone on in the queue below: the job that follows it."""

from __future__ import annotations

from yingting.domains.appointments.actions.arriving import end_visit
from yingting.domains.appointments.queries.arriving import visits_to_end
from yingting.domains.queueing.facade import hall_now, ticket_at
from yingting.kernel.actors import SYSTEM


def follow_visits() -> int:
    """End the bookings whose visits are over, each at its hall's own time; return how many."""
    ended = 0
    for one in visits_to_end():
        ended += end_visit(booking=one.id, actor=SYSTEM, now=hall_now(ticket_at(one.ticket).hall))
    return ended
