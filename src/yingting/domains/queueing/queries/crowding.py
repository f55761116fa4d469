"""How crowded a hall was: the most customers who waited at once, day by day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from uuid import UUID

from yingting.domains.queueing.models import Ticket
from yingting.domains.queueing.rules import most_at_once


def waiting_peaks(hall: UUID, *, first: dt.date, last: dt.date, now: dt.datetime) -> dict[dt.date, int]:
    """Return for each day with customers the most who waited at once for their first call.

    A wait ends with the first call, with leaving, or (still waiting) now.
    """
    spans: dict[dt.date, list[tuple[dt.datetime, dt.datetime]]] = defaultdict(list)
    rows = Ticket.objects.filter(hall=hall, business_day__range=(first, last))
    for day, since, called, ended in rows.values_list("business_day", "issued_at", "first_called_at", "ended_at"):
        spans[day].append((since, called or ended or now))
    return {day: most_at_once(found) for day, found in sorted(spans.items())}
