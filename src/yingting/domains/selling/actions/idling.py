"""Mark the task that is suggested in a quiet moment."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.domains.queueing.facade import fresh_setup, hall_of_own_session
from yingting.domains.selling.facts import IdleTaskMarked
from yingting.domains.selling.models import IdleMark
from yingting.domains.selling.queries.idle import idle_now
from yingting.domains.selling.refusals import TASK_UNKNOWN
from yingting.foundation.journal.recording import record
from yingting.foundation.journal.writing import writing
from yingting.kernel.actors import Actor
from yingting.kernel.clocks import elapsed_s
from yingting.kernel.refusals import Refusal


def mark_idle_task(*, session: UUID, task: str, is_done: bool, actor: Actor, now: dt.datetime) -> None:
    """Note that the suggested task was done, or put off; it rests then. Marked twice it is refused the second time.

    Raises Refusal selling.task_unknown when it is not suggested now, session.unknown, ticket.not_yours, access.refused.
    """
    setup = fresh_setup(hall_of_own_session(actor, session))
    with writing():
        idle = idle_now(setup, session, now=now)
        if idle.task is None or idle.since is None or idle.task.code != task:
            raise Refusal(TASK_UNKNOWN)
        day = setup.day(now)
        row = IdleMark.objects.create(
            hall_id=setup.id, business_day=day, task=task, is_done=is_done, by_id=actor.person, at=now
        )
        record(
            IdleTaskMarked(task, is_done, elapsed_s(idle.since, now)), subject=row.pk, version=1, hall=setup.id,
            business_day=day, actor=actor, now=now,
        )  # fmt: skip
