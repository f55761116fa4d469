"""A hall with a past (as the twin's tests have it), and its week to come."""

import datetime as dt

import pytest

from yingting.domains.queueing.tests.screens import set_clock
from yingting.planning.rosters import working
from yingting.planning.rosters.actions import ask_for_week
from yingting.planning.rosters.kinds import TERMS, RosterTerms
from yingting.planning.twins.models import TwinRun
from yingting.planning.twins.tests.conftest import own_lake, past  # noqa: F401 - fixtures

MONDAY = dt.date(2026, 1, 12)


@pytest.fixture
def ask_week(cast, actor_of, now):
    set_clock(cast.hall, now)
    return lambda staff="1301", first=MONDAY: ask_for_week(
        hall=cast.hall, first_day=first, actor=actor_of(staff), now=now
    )


@pytest.fixture
def plan_week(ask_week):
    """Plan a week and return its run."""

    def planned(**more):
        run = ask_week(**more)
        working.plan(run)
        return TwinRun.objects.get(pk=run)

    return planned
