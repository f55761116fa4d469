"""What the worker does for cases by itself, and when it need not."""

import datetime as dt
from types import SimpleNamespace

import pytest

from yingting.domains.cases import jobs
from yingting.foundation.calendars.rules_of_time import DATES, DatedHours, OwnDates
from yingting.foundation.editing.rulebook.actions import publish_rule
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import SYSTEM


@pytest.fixture
def reckoned(monkeypatch):
    """How often the clocks were gone through."""
    times = []
    monkeypatch.setattr(jobs, "reckon_anew", lambda: times.append(1) or len(times))
    return times


def closed_on(day, now):
    rule = DatedHours((OwnDates(day, "停电"),))
    unit = Unit.objects.get(code="H01").pk
    publish_rule(DATES, unit=unit, rule=rule, valid_from=now.date() + dt.timedelta(days=1), actor=SYSTEM, now=now)


def test_clocks_are_gone_through_after_a_change_and_now_and_then(cast, now, reckoned):
    calendars = jobs.Calendars()
    assert [calendars.look(at_s=float(second)) for second in (0, 20, 40)] == [1, 0, 0]
    closed_on(now.date() + dt.timedelta(days=3), now)
    assert [calendars.look(at_s=float(second)) for second in (60, 80)] == [2, 0]
    assert calendars.look(at_s=60 + jobs.WHOLE_S) == 3


def test_a_look_that_finds_no_change_asks_little(cast, reckoned, django_assert_num_queries):
    calendars = jobs.Calendars()
    calendars.look(at_s=0.0)
    with django_assert_num_queries(2):
        calendars.look(at_s=20.0)


def test_what_failed_is_tried_at_the_next_look(cast, monkeypatch, reckoned):
    calendars = jobs.Calendars()

    def fails():
        raise ConnectionError("the database is away")

    with monkeypatch.context() as broken:
        broken.setattr(jobs, "reckon_anew", fails)
        with pytest.raises(ConnectionError, match="away"):
            calendars.look(at_s=0.0)
    assert calendars.look(at_s=20.0) == 1


def test_the_watch_over_the_clocks_rests_only_when_nothing_waits(monkeypatch, now):
    found, rests = [jobs.AT_ONCE + 3, 1, OSError("the database is away")], []

    def look(**_):
        if isinstance(one := found.pop(0), OSError):
            raise one
        return one

    def rest(seconds):
        rests.append(seconds)
        if not found:
            raise KeyboardInterrupt

    monkeypatch.setattr(jobs, "look", look)
    monkeypatch.setattr(jobs, "house_now", lambda: now)
    monkeypatch.setattr(jobs, "close_old_connections", lambda: None)
    monkeypatch.setattr(jobs, "time", SimpleNamespace(sleep=rest))
    with pytest.raises(KeyboardInterrupt):
        jobs.keep_watch_over_clocks()
    assert rests == [jobs.BREATH_S, jobs.EVERY_S, jobs.EVERY_S]
