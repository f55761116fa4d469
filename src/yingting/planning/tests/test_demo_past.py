"""The weeks before a demo's first day: simulated, brought in like any other machine's log, and there to stay."""

import datetime as dt
from collections import Counter as Count
from zoneinfo import ZoneInfo

import pytest
from django_tasks_db.models import DBTaskResult

from yingting.domains.queueing.actions.issuing import issue_ticket
from yingting.domains.queueing.models import PriorityClass, Queue, Ticket
from yingting.domains.queueing.tables import STINTS, VISITS
from yingting.foundation.catalogue.models import BusinessType
from yingting.foundation.journal.models import Fact
from yingting.foundation.lake.engine import reading_engine
from yingting.foundation.lake.keeping import follow_the_journal, recount
from yingting.foundation.lake.shelves import lake_with
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Counter, Hall
from yingting.kernel.actors import SYSTEM
from yingting.kernel.clocks import system_now
from yingting.planning import demo_past, jobs
from yingting.planning.demo_past import bring_the_past, open_days_before, past_model
from yingting.planning.past_visits import visits_of_day
from yingting.planning.troupe import PARTS, SEED, players, seed_of
from yingting.planning.twins.data import visits_between
from yingting.twin.drawing import draw
from yingting.twin.engine.arrays import Enter
from yingting.twin.hall import HallModel, Law, Length, Need, Stint, Then
from yingting.twin.running import prepare, run

DAYS = 7


@pytest.fixture
def opened(cast, actor_of, now, settings, tmp_path, monkeypatch):
    """Two halls of a demo that have just opened, each with a first ticket; a shorter past than the demo's."""
    settings.LAKE_DIR = tmp_path / "lake"
    monkeypatch.setattr(demo_past, "OPEN_DAYS", DAYS)
    for part in PARTS:
        players(part, Hall.objects.select_related("unit").get(code=part.hall_code))
    for hall in (cast.hall, cast.other_hall):
        issue_ticket(hall=hall, business=cast.businesses["fee"], actor=SYSTEM, now=now)
    return cast


def rows_of(code, *columns):
    with reading_engine() as engine:
        return lake_with(VISITS).table(engine, VISITS, [code]).select(*columns).to_pyarrow().to_pylist()


def past_rows(code, *columns):
    return [row for row in rows_of(code, "source", *columns) if row["source"] == demo_past.SOURCE]


def test_the_open_days_before_the_first_one_are_in_the_lake(opened, now):
    first = Ticket.objects.filter(hall=opened.hall).get().business_day
    brought = bring_the_past.call()
    by_hall = {code: past_rows(code, "business_day", "outcome", "wait_s") for code in ("H01", "H02")}
    assert brought == sum(len(rows) for rows in by_hall.values())
    for rows, a_day in ((by_hall["H01"], (550, 1400)), (by_hall["H02"], (120, 380))):
        days = Count(row["business_day"] for row in rows)
        assert sorted(days) == open_days_before(first)[-DAYS:]
        assert all(day < first and day.weekday() < 5 for day in days)
        assert all(a_day[0] < count < a_day[1] for count in days.values())
        assert {row["outcome"] for row in rows} == {"served", "abandoned", "no_show"}
        assert min(row["wait_s"] for row in rows if row["wait_s"] is not None) >= 0
    record = next(one for one in lake_with(VISITS).records())
    assert (record.bad, record.repeated, record.halls) == (0, 0, ("H01", "H02"))
    # An import is on record with what it brought, as any other.
    fact = Fact.objects.get(kind="log.imported")
    assert (fact.data["source"], fact.data["taken"], fact.actor_kind) == (demo_past.SOURCE, brought, "system")


def test_it_comes_once_and_no_fill_of_the_lake_touches_it(opened, now):
    brought = bring_the_past.call()
    assert bring_the_past.call() == 0
    later = system_now() + dt.timedelta(minutes=5)  # when every fact of the ticket is settled
    follow_the_journal(later)
    recount(later + dt.timedelta(days=1))
    assert sum(len(past_rows(code, "visit")) for code in ("H01", "H02")) == brought
    own = [row for row in rows_of("H01", "source", "business_day") if row["source"] == "journal"]
    assert len(own) == 1
    assert len(rows_of("H01", "visit")) == len(past_rows("H01", "visit")) + 1


