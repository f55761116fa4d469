"""A hall with a past (as the twin's tests have it), its week to come, and a floor for halls without a past."""

import datetime as dt

import pytest
from django.test import Client

from yingting.domains.queueing.tests.screens import set_clock
from yingting.foundation.people.models import Person
from yingting.foundation.rulebook.kinds import as_body
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Hall
from yingting.kernel.weekdays import Weekday
from yingting.planning.rosters import working
from yingting.planning.rosters.actions import ask_for_week
from yingting.planning.rosters.kinds import COVER, Cover, CoverRow
from yingting.planning.twins.models import TwinRun
from yingting.planning.twins.tests.conftest import own_lake, past  # noqa: F401 - fixtures

MONDAY = dt.date(2026, 1, 12)
WEEK = f"/rosters/H01/{MONDAY}/"


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


def write_rule(hall, kind, rule):
    """Let a rule hold in a hall from the year's first day."""
    return RuleVersion.objects.create(
        kind=kind.code, unit=Hall.objects.get(pk=hall).unit, number=1, valid_from=dt.date(2026, 1, 1), body=as_body(kind, rule),
        author_label="test", written_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    )  # fmt: skip


@pytest.fixture
def floor(cast):
    """Two people are wanted from 9 to 17 on each day but Sunday, one of them for queue B."""

    def written(*rows):
        days = tuple(day for day in Weekday if day is not Weekday.SUNDAY)
        shipped = (
            CoverRow(days, dt.time(9), dt.time(17), 2),
            CoverRow(days, dt.time(9), dt.time(17), 1, ("B",)),
        )
        return write_rule(cast.hall, COVER, Cover(rows or shipped))

    return written


@pytest.fixture
def signed_in(cast):
    def client_of(staff_no, language="zh-hans"):
        client = Client(headers={"accept-language": language})
        client.force_login(Person.objects.get(staff_no=staff_no))
        return client

    return client_of
