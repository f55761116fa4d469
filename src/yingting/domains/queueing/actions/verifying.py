"""Verify risk business before it is finished (QUE-38, SEC-04)."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from uuid import UUID

from yingting.domains.queueing.actions.stepping import enter, moved_on, require_own, step_ticket, ticket_in
from yingting.domains.queueing.contracts import TicketStep, Verification
from yingting.domains.queueing.facts import TicketVerified
from yingting.domains.queueing.models import Handling, Ticket, TicketState
from yingting.domains.queueing.refusals import (
    SECOND_PERSON_NEEDED,
    SECOND_PERSON_UNFIT,
    VERIFICATION_UNNEEDED,
)
from yingting.foundation.journal.writing import writing
from yingting.foundation.people.access import actor_for_person
from yingting.foundation.people.models import Person
from yingting.foundation.people.permissions import Permission
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


class How(StrEnum):
    """How risk business was made safe. A business that was not carried out after all needs no check, only this word."""

    IDENTITY_AGAIN = "identity_again"
    SECOND_PERSON = "second_person"
    NOT_DONE = "not_done"


def verify_identity(
    *, hall: UUID, ticket: UUID, how: How, actor: Actor, now: dt.datetime, second: UUID | None = None
) -> TicketStep:
    """Record that the identity was checked again, or that a second person (who supervises this hall) confirmed.

    The border has made sure that `second` is really that person (own password). Then the visit may be finished.
    Raises Refusal ticket.verification_unneeded, ticket.second_person_needed, ticket.second_person_unfit, ticket.moved_on,
    ticket.not_yours.
    """
    setup = enter(hall, actor, Permission.QUEUE_SERVE)
    with writing():
        row = ticket_in(hall, ticket)
        require_own(actor, setup, row.session)
        handling = Handling.objects.filter(ticket=row, ended_at__isnull=True).first()
        if row.state != TicketState.SERVING or handling is None:
            raise moved_on(row)
        if not row.needs_verification:
            raise Refusal(VERIFICATION_UNNEEDED)
        if how is How.IDENTITY_AGAIN and row.needs_verification == Verification.SECOND_PERSON.value:
            raise Refusal(SECOND_PERSON_NEEDED)
        if how is How.SECOND_PERSON:
            _require_second(setup.path, row, actor, second)
        fact = TicketVerified(handling.pk, how.value, second if how is How.SECOND_PERSON else None)
        return step_ticket(row, fact, frm=(TicketState.SERVING,), now=now, actor=actor, needs_verification="")


def _require_second(path: str, ticket: Ticket, actor: Actor, second: UUID | None) -> None:
    """Somebody else than the clerk and the one who asks, who supervises this hall's queue."""
    if second is None:
        raise Refusal(SECOND_PERSON_NEEDED)
    person = Person.objects.filter(pk=second).first()
    clerk = ticket.session.clerk_id if ticket.session else None
    if person is None or second in (actor.id, clerk):
        raise Refusal(SECOND_PERSON_UNFIT)
    if not actor_for_person(person).may(Permission.QUEUE_SUPERVISE, path):
        raise Refusal(SECOND_PERSON_UNFIT)
