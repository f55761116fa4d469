"""Serve a customer at a counter: start, more businesses, park, resume, finish."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import IntegrityError

from yingting.domains.queueing import statements
from yingting.domains.queueing.actions.stepping import (
    answered,
    business_done_here,
    end_handling,
    enter,
    free_session,
    is_taken_key,
    moved_on,
    require_own,
    session_in,
    statement_params,
    step_ticket,
    ticket_in,
)
from yingting.domains.queueing.contracts import HallSetup, TicketStep
from yingting.domains.queueing.facts import (
    BusinessAdded,
    BusinessNext,
    RatingAsked,
    TicketParked,
    TicketStarted,
)
from yingting.domains.queueing.models import CounterSession, Handling, SessionState, Ticket, TicketState
from yingting.domains.queueing.queries.setup import setup_of
from yingting.domains.queueing.refusals import (
    REASON_NEEDED,
    SESSION_BUSY,
    SESSION_PAUSED,
    TICKET_UNKNOWN,
    VERIFICATION_NEEDED,
)
from yingting.domains.queueing.rules import handling_kind, handling_limit_min, strongest
from yingting.foundation.journal.direct import Row
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.ids import new_id
from yingting.kernel.refusals import Refusal


def start_handling(
    *, hall: UUID, ticket: UUID, actor: Actor, now: dt.datetime, request_key: str | None = None
) -> TicketStep:
    """The customer is at the counter: the clock of 3 or 5 minutes runs. A retry with the same key gets the first answer.

    Raises Refusal ticket.moved_on, ticket.not_yours, ticket.unknown, access.refused.
    """
    setup = setup_of(hall)
    require(actor, Permission.QUEUE_SERVE, setup.path)
    params = statement_params(
        setup, actor=actor, now=now, request_key=request_key, ticket=ticket, clerk=actor.id, handling=new_id()
    )
    try:
        row = statements.start(params)
    except IntegrityError as error:
        if not is_taken_key(error):
            raise
        row = None
    return _hot_step(row, setup, ticket, actor, request_key, kind="ticket.started", state=TicketState.SERVING)


def finish(*, hall: UUID, ticket: UUID, actor: Actor, now: dt.datetime, request_key: str | None = None) -> TicketStep:
    """The visit is done (办结); the counter is free. A retry with the same key gets the first answer.

    Raises Refusal ticket.verification_needed while risk business is not verified (`verifying.verify_identity`),
    ticket.moved_on, ticket.not_yours, ticket.unknown, access.refused.
    """
    setup = setup_of(hall)
    require(actor, Permission.QUEUE_SERVE, setup.path)
    params = statement_params(setup, actor=actor, now=now, request_key=request_key, ticket=ticket, clerk=actor.id)
    try:
        row = statements.finish(params)
    except IntegrityError as error:
        if not is_taken_key(error):
            raise
        row = None
    return _hot_step(row, setup, ticket, actor, request_key, kind="ticket.finished", state=TicketState.FINISHED)


def _hot_step(
    row: Row | None, setup: HallSetup, ticket: UUID, actor: Actor, key: str | None, *, kind: str, state: str
) -> TicketStep:
    """The answer of a hot step: its row, or the first answer to the same key, or the reason why not."""
    if row is not None:
        publish(setup.id)
        return TicketStep(row["id"], row["number"], state, row["version"], row["at"])
    if earlier := answered(setup.id, key, kind):
        number = Ticket.objects.values_list("number", flat=True).get(pk=earlier.subject)
        if earlier.subject != ticket:
            raise Refusal(TICKET_UNKNOWN)
        return TicketStep(earlier.subject, number, state, earlier.version, earlier.occurred_at)
    found = ticket_in(setup.id, ticket)
    require_own(actor, setup, found.session)
    if kind == "ticket.finished" and found.state == TicketState.SERVING and found.needs_verification:
        raise Refusal(VERIFICATION_NEEDED)
    raise moved_on(found)


def add_business(*, hall: UUID, ticket: UUID, business: UUID, actor: Actor, now: dt.datetime) -> TicketStep:
    """Do one more business in the running handling: it becomes combined, with the combined limit.

    Raises Refusal queue.not_offered, queue.not_here, ticket.moved_on, ticket.not_yours.
    """
    setup = enter(hall, actor, Permission.QUEUE_SERVE, Permission.QUEUE_SUPERVISE)
    offer = business_done_here(setup, business, now=now)
    with writing():
        row = ticket_in(hall, ticket)
        require_own(actor, setup, row.session)
        handling = Handling.objects.filter(ticket=row, ended_at__isnull=True).first()
        if handling is None:
            raise moved_on(row)
        done = [*handling.businesses, str(business)]
        kind, limit = _kind_and_limit(setup, done)
        step = step_ticket(
            row, BusinessAdded(handling=handling.pk, business=business, business_kind=kind, limit_min=limit),
            frm=(TicketState.SERVING,), now=now, actor=actor,
            needs_verification=strongest(row.needs_verification, offer.sheet.needs_verification),
        )  # fmt: skip
        Handling.objects.filter(pk=handling.pk).update(businesses=done, kind=kind, limit_min=limit)
        return step


def _kind_and_limit(setup: HallSetup, businesses: list[str]) -> tuple[str, int]:
    known = [setup.businesses[UUID(item)] for item in businesses if UUID(item) in setup.businesses]
    return handling_kind(item.kind for item in known), handling_limit_min(
        (item.limit_min for item in known), setup.combined_limit_min
    )


def next_business(*, hall: UUID, ticket: UUID, business: UUID, actor: Actor, now: dt.datetime) -> TicketStep:
    """End the running handling and begin another business of the same visit, with a fresh clock.

    Raises Refusal ticket.verification_needed for the business before, queue.not_offered, queue.not_here, ticket.moved_on,
    ticket.not_yours.
    """
    setup = enter(hall, actor, Permission.QUEUE_SERVE, Permission.QUEUE_SUPERVISE)
    offer = business_done_here(setup, business, now=now)
    with writing():
        row = ticket_in(hall, ticket)
        require_own(actor, setup, row.session)
        if row.state != TicketState.SERVING or row.session is None:
            raise moved_on(row)
        if row.needs_verification:
            raise Refusal(VERIFICATION_NEEDED)
        at = max(now, row.changed_at)
        ended, seconds = end_handling(row, at=at, outcome="next")
        kind, limit = _kind_and_limit(setup, [str(business)])
        begun = _begin_handling(row, row.session, [str(business)], kind, limit, at)
        return step_ticket(
            row,
            BusinessNext(ended_handling=ended, handled_s=seconds, handling=begun, businesses=(business,), business_kind=kind, limit_min=limit),
            frm=(TicketState.SERVING,), now=at, actor=actor, business_id=business,
            needs_verification=offer.sheet.needs_verification,
        )  # fmt: skip


def _begin_handling(
    ticket: Ticket, session: CounterSession, businesses: list[str], kind: str, limit: int, at: dt.datetime
) -> UUID:
    handling = Handling.objects.create(
        ticket=ticket, hall_id=ticket.hall_id, session=session, counter_id=session.counter_id, clerk_id=session.clerk_id,
        businesses=businesses, kind=kind, limit_min=limit, started_at=at,
    )  # fmt: skip
    return handling.pk


def park(*, hall: UUID, ticket: UUID, reason: str, actor: Actor, now: dt.datetime) -> TicketStep:
    """Set a handling aside (挂起), for a reason; the counter may call others meanwhile.

    Raises Refusal reason.needed, ticket.moved_on, ticket.not_yours.
    """
    setup = enter(hall, actor, Permission.QUEUE_SERVE, Permission.QUEUE_SUPERVISE)
    if not reason.strip():
        raise Refusal(REASON_NEEDED)
    with writing():
        row = ticket_in(hall, ticket)
        require_own(actor, setup, row.session)
        if row.state != TicketState.SERVING:
            raise moved_on(row)
        handling, seconds = end_handling(row, at=max(now, row.changed_at), outcome="parked")
        step = step_ticket(
            row, TicketParked(handling=handling, handled_s=seconds, reason=reason.strip()[:60]), frm=(TicketState.SERVING,),
            now=now, actor=actor, state=TicketState.PARKED, counter=None, session=None,
        )  # fmt: skip
        free_session(row)
        return step


def resume(*, hall: UUID, ticket: UUID, session: UUID, actor: Actor, now: dt.datetime) -> TicketStep:
    """Take a parked ticket up again at the clerk's own free counter.

    Raises Refusal session.busy, session.paused, ticket.moved_on, ticket.not_yours.
    """
    setup = enter(hall, actor, Permission.QUEUE_SERVE, Permission.QUEUE_SUPERVISE)
    with writing():
        seat = session_in(hall, session)
        require_own(actor, setup, seat)
        row = ticket_in(hall, ticket)
        if seat.state != SessionState.OPEN:
            raise Refusal(SESSION_PAUSED)
        if seat.ticket_id:
            raise Refusal(SESSION_BUSY, number=Ticket.objects.values_list("number", flat=True).get(pk=seat.ticket_id))
        if row.state != TicketState.PARKED:
            raise moved_on(row)
        at = max(now, row.changed_at)
        kind, limit = _kind_and_limit(setup, [str(row.business_id)])
        handling = _begin_handling(row, seat, [str(row.business_id)], kind, limit, at)
        step = step_ticket(
            row,
            TicketStarted(
                handling=handling, counter=seat.counter_id, session=seat.pk, clerk=seat.clerk_id, businesses=(row.business_id,),
                business_kind=kind, limit_min=limit, way_s=None,
            ),
            frm=(TicketState.PARKED,), now=at, actor=actor, state=TicketState.SERVING, counter_id=seat.counter_id, session=seat,
        )  # fmt: skip
        won = CounterSession.objects.filter(pk=seat.pk, ticket__isnull=True, state=SessionState.OPEN).update(ticket=row)
        if won != 1:
            raise Refusal(SESSION_BUSY, number="")
        return step


def ask_rating(*, hall: UUID, ticket: UUID, actor: Actor, now: dt.datetime) -> TicketStep:
    """Ask the customer for a rating; the phone page then shows it. Raises Refusal ticket.moved_on, ticket.not_yours."""
    setup = enter(hall, actor, Permission.QUEUE_SERVE, Permission.QUEUE_SUPERVISE)
    with writing():
        row = ticket_in(hall, ticket)
        require_own(actor, setup, row.session)
        if row.session_id is None:
            raise moved_on(row)
        return step_ticket(
            row, RatingAsked(session=row.session_id), frm=(TicketState.SERVING, TicketState.FINISHED), now=now, actor=actor,
            rating_asked_at=max(now, row.changed_at),
        )  # fmt: skip
