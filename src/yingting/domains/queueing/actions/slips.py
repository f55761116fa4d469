"""One slip a ticket: who prints it is decided in the journal, so a double tap or a retry cannot print a second one."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError

from yingting.domains.queueing.contracts import IssuedTicket
from yingting.domains.queueing.facts import SlipFailed, SlipPrinted, SlipRequested
from yingting.domains.queueing.rules import slip_id
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.kernel.actors import Actor


def claim_slip(*, ticket: IssuedTicket, business_day: dt.date, actor: Actor, now: dt.datetime) -> bool:
    """Return whether the caller is the one who prints this ticket's slip; anybody later gets False."""
    try:
        with writing():
            record(
                SlipRequested(ticket=ticket.id, device=actor.id), subject=slip_id(ticket.id), version=1, hall=ticket.hall,
                business_day=business_day, actor=actor, now=now,
            )  # fmt: skip
    except IntegrityError:
        return False
    return True


def note_slip(
    *, ticket: IssuedTicket, business_day: dt.date, actor: Actor, now: dt.datetime, took_s: float, failed: str = ""
) -> None:
    """Record how the printing of a claimed slip ended; `failed` says why not, "" means it is printed."""
    data = (
        SlipFailed(ticket=ticket.id, why=failed) if failed else SlipPrinted(ticket=ticket.id, took_s=round(took_s, 3))
    )
    with writing():
        record(
            data,
            subject=slip_id(ticket.id),
            version=2,
            hall=ticket.hall,
            business_day=business_day,
            actor=actor,
            now=now,
        )