def test_it_says_the_names_that_the_halls_own_days_say(opened):
    bring_the_past.call()
    rows = past_rows(
        "H01",
        "queue",
        "business",
        "priority_class",
        "counter",
        "clerk",
        "kind",
        "rating",
        "handling_s",
        "way_s",
        "outcome",
    )
    served = [row for row in rows if row["outcome"] == "served"]

    def said(name, among=rows):
        return {row[name] for row in among}

    assert said("queue") == set(Queue.objects.filter(hall=opened.hall).values_list("name", flat=True))
    assert said("business") == set(BusinessType.objects.values_list("name", flat=True))
    assert said("priority_class") <= set(PriorityClass.objects.values_list("name", flat=True))
    assert said("counter", served) == {"2", "3", "4", "5", "6"} <= set(Counter.objects.values_list("number", flat=True))
    assert said("clerk", served) <= set(Person.objects.filter(is_simulated=True).values_list("staff_no", flat=True))
    assert said("kind") == {"single", "combined"}
    assert said("rating") == {None, 1, 2, 3, 4, 5}
    assert all(row["handling_s"] > 0 and row["way_s"] > 0 for row in served)


def test_the_twin_and_the_handlings_find_it(opened, now):
    bring_the_past.call()
    hall = Hall.objects.get(pk=opened.hall)
    days = open_days_before(now.date())
    visits = visits_between(hall, days[-DAYS], days[-1])
    assert len(visits) == len(past_rows("H01", "visit"))
    assert set(visits.names.queues) == {"A", "B", "C"}
    with reading_engine() as engine:
        handled = lake_with(STINTS).table(engine, STINTS, ["H01"]).count().to_pyarrow().as_py()
    assert handled >= sum(row["outcome"] == "served" for row in past_rows("H01", "outcome"))


def test_a_past_day_is_drawn_as_a_demo_day_is(opened):
    day, part = dt.date(2026, 1, 14), PARTS[1]
    model = past_model(part, day)
    crowd = draw(model, seed=seed_of(part, SEED), block=day.toordinal(), days=1)
    prepared = prepare(model)
    compiled = [
        row["wait_s"]
        for row in visits_of_day(
            prepared, crowd, run(prepared, crowd), 0, hall="H02", date=day, zone=ZoneInfo("Asia/Shanghai")
        )
    ]
    lines = [
        line for line in demo_past._rows(part, day + dt.timedelta(days=1)) if line["issued_at"].startswith("2026-01-14")
    ]
    waits = [
        None if not line["called_at"] else (at(line["called_at"]) - at(line["issued_at"])).total_seconds()
        for line in lines
    ]
    assert len(lines) == len(compiled) > 120
    assert all(
        one == other or one == pytest.approx(other, abs=1e-5) for one, other in zip(waits, compiled, strict=True)
    )


def at(text):
    return dt.datetime.strptime(text, "%Y-%m-%d %H:%M:%S.%f")


def test_a_visit_goes_on_at_another_counter_and_who_comes_again_has_a_new_number():
    fixed = Length(100.0, law=Law.FIXED)
    needs = (
        Need("a", "A", ((1.0, fixed),), then=(Then(1.0, "b", Enter.AGE),)),
        Need("b", "B", ((1.0, fixed),), then=(Then(1.0, "c", Enter.NEW, 600.0),)),
        Need("c", "A", ((1.0, fixed),)),
    )
    stints = (Stint("1", 0, 7200, ("A",), drains=True), Stint("2", 0, 7200, ("B",), drains=True))
    model = HallModel(0, 3600.0, ((1.0, 0.0, 0.0),), needs, stints)
    prepared, crowd = (
        prepare(model),
        next(one for one in (draw(model, seed=n, block=0, days=1) for n in range(99)) if one.days.first[1] == 1),
    )
    day = dt.date(2026, 1, 14)
    one, again = visits_of_day(prepared, crowd, run(prepared, crowd), 0, hall="H", date=day, zone=ZoneInfo("UTC"))
    assert (one["business"], one["transfers"], one["counter"], one["handling_s"]) == ("b", 1, "2", 170.0)
    assert (one["finished_at"] - one["issued_at"]).total_seconds() == pytest.approx(200.0)
    assert (again["business"], again["transfers"], again["visit"]) == ("c", 0, "H-2026-01-14-002")
    assert (again["issued_at"] - one["finished_at"]).total_seconds() == pytest.approx(600.0)


def test_a_demo_asks_for_its_past_once(cast, settings, tmp_path, monkeypatch, now):
    settings.LAKE_DIR = tmp_path / "lake"
    assert "60" in jobs._ask_for_the_past()
    (waits,) = DBTaskResult.objects.all()
    assert waits.task_path == "yingting.planning.demo_past.bring_the_past"
    monkeypatch.setattr(jobs, "has_past_visits", lambda: True)
    assert jobs._ask_for_the_past() == ""
    assert DBTaskResult.objects.count() == 1
