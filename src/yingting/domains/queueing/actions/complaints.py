"""Reports of customers who were forced to the self-service terminal (SLF-04), and who took care of them."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import F

from yingting.domains.queueing.actions.stepping import enter, enter_as_customer, ticket_in
from yingting.domains.queueing.contracts import ComplaintStep
from yingting.domains.queueing.facts import FindingAcknowledged, ForcedToKiosk
from yingting.domains.queueing.models import ComplaintState, SteeringComplaint
from yingting.domains.queueing.refusals import COMPLAINT_DONE, COMPLAINT_UNKNOWN, REASON_NEEDED, REPORTED_ALREADY
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import elapsed_min
from yingting.kernel.refusals import Refusal


def report_forced_to_kiosk(
    *, hall: UUID, actor: Actor, now: dt.datetime, channel: str, ticket: UUID | None = None, words: str = ""
) -> ComplaintStep:
    """A customer says: I was sent to the terminal and had no choice. Once a ticket; without a ticket by a kiosk or staff.

    Raises Refusal complaint.reported_already, ticket.unknown, access.refused, hall.unknown.
    """
    issue = Permission.QUEUE_ISSUE
    setup = enter(hall, actor, issue) if ticket is None else enter_as_customer(hall, ticket, actor, issue)
    with writing():
        # Two taps at once: the second waits here and finds the first.
        Hall.objects.select_for_update().get(pk=hall)
        if ticket is not None:
            ticket_in(hall, ticket)
            if SteeringComplaint.objects.filter(ticket=ticket).exists():
                raise Refusal(REPORTED_ALREADY)
        row = SteeringComplaint.objects.create(
            hall_id=hall,
            business_day=setup.day(now),
            ticket_id=ticket,
            channel=channel,
            words=words.strip()[:200],
            reported_at=now,
        )
        record(
            ForcedToKiosk(ticket, channel),
            subject=row.pk,
            version=1,
            hall=hall,
            business_day=row.business_day,
            actor=actor,
            now=now,
        )
    publish(hall)
    return ComplaintStep(row.pk, hall, row.state, 1, now)


def acknowledge_complaint(*, hall: UUID, complaint: UUID, answer: str, actor: Actor, now: dt.datetime) -> ComplaintStep:
    """Somebody in charge has taken care of a report, and says how.

    Raises Refusal complaint.unknown, complaint.done, reason.needed, access.refused, hall.unknown.
    """
    enter(hall, actor, Permission.QUEUE_SUPERVISE)
    if not answer.strip():
        raise Refusal(REASON_NEEDED)
    with writing():
        row = SteeringComplaint.objects.select_for_update().filter(pk=complaint, hall=hall).first()
        if row is None:
            raise Refusal(COMPLAINT_UNKNOWN)
        if row.state != ComplaintState.OPEN:
            raise Refusal(COMPLAINT_DONE)
        at = max(now, row.reported_at)
        SteeringComplaint.objects.filter(pk=row.pk).update(
            state=ComplaintState.ACKNOWLEDGED, acknowledged_at=at, acknowledged_by_id=actor.person, answer=answer.strip()[:200],
            version=F("version") + 1,
        )  # fmt: skip
        fact = FindingAcknowledged(elapsed_min(row.reported_at, at))
        record(
            fact, subject=row.pk, version=row.version + 1, hall=hall, business_day=row.business_day, actor=actor, now=at
        )
    publish(hall)
    return ComplaintStep(row.pk, hall, ComplaintState.ACKNOWLEDGED, row.version + 1, at)
