"""What pages show of runs: the runs of a hall, and one run with its question and answer. Scoped by the hall."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from yingting.foundation.people.access import hall_for
from yingting.foundation.people.permissions import Permission
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import Actor
from yingting.kernel.refusals import Refusal
from yingting.planning.twins.models import PLANS, RunKind, RunState, TwinRun
from yingting.planning.twins.refusals import RUN_UNKNOWN


def hall_of_twin(actor: Actor, code: str) -> Hall:
    """Return a hall whose twin the actor may ask. Raises Refusal hall.unknown, access.refused."""
    return hall_for(actor, Permission.TWIN_ASK, code)


def runs_of(hall: Hall, kind: RunKind, limit: int = 30) -> list[TwinRun]:
    """Return the last runs of a kind, newest first."""
    return list(TwinRun.objects.filter(hall=hall, kind=kind).select_related("asked_by")[:limit])


def last_fit(hall: Hall) -> TwinRun | None:
    """Return the last calibration that ended with a model or with reasons."""
    ended = (RunState.DONE, RunState.REFUSED)
    return TwinRun.objects.filter(hall=hall, kind=RunKind.FIT, state__in=ended).first()


def run_of(hall: Hall, run: UUID) -> TwinRun:
    """Return a run of the hall. Raises Refusal twin.run_unknown."""
    asked = TwinRun.objects.filter(hall=hall, pk=run).exclude(kind__in=PLANS)
    found = asked.select_related("asked_by", "hall__unit").first()
    if found is None:
        raise Refusal(RUN_UNKNOWN)
    return found


def answer_in(run: TwinRun) -> dict[str, Any]:
    """Return the answer that was kept."""
    body: dict[str, Any] = json.loads(run.answer or "{}")
    return body
