"""The live hall: figures, what to do now, who may act."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils.translation import gettext

from yingting.domains.queueing.actions import calling, issuing, serving, sessions
from yingting.domains.queueing.models import CounterSession, HallDay, Ticket
from yingting.domains.queueing.queries.boards import hall_live
from yingting.domains.queueing.queries.floor import (
    IDLE,
    NO_HANDS,
    OPEN_FOR,
    UNPAUSE,
    free_clerks,
    halls_side_by_side,
    names_of,
    what_now,
    zone_ages,
)
from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.domains.queueing.refusals import DAY_OPEN
from yingting.foundation.journal.models import Fact
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Hall, Unit
from yingting.kernel.refusals import Refusal

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def at_ten(cast, now):
    Hall.objects.update(clock_anchor_real=now, clock_anchor_hall=now, clock_speed=0)
    return now


@pytest.fixture
def as_(client):
    def sign_in(staff_no):
        client.force_login(Person.objects.get(staff_no=staff_no))
        return client

    return sign_in


def _issue(cast, actor_of, at, business="fee"):
    return issuing.issue_ticket(hall=cast.hall, business=cast.businesses[business], actor=actor_of("1101"), now=at)


def _steps(cast, now):
    setup = fresh_setup(cast.hall)
    live = hall_live(setup, now=now)
    names = names_of(seat.clerk for seat in live.counters)
    return [(step.sentence, step.level) for step in what_now(setup, live, names, free_clerks(setup))]


def _busy(cast, actor_of, now):
    """Three wait: 12, 9 and 1 minutes; counter 3 is paused."""
    seat = sessions.open_counter(
        hall=cast.hall, counter=cast.counters["3"], actor=actor_of("1001"), now=now - 20 * MINUTE
    )
    sessions.pause(hall=cast.hall, session=seat.id, reason="用餐", actor=actor_of("1001"), now=now - 15 * MINUTE)
    tickets = [_issue(cast, actor_of, now - m * MINUTE, b) for m, b in ((12, "fee"), (9, "install"), (1, "fee"))]
    return seat.id, tickets


@pytest.mark.req("QUE-02")
def test_zones_and_ages_are_counted_by_the_hall_s_own_limits(cast, actor_of, now):
    _busy(cast, actor_of, now)
    setup = fresh_setup(cast.hall)
    rows = zone_ages(setup, hall_live(setup, now=now))
    assert [(row.name, row.name_en, row.ok, row.challenge, row.over) for row in rows] == [
        ("综合区", "Main area", 1, 0, 1),
        ("宽带区", "Broadband area", 0, 1, 0),
    ]


def test_what_now_names_the_cheapest_remedy_first(cast, actor_of, now):
    assert _steps(cast, now) == []
    _busy(cast, actor_of, now)
    assert _steps(cast, now) == [(UNPAUSE, "over"), (OPEN_FOR, "over"), (OPEN_FOR, "over")]
    sessions.open_counter(hall=cast.hall, counter=cast.counters["1"], actor=actor_of("1201"), now=now)
    assert _steps(cast, now)[0] == (IDLE, "challenge")


def test_without_free_hands_the_guide_is_sent(cast, actor_of, now):
    Person.objects.exclude(staff_no__in=("1101",)).update(is_active=False)
    _issue(cast, actor_of, now - 12 * MINUTE)
    assert _steps(cast, now) == [(NO_HANDS, "over")]


def test_free_clerks_are_people_of_the_hall_who_may_serve_and_sit_nowhere(cast, actor_of, now):
    setup = fresh_setup(cast.hall)
    assert [row.staff_no for row in free_clerks(setup)] == ["1001", "1002", "1003", "1004", "1005", "1006", "1201"]
    sessions.open_counter(hall=cast.hall, counter=cast.counters["1"], actor=actor_of("1001"), now=now)
    assert "1001" not in [row.staff_no for row in free_clerks(setup)]


def test_halls_side_by_side_show_the_same_figures_worst_first(cast, actor_of, now):
    _busy(cast, actor_of, now)
    rows = halls_side_by_side(Hall.objects.select_related("unit").order_by("-code"), real_now=now)
    picture = [
        (r.code, r.waiting, r.over_challenge, r.over_limit, r.longest_s, r.level, r.counters_open, r.counters_paused)
        for r in rows
    ]
    assert picture == [("H01", 3, 2, 1, 720.0, "over", 0, 1), ("H02", 0, 0, 0, 0.0, "ok", 0, 0)]


def test_fifty_halls_take_as_many_queries_as_two(cast, now, django_assert_num_queries):
    parent = Unit.objects.get(code="TH")
    for n in range(3, 51):
        unit = Unit.objects.create(
            code=f"H{n:02d}", parent=parent, level="hall", path=f"{parent.path}H{n:02d}/", name=f"{n} 厅"
        )
        Hall.objects.create(unit=unit, code=unit.code)
    with django_assert_num_queries(5):
        rows = halls_side_by_side(Hall.objects.select_related("unit"), real_now=now)
    assert len(rows) == 50


def test_the_duty_manager_s_buttons_do_their_steps(cast, actor_of, at_ten, as_):
    session, (waiting, other, _last) = _busy(cast, actor_of, at_ten)
    client = as_("1201")

    def press(name, *args, **data):
        answer = client.post(reverse(f"queueing:{name}", args=["H01", *args]), data, headers={"HX-Request": "true"})
        assert answer.status_code == 200, answer.content.decode()

    press("floor-session", session, "unpause")
    assert CounterSession.objects.get(pk=session).state == "open"
    press("floor-session", session, "pause", reason="清点现金")
    assert CounterSession.objects.get(pk=session).pause_reason == "清点现金"
    press("floor-session", session, "close")
    assert CounterSession.objects.get(pk=session).state == "closed"
    press("floor-open", cast.counters["5"], clerk=cast.people["1001"])
    seat = CounterSession.objects.exclude(state="closed").get()
    assert (seat.counter_id, seat.clerk_id) == (cast.counters["5"], cast.people["1001"])
    press("floor-ticket", waiting.id, "transfer", to=f"counter:{cast.counters['5']}", place="first")
    assert Ticket.objects.get(pk=waiting.id).for_counter_id == cast.counters["5"]
    press("floor-ticket", other.id, "leave")
    assert Ticket.objects.get(pk=other.id).state == "left"
    called = calling.call_next(
        hall=cast.hall, session=seat.pk, counter=seat.counter_id, actor=actor_of("1001"), now=at_ten
    )
    calling.mark_no_show(hall=cast.hall, ticket=called.id, actor=actor_of("1001"), now=at_ten)
    press("floor-ticket", called.id, "return")
    assert Ticket.objects.get(pk=called.id).state == "waiting"
    press("floor-close-day")
    assert HallDay.objects.get().closed_at == at_ten
    page = client.get(reverse("queueing:floor-hall", args=["H01"])).content.decode()
    assert "已于 10:00 闭厅" in page


def test_closing_the_day_is_refused_while_somebody_is_served(cast, actor_of, at_ten, as_):
    seat = sessions.open_counter(hall=cast.hall, counter=cast.counters["3"], actor=actor_of("1001"), now=at_ten)
    ticket = _issue(cast, actor_of, at_ten).id
    calling.call_next(hall=cast.hall, session=seat.id, counter=seat.counter, actor=actor_of("1001"), now=at_ten)
    serving.start_handling(hall=cast.hall, ticket=ticket, actor=actor_of("1001"), now=at_ten)
    facts = Fact.objects.count()
    answer = as_("1201").post(reverse("queueing:floor-close-day", args=["H01"]))
    assert answer.status_code == 409
    assert gettext(Refusal(DAY_OPEN).kind.sentence) % {"count": 1} in answer.content.decode()
    assert Fact.objects.count() == facts


@pytest.mark.req("SEC-01")
@pytest.mark.parametrize(
    ("who", "page_status", "step_status"),
    [
        (None, 302, 302),
        ("2001", 404, 404),
        ("9001", 200, 403),
        ("1001", 200, 403),
        ("1101", 200, 403),
        ("1201", 200, 200),
    ],
)
def test_who_sees_the_hall_and_who_acts_in_it(cast, actor_of, at_ten, as_, client, who, page_status, step_status):
    session, (waiting, *_rest) = _busy(cast, actor_of, at_ten)
    if who:
        as_(who)
    page = client.get(reverse("queueing:floor-hall", args=["H01"]))
    assert page.status_code == page_status
    if page_status == 200:
        assert ('data-opens="dialog-open"' in page.content.decode()) == (who == "1201")
        assert ("dialog-close-day" in page.content.decode()) == (who == "1201")
    facts = Fact.objects.count()
    for name, args, data in (
        ("floor-session", [session, "unpause"], {}),
        ("floor-open", [cast.counters["5"]], {"clerk": cast.people["1002"]}),
        ("floor-ticket", [waiting.id, "transfer"], {"to": f"queue:{cast.queues['B']}", "place": "age"}),
        ("floor-close-day", [], {}),
    ):
        answer = client.post(
            reverse(f"queueing:{name}", args=["H01", *args]), data, headers={"HX-Request": "true"} if who else {}
        )
        assert answer.status_code == step_status, name
    if step_status != 200:
        assert Fact.objects.count() == facts


@pytest.mark.req("SEC-01")
@pytest.mark.parametrize("who", ["9001", "2001"])
@pytest.mark.parametrize("verb", ["leave", "return"])
def test_readers_and_outsiders_tend_no_ticket(cast, actor_of, at_ten, as_, who, verb):
    _session, (waiting, *_rest) = _busy(cast, actor_of, at_ten)
    answer = as_(who).post(reverse("queueing:floor-ticket", args=["H01", waiting.id, verb]))
    assert answer.status_code == (403 if who == "9001" else 404)
    assert Ticket.objects.get(pk=waiting.id).state == "waiting"


def test_the_reader_of_many_halls_sees_them_and_drills_down(cast, at_ten, as_):
    page = as_("9001").get(reverse("queueing:floor")).content.decode()
    assert all(reverse("queueing:floor-hall", args=[code]) in page for code in ("H01", "H02"))
    assert "<button" not in page.split("<main")[1]
    one = as_("2001").get(reverse("queueing:floor"))
    assert (one.status_code, one.headers["Location"]) == (302, "/floor/H02/")


def test_a_ticket_of_another_hall_is_unknown_here(cast, actor_of, at_ten, as_):
    ticket = issuing.issue_ticket(
        hall=cast.other_hall, business=cast.businesses["fee"], actor=actor_of("2001"), now=at_ten
    ).id
    answer = as_("1201").post(reverse("queueing:floor-ticket", args=["H01", ticket, "leave"]))
    assert answer.status_code == 404
    assert Ticket.objects.get(pk=ticket).state == "waiting"
