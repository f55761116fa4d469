"""Serve a customer on the move: a visit of its own, one at a time for a person."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import F

from yingting.domains.floor.actions.stepping import Step, step
from yingting.domains.floor.contracts import Done
from yingting.domains.floor.facts import RovingHandled
from yingting.domains.floor.models import RovingVisit
from yingting.domains.floor.refusals import ROVING_ENDED, ROVING_UNKNOWN
from yingting.domains.floor.rules import RovingResult
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


def end_roving_visit(
    *, hall: UUID, visit: UUID, result: RovingResult, actor: Actor, now: dt.datetime, request_key: str | None = None,
    at: dt.datetime | None = None,
) -> Done:  # fmt: skip
    """End a visit on the move. `at` is when it ended, if the line was down since.

    Raises Refusal floor.roving_unknown, floor.roving_ended, access.refused.
    """
    here = step(hall, actor, now, request_key)
    return Done(here.once("roving.handled", lambda: _end(here, visit, result, at or now)), now)


def _end(here: Step, visit: UUID, result: RovingResult, at: dt.datetime) -> UUID:
    row = RovingVisit.objects.filter(pk=visit, hall=here.setup.id, by=here.actor.person).first()
    if row is None:
        raise Refusal(ROVING_UNKNOWN)
    ended_at = max(at, row.started_at)
    won = RovingVisit.objects.filter(pk=row.pk, ended_at__isnull=True).update(
        ended_at=ended_at, result=result.value, version=F("version") + 1
    )
    if won != 1:
        raise Refusal(ROVING_ENDED)
    seconds = round((ended_at - row.started_at).total_seconds(), 1)
    data = RovingHandled(row.business_id, row.zone_id, row.started_at, ended_at, seconds, result.value)
    here.note(data, row.pk, version=row.version + 1, keyed=True)
    return row.pk
