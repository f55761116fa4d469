"""A hall's own day, driven through the actions, reaches the report with the figures that one counts by hand."""

import datetime as dt
import json
import time
from dataclasses import replace

import pytest
from django.conf import settings
from typer.testing import CliRunner

from yingting.domains.queueing.actions import calling, issuing, moving, serving, sessions
from yingting.domains.queueing.evidence import SHELF
from yingting.domains.queueing.rules import Place
from yingting.foundation.journal.models import Fact
from yingting.foundation.lake.place import own_lake
from yingting.foundation.people.models import Person
from yingting.foundation.rulebook.models import RuleVersion
from yingting.foundation.sites.models import Hall
from yingting.kernel.clocks import system_now
from yingting.reporting.cli import app
from yingting.reporting.hall_report.asking import hall_report
from yingting.reporting.hall_report.view_model import view_of
from yingting.reporting.tests.logs import write, zh_log
from yingting.reporting.tests.test_hall_report import ONE, section_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    monkeypatch.setattr(settings, "LAKE_DIR", tmp_path / "lake")


def settled():
    """A moment from which all facts so far count (they wait for two seconds)."""
    return system_now() + dt.timedelta(seconds=3)


@pytest.fixture
def monday(cast, actor_of, now):
    """Monday, 5 January 2026 in H01, counter 3, clerk 1001.

    10:00  32 customers take numbers for a bill, one a second; from 10:01 one is called every two minutes and served
           for two: they wait 60, 179, 298, … 3749 s
    12:00  two take numbers: one leaves at 12:03, the other is called at 12:05, does not come, and is seen to leave
    16:00  one wants a new number (combined): called 16:10, at the counter 16:11, sent on to queue C at 16:14, called
           16:20, at the counter at once, done 16:26
    """
    guide, clerk = actor_of("1101"), actor_of("1001")

    def at(minutes, **more):
        return {"hall": cast.hall, "now": now + dt.timedelta(minutes=minutes), **more}

    seat = sessions.open_counter(**at(0), counter=cast.counters["3"], actor=clerk)

    def call(minutes):
        return calling.call_next(**at(minutes), session=seat.id, counter=seat.counter, actor=clerk).id

    for customer in range(32):
        issuing.issue_ticket(**at(customer / 60), business=cast.businesses["fee"], actor=guide)
    for turn in range(32):
        ticket = call(2 * turn + 1)
        serving.start_handling(**at(2 * turn + 1), ticket=ticket, actor=clerk)
        serving.finish(**at(2 * turn + 3), ticket=ticket, actor=clerk)
    leaver, _sleeper = [issuing.issue_ticket(**at(120), business=cast.businesses["fee"], actor=guide) for _n in "ab"]
    moving.leave(**at(123), ticket=leaver.id, actor=guide)
    missed = call(125)
    calling.mark_no_show(**at(127), ticket=missed, actor=clerk)
    moving.leave(**at(140), ticket=missed, actor=guide)
    moved = issuing.issue_ticket(**at(360), business=cast.businesses["open"], actor=guide)
    call(370)
    serving.start_handling(**at(371), ticket=moved.id, actor=clerk)
    moving.transfer_ticket(**at(374), ticket=moved.id, actor=clerk, place=Place.FIRST, queue=cast.queues["C"])
    call(380)
    serving.start_handling(**at(380), ticket=moved.id, actor=clerk)
    serving.finish(**at(386), ticket=moved.id, actor=clerk)
    return moved


@pytest.fixture
def report_of(client, cast):
    def call(staff_no, query=""):
        client.force_login(Person.objects.get(staff_no=staff_no))
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client.get(f"/report/?{query}")

    return call


def reading(value, n):
    return {"value": None if value is None else pytest.approx(value, rel=1e-12), "n": n}


WAITS = {
    "queueing.wait_mean": reading((32 * 1904.5 + 600) / 33, 33),
    "queueing.wait_median": reading(1845, 33),
    "queueing.wait_p90": reading(3273 + 0.8 * 119, 33),
    "queueing.wait_within_limit": reading(6 / 33, 33),
    "queueing.wait_within_challenge": reading(4 / 33, 33),
}


