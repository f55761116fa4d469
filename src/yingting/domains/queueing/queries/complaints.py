"""Reports of customers who were forced to the self-service terminal."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.models import ComplaintState, SteeringComplaint


@dataclass(frozen=True, slots=True)
class Complaint:
    """One report: when, through what, of which ticket ("" without one), and whether it is taken care of."""

    id: UUID
    number: str
    channel: str
    words: str
    reported_at: dt.datetime
    is_open: bool
    acknowledged_by: str
    answer: str


def complaint_of(ticket: UUID) -> str:
    """Return the state of a ticket's report, "" when there is none."""
    return SteeringComplaint.objects.filter(ticket=ticket).values_list("state", flat=True).first() or ""


def complaints_of(setup: HallSetup, *, now: dt.datetime) -> tuple[Complaint, ...]:
    """Return the hall's open reports of any day, oldest first, then those taken care of today."""
    rows = SteeringComplaint.objects.filter(hall=setup.id).select_related("ticket", "acknowledged_by")
    open_ones = list(rows.filter(state=ComplaintState.OPEN).order_by("reported_at", "id")[:20])
    done = list(
        rows.filter(state=ComplaintState.ACKNOWLEDGED, business_day=setup.day(now)).order_by("reported_at", "id")[:20]
    )
    return tuple(
        Complaint(
            row.pk, row.ticket.number if row.ticket else "", row.channel, row.words, row.reported_at,
            row.state == ComplaintState.OPEN, row.acknowledged_by.name if row.acknowledged_by else "", row.answer,
        )
        for row in open_ones + done
    )  # fmt: skip
