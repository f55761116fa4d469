"""A quiet moment at a counter, and what is suggested for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max

from yingting.domains.queueing.contracts import HallSetup
from yingting.domains.queueing.facade import quiet_seat, rule_in
from yingting.domains.selling.models import IdleMark
from yingting.domains.selling.queries.rules_in_force import IDLE_TIME
from yingting.domains.selling.rules import IdleTask, next_task


@dataclass(frozen=True, slots=True)
class IdleNow:
    """Since when nobody waits for a clerk (None: somebody does, or is at the counter), and the task suggested."""

    since: dt.datetime | None
    task: IdleTask | None


def idle_now(setup: HallSetup, session: UUID, *, now: dt.datetime) -> IdleNow:
    """Return what is suggested at a counter of this hall. Raises Refusal session.unknown."""
    seat, day = quiet_seat(setup, session, now=now), setup.day(now)
    marked = IdleMark.objects.filter(hall=setup.id, business_day=day, by=seat.clerk).values_list("task")
    last = dict(marked.annotate(last=Max("at")))
    return IdleNow(seat.since, next_task(rule_in(setup, IDLE_TIME, day), last, quiet_since=seat.since, now=now))


def tasks_done(hall: UUID, day: dt.date, clerk: UUID | None = None) -> int:
    """Return how many suggested tasks were done on a day (by one clerk)."""
    rows = IdleMark.objects.filter(hall=hall, business_day=day, is_done=True)
    return (rows if clerk is None else rows.filter(by=clerk)).count()
