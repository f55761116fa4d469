"""The worker's watch: whom it looks at and when, two at once, and what it does when something fails."""

import threading

import pytest
from django.db import connection, connections

from yingting.domains.peaks import jobs
from yingting.domains.peaks.actions.watching import look_at_hall
from yingting.domains.peaks.jobs import EVERY_S, GAP_S, LIST_S, Watch
from yingting.domains.peaks.models import Alert
from yingting.domains.peaks.tests.conftest import Day
from yingting.foundation.journal.models import Fact
from yingting.foundation.live import publishing
from yingting.foundation.sites.models import Hall, Unit
from yingting.kernel.actors import SYSTEM


@pytest.fixture
def looks(monkeypatch):
    seen = []
    monkeypatch.setattr(jobs, "look_once", seen.append)
    return seen


def test_a_change_is_looked_at_at_once_and_a_storm_now_and_then(day, cast, looks):
    watch = Watch()
    for n in range(100):
        watch.changed([cast.hall.hex])
        watch.look(at_s=1000 + n * 0.01)  # a hundred changes in a second
    assert len(looks) == 1 + int(0.99 / GAP_S)
    assert set(looks) == {cast.hall}


def test_a_case_of_a_district_is_no_change_of_a_hall(day, cast, looks):
    watch = Watch()
    watch.changed([Unit.objects.get(code="TH").pk.hex])
    watch.look(at_s=1000)
    assert looks == []


def test_the_last_change_of_a_storm_is_never_forgotten(day, cast, looks):
    watch = Watch()
    for at in (1000.0, 1000.1):
        watch.changed([cast.hall.hex])
        rest = watch.look(at_s=at)
    assert (len(looks), rest) == (1, GAP_S)
    watch.look(at_s=1000.1 + rest)
    assert len(looks) == 2


def test_a_hall_without_changes_is_looked_at_in_between_because_waits_grow(day, cast, looks):
    watch = Watch()
    watch.look(at_s=1000)
    assert looks == []  # no day is open yet
    day.come(1)
    for at in (1000 + LIST_S, 1000 + LIST_S + 1, 1000 + LIST_S + EVERY_S):
        watch.look(at_s=at)
    assert looks == [cast.hall, cast.hall]


def test_a_demo_hall_that_lives_faster_is_looked_at_more_often(day, cast, looks):
    day.come(1)
    Hall.objects.update(clock_speed=60)
    watch = Watch()
    for n in range(10):
        watch.look(at_s=1000 + n)
    assert len(looks) == 10


def test_a_hall_that_fails_does_not_stop_the_watch(day, cast, monkeypatch, caplog):
    def fail(**_):
        raise RuntimeError("broken")

    monkeypatch.setattr(jobs, "look_at_hall", fail)
    jobs.look_once(cast.hall)
    assert "could not be brought up to date" in caplog.text
    jobs.look_once(cast.people["1001"])  # a hall that is gone


def test_looking_through_the_job_raises_the_alert(day, cast):
    day.come(3)
    jobs.look_once(cast.hall)
    assert Alert.objects.get().kind == "peak"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_workers_that_look_at_once_raise_one_alert(committed_cast, actor_of, now, monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("the tests' database of SQLite lives in memory and cannot be shared by threads")
    monkeypatch.setattr(publishing._notifier, "add", lambda _hall: None)  # its thread would keep the database open
    day = Day(committed_cast, actor_of, now)
    day.rule()
    day.come(3)
    barrier, errors = threading.Barrier(4), []

    def worker():
        try:
            barrier.wait(10)
            look_at_hall(hall=committed_cast.hall, actor=SYSTEM, now=now)
        except Exception as error:  # noqa: BLE001 - shown below
            errors.append(error)
        finally:
            connections.close_all()

    for _round in range(5):
        threads = [threading.Thread(target=worker) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        day.come(2)  # a level higher each time: escalated once, whoever is first
    assert errors == []
    assert Alert.objects.filter(kind="peak").count() == 1
    assert Fact.objects.filter(kind="alert.raised", data__kind="peak").count() == 1
    assert Fact.objects.filter(kind="alert.escalated").count() == 2


def test_a_second_worker_that_finds_the_alert_raised_does_nothing(day, cast, monkeypatch):
    from yingting.domains.peaks.actions import watching

    day.come(3)
    day.look()
    monkeypatch.setattr(watching, "open_alerts", lambda _hall: [])  # it read before the first one wrote
    assert day.look() == []
    assert Alert.objects.count() == 1
    assert Fact.objects.filter(kind="alert.raised").count() == 1


def test_a_worker_that_read_before_another_wrote_changes_nothing(day, cast, monkeypatch):
    from yingting.domains.peaks.actions import watching
    from yingting.domains.peaks.queries.alerts import open_alerts

    day.come(3)
    day.look()
    stale = open_alerts(cast.hall)
    day.come(2)
    assert day.look() == ["escalated"]
    monkeypatch.setattr(watching, "open_alerts", lambda _hall: stale)
    assert day.look() == []
    assert Fact.objects.filter(kind="alert.escalated").count() == 1
