"""An hour of simulated life goes through the real actions and keeps their promises."""

import datetime as dt
from collections import Counter
from itertools import pairwise
from uuid import UUID

import pytest

from yingting.domains.queueing.actions import calling, issuing, moving, serving, sessions
from yingting.domains.queueing.models import CounterSession, HallDay, Handling, Ticket
from yingting.domains.queueing.rules import fold_ticket
from yingting.foundation.journal.models import Fact
from yingting.foundation.journal.recording import facts_of
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Hall
from yingting.planning import jobs
from yingting.planning.living_hall import LivingHall
from yingting.planning.troupe import PARTS

DAY = dt.date(2026, 1, 5)
DOORS = dt.datetime(2026, 1, 5, 0, 30, tzinfo=dt.UTC)


def at(minutes: float) -> dt.datetime:
    return DOORS + dt.timedelta(minutes=minutes)


def living(cast, part=PARTS[0], seed=2) -> LivingHall:  # a seed whose first hour is full enough for the reserve
    return LivingHall(part, Hall.objects.select_related("unit").get(pk=cast.hall), seed=seed)


@pytest.fixture
def hall(cast):
    hall = living(cast)
    hall.begin_day(DAY, at(-3))
    return hall


def keeps_its_promises(hall_id) -> None:
    tickets = list(Ticket.objects.filter(hall=hall_id))
    for ticket in tickets:
        folded = fold_ticket(facts_of(ticket.pk))
        row = {
            name: str(value) if isinstance(value := getattr(ticket, f"{name}_id", getattr(ticket, name, None)), UUID) else value
            for name in ("number", "state", "version", "queue", "business", "priority", "tier", "calls", "transfers", "rating", "counter",
                         "session", "for_counter")
        }  # fmt: skip
        assert {name: getattr(folded, name) for name in row} == row
        assert dt.datetime.fromisoformat(folded.rank_at) == ticket.rank_at
    numbers = Counter((ticket.business_day, ticket.number) for ticket in tickets)
    assert max(numbers.values()) == 1
    # A call is one fact of one version: two calls of a ticket always have a miss, a transfer or a return between them.
    for ticket in tickets:
        kinds = [fact["kind"] for fact in facts_of(ticket.pk)]
        calls = [place for place, kind in enumerate(kinds) if kind == "ticket.called"]
        for one, two in pairwise(calls):
            assert {"ticket.transferred", "ticket.returned"} & set(kinds[one:two])
    open_handlings = Handling.objects.filter(hall=hall_id, ended_at__isnull=True).count()
    assert open_handlings == sum(ticket.state == "serving" for ticket in tickets)


def test_an_hour_of_life_keeps_every_promise_of_the_queue(cast, hall):
    hall.live_until(at(60))
    keeps_its_promises(cast.hall)
    states = Counter(Ticket.objects.filter(hall=cast.hall).values_list("state", flat=True))
    assert 70 <= sum(states.values()) <= 130
    assert states["finished"] >= 50
    assert 1 <= states["waiting"] <= 40
    kinds = set(Fact.objects.values_list("kind", flat=True))
    assert {"ticket.issued", "ticket.called", "ticket.started", "ticket.finished", "ticket.rating_asked", "ticket.rated",
            "ticket.business_added", "session.opened", "day.opened"} <= kinds  # fmt: skip
    assert CounterSession.objects.filter(hall=cast.hall, state="open").count() == 5
    assert not CounterSession.objects.filter(counter=cast.counters["1"]).exists()


def test_the_same_seed_plans_the_same_day_and_another_seed_another(cast, hall):
    plans = []
    for seed in (1, 1, 2):
        planned = living(cast, seed=seed)
        planned.begin_day(DAY, at(-3))
        plans.append([moment for moment, _, _ in planned._agenda])
    assert plans[0] == plans[1]
    assert plans[0] != plans[2]


def test_only_those_who_play_are_touched_when_a_clerk_signs_in_and_works(cast, actor_of, hall):
    clerk = actor_of("1001")
    hall.live_until(at(30))
    seat = sessions.open_counter(hall=cast.hall, counter=cast.counters["1"], actor=clerk, now=at(30))
    called = calling.call_next(hall=cast.hall, session=seat.id, counter=seat.counter, actor=clerk, now=at(30))
    for minute in range(31, 50):
        hall.live_until(at(minute))
        hall.look_around(at(minute))
    mine = CounterSession.objects.get(pk=seat.id)
    assert (mine.state, mine.ticket_id, mine.version) == ("open", called.id, 1)
    assert Ticket.objects.get(pk=called.id).state == "called"
    serving.start_handling(hall=cast.hall, ticket=called.id, actor=clerk, now=at(50))
    serving.finish(hall=cast.hall, ticket=called.id, actor=clerk, now=at(52))
    keeps_its_promises(cast.hall)


