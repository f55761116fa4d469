"""The lake follows the journal: what changed is folded again, what did not is left alone, and no day is ever half there."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from django.conf import settings

from yingting.domains.queueing.actions import calling, days, issuing, moving, serving, sessions
from yingting.domains.queueing.evidence import FOLD_VERSION, SHELF
from yingting.domains.queueing.models import Ticket
from yingting.foundation.journal.models import Fact
from yingting.foundation.journal.recording import COLUMNS
from yingting.foundation.lake.fills import DayState, Fills
from yingting.foundation.lake.place import own_lake
from yingting.kernel.actors import Actor, ActorKind

pytestmark = pytest.mark.django_db
SETTLED = dt.timedelta(seconds=3)


@pytest.fixture(autouse=True)
def lake_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "LAKE_DIR", tmp_path / "lake")
    return tmp_path / "lake"


def soon(**more):
    return dt.datetime.now(dt.UTC) + SETTLED + dt.timedelta(**more)


def rows(table="visits", what="ticket, outcome, wait_s", halls=None):
    found = own_lake().absolute(own_lake().parts(table, halls))
    if not found:
        return []
    return duckdb.connect().execute(f"SELECT {what} FROM read_parquet({found}) ORDER BY ALL").fetchall()


def files():
    """Every Parquet file that counts, with its content."""
    lake = own_lake()
    return {part.path: (lake.root / part.path).read_bytes() for t in ("visits", "stints") for part in lake.parts(t)}


@pytest.fixture
def hall(cast, actor_of, now):
    class Driver:
        def __init__(self):
            self.guide, self.clerk, self.manager = (actor_of(n) for n in ("1101", "1001", "1201"))
            self.now = now

        def at(self, minutes):
            self.now = now + dt.timedelta(minutes=minutes)
            return {"hall": cast.hall, "now": self.now}

        def issue(self, minutes, business="fee"):
            return issuing.issue_ticket(**self.at(minutes), business=cast.businesses[business], actor=self.guide)

        def seat(self, minutes, counter="3"):
            self.session = sessions.open_counter(**self.at(minutes), counter=cast.counters[counter], actor=self.clerk)

        def serve(self, called, started, finished):
            ticket = calling.call_next(
                **self.at(called), session=self.session.id, counter=self.session.counter, actor=self.clerk
            )
            serving.start_handling(**self.at(started), ticket=ticket.id, actor=self.clerk)
            serving.finish(**self.at(finished), ticket=ticket.id, actor=self.clerk)
            return ticket

    return Driver()


def test_a_day_is_filled_and_filled_again_only_when_it_changed(hall):
    hall.seat(0)
    hall.issue(0)
    assert (SHELF.fill(soon()).written, rows()) == (1, [("A001", "open", None)])
    before = files()
    again = SHELF.fill(soon())
    assert (again.looked_at, again.written, files()) == (1, 0, before)
    hall.serve(5, 6, 8)
    assert (SHELF.fill(soon()).written, rows()) == (1, [("A001", "served", 300.0)])
    assert rows("stints", "ticket, handling_s, clerk") == [("A001", 120.0, "1001")]


def test_facts_of_the_last_two_seconds_wait(hall):
    hall.issue(0)
    assert SHELF.fill(dt.datetime.now(dt.UTC)).written == 0
    assert rows() == []
    assert SHELF.fill(soon()).written == 1


def test_a_closed_day_is_filled_once_more_and_then_rests(hall, cast, now):
    hall.issue(0)
    SHELF.fill(soon())
    days.close_day(**hall.at(60), day=now.date(), actor=hall.manager)
    assert SHELF.fill(soon()).written == 1
    assert rows() == [("A001", "abandoned", None)]
    SHELF.fill(soon(minutes=11))  # from here on nothing of that day can turn up unseen
    assert SHELF.fill(soon(minutes=12)).looked_at == 0


def test_a_rating_on_the_evening_of_a_closed_day_still_arrives(hall, cast, now):
    hall.seat(0)
    ticket = hall.issue(0)
    hall.serve(1, 1, 2)
    days.close_day(**hall.at(60), day=now.date(), actor=hall.manager)
    SHELF.fill(soon())
    moving.rate(**hall.at(600), ticket=ticket.id, score=4, actor=Actor(ActorKind.CUSTOMER, ticket.id, "customer"))
    assert SHELF.fill(soon()).written == 1
    assert rows(what="ticket, rating") == [("A001", 4)]


def test_a_fact_that_turns_up_late_below_the_highest_id_is_not_lost(hall):
    """PostgreSQL gives ids out in order and shows them in any order: a hole is left for the late one."""
    first, second = hall.issue(0), hall.issue(1)
    late = Fact.objects.get(subject=first.id, kind="ticket.issued")
    kept = {name: getattr(late, name) for name in (*COLUMNS, "id")}
    from django.db import connection

    from yingting.foundation.journal import triggers

    triggers.remove(connection)
    Fact.objects.filter(pk=late.pk).delete()
    triggers.install(connection)
    SHELF.fill(soon())
    assert rows(what="ticket") == [(second.number,)]
    Fact.objects.create(**kept)
    assert SHELF.fill(soon()).written == 1
    assert rows(what="ticket") == [(first.number,), (second.number,)]


def test_only_the_halls_asked_for_are_filled(hall, cast, now, actor_of):
    hall.issue(0)
    issuing.issue_ticket(
        hall=cast.other_hall, business=cast.businesses["fee"], actor=actor_of("2001"), now=now
    )  # fmt: skip
    assert SHELF.fill(soon(), codes=["H02"]).written == 1
    assert rows(what="hall, ticket") == [("H02", "A001")]
    assert own_lake().halls() == ("H02",)
    assert SHELF.fill(soon()).written == 1
    assert rows(what="hall, ticket") == [("H01", "A001"), ("H02", "A001")]
    assert rows(what="hall", halls=["H01"]) == [("H01",)]


def test_a_reader_fills_at_most_once_a_minute(hall):
    hall.issue(0)
    at = soon()
    assert SHELF.fill(at, codes=["H01"], older_than_s=60).written == 1
    hall.issue(1)
    assert SHELF.fill(at + dt.timedelta(seconds=59), codes=["H01"], older_than_s=60).looked_at == 0
    assert SHELF.fill(at + dt.timedelta(seconds=60), codes=["H01"], older_than_s=60).written == 1
    assert SHELF.fill(at + dt.timedelta(seconds=61), codes=["H02"], older_than_s=60).written == 0


def test_a_fill_out_of_time_stops_between_days_and_goes_on_next_time(hall):
    hall.issue(0)
    hall.issue(24 * 60)
    short = SHELF.fill(soon(), budget_s=-1)
    assert (short.written, short.is_complete, rows()) == (0, False, [])
    assert SHELF.fill(soon()).written == 2


def test_a_thorough_fill_repairs_what_was_lost(hall, lake_folder):
    hall.issue(0)
    SHELF.fill(soon(minutes=11))
    (lake_folder / "fills" / "hall=H01" / "2026-01.json").unlink()
    assert SHELF.fill(soon(minutes=12)).looked_at == 0
    assert SHELF.fill(soon(minutes=13), thorough=True).written == 1
    assert len(rows()) == 1


def test_new_rules_of_the_fold_make_every_day_anew(hall, monkeypatch):
    hall.issue(0)
    SHELF.fill(soon(minutes=11))
    monkeypatch.setattr("yingting.domains.queueing.evidence.FOLD_VERSION", FOLD_VERSION + 1)
    assert SHELF.fill(soon(minutes=12)).written == 1
    assert own_lake().fills.state("H01", hall.now.date()).fold == FOLD_VERSION + 1


def test_a_replaced_file_stays_for_readers_that_listed_it_and_goes_later(hall, lake_folder):
    hall.issue(0)
    SHELF.fill(soon())
    old = set(files())
    hall.issue(1)
    SHELF.fill(soon())
    assert all((lake_folder / one).exists() for one in old)
    assert not old & set(files())
    for one in old:
        os.utime(lake_folder / one, (time.time() - 301,) * 2)
    hall.issue(2)
    SHELF.fill(soon())
    assert not any((lake_folder / one).exists() for one in old)
    assert len(rows()) == 3


KILLED = """
import sys; from pathlib import Path; import datetime as dt
from yingting.foundation.lake.fills import DayState, Fills
from yingting.domains.queueing.tables import VISITS
fills, day = Fills(Path(sys.argv[1])), dt.date(2026, 1, 5)
for n in range(1, 100_000):
    with fills.writing("H01"):
        rows = [{"hall": "H01", "business_day": day, "visit": f"{n}-{k}", "ticket": str(n)} for k in range(500)]
        fills.replace("H01", day, DayState(n, n, 1), {VISITS: rows})
    print(n, flush=True)
