"""The worker's schedule, and the jobs on it."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from yingting.web.working import SCHEDULE, Job, Schedule


def test_a_job_runs_when_it_is_due_and_a_failing_one_stops_no_other():
    now, ran = [0.0], []

    def fails():
        raise ValueError("broken")

    schedule = Schedule((Job("bad", 10, fails), Job("good", 10, lambda: ran.append(now[0]))), clock=lambda: now[0])
    assert schedule.run_due() == ["good"]
    now[0] = 9.0
    assert schedule.run_due() == []
    now[0] = 10.0
    assert schedule.run_due() == ["good"]
    assert ran == [0.0, 10.0]


@pytest.mark.django_db
def test_every_job_of_the_schedule_may_run_twice():
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - dt.timedelta(days=1))
    Session.objects.create(session_key="live", session_data="", expire_date=timezone.now() + dt.timedelta(days=1))
    names = [job.name for job in SCHEDULE]
    assert Schedule().run_due() == names
    assert Schedule().run_due() == names
    assert list(Session.objects.values_list("session_key", flat=True)) == ["live"]
