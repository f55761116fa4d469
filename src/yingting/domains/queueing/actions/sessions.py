"""Counter sessions: sign in at a counter, pause, resume, sign out; the duty manager may do each for a clerk."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction

from yingting.domains.queueing.actions.days import ensure_day
from yingting.domains.queueing.actions.stepping import enter, require_own, session_in, step_session
from yingting.domains.queueing.contracts import SessionStep
from yingting.domains.queueing.facts import SessionClosed, SessionOpened, SessionPaused, SessionResumed
from yingting.domains.queueing.models import CounterSession, SessionState, Ticket
from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.domains.queueing.refusals import (
    CLERK_ELSEWHERE,
    CLERK_UNKNOWN,
    COUNTER_TAKEN,
    COUNTER_UNKNOWN,
    REASON_NEEDED,
    SESSION_BUSY,
)
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.foundation.people.access import actor_for_person, require
from yingting.foundation.people.models import Person
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


def open_counter(
    *, hall: UUID, counter: UUID, actor: Actor, now: dt.datetime, clerk: UUID | None = None
) -> SessionStep:
    """Take a counter: for oneself, or (supervising) for a clerk of the hall. Signing in again where one is gets the same session.

    Raises Refusal day.closed, counter.unknown, counter.taken, clerk.elsewhere, clerk.unknown, access.refused.
    """
    setup = fresh_setup(hall)
    person = _clerk(actor, clerk, setup.path)
    place = setup.counters.get(counter)
    if place is None:
        raise Refusal(COUNTER_UNKNOWN)
    day = setup.day(now)
    ensure_day(setup, day=day, now=now, actor=actor)
    with writing():
        if (mine := _live_session(person.pk)) is not None:
            if mine.counter_id != counter or mine.business_day != day:
                number = setup.counters[mine.counter_id].number if mine.counter_id in setup.counters else "?"
                raise Refusal(CLERK_ELSEWHERE, staff_no=person.staff_no, number=number)
            return SessionStep(mine.pk, counter, person.pk, mine.state, mine.version, mine.changed_at)
        try:
            with transaction.atomic():
                session = CounterSession.objects.create(
                    hall_id=hall, business_day=day, counter_id=counter, clerk=person, opened_at=now, changed_at=now
                )
        except IntegrityError as error:
            raise Refusal(COUNTER_TAKEN, number=place.number) from error
        record(
            SessionOpened(counter=counter, clerk=person.pk), subject=session.pk, version=1, hall=hall, business_day=day,
            actor=actor, now=now,
        )  # fmt: skip
        publish(hall)
        return SessionStep(session.pk, counter, person.pk, session.state, 1, now)


def _clerk(actor: Actor, clerk: UUID | None, path: str) -> Person:
    """The person who is to sit at the counter, if the actor may seat that person there."""
    if clerk is None or clerk == actor.id:
        require(actor, Permission.QUEUE_SERVE, path)
        assert actor.id is not None, "only people serve"
        return Person.objects.get(pk=actor.id)
    require(actor, Permission.QUEUE_SUPERVISE, path)
    person = Person.objects.filter(pk=clerk, is_active=True).first()
    if person is None or not actor_for_person(person).may(Permission.QUEUE_SERVE, path):
        raise Refusal(CLERK_UNKNOWN)
    return person


def _live_session(clerk: UUID) -> CounterSession | None:
    return CounterSession.objects.filter(clerk=clerk).exclude(state=SessionState.CLOSED).first()


def pause(*, hall: UUID, session: UUID, reason: str, actor: Actor, now: dt.datetime) -> SessionStep:
    """Take no new tickets for a while, for a reason. The ticket at hand may be finished.

    Raises Refusal reason.needed, ticket.not_yours, ticket.moved_on.
    """
    setup = enter(hall, actor, Permission.QUEUE_SERVE, Permission.QUEUE_SUPERVISE)
    if not reason.strip():
        raise Refusal(REASON_NEEDED)
    with writing():
        row = session_in(hall, session)
        require_own(actor, setup, row)
        return step_session(
            row, SessionPaused(reason=reason.strip()[:60]), frm=(SessionState.OPEN,), now=now, actor=actor,
            state=SessionState.PAUSED, pause_reason=reason.strip()[:60],
        )  # fmt: skip


def unpause(*, hall: UUID, session: UUID, actor: Actor, now: dt.datetime) -> SessionStep:
    """Take tickets again. Raises Refusal ticket.moved_on, ticket.not_yours."""
    setup = enter(hall, actor, Permission.QUEUE_SERVE, Permission.QUEUE_SUPERVISE)
    with writing():
        row = session_in(hall, session)
        require_own(actor, setup, row)
        return step_session(
            row,
            SessionResumed(),
            frm=(SessionState.PAUSED,),
            now=now,
            actor=actor,
            state=SessionState.OPEN,
            pause_reason="",
        )


def close_counter(*, hall: UUID, session: UUID, actor: Actor, now: dt.datetime) -> SessionStep:
    """Sign out of a counter, or (supervising) close it. Refused while a ticket is at the counter.

    Raises Refusal session.busy, ticket.not_yours, ticket.moved_on.
    """
    setup = enter(hall, actor, Permission.QUEUE_SERVE, Permission.QUEUE_SUPERVISE)
    with writing():
        row = session_in(hall, session)
        require_own(actor, setup, row)
        if row.ticket_id:
            raise Refusal(SESSION_BUSY, number=Ticket.objects.values_list("number", flat=True).get(pk=row.ticket_id))
        return step_session(
            row, SessionClosed(why="clerk" if row.clerk_id == actor.id else "manager"),
            frm=(SessionState.OPEN, SessionState.PAUSED), now=now, actor=actor, only_free=True, state=SessionState.CLOSED,
            closed_at=max(now, row.changed_at),
        )  # fmt: skip