@pytest.mark.req("QUE-01", "QUE-02", "QUE-03", "QUE-04")
def test_a_day_of_the_hall_is_in_the_report_as_counted_by_hand(monday, report_of):
    SHELF.fill(settled())
    found = json.loads(report_of("1301", "format=json").content)
    assert found["definition"]["busy"] == [
        {"weekdays": [0, 1, 2, 3, 4, 5, 6], "from_minute": 570, "to_minute": 690},
        {"weekdays": [0, 1, 2, 3, 4, 5, 6], "from_minute": 900, "to_minute": 1020},
    ]
    (hall,) = found["halls"]
    assert (hall["hall"], hall["first_day"], hall["last_day"], hall["days"]) == ("H01", "2026-01-05", "2026-01-05", 1)
    times = {
        "queueing.handlings": reading(34, 34),
        "queueing.handling_mean": reading((32 * 120 + 180 + 360) / 34, 34),
        "queueing.handling_median": reading(120, 34),
        "queueing.handling_p90": reading(120, 34),
        "queueing.handling_within_limit": reading(33 / 34, 34),
    }
    wanted = {
        "queueing.tickets": reading(35, 35),
        "queueing.served": reading(33, 33),
        "queueing.abandonment": reading(1 / 35, 35),
        "queueing.no_show": reading(1 / 35, 35),
        "queueing.wait_longest": reading(3749, 33),
        **WAITS,
        **times,
    }
    assert {key: hall["figures"][key] for key in wanted} == wanted
    assert hall["figures"]["channels.done"] == reading(34, 34)  # what is told besides has data
    assert "queueing.rating_mean" not in hall["figures"]
    assert hall["busy"] == {"queueing.tickets": reading(33, 33), **WAITS}
    assert hall["idle"] == {"queueing.tickets": reading(2, 2), **{key: reading(None, 0) for key in WAITS}}
    assert hall["busy_hours"] == []
    kinds = {row["kind"]: row["figures"]["queueing.handling_within_limit"] for row in hall["kinds"]}
    assert kinds == {"single": reading(1, 32), "combined": reading(None, 2)}
    assert [(cell["weekday"], cell["half_hour"], cell["tickets"]) for cell in hall["heat"]] == [
        (0, 20, 32), (0, 24, 2), (0, 32, 1),
    ]  # fmt: skip
    assert [band["n"] for band in hall["bands"]] == [2, 1, 3, 3, 2, 5, 17]
    assert hall["counters"] == [{"counter": "3", "figures": times}]
    assert hall["clerks"] == [{"clerk": "1001", "figures": times}]
    assert hall["longest"][0] == {
        "hall": "H01", "business_day": "2026-01-05", "ticket": "A032", "queue": "缴费与套餐", "counter": "3",
        "issue_minute": 600, "wait_s": 3749.0,
    }  # fmt: skip
    assert hall["notices"] == []


def test_the_transfer_restarts_the_wait_only_when_asked(monday):
    SHELF.fill(settled())
    restarting = replace(ONE, switches={"transfer_restarts_wait": True})
    (hall,) = hall_report(halls=["H01"], definition=restarting).sections
    # The visit of 16:00 waited 10 minutes for its first call and 6 after the transfer.
    assert hall.figures["queueing.wait_mean"].value == pytest.approx((32 * 1904.5 + 360) / 33, rel=1e-12)


@pytest.mark.req("SEC-01")
def test_own_days_are_seen_by_those_who_may_see_the_hall_only(monday, report_of):
    SHELF.fill(settled())
    assert "There are no tickets" in report_of("2001").content.decode()
    assert report_of("2001", "hall=H01&format=json").status_code == 404
    assert report_of("1001").status_code in (403, 404)
    for staff_no in ("1201", "9001"):
        found = json.loads(report_of(staff_no, "format=json").content)
        assert [(hall["hall"], hall["figures"]["queueing.tickets"]["n"]) for hall in found["halls"]] == [("H01", 35)]


def test_the_page_itself_brings_the_running_day_in_after_a_minute(monday, report_of, monkeypatch):
    monkeypatch.setattr("yingting.reporting.where.system_now", settled)
    found = json.loads(report_of("1201", "format=json").content)
    assert found["halls"][0]["figures"]["queueing.tickets"]["n"] == 35
    moving.rate(
        hall=Hall.objects.get(code="H01").pk, ticket=monday.id, score=5, actor=_customer(monday.id), now=settled()
    )
    kept = own_lake().fills.state("H01", dt.date(2026, 1, 5))
    report_of("1201")
    assert own_lake().fills.state("H01", dt.date(2026, 1, 5)) == kept
    monkeypatch.setattr("yingting.reporting.where.system_now", lambda: settled() + dt.timedelta(seconds=61))
    report_of("1201")
    assert own_lake().fills.state("H01", dt.date(2026, 1, 5)).facts == kept.facts + 1


