"""What goes with a ticket to the counter: notes, pre-acceptance forms, and the move to another queue with its note."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from yingting.domains.floor.actions.stepping import answers_for, fill_form, require_ticket, step, write_note
from yingting.domains.floor.contracts import Done
from yingting.domains.floor.refusals import NOTE_EMPTY
from yingting.domains.queueing.facade import leave, move_waiting
from yingting.domains.queueing.refusals import REASON_NEEDED
from yingting.domains.queueing.rules import Place
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


def note_ticket(
    *, hall: UUID, ticket: UUID, text: str, actor: Actor, now: dt.datetime, request_key: str | None = None,
    at: dt.datetime | None = None,
) -> Done:  # fmt: skip
    """Leave a note for the counter on a ticket. Raises Refusal floor.note_empty, ticket.unknown, access.refused."""
    here = step(hall, actor, now, request_key)
    if not text.strip():
        raise Refusal(NOTE_EMPTY)
    require_ticket(here, ticket)
    row = here.once("note.written", lambda: write_note(here, ticket, "handover", text, at or now, keyed=True))
    return Done(row, now)


def preaccept(
    *, hall: UUID, ticket: UUID, answers: Mapping[str, str], actor: Actor, now: dt.datetime,
    request_key: str | None = None, at: dt.datetime | None = None,
) -> Done:  # fmt: skip
    """Fill in the form of a customer who waits already (QUE-32).

    Raises Refusal floor.field_wrong, floor.note_empty when nothing is filled in, ticket.unknown, access.refused.
    """
    here = step(hall, actor, now, request_key)
    business = require_ticket(here, ticket).business
    kept = answers_for(here, business, answers, is_ticket=True)
    if not kept:
        raise Refusal(NOTE_EMPTY)

    def write() -> UUID:
        row = fill_form(here, ticket, business, kept, at or now, keyed=True)
        assert row is not None
        return row

    return Done(here.once("preacceptance.filled", write), now)


def move_ticket(
    *, hall: UUID, ticket: UUID, queue: UUID, place: Place, reason: str, actor: Actor, now: dt.datetime,
    request_key: str | None = None,
) -> Done:  # fmt: skip
    """Send a waiting customer to another queue or zone, with a note why that the counter sees.

    Raises Refusal reason.needed, queue.unknown, ticket.unknown, ticket.moved_on, access.refused.
    """
    here = step(hall, actor, now, request_key)
    if not reason.strip():
        raise Refusal(REASON_NEEDED)
    require_ticket(here, ticket)

    def move() -> UUID:
        move_waiting(hall=hall, ticket=ticket, queue=queue, place=place, actor=actor, now=now)
        return write_note(here, ticket, "moved", reason, now, keyed=True)

    return Done(here.once("note.written", move), now)


def give_back(
    *, hall: UUID, ticket: UUID, actor: Actor, now: dt.datetime, request_key: str | None = None, reason: str = ""
) -> Done:
    """A waiting customer left; the number is given back. A repeat finds it given back. Raises Refusal ticket.moved_on."""
    here = step(hall, actor, now, request_key)
    require_ticket(here, ticket)

    def go() -> UUID:
        leave(hall=hall, ticket=ticket, actor=actor, now=now)
        return write_note(here, ticket, "handover", reason or "—", now, keyed=True)

    return Done(here.once("note.written", go), now)