def test_a_customer_whom_somebody_real_sent_is_called_and_served_but_never_spoken_for(cast, actor_of, hall):
    hall.live_until(at(20))
    issued = issuing.issue_ticket(hall=cast.hall, business=cast.businesses["fee"], actor=actor_of("1101"), now=at(20))
    for minute in range(21, 75):
        hall.live_until(at(minute))
        hall.look_around(at(minute))
    ticket = Ticket.objects.get(pk=issued.id)
    assert (ticket.state, ticket.rating) == ("finished", None)
    assert {fact["actor_kind"] for fact in facts_of(issued.id)} == {"person"}


def test_an_idle_clerk_sees_a_customer_whom_somebody_real_sent(cast, actor_of):
    hall = living(cast, PARTS[1])  # the quiet hall's day, with clerks of its own
    hall.begin_day(DAY, at(-3))
    hall._agenda = [moment for moment in hall._agenda if moment[0] < at(0.3)]  # nobody else comes
    hall.live_until(at(5))
    assert all(clerk.is_idle for clerk in hall.clerks)
    issued = issuing.issue_ticket(hall=cast.hall, business=cast.businesses["ask"], actor=actor_of("1101"), now=at(5))
    hall.look_around(at(5.1))
    hall.live_until(at(6))
    assert Ticket.objects.get(pk=issued.id).state in ("called", "serving", "finished")


def test_a_counter_that_the_duty_manager_closes_stays_closed_until_it_is_opened_again(cast, actor_of, hall):
    boss = actor_of("1201")
    hall.live_until(at(20))
    hall.look_around(at(20))
    clerk = hall.clerks[0]
    held = CounterSession.objects.get(pk=clerk.session)
    if held.ticket_id:
        moving.transfer_ticket(hall=cast.hall, ticket=held.ticket_id, actor=boss, now=at(20), place=moving.Place.FIRST)
    sessions.close_counter(hall=cast.hall, session=clerk.session, actor=boss, now=at(20))
    for minute in range(21, 30):
        hall.live_until(at(minute))
        hall.look_around(at(minute))
    assert not CounterSession.objects.filter(clerk=clerk.actor.id).exclude(state="closed").exists()
    sessions.open_counter(hall=cast.hall, counter=clerk.counter, clerk=clerk.actor.id, actor=boss, now=at(30))
    for minute in range(30, 36):
        hall.look_around(at(minute))
        hall.live_until(at(minute + 1))
    reopened = CounterSession.objects.get(pk=clerk.session)
    assert Handling.objects.filter(session=reopened).exists()


def test_a_simulation_that_was_killed_carries_on_from_what_is_there(cast, hall):
    hall.live_until(at(30))
    finished = Ticket.objects.filter(state="finished").count()
    again = living(cast)
    again.begin_day(DAY, at(30))
    again.live_until(at(60))
    keeps_its_promises(cast.hall)
    assert Ticket.objects.filter(state="finished").count() >= finished + 30
    assert CounterSession.objects.filter(hall=cast.hall).count() == 5


@pytest.mark.slow
def test_a_whole_day_ends_with_an_empty_hall_and_the_next_begins(cast, hall, settings, monkeypatch):
    settings.DEMO = True
    quiet = LivingHall(PARTS[1], Hall.objects.select_related("unit").get(pk=cast.other_hall))
    quiet.begin_day(DAY, at(-3))
    close = at(10 * 60)
    for one in (hall, quiet):
        one.live_until(close)
    assert not Ticket.objects.filter(state__in=("waiting", "called", "serving")).exists()
    assert not CounterSession.objects.exclude(state="closed").exists()
    monkeypatch.setattr(jobs, "hall_now", lambda hall: close)
    jobs._next_morning([hall, quiet])
    assert HallDay.objects.filter(closed_at__isnull=True).count() == 0
    assert hall.day == dt.date(2026, 1, 6)
    hall.live_until(hall.opens + dt.timedelta(minutes=20))
    assert Ticket.objects.filter(business_day=hall.day, hall=cast.hall).count() > 15
    keeps_its_promises(cast.hall)


def test_the_demo_opens_at_twenty_past_nine_with_people_waiting(db, settings, monkeypatch):
    settings.DEMO = True
    monkeypatch.setattr(jobs, "live_the_past", lambda _until: 0)  # test_case_past.py looks at it
    words = jobs.open_the_demo()
    assert "09:20" in words
    for hall in Hall.objects.all():
        assert hall.clock_speed == 1
        local = jobs.hall_now(hall.pk).astimezone(dt.timezone(dt.timedelta(hours=8)))
        assert (local.hour, local.minute, local.weekday() < 5) == (9, 20, True)
    assert Ticket.objects.filter(hall__code="H01", state="waiting").count() >= 3
    assert Ticket.objects.filter(hall__code="H01", state="finished").count() >= 40
    assert Person.objects.filter(is_simulated=True).count() == 15
