"""Switch a hall to forced diversion and back (QUE-09). Steering itself happens where tickets are issued."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.domains.queueing.actions.days import ensure_day
from yingting.domains.queueing.actions.stepping import end_mode, enter, setup_changed
from yingting.domains.queueing.contracts import ModeStep
from yingting.domains.queueing.facts import ForcedModeStarted
from yingting.domains.queueing.models import ForcedMode
from yingting.domains.queueing.refusals import MODE_FORCED, MODE_NORMAL, REASON_NEEDED
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.foundation.live.publishing import publish
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


def start_forced_mode(*, hall: UUID, reason: str, actor: Actor, now: dt.datetime) -> ModeStep:
    """Begin forced diversion for today. Raises Refusal mode.forced, reason.needed, day.closed, access.refused."""
    setup = enter(hall, actor, Permission.QUEUE_SUPERVISE)
    if not reason.strip():
        raise Refusal(REASON_NEEDED)
    day = setup.day(now)
    with writing():
        Hall.objects.select_for_update().get(pk=hall)
        if ForcedMode.objects.filter(hall=hall, ended_at__isnull=True).exists():
            raise Refusal(MODE_FORCED)
        ensure_day(setup, day=day, now=now, actor=actor)
        row = ForcedMode.objects.create(
            hall_id=hall, business_day=day, reason=reason.strip()[:120], started_at=now, started_by_id=actor.person
        )
        record(
            ForcedModeStarted(row.reason), subject=row.pk, version=1, hall=hall, business_day=day, actor=actor, now=now
        )
        setup_changed(hall)
    publish(hall)
    return ModeStep(row.pk, hall, row.reason, now, None)


def end_forced_mode(*, hall: UUID, actor: Actor, now: dt.datetime) -> ModeStep:
    """Go back to normal. Raises Refusal mode.normal, access.refused."""
    enter(hall, actor, Permission.QUEUE_SUPERVISE)
    with writing():
        row = ForcedMode.objects.select_for_update().filter(hall=hall, ended_at__isnull=True).first()
        if row is None:
            raise Refusal(MODE_NORMAL)
        return end_mode(row, at=now, actor=actor, why="ended")
