"""The last minutes of a running day come from its rows by the same definitions, and reach whoever is told."""

import datetime as dt

import pyarrow as pa
import pytest

from yingting.domains.queueing.evidence import SHELF
from yingting.foundation.alerting import jobs, links, running
from yingting.foundation.alerting.asking import Running, watched_now
from yingting.foundation.alerting.models import IndicatorAlert
from yingting.foundation.alerting.rules import AlertsRule, Span, Watch
from yingting.foundation.alerting.rules_in_force import ALERTS
from yingting.foundation.lake import asking
from yingting.foundation.lake.asking import ask, rows_behind
from yingting.foundation.lake.declared import indicator_sets
from yingting.foundation.lake.question import Question, SplitError
from yingting.foundation.notify.models import Message
from yingting.foundation.rulebook.kinds import as_body
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Hall, Unit
from yingting.reporting.tests.days import MONDAY, put, visit

pytestmark = pytest.mark.django_db
TEN = dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC)  # in the halls of the cast
MINUTE = dt.timedelta(minutes=1)
WAIT = "queueing.wait_mean"


def waits(hall, *called, outcome="served"):
    """Visits called at so many minutes after ten, each after that many seconds of waiting."""
    return [
        visit(hall, MONDAY, n, called_at=TEN + minute * MINUTE, finished_at=TEN + (minute + 3) * MINUTE,
              wait_s=float(wait), wait_last_s=float(wait), outcome=outcome)
        for n, (minute, wait) in enumerate(called)
    ]  # fmt: skip


@pytest.fixture
def lake(settings, tmp_path, cast):
    settings.LAKE_DIR = tmp_path / "lake"
    return SHELF.lake()


def last_minutes(key, minutes=60, until=60, halls=("H01",)):
    at = TEN + until * MINUTE
    return Question((key,), halls, MONDAY, MONDAY, ("hall",), during=(at - minutes * MINUTE, at))


def running_at(minute, *codes):
    at = TEN + minute * MINUTE
    return [Running(hall, MONDAY, at, at) for hall in Hall.objects.select_related("unit").filter(code__in=codes)]


def rule(*watches):
    body = as_body(ALERTS, AlertsRule(watches))
    RuleVersion.objects.create(
        kind=ALERTS.code, written_at=TEN, unit=Unit.objects.get(code="GD"), valid_from=MONDAY, number=1, key="", body=body
    )  # fmt: skip


def test_a_case_counts_after_the_first_instant_up_to_and_with_the_second(lake):
    put(lake, "H01", MONDAY, waits("H01", (0, 100), (1, 200), (60, 400), (61, 1600)))
    (found,) = ask(last_minutes(WAIT))
    assert (found[WAIT].n, found.group) == (2, ("H01",))
    (found,) = ask(last_minutes(WAIT, minutes=61))
    assert found[WAIT].n == 3
    _columns, rows, count = rows_behind(last_minutes(WAIT), 10)
    assert ([row["wait_s"] for row in rows], count) == ([400, 200], 2)


def test_each_indicator_has_its_own_moment_in_one_question(lake):
    put(lake, "H01", MONDAY, waits("H01", (58, 100), (59, 200), (50, 300)))
    question = last_minutes(WAIT, minutes=10)
    both = Question((WAIT, "queueing.served"), question.halls, MONDAY, MONDAY, ("hall",), during=question.during)
    (found,) = ask(both)  # the one called at ten minutes to is out of its window, and alone finished in it
    assert (found[WAIT].n, found["queueing.served"].value) == (2, 1)


def test_what_has_no_moment_cannot_be_cut(lake):
    with pytest.raises(SplitError):
        ask(last_minutes("queueing.idle_waiting"))
    with pytest.raises(SplitError):
        ask(last_minutes("cost.per_ticket"))


def test_a_moment_is_an_instant_of_the_rows_it_is_declared_on(lake):
    for found in indicator_sets():
        for one in found.indicators:
            kinds = [table.schema.field(name).type for table in found.tables for name in one.moment]
            assert all(pa.types.is_timestamp(kind) for kind in kinds), one.key
            assert len(found.tables) == 1 or not one.moment, one.key


def test_halls_that_are_known_up_to_the_same_instant_are_asked_for_in_one_question(lake, monkeypatch):
    rule(Watch("now", WAIT, span=Span.MINUTES), Watch("so_far", WAIT, span=Span.TODAY), Watch("days", WAIT))
    for hall in ("H01", "H02"):
        put(lake, hall, MONDAY, waits(hall, (0, 900), (60, 300)))
    asked = []
    monkeypatch.setattr("yingting.foundation.alerting.asking.ask", lambda one: asked.append(one) or asking.ask(one))
    found = watched_now(running_at(60, "H01", "H02"))
    assert len(asked) == 2
    values = {(one.hall.code, one.watch.code): (seen.value, seen.n) for one, seen in found}
    assert values == {
        ("H01", "now"): (300, 1), ("H02", "now"): (300, 1), ("H01", "so_far"): (600, 2), ("H02", "so_far"): (600, 2)
    }  # fmt: skip


def test_a_hall_without_a_case_has_no_value_and_no_cases(lake):
    ((_one, seen),) = watched_now(running_at(60, "H01"))
    assert (seen.value, seen.n, seen.at) == (None, 0, TEN + 60 * MINUTE)


@pytest.mark.req("QUE-02")
def test_a_crowd_that_waits_too_long_is_told_to_the_duty_manager(lake, monkeypatch):
    """Ten minutes exactly keep the limit; eleven, for ten minutes, raise the shipped alert."""
    hall = Hall.objects.get(code="H01").pk
    monkeypatch.setattr(links, "_days", [lambda: [(hall, MONDAY)]])
    monkeypatch.setattr(jobs, "_looked_at", {})

    def look(minute):
        monkeypatch.setattr(jobs, "system_now", lambda: TEN + minute * MINUTE)
        monkeypatch.setattr(running, "_known_until", lambda _code: TEN + minute * MINUTE)
        return [move.value for move in jobs.watch_running_days()]

    put(lake, "H01", MONDAY, waits("H01", *((n, 600) for n in range(12))))
    assert [look(12), look(24)] == [[], []]
    put(lake, "H01", MONDAY, waits("H01", *((n, 600 if n < 12 else 720) for n in range(24))), last_id=2)
    assert [look(25), look(30), look(35), look(36)] == [[], [], ["raised"], []]
    alert = IndicatorAlert.objects.get()
    assert (alert.value, alert.limit, alert.n) == (660, 600, 24)
    assert list(Message.objects.values_list("person__staff_no", flat=True)) == ["1201"]
