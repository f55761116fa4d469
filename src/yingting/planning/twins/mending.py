"""Runs whose worker died on the way: a single answer is ended and may be asked for again, one to many halls goes on where it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from yingting.domains.queueing.queries.setup import hall_now
from yingting.kernel.clocks import system_now
from yingting.planning.twins.actions import end_run
from yingting.planning.twins.jobs import answer_many
from yingting.planning.twins.models import ManyRun, RunState, TwinRun

CUT_OFF = dt.timedelta(minutes=30)  # no answer, and no slice of many, takes a worker so long


def mend_runs() -> int:
    """End or take up again what was begun more than `CUT_OFF` ago and is worked on by nobody; return how many."""
    long_ago = system_now() - CUT_OFF
    cut_off = set(_runs(Q(status=TaskResultStatus.RUNNING, started_at__lt=long_ago)))
    if not cut_off:
        return 0
    single = list(TwinRun.objects.filter(pk__in=cut_off, state=RunState.RUNNING))
    for run in single:
        end_run(run=run.pk, state=RunState.FAILED, answer="{}", inputs=run.inputs, now=hall_now(run.hall_id))
    alive = set(_runs(Q(status=TaskResultStatus.READY) | Q(status=TaskResultStatus.RUNNING, started_at__gte=long_ago)))
    many = list(ManyRun.objects.filter(pk__in=cut_off - alive, state=RunState.RUNNING).values_list("pk", flat=True))
    for key in many:
        answer_many.enqueue(str(key))
    return len(single) + len(many)


def _runs(which: Q) -> Iterator[str]:
    """The runs that tasks are for: their first argument."""
    for asked in DBTaskResult.objects.filter(which, task_path__startswith="yingting.planning.").values_list(
        "args_kwargs", flat=True
    ):
        first = (asked["args"] or [""])[0]
        if len(first) == 36:
            yield first
