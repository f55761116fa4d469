"""Forecasts and counters needed, from the hall's own visits."""

import datetime as dt

import pytest

from yingting.foundation.sites.models import Hall
from yingting.planning.twins import working
from yingting.planning.twins.actions import ask_ahead, ask_for_counters
from yingting.planning.twins.days import facts_of
from yingting.planning.twins.foreseeing import kinds_of
from yingting.planning.twins.models import RunState, TwinRun
from yingting.planning.twins.questions import Ahead, CountersNeeded
from yingting.planning.twins.reading import answer_in
from yingting.planning.twins.tests.conftest import known_hall
from yingting.twin.staffing.plans import Goal
from yingting.twin.staffing.search import staff

pytestmark = pytest.mark.django_db


def tomorrow(now):
    return (now + dt.timedelta(days=1)).date().isoformat()


def test_a_forecast_knows_the_weekdays_and_the_half_hours(cast, past, actor_of, now):
    past(weeks=8)
    run = ask_ahead(hall=cast.hall, question=Ahead(tomorrow(now), 7), actor=actor_of("1301"), now=now)
    working.answer(run)
    row = TwinRun.objects.get(pk=run)
    assert row.state == RunState.DONE, row.answer
    body = answer_in(row)
    days = {one["on"]: one for one in body["days"]}
    tuesday = days["2026-01-06"]
    assert tuesday["low"] < tuesday["total"] < tuesday["high"]
    assert tuesday["total"] == pytest.approx(260, rel=0.15)  # what the past was made of
    assert sum(tuesday["slots"]) == pytest.approx(tuesday["total"], rel=1e-3)
    fullest = body["slots"][max(range(len(body["slots"])), key=lambda place: tuesday["slots"][place])]
    assert 10 * 3600 <= fullest <= 11 * 3600
    assert body["why"]


def test_too_short_a_past_is_refused_in_words(cast, past, actor_of, now):
    past(weeks=1)
    run = ask_ahead(hall=cast.hall, question=Ahead(tomorrow(now), 7), actor=actor_of("1301"), now=now)
    working.answer(run)
    row = TwinRun.objects.get(pk=run)
    assert row.state == RunState.REFUSED
    assert answer_in(row)["said"][0][1]["least"] == 14


@pytest.mark.parametrize("years_back", [2, 20])
def test_a_forecast_that_begins_before_the_days_looked_back_on_is_refused_in_words(
    cast, past, actor_of, now, years_back
):
    past(weeks=8)
    begins = (now - dt.timedelta(days=366 * years_back)).date().isoformat()
    run = ask_ahead(hall=cast.hall, question=Ahead(begins, 7), actor=actor_of("1301"), now=now)
    working.answer(run)
    row = TwinRun.objects.get(pk=run)
    assert row.state == RunState.REFUSED
    assert answer_in(row)["said"][0][1]["days"] == 0


def test_counters_needed_hold_the_goal_in_every_half_hour(cast, past, actor_of, now):
    past()
    run = ask_for_counters(hall=cast.hall, question=CountersNeeded(tomorrow(now), 0.9), actor=actor_of("1301"), now=now)
    working.answer(run)
    row = TwinRun.objects.get(pk=run)
    assert row.state == RunState.DONE, row.answer
    body = answer_in(row)
    assert body["unmet"] == []
    assert all(one["within"][2] >= 0.9 for one in body["slots"])
    assert body["total_hours"] > 10
    assert sum(body["hours"].values()) == pytest.approx(body["total_hours"])


def test_a_slot_that_chance_was_kind_to_is_repaired_however_often_it_falls_short_again():
    model = known_hall(316.9355373868164)  # of three hundred seeds and volumes the one that takes five turns
    found = staff(model, kinds_of(model, 12, only=True), (Goal(0.9),), seed=1267, counters=12)
    assert found.unmet == ()


def test_kinds_are_what_counters_serve_and_everything():
    found = {one.queues: one.at_most for one in kinds_of(known_hall(), 6)}
    assert found == {("A",): 2, ("A", "B"): 6}


def test_a_kind_of_another_hall_has_as_many_counters_as_that_hall():
    found = {one.queues: one.at_most for one in kinds_of(known_hall(), 9, only=True)}
    assert found == {("A",): 9, ("A", "B"): 9}


def test_another_halls_size_comes_from_the_customers_of_a_like_one(cast, past, actor_of, now):
    past()
    bodies = []
    for question in (
        CountersNeeded(tomorrow(now), 0.9, 2.0, 12),
        CountersNeeded(tomorrow(now), 0.9, 2.0, 3),
    ):
        run = ask_for_counters(hall=cast.hall, question=question, actor=actor_of("1301"), now=now)
        working.answer(run)
        row = TwinRun.objects.get(pk=run)
        assert row.state == RunState.DONE, row.answer
        bodies.append(answer_in(row))
    large, small = bodies
    assert large["customers"] == pytest.approx(520, rel=0.1)
    assert not large["unmet"]
    assert 4 < max(sum(one["needed"].values()) for one in large["slots"]) <= 12
    assert large["seats"] < large["usual_seats"]
    assert max(sum(one["needed"].values()) for one in small["slots"]) == 3
    assert small["unmet"]


def test_a_weekday_on_which_nobody_ever_came_is_a_day_off_whatever_the_hours_say(cast, past, actor_of, now):
    past()  # working days only
    run = ask_ahead(hall=cast.hall, question=Ahead(tomorrow(now), 7), actor=actor_of("1301"), now=now)
    working.answer(run)
    days = answer_in(TwinRun.objects.get(pk=run))["days"]
    weekdays = [dt.date.fromisoformat(one["on"]).weekday() for one in days]
    assert [one["is_open"] for one in days] == [one < 5 for one in weekdays]
    facts = facts_of(
        Hall.objects.select_related("unit").get(pk=cast.hall), [dt.date.fromisoformat(one["on"]) for one in days]
    )
    assert all(one.opens_s is not None for one in facts.values())
