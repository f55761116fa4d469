"""A counter in a quiet moment: since when its clerk has had nobody to serve."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max, Q

from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.models import CounterSession, SessionState, Ticket, TicketState
from yingting.domains.queueing.queries.setup import skills_of
from yingting.domains.queueing.refusals import SESSION_UNKNOWN
from yingting.domains.queueing.rules import eligible_queues
from yingting.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True)
class QuietSeat:
    """A clerk's counter. `since` is set while it is open, nobody is at it, and nobody whom it could serve waits."""

    session: UUID
    clerk: UUID
    since: dt.datetime | None


def quiet_seat(setup: HallSetup, session: UUID, *, now: dt.datetime) -> QuietSeat:
    """Return whether a session of this hall is quiet now, and since when. Raises Refusal session.unknown."""
    row = CounterSession.objects.filter(pk=session, hall=setup.id).first()
    if row is None:
        raise Refusal(SESSION_UNKNOWN)
    day = setup.day(now)
    place = setup.counters.get(row.counter_id)
    if row.state != SessionState.OPEN or row.business_day != day or row.ticket_id is not None or place is None:
        return QuietSeat(row.pk, row.clerk_id, None)
    queues = eligible_queues(place.queues, {q.id: q.classes for q in setup.queues.values()}, skills_of(row.clerk_id))
    own_line = Q(for_counter=place.id) | Q(queue__in=queues, for_counter__isnull=True)
    tickets = Ticket.objects.filter(hall=setup.id, business_day=day)
    if tickets.filter(own_line, state=TicketState.WAITING).exists():
        return QuietSeat(row.pk, row.clerk_id, None)
    last = tickets.filter(Q(session=row) | own_line).aggregate(
        served=Max("changed_at", filter=Q(session=row)),
        called=Max("called_at"),
        gone=Max("changed_at", filter=Q(state=TicketState.LEFT)),
    )
    return QuietSeat(row.pk, row.clerk_id, max([row.changed_at, *(at for at in last.values() if at)]))