def _customer(ticket):
    from yingting.kernel.actors import Actor, ActorKind

    return Actor(ActorKind.CUSTOMER, ticket, "customer")


def test_a_lake_that_cannot_be_written_does_not_take_the_report_away(monday, report_of, monkeypatch, caplog):
    SHELF.fill(settled())

    def full(*_args, **_more):
        raise OSError("no space left")

    monkeypatch.setattr("yingting.foundation.lake.shelves.Shelf.fill", full)
    assert json.loads(report_of("1201", "format=json").content)["halls"][0]["hall"] == "H01"
    assert "could not be brought up to date" in caplog.text


@pytest.mark.req("QUE-03")
def test_each_hall_of_several_is_split_by_the_busy_calendar_it_has_set(monday, actor_of, cast, now, report_of):
    RuleVersion.objects.filter(kind="service.calendar", unit__code="H02").delete()
    for minutes in (0, 0, 0, 200):
        issuing.issue_ticket(
            hall=cast.other_hall, business=cast.businesses["fee"], actor=actor_of("2001"),
            now=now + dt.timedelta(minutes=minutes),
        )  # fmt: skip
    SHELF.fill(settled())
    found = json.loads(report_of("9001", "format=json").content)
    assert list(found["definition"]["busy_by_hall"]) == ["H01"]
    split = {
        hall["hall"]: (hall["busy"]["queueing.tickets"]["n"], hall["idle"]["queueing.tickets"]["n"])
        for hall in found["halls"]
    }
    # H01 by its calendar (9:30–11:30 and 15–17); H02 by its arrivals: 10 o'clock has more than the mean hour.
    assert split == {"H01": (33, 2), "H02": (3, 1)}
    assert [hall["busy_hours"] for hall in found["halls"]] == [[], [10]]
    total = found["total"]
    assert (total["busy"]["queueing.tickets"]["n"], total["idle"]["queueing.tickets"]["n"]) == (36, 3)
    page = report_of("9001").content.decode()
    assert "Busy hours are those that a hall has set" in page


def test_calendars_that_overlap_count_a_visit_once(monday, cast):
    own = RuleVersion.objects.get(kind="service.calendar", unit__code="H01")
    own.body["busy_hours"].append({"weekdays": ["monday"], "starts": "09:45:00", "ends": "12:01:00"})
    own.save()
    SHELF.fill(settled())
    report = hall_report(definition=ONE)
    hall = section_of(report, "H01")
    assert (hall.busy.busy["queueing.tickets"].n, hall.busy.idle["queueing.tickets"].n) == (35, 0)
    assert "9:45–12:01" in view_of(report).sections[0].busy_rule


@pytest.mark.req("QUE-01")
def test_the_command_reports_own_days_and_records_its_imports(monday, tmp_path):
    time.sleep(2.1)  # the command reads the system's clock itself

    def run(*arguments):
        found = CliRunner().invoke(app, [*map(str, arguments), "--language", "en"])
        assert found.exit_code == 0, found.output
        return found.stdout

    found = json.loads(run("report", "--hall", "H01", "--format", "json"))
    assert found["halls"][0]["figures"]["queueing.tickets"] == {"value": 35.0, "n": 35}
    assert found["halls"][0]["busy"]["queueing.tickets"]["n"] == 33
    log = write(tmp_path / "log.csv", zh_log())
    how = ("import", "tickets", log, "--preset", "queue-machine-zh", "--hall", "H01")
    run(*how, "--dry-run")
    assert not Fact.objects.filter(kind="log.imported").exists()
    run(*how)
    run(*how)
    (fact,) = Fact.objects.filter(kind="log.imported")
    assert (fact.actor_kind, fact.actor, fact.actor_label) == ("system", None, "system")
    assert (fact.data["taken"], fact.data["halls"], fact.data["source"]) == (5, ["H01"], "queue-machine-zh")
    both = json.loads(run("report", "--hall", "H01", "--format", "json"))
    assert (both["halls"][0]["figures"]["queueing.tickets"]["n"], both["halls"][0]["days"]) == (40, 2)
    assert own_lake().records()[0].id == fact.subject.hex
