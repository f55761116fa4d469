"""Crowd care done, and customers helped: one tap each."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from yingting.domains.floor.actions.stepping import Step, step
from yingting.domains.floor.contracts import Done
from yingting.domains.floor.facts import AssistGiven, CareDone
from yingting.domains.floor.models import AssistTap, Care, PostStand
from yingting.domains.floor.queries.rules_in_force import CROWD_CARE
from yingting.domains.floor.refusals import TASK_UNKNOWN
from yingting.domains.floor.rules import Assist
from yingting.domains.queueing.facade import rule_in, waiting_now
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal


def do_care(
    *,
    hall: UUID,
    task: str,
    actor: Actor,
    now: dt.datetime,
    request_key: str | None = None,
    at: dt.datetime | None = None,
) -> Done:
    """Note that a task of crowd care was done. Raises Refusal floor.task_unknown, access.refused."""
    here = step(hall, actor, now, request_key)
    if task not in {row.code for row in rule_in(here.setup, CROWD_CARE, here.day).tasks}:
        raise Refusal(TASK_UNKNOWN)
    return Done(here.once("care.done", lambda: _care(here, task, at or now)), now)


def _care(here: Step, task: str, at: dt.datetime) -> UUID:
    waiting = waiting_now(here.setup, now=here.now)
    row = Care.objects.create(
        hall_id=here.setup.id, business_day=here.day, task=task, waiting=waiting, by_id=here.actor.person, at=at
    )
    here.note(CareDone(task, waiting), row.pk, keyed=True)
    return row.pk


def give_assist(
    *, hall: UUID, kind: str, actor: Actor, now: dt.datetime, request_key: str | None = None,
    at: dt.datetime | None = None,
) -> Done:  # fmt: skip
    """Note that a customer was helped. Raises Refusal floor.task_unknown, access.refused."""
    here = step(hall, actor, now, request_key)
    if kind not in list(Assist):
        raise Refusal(TASK_UNKNOWN)
    return Done(here.once("assist.given", lambda: _assist(here, kind, at or now)), now)


def _assist(here: Step, kind: str, at: dt.datetime) -> UUID:
    level = (
        PostStand.objects.filter(person=here.actor.person, left_at__isnull=True).values_list("level", flat=True).first()
    )
    row = AssistTap.objects.create(
        hall_id=here.setup.id, business_day=here.day, kind=kind, by_id=here.actor.person, at=at
    )
    here.note(AssistGiven(kind, level), row.pk, keyed=True)
    return row.pk