"""


@pytest.mark.slow
def test_a_fill_killed_at_any_moment_leaves_the_old_day_or_the_new_one(lake_folder):
    source = str(Path(__file__).resolve().parents[4])
    environment = {**os.environ, "PYTHONPATH": source}
    for wait in (0.0, 0.003, 0.007, 0.011, 0.017, 0.023):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(lake_folder)], stdout=subprocess.PIPE, env=environment
        )
        for _written in range(3):
            process.stdout.readline()
        time.sleep(wait)  # somewhere between two days' ends
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        state = Fills(lake_folder).state("H01", dt.date(2026, 1, 5))
        assert state.facts >= 3
        assert rows(what="count(*), min(ticket), max(ticket)") == [(500, str(state.facts), str(state.facts))]
    fills = Fills(lake_folder)
    with fills.writing("H01"):
        fills.replace("H01", dt.date(2026, 1, 5), DayState(0, 0, 1), {})
    assert not list((lake_folder / "fills" / "hall=H01").glob("*.draft"))


def test_a_ticket_of_another_day_touches_that_day_only(hall):
    hall.issue(0)
    hall.issue(24 * 60)
    SHELF.fill(soon())
    before = files()
    ticket = Ticket.objects.get(business_day=hall.now.date())
    moving.leave(**hall.at(24 * 60 + 5), ticket=ticket.pk, actor=hall.guide)
    SHELF.fill(soon())
    kept = set(before) & set(files())
    assert {Path(one).name[:15] for one in kept} == {"fill-2026-01-05"}
