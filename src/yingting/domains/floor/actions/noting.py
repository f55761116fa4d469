"""What goes with a ticket to the counter: notes, pre-acceptance forms, and the move to another queue with its note."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from yingting.domains.floor.actions.stepping import Step, require_ticket, step
from yingting.domains.floor.contracts import Done
from yingting.domains.floor.facts import NoteWritten, PreacceptanceFilled
from yingting.domains.floor.models import Preacceptance, TicketNote
from yingting.domains.floor.queries.offer import forms_for
from yingting.domains.floor.refusals import NOTE_EMPTY
from yingting.domains.floor.rules import NOTE_LENGTH, checked_value
from yingting.domains.queueing.facade import leave, move_waiting, ticket_at
from yingting.domains.queueing.refusals import REASON_NEEDED
from yingting.domains.queueing.rules import Place
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal

Answers = list[list[str]]


def answers_for(here: Step, business: UUID, given: Mapping[str, str], *, is_ticket: bool) -> Answers:
    """Return the answers to a business's form as they are kept: [[code, label, English label, value], …], empty ones left out.

    A field that must be filled in is asked for only once something of the form is; only a ticket carries a form.
    Raises Refusal floor.field_wrong.
    """
    fields = forms_for([business], here.setup.path, here.day).get(business, ())
    if not is_ticket or not any(given.get(field.code, "").strip() for field in fields):
        return []
    kept = []
    for field in fields:
        value = checked_value(
            field.label, field.kind, given.get(field.code, ""), choices=field.choices, is_required=field.is_required
        )
        if value:
            kept.append([field.code, field.label, field.label_en, value])
    return kept


def fill_form(
    here: Step, ticket: UUID, business: UUID, answers: Answers, at: dt.datetime, *, keyed: bool = False
) -> UUID | None:
    """Put a filled form on a ticket under the day's next number, inside the caller's transaction; nothing filled, no form."""
    if not answers:
        return None
    Hall.objects.select_for_update().get(pk=here.setup.id)  # one after the other: the number is the next of the day
    number = 1 + Preacceptance.objects.filter(hall=here.setup.id, business_day=here.day).count()
    row = Preacceptance.objects.create(
        hall_id=here.setup.id, business_day=here.day, number=f"P{number:03d}", ticket_id=ticket, business_id=business,
        answers=answers, by_id=here.person, at=at,
    )  # fmt: skip
    fact = PreacceptanceFilled(row.number, ticket, business, tuple(answer[0] for answer in answers))
    here.note(fact, row.pk, keyed=keyed)
    return row.pk


def write_note(here: Step, ticket: UUID, why: str, text: str, at: dt.datetime, *, keyed: bool = False) -> UUID:
    """Put a note on a ticket, inside the caller's transaction."""
    kept = " ".join(text.split())[:NOTE_LENGTH]
    row = TicketNote.objects.create(
        hall_id=here.setup.id, business_day=here.day, ticket_id=ticket, why=why, text=kept, by_id=here.person, at=at
    )
    here.note(NoteWritten(ticket, why, len(kept)), row.pk, keyed=keyed)
    return row.pk


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
    require_ticket(here, ticket)
    business = ticket_at(ticket).business
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
