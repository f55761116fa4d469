"""Show a customer another way than the counter, and note how it ended."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import F

from yingting.domains.floor.actions.stepping import Step, step
from yingting.domains.floor.contracts import Done
from yingting.domains.floor.facts import DiversionEnded, DiversionMade
from yingting.domains.floor.models import Diversion
from yingting.domains.floor.queries.rules_in_force import DIVERTING, rule_of
from yingting.domains.floor.refusals import DIVERSION_ENDED, DIVERSION_UNKNOWN, OUTCOME_UNKNOWN, REASON_UNKNOWN
from yingting.domains.floor.rules import NOTE_LENGTH, Outcome, Result
from yingting.domains.queueing.facade import leave, ticket_at
from yingting.domains.queueing.refusals import TICKET_UNKNOWN
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


def open_diversion(
    here: Step, business: UUID, target: str, reason: str, teaching: str, ticket: UUID | None, at: dt.datetime,
    *, keyed: bool = False,
) -> UUID:  # fmt: skip
    """Write a diversion, inside the caller's transaction. Raises Refusal floor.reason_unknown, floor.outcome_unknown."""
    if target not in (Outcome.SELF_SERVICE, Outcome.ONLINE):
        raise Refusal(OUTCOME_UNKNOWN)
    reasons = rule_of(DIVERTING, here.setup.path, here.day).reasons
    if reason not in {row.code for row in reasons}:
        raise Refusal(REASON_UNKNOWN)
    row = Diversion.objects.create(
        hall_id=here.setup.id, business_day=here.day, business_id=business, ticket_id=ticket, target=target,
        reason=reason, teaching=teaching.strip()[:NOTE_LENGTH], by_id=here.person, at=at,
    )  # fmt: skip
    here.note(DiversionMade(business, target, reason, ticket, bool(row.teaching)), row.pk, keyed=keyed)
    return row.pk


def divert_waiting(
    *, hall: UUID, ticket: UUID, target: str, reason: str, actor: Actor, now: dt.datetime, request_key: str | None = None,
    teaching: str = "", at: dt.datetime | None = None,
) -> Done:  # fmt: skip
    """Show a customer who waits with a number another way. The number stays good until the result is "done".

    Raises Refusal ticket.unknown, floor.reason_unknown, floor.outcome_unknown, access.refused.
    """
    here = step(hall, actor, now, request_key)
    place = ticket_at(ticket)
    if place.hall != hall or place.business_day != here.day:
        raise Refusal(TICKET_UNKNOWN)
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
    minutes = round(max(0.0, (here.now - row.at).total_seconds()) / 60, 1)
    here.note(DiversionEnded(result.value, minutes), row.pk, version=row.version + 1, keyed=True)
    if result is Result.DONE and row.ticket is not None and row.ticket.state == "waiting":
        leave(hall=here.setup.id, ticket=row.ticket.pk, actor=here.actor, now=here.now)
    return row.pk
