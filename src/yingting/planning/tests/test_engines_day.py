"""The demo's day is the engine's day: the customers whom the twin drew, and what becomes of them when real actions serve them."""

import datetime as dt
import os
import subprocess
import sys
from dataclasses import replace
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from yingting.domains.queueing.tests.test_own_journal import folded
from yingting.foundation.sites.models import Hall
from yingting.planning import guests
from yingting.planning.customers import customers_of
from yingting.planning.demo_model import model_of, model_on
from yingting.planning.living_hall import LivingHall
from yingting.planning.past_visits import Wording, visits_of_day
from yingting.planning.tests.test_living_hall import living
from yingting.planning.troupe import PARTS, SEED, seed_of
from yingting.twin.drawing import draw
from yingting.twin.engine.arrays import Enter
from yingting.twin.running import prepare, run

DAY = dt.date(2026, 1, 14)  # an ordinary Wednesday
DAWN = dt.datetime(2026, 1, 14, 0, 27, tzinfo=dt.UTC)
MIDNIGHT = dt.datetime(2026, 1, 13, 16, tzinfo=dt.UTC)
LUNCH = dt.datetime(2026, 1, 14, 3, 40, tzinfo=dt.UTC)


def drawn(part, seed=SEED, day=DAY):
    model = model_on(part, day)
    return model, draw(model, seed=seed_of(part, seed), block=day.toordinal(), days=1)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.hall_code)
def test_who_comes_to_the_demo_is_who_the_engine_drew(cast, part, monkeypatch):
    came = []
    monkeypatch.setattr(guests.Guests, "arrive", lambda _self, customer, now: came.append((now, customer)))
    hall = LivingHall(part, Hall.objects.select_related("unit").get(code=part.hall_code))
    hall._seated.begin_day = hall._floor.begin_day = hall._supervisor.begin_day = lambda now: None
    hall.begin_day(DAY, DAWN)
    hall.live_until(hall.closes)
    model, crowd = drawn(part)
    legs, count = crowd.legs, int(crowd.days.first[1])
    assert [now for now, _ in came] == [MIDNIGHT + dt.timedelta(seconds=at) for at in legs.at_s[:count].tolist()]
    people = [one for _, one in came]
    assert [one.business for one in people] == [model.needs[need].code for need in crowd.need[:count]]
    for mine, drew in (("work_s", legs.work_s), ("patience_s", legs.patience_s)):
        assert [getattr(one, mine) for one in people] == drew[:count].tolist()
    assert [not one.is_there for one in people] == legs.is_absent[:count].tolist()
    assert [one.is_care for one in people] == [model.klasses[klass].code == "care" for klass in legs.klass[:count]]
    follows = [one.then for one in people if one.then is not None]
    after = legs.follow[:count][legs.follow[:count] >= 0]
    assert [(one.work_s, one.enter) for one in follows] == [
        (legs.work_s[leg], Enter(int(legs.enter[leg]))) for leg in after
    ]
    assert {one.enter for one in follows} <= {Enter.BACK, Enter.AGE, Enter.NEW}


def test_what_the_twin_leaves_open_is_drawn_as_declared():
    people = [one for block in range(40) for one in customers_of(model_of(PARTS[0]), seed=3, block=block)]
    count = len(people)
    there = [one for one in people if one.is_there]
    assert all(one.way_s > 0 and one.breath_s > 0 and one.handling_s > 0 for one in people)
    assert abs(np.mean([one.way_s + one.breath_s for one in there]) - 23.1) < 1.0
    assert abs(np.mean([one.leaves_openly for one in people]) - 0.6) < 5 * (0.24 / count) ** 0.5
    assert abs(np.mean([one.score is not None for one in people]) - 0.55) < 5 * (0.25 / count) ** 0.5
    # A long time at the counter tells of a second business: 7 % of all, few of the short ones, many of the long ones.
    alone = [one for one in there if one.then is None or one.then.enter is not Enter.AGE]
    assert abs(np.mean([one.second is not None for one in alone]) - 0.07) < 5 * (0.065 / len(alone)) ** 0.5
    fees = sorted((one for one in alone if one.business == "fee"), key=lambda one: one.work_s)
    tenth = len(fees) // 10
    short, long = (np.mean([one.second is not None for one in part]) for part in (fees[:tenth], fees[-tenth:]))
    assert short < 0.01
    assert long > 0.3
    again = customers_of(model_of(PARTS[0]), seed=3, block=0)
    assert again == tuple(people[: len(again)])


