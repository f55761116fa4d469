"""Call the next ticket, call one again, mark a no-show, take a missed customer back."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError

from yingting.domains.queueing import statements
from yingting.domains.queueing.actions.stepping import (
    answered,
    enter,
    free_session,
    is_taken_key,
    require_own,
    session_in,
    statement_params,
    step_ticket,
    ticket_in,
)
from yingting.domains.queueing.contracts import CalledTicket, HallSetup, TicketStep
from yingting.domains.queueing.facts import TicketMissed, TicketRecalled, TicketReturned
from yingting.domains.queueing.models import SessionState, Ticket, TicketState
from yingting.domains.queueing.queries.setup import class_levels, fresh_setup, setup_of, skills_of
from yingting.domains.queueing.refusals import (
    NOBODY_WAITS,
    SESSION_BUSY,
    SESSION_CLOSED,
    SESSION_OLD,
    SESSION_PAUSED,
)
from yingting.domains.queueing.rules import eligible_queues, rank_at
from yingting.domains.queueing.rules.calling import plan_call
from yingting.domains.queueing.statements.calling import call_by_plan, line_now
from yingting.foundation.journal.direct import Row
from yingting.foundation.journal.models import Fact
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.foundation.people.access import require
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


def call_next(
    *, hall: UUID, session: UUID, counter: UUID, actor: Actor, now: dt.datetime, skills: frozenset[UUID] | None = None,
    request_key: str | None = None,
) -> CalledTicket:  # fmt: skip
    """Call the customer who is next for the clerk's own counter. Two counters never get the same ticket.

    `skills` are the clerk's business classes when the caller has them at hand; otherwise they are read.
    A retry with the same `request_key` gets the first answer.
    Raises Refusal queue.nobody_waits, session.busy, session.paused, session.closed, session.old, session.unknown,
    request.key_reused, access.refused, hall.unknown.
    """
    setup = setup_of(hall)
    able = skills_of(actor.id) if skills is None and actor.id else skills or frozenset()
    for _attempt in range(5):
        require(actor, Permission.QUEUE_SERVE, setup.path)
        place = setup.counters.get(counter)
        queues = eligible_queues(place.queues, {q.id: q.classes for q in setup.queues.values()}, able) if place else ()
        params = statement_params(
            setup, actor=actor, now=now, request_key=request_key, session=session, clerk=actor.id, queues=list(queues),
            book=setup.calling_book,
        )  # fmt: skip
        try:
            row = _call(setup, counter, params)
        except IntegrityError as error:
            if not is_taken_key(error):
                raise
            return _first_call(hall, request_key)
        if row["id"] is not None:
            publish(hall)
            return _called(row)
        newer = fresh_setup(hall)
        if newer is not setup and not row["seated"]:
            setup = newer
            continue
        if earlier := answered(hall, request_key, "ticket.called"):
            return _called_before(earlier)
        raise _why_not(setup, session, actor, now, seated=bool(row["seated"]))
    raise RuntimeError("the hall's setup changes faster than a ticket can be called")


def _call(setup: HallSetup, counter: UUID, params: dict[str, Any]) -> Row:
    """Call by the shipped order, or by the plan of the counter's own rules."""
    rules = setup.calling.get(counter)
    if rules is None:
        return statements.call(params)
    letters = {queue: setup.queues[queue].letter for queue in params["queues"]}
    line = line_now(
        hall=setup.id, day=params["day"], session=params["session"], counter=counter,
        letters={queue.id: queue.letter for queue in setup.queues.values()},
    )  # fmt: skip
    plan = plan_call(
        rules,
        queues=tuple(letters.values()),
        line=line.queues,
        now=params["now"],
        local=params["now"].astimezone(ZoneInfo(setup.timezone)).time(),
        forced=setup.forced is not None,
        turns=line.turns,
    )
    ids = {letter: queue for queue, letter in letters.items()}
    return call_by_plan(params, plan, line, queues=ids, levels=class_levels(setup) if rules.needs_levels else {})


