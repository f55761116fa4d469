"""Show a customer another way than the counter, and note how it ended."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import F

from yingting.domains.floor.actions.stepping import Step, open_diversion, require_ticket, step
from yingting.domains.floor.contracts import Done
from yingting.domains.floor.facts import DiversionEnded
from yingting.domains.floor.models import Diversion
from yingting.domains.floor.refusals import DIVERSION_ENDED, DIVERSION_UNKNOWN
from yingting.domains.floor.rules import NOTE_LENGTH, Result
from yingting.domains.queueing.facade import leave
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import elapsed_min
from yingting.kernel.refusals import Refusal


def divert_waiting(
    *, hall: UUID, ticket: UUID, target: str, reason: str, actor: Actor, now: dt.datetime, request_key: str | None = None,
    teaching: str = "", at: dt.datetime | None = None,
) -> Done:  # fmt: skip
    """Show a customer who waits with a number another way. The number stays good until the result is "done".

    Raises Refusal ticket.unknown, floor.reason_unknown, floor.outcome_unknown, access.refused.
    """
    here = step(hall, actor, now, request_key)
    place = require_ticket(here, ticket)
    row = here.once(
        "diversion.made",
        lambda: open_diversion(here, place.business, target, reason, teaching, ticket, at or now, keyed=True),
    )
    return Done(row, now)


def end_diversion(
    *, hall: UUID, diversion: UUID, result: Result, actor: Actor, now: dt.datetime, request_key: str | None = None,
    teaching: str = "",
) -> Done:  # fmt: skip
    """Note how a diversion ended. Done: the customer's number, if there was one, is given back. A no blocks nothing.

    Raises Refusal floor.diversion_unknown, floor.diversion_ended, access.refused.
    """
    here = step(hall, actor, now, request_key)
    return Done(here.once("diversion.ended", lambda: _end(here, diversion, result, teaching)), now)


def _end(here: Step, diversion: UUID, result: Result, teaching: str) -> UUID:
    row = Diversion.objects.select_related("ticket").filter(pk=diversion, hall=here.setup.id).first()
    if row is None:
        raise Refusal(DIVERSION_UNKNOWN)
    changes = {"teaching": teaching.strip()[:NOTE_LENGTH]} if teaching.strip() else {}
    won = Diversion.objects.filter(pk=row.pk, result="").update(
        result=result.value, ended_at=max(here.now, row.at), version=F("version") + 1, **changes
    )
    if won != 1:
        raise Refusal(DIVERSION_ENDED)
    minutes = elapsed_min(row.at, here.now)
    here.note(DiversionEnded(result.value, minutes), row.pk, version=row.version + 1, keyed=True)
    if result is Result.DONE and row.ticket is not None and row.ticket.state == "waiting":
        leave(hall=here.setup.id, ticket=row.ticket.pk, actor=here.actor, now=here.now)
    return row.pk
