"""A coach that anybody may let come to a demo hall."""

import datetime as dt

import pytest

from yingting.domains.queueing.models import Ticket
from yingting.foundation.journal.models import Fact
from yingting.kernel.actors import SYSTEM
from yingting.kernel.refusals import Refusal
from yingting.planning.crowds import PEOPLE, let_crowd_come
from yingting.planning.demo_clock import put_forward
from yingting.planning.refusals import CROWD_COMES, CROWD_TOO_LATE, DEMO_ONLY
from yingting.planning.tests.test_living_hall import DAY, at, living


@pytest.fixture
def demo(settings):
    settings.DEMO = True


def crowds() -> list[tuple]:
    rows = Fact.objects.filter(kind="demo.crowd_called").order_by("id")
    return [(row.data["number"], row.data["people"], row.occurred_at) for row in rows]


def test_a_coachs_customers_come_within_a_quarter_of_an_hour_also_after_a_restart(cast, demo):
    hall = living(cast)
    hall._guests.plan_day = lambda now: None  # nobody else comes in
    hall.begin_day(DAY, at(-3))
    hall._floor.meet = lambda customer, now: False
    hall.live_until(at(10))
    assert let_crowd_come(hall=cast.hall, actor=SYSTEM, now=at(10)) == 1
    for minute in range(10, 18):
        hall.look_around(at(minute))
        hall.live_until(at(minute))
    before = Ticket.objects.count()
    assert 0 < before < PEOPLE
    again = living(cast)
    again._guests.plan_day = lambda now: None
    again.begin_day(DAY, at(17))
    again._floor.meet = lambda customer, now: False
    again.look_around(at(17))
    again.live_until(at(25))
    again.look_around(at(25))
    again.live_until(at(40))
    assert Ticket.objects.count() == PEOPLE


@pytest.mark.parametrize(
    ("when", "code"), [(at(20), CROWD_COMES), (at(-1), CROWD_TOO_LATE), (at(9 * 60 + 20), CROWD_TOO_LATE)]
)
def test_a_second_coach_waits_for_the_first_and_none_comes_to_closed_doors(cast, demo, when, code):
    let_crowd_come(hall=cast.hall, actor=SYSTEM, now=at(10))
    with pytest.raises(Refusal) as no:
        let_crowd_come(hall=cast.hall, actor=SYSTEM, now=when)
    assert no.value.code == code
    assert crowds() == [(1, PEOPLE, at(10))]
    assert let_crowd_come(hall=cast.hall, actor=SYSTEM, now=at(25)) == 2


def test_no_coach_comes_to_a_real_hall(cast, client):
    with pytest.raises(Refusal) as no:
        let_crowd_come(hall=cast.hall, actor=SYSTEM, now=at(10))
    assert no.value.code == DEMO_ONLY
    assert client.post("/demo/crowd/").status_code == 403
    assert crowds() == []


def test_anyone_may_let_a_peak_come_from_the_first_page(cast, demo, client):
    now = dt.datetime.now(dt.UTC)
    for hall in (cast.hall, cast.other_hall):
        put_forward(hall=hall, hall_time=at(50), actor=SYSTEM, now=now)
    assert "来一波高峰" in client.get("/").content.decode()
    assert client.get("/demo/crowd/").status_code == 405
    answer = client.post("/demo/crowd/", {"next": "https://elsewhere.example/"}, follow=True)
    assert answer.redirect_chain == [("/", 302)]
    assert "60 位客户将在 15 分钟内陆续进厅" in answer.content.decode()
    [(number, people, _at)] = crowds()
    assert (number, people) == (1, PEOPLE)
    assert Fact.objects.get(kind="demo.crowd_called").hall == cast.hall