def _called(row: Row) -> CalledTicket:
    return CalledTicket(
        row["id"], row["number"], row["queue_id"], row["business_id"], row["priority_id"], row["counter_id"], row["called_at"],
        row["waited_s"], row["rule"], row["version"], row.get("told", {}),
    )  # fmt: skip


def _first_call(hall: UUID, key: str | None) -> CalledTicket:
    fact = answered(hall, key, "ticket.called")
    assert fact is not None
    return _called_before(fact)


def _called_before(fact: Fact) -> CalledTicket:
    ticket = Ticket.objects.get(pk=fact.subject)
    return CalledTicket(
        ticket.pk, ticket.number, UUID(fact.data["queue"]), ticket.business_id, ticket.priority_id, UUID(fact.data["counter"]),
        fact.occurred_at, fact.data["waited_s"], fact.data["rule"], fact.version, fact.data.get("told", {}),
    )  # fmt: skip


def _why_not(setup: HallSetup, session_id: UUID, actor: Actor, now: dt.datetime, *, seated: bool) -> Refusal:
    """The reason why a session could not call."""
    session = session_in(setup.id, session_id)
    if session.clerk_id != actor.id:
        require_own(actor, setup, session)
        return Refusal(SESSION_CLOSED)
    if session.state == SessionState.CLOSED:
        return Refusal(SESSION_CLOSED)
    if session.business_day != setup.day(now):
        return Refusal(SESSION_OLD)
    if session.state == SessionState.PAUSED:
        return Refusal(SESSION_PAUSED)
    if session.ticket_id:
        return Refusal(SESSION_BUSY, number=Ticket.objects.values_list("number", flat=True).get(pk=session.ticket_id))
    assert seated or session.state == SessionState.OPEN
    return Refusal(NOBODY_WAITS)


def recall(*, hall: UUID, ticket: UUID, actor: Actor, now: dt.datetime) -> TicketStep:
    """Call a called ticket once more at its counter (重呼). Raises Refusal ticket.moved_on, ticket.not_yours."""
    setup = enter(hall, actor, Permission.QUEUE_SERVE, Permission.QUEUE_SUPERVISE)
    with writing():
        row = ticket_in(hall, ticket)
        require_own(actor, setup, row.session)
        data = TicketRecalled(counter=row.counter_id or hall, calls=row.calls + 1)
        return step_ticket(
            row,
            data,
            frm=(TicketState.CALLED,),
            now=now,
            actor=actor,
            calls=row.calls + 1,
            called_at=max(now, row.changed_at),
        )


def mark_no_show(*, hall: UUID, ticket: UUID, actor: Actor, now: dt.datetime) -> TicketStep:
    """Set a called ticket aside because nobody came (过号); the counter is free. Raises Refusal ticket.moved_on."""
    setup = enter(hall, actor, Permission.QUEUE_SERVE, Permission.QUEUE_SUPERVISE)
    with writing():
        row = ticket_in(hall, ticket)
        require_own(actor, setup, row.session)
        step = step_ticket(
            row, TicketMissed(counter=row.counter_id or hall), frm=(TicketState.CALLED,), now=now, actor=actor,
            state=TicketState.MISSED, counter=None, session=None,
        )  # fmt: skip
        free_session(row)
        return step


def return_ticket(*, hall: UUID, ticket: UUID, actor: Actor, now: dt.datetime) -> TicketStep:
    """A missed customer is back: the ticket waits again at its old place, so being late costs nothing but the turn.

    Raises Refusal ticket.moved_on, access.refused.
    """
    setup = enter(hall, actor, Permission.QUEUE_SERVE, Permission.QUEUE_ISSUE, Permission.QUEUE_SUPERVISE)
    with writing():
        row = ticket_in(hall, ticket)
        head_start = setup.priorities[row.priority_id].head_start_min if row.priority_id in setup.priorities else 0
        rank = rank_at(row.issued_at, head_start)
        return step_ticket(
            row, TicketReturned(rank_at=rank), frm=(TicketState.MISSED,), now=now, actor=actor,
            state=TicketState.WAITING, rank_at=rank, queued_at=max(now, row.changed_at),
        )  # fmt: skip