def lived_visits(hall):
    """The visits table of the day, folded from the journal, in order of issue; seconds of the day."""
    rows = folded(hall, DAY).visits
    return sorted(
        ({**row, **{name: seconds(row[name]) for name in _TIMES}} for row in rows), key=lambda row: row["issued_at"]
    )


_TIMES = ("issued_at", "called_at", "started_at", "finished_at", "left_at")


def seconds(at):
    return None if at is None else (at - MIDNIGHT).total_seconds()


def simulated_visits(part, hall):
    model, crowd = drawn(part, seed=2)
    prepared = prepare(model)
    rows = visits_of_day(
        prepared, crowd, run(prepared, crowd), 0, hall="H01", date=DAY, zone=hall_zone(hall), how=Wording(0.0, 0.0)
    )
    return [{**row, **{name: seconds(row[name]) for name in _TIMES}} for row in rows]


def hall_zone(hall):
    return ZoneInfo(Hall.objects.get(pk=hall).timezone)


@pytest.fixture
def without_extras(monkeypatch):
    """Customers without what the twin has no notion of: nobody goes without a word, nobody has forgotten papers."""

    def plain(model, *, seed, block):
        return tuple(plainly(one) for one in customers_of(model, seed=seed, block=block))

    def plainly(one):
        then = None if one.then is None else plainly(one.then)
        return replace(one, leaves_openly=True, parked_s=None, second=None, then=then)

    monkeypatch.setattr(guests, "customers_of", plain)


@pytest.mark.slow
def test_lived_visits_are_those_of_the_engine_ticket_by_ticket_until_the_first_lunch(cast, without_extras):
    """With people who lose no second of their own, the real actions give the engine's times: who is called when, by which counter.

    After the first clerk's lunch they part: the engine's lunch ends by the clock, a clerk's half an hour after it began.
    """
    hall = quick(cast)
    hall.live_until(LUNCH)
    lived, engine = lived_visits(cast.hall), simulated_visits(PARTS[1], cast.hall)
    noon = seconds(LUNCH)
    engine = [row for row in engine if row["issued_at"] <= noon]
    assert len(lived) == len(engine) > 60
    for one, other in zip(lived, engine, strict=True):
        assert one["issued_at"] == pytest.approx(other["issued_at"], abs=1e-3)
        called = other["called_at"] if other["called_at"] is not None and other["called_at"] <= noon else None
        assert one["called_at"] == (None if called is None else pytest.approx(called, abs=1e-3))
        if one["outcome"] == "served":
            assert (one["outcome"], one["counter"], one["transfers"]) == (
                other["outcome"],
                other["counter"],
                other["transfers"],
            )


@pytest.mark.slow
def test_a_whole_lived_day_is_near_the_engines(cast, without_extras):
    """Nothing is held back now: people pause, and lunch begins when the customer before it has gone."""
    hall = living(cast, PARTS[1])
    hall.begin_day(DAY, DAWN)
    hall.live_until(hall.closes + dt.timedelta(minutes=30))
    lived, engine = lived_visits(cast.hall), simulated_visits(PARTS[1], cast.hall)
    assert abs(len(lived) - len(engine)) <= 2  # one comes again or not
    waits = [np.array([row["wait_s"] for row in rows if row["wait_s"] is not None]) for rows in (lived, engine)]
    assert abs((waits[0] <= 600).mean() - (waits[1] <= 600).mean()) < 0.03
    assert -10 < waits[0].mean() - waits[1].mean() < 60


def quick(cast):
    """The quiet hall's day, with people who lose no second of their own."""
    hall = living(cast, PARTS[1])
    hall.pause = lambda seconds: 0.0
    hall.begin_day(DAY, DAWN)
    return hall


PLAYED = """
import sys, types
from yingting.web import processes
def play():
    del sys.modules["yingting.planning.jobs"]
    import yingting.planning.jobs
    from yingting.planning.customers import customers_of
    from yingting.planning.demo_model import model_of
    from yingting.planning.troupe import PARTS
    assert len(customers_of(model_of(PARTS[0]), seed=1, block=1)) > 600
sys.modules["yingting.planning.jobs"] = types.SimpleNamespace(live_on=play)
processes.simulate()
print([name for name in sys.modules if name.split(".")[0] in ("numba", "llvmlite")])
"""


def test_nothing_is_compiled_or_loaded_for_it_where_a_demo_is_played():
    environment = {key: value for key, value in os.environ.items() if key != "NUMBA_DISABLE_JIT"}
    environment["DJANGO_SETTINGS_MODULE"] = "yingting.web.settings"
    told = subprocess.run([sys.executable, "-c", PLAYED], env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
