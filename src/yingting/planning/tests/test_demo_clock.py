"""The clock of a demo: continuous when its speed changes, forward only, and never in a real hall."""

import datetime as dt

import pytest

from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.foundation.journal.models import Fact
from yingting.foundation.sites.models import Hall
from yingting.kernel.actors import SYSTEM
from yingting.kernel.refusals import Refusal
from yingting.planning.demo_clock import SPEEDS, clocks, put_forward, set_speed
from yingting.planning.refusals import CLOCK_BACKWARDS, DEMO_ONLY, SPEED_UNKNOWN

REAL = dt.datetime(2026, 7, 1, 12, 0, tzinfo=dt.UTC)
MORNING = dt.datetime(2026, 1, 5, 1, 20, tzinfo=dt.UTC)


def later(**span):
    return REAL + dt.timedelta(**span)


@pytest.fixture
def demo(settings):
    settings.DEMO = True


def test_the_halls_time_goes_on_without_a_jump_when_the_speed_changes(cast, demo):
    put_forward(hall=cast.hall, hall_time=MORNING, actor=SYSTEM, now=REAL)
    reached = MORNING
    real = REAL
    for speed in (*SPEEDS, 1):
        before = fresh_setup(cast.hall).clock
        assert before.at(real) == reached
        set_speed(hall=cast.hall, speed=speed, actor=SYSTEM, now=real)
        clock = fresh_setup(cast.hall).clock
        assert clock.at(real) == reached
        real += dt.timedelta(seconds=7)
        reached += dt.timedelta(seconds=7 * speed)
        assert clock.at(real) == reached


def test_screens_are_told_by_a_fact_and_a_new_version_of_the_setup(cast, demo):
    before = Hall.objects.get(pk=cast.hall).config_version
    set_speed(hall=cast.hall, speed=60, actor=SYSTEM, now=REAL)
    assert Hall.objects.get(pk=cast.hall).config_version == before + 1
    fact = Fact.objects.get(subject=cast.hall)
    assert (fact.kind, fact.hall, fact.data["before"]["speed"], fact.data["after"]["speed"]) == (
        "reference.changed",
        cast.hall,
        1.0,
        60,
    )


def unchanged(hall) -> tuple:
    row = Hall.objects.get(pk=hall)
    return row.config_version, row.clock_anchor_real, row.clock_speed, Fact.objects.count()


def test_a_real_hall_has_no_clock_to_set(cast):
    before = unchanged(cast.hall)
    with pytest.raises(Refusal) as no:
        set_speed(hall=cast.hall, speed=60, actor=SYSTEM, now=REAL)
    assert no.value.code == DEMO_ONLY
    assert unchanged(cast.hall) == before


@pytest.mark.parametrize("speed", [-1, 2, 61])
def test_only_the_listed_speeds_are_taken(cast, demo, speed):
    before = unchanged(cast.hall)
    with pytest.raises(Refusal) as no:
        set_speed(hall=cast.hall, speed=speed, actor=SYSTEM, now=REAL)
    assert no.value.code == SPEED_UNKNOWN
    assert unchanged(cast.hall) == before


def test_the_clock_is_never_put_back(cast, demo):
    put_forward(hall=cast.hall, hall_time=MORNING, actor=SYSTEM, now=REAL)
    before = unchanged(cast.hall)
    with pytest.raises(Refusal) as no:
        put_forward(hall=cast.hall, hall_time=MORNING, actor=SYSTEM, now=later(seconds=1))
    assert no.value.code == CLOCK_BACKWARDS
    assert unchanged(cast.hall) == before


def test_anyone_may_set_the_clock_of_a_demo_from_the_page_and_all_halls_keep_one_time(cast, demo, client):
    for hall in (cast.hall, cast.other_hall):
        put_forward(hall=hall, hall_time=MORNING, actor=SYSTEM, now=REAL)
    page = client.post("/demo/clock/", {"speed": "20"}, headers={"HX-Request": "true"})
    assert page.status_code == 200
    assert 'value="20" aria-pressed="true"' in page.content.decode()
    assert [shown.speed for shown in clocks(now=REAL)] == [20, 20]


def test_a_speed_that_is_no_number_is_refused_in_words(cast, demo, client):
    page = client.post("/demo/clock/", {"speed": "fast"}, headers={"HX-Request": "true"})
    assert page.status_code == 422
    assert "时钟只能用这些倍速:0, 1, 5, 20, 60" in page.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_page_is_refused_in_a_real_hall(cast, client, method):
    before = unchanged(cast.hall)
    page = getattr(client, method)("/demo/clock/", {"speed": "20"}, headers={"HX-Request": "true"})
    assert page.status_code == 403
    assert unchanged(cast.hall) == before
