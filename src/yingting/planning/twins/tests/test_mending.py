"""A worker that died leaves nothing open for ever."""

import datetime as dt

import pytest
from django_tasks_db.models import DBTaskResult

from yingting.foundation.sites.models import Unit
from yingting.kernel.clocks import system_now
from yingting.planning.twins.actions import ask_for_fit, begin_run
from yingting.planning.twins.many.actions import ask_many, begin_many
from yingting.planning.twins.mending import CUT_OFF, mend_runs
from yingting.planning.twins.models import TwinRun
from yingting.planning.twins.questions import WhatIf
from yingting.twin.levers import Faster

pytestmark = pytest.mark.django_db


def worked_on_since(ago):
    """The worker took every waiting task so long ago, and has not been heard of since."""
    DBTaskResult.objects.filter(status="READY").update(status="RUNNING", started_at=system_now() - ago)


def test_a_run_whose_worker_died_ends_and_says_so(cast, actor_of, now):
    run = ask_for_fit(hall=cast.hall, actor=actor_of("1301"), now=now)
    begin_run(run=run, now=now)
    worked_on_since(CUT_OFF - dt.timedelta(minutes=1))
    assert mend_runs() == 0
    worked_on_since(dt.timedelta(0))
    DBTaskResult.objects.update(started_at=system_now() - CUT_OFF - dt.timedelta(minutes=1))
    assert mend_runs() == 1
    assert TwinRun.objects.get(pk=run).state == "failed"
    assert mend_runs() == 0


def test_many_halls_go_on_where_they_were(cast, actor_of, now):
    unit = Unit.objects.get(code="GD").pk
    run = ask_many(unit=unit, question=WhatIf("2026-01-06", (Faster(0.8),)), actor=actor_of("9001"), now=now)
    begin_many(run=run, now=now)
    worked_on_since(CUT_OFF + dt.timedelta(minutes=1))
    assert mend_runs() == 1
    assert [row.args_kwargs["args"] for row in DBTaskResult.objects.filter(status="READY")] == [[str(run)]]
    assert mend_runs() == 0  # somebody will work on it
    worked_on_since(dt.timedelta(minutes=1))
    assert mend_runs() == 0  # somebody does


def test_what_waits_or_is_over_is_left_alone(cast, actor_of, now):
    run = ask_for_fit(hall=cast.hall, actor=actor_of("1301"), now=now)
    worked_on_since(CUT_OFF + dt.timedelta(minutes=1))
    assert mend_runs() == 0
    assert TwinRun.objects.get(pk=run).state == "waiting"
