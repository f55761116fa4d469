"""Who is called, and what calling refuses."""

import datetime as dt

import pytest

from yingting.domains.queueing.actions import calling, issuing, moving, serving, sessions
from yingting.domains.queueing.models import CounterSession, Ticket
from yingting.domains.queueing.rules import Place
from yingting.foundation.journal.models import Fact
from yingting.kernel.refusals import Refusal

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def hall(cast, actor_of, now):
    """Issue, open and call in the hall of the cast with few words."""

    class Driver:
        ids = cast
        guide, clerk, other_clerk, manager = (actor_of(n) for n in ("1101", "1001", "1002", "1201"))

        def issue(self, business="fee", at=now, **more):
            return issuing.issue_ticket(
                hall=cast.hall, business=cast.businesses[business], actor=self.guide, now=at, **more
            )

        def seat(self, counter="3", clerk=None, at=now):
            return sessions.open_counter(
                hall=cast.hall, counter=cast.counters[counter], actor=clerk or self.clerk, now=at
            )

        def call(self, seat, clerk=None, at=now, **more):
            return calling.call_next(
                hall=cast.hall, session=seat.id, counter=seat.counter, actor=clerk or self.clerk, now=at, **more
            )

        def drain(self, seat, at=now):
            """Call and mark as no-show until nobody waits; return the numbers in order."""
            numbers = []
            while True:
                try:
                    called = self.call(seat, at=at)
                except Refusal as refusal:
                    if refusal.code != "queue.nobody_waits":
                        raise
                    return numbers
                numbers.append(called.number)
                calling.mark_no_show(hall=cast.hall, ticket=called.id, actor=self.clerk, now=at)

    return Driver()


def refused(code, act, *args, **kwargs):
    before = Fact.objects.count()
    with pytest.raises(Refusal) as no:
        act(*args, **kwargs)
    assert no.value.code == code
    assert Fact.objects.count() == before
    return no.value


@pytest.mark.req("QUE-36")
def test_waiting_longest_is_called_first_across_the_queues_of_a_counter(hall, now):
    for n, business in enumerate(("install", "fee", "open")):
        hall.issue(business, at=now + n * MINUTE)

    assert hall.drain(hall.seat("3")) == ["C001", "A001", "B001"]


@pytest.mark.req("QUE-01")
def test_the_care_lane_is_served_first_and_has_numbers_of_its_own(hall, now):
    hall.issue("fee")
    hall.issue("fee", at=now + MINUTE, care=True)

    seat = hall.seat("3")
    called = hall.call(seat, at=now + 2 * MINUTE)
    assert (called.number, called.rule) == ("Z001", "care")


def test_a_star_customer_passes_later_tickets_and_those_at_most_five_minutes_earlier(hall, now):
    hall.issue("fee")
    hall.issue("fee", at=now + 3 * MINUTE)
    star = hall.issue("fee", at=now + 6 * MINUTE, priority=hall.ids.priorities["vip"])

    seat = hall.seat("3")
    assert hall.drain(seat, at=now + 7 * MINUTE) == ["A001", star.number, "A002"]


@pytest.mark.req("QUE-36")
def test_a_counter_gets_only_queues_that_it_serves_and_the_clerk_can_do(hall, now):
    from yingting.domains.queueing.models import PersonSkill
    from yingting.foundation.catalogue.models import BusinessClass

    for business in ("install", "open", "fee"):
        hall.issue(business)
    assert hall.drain(hall.seat("1")) == ["A001"]  # counter 1 serves queue A only

    PersonSkill.objects.create(
        person_id=hall.other_clerk.id, business_class=BusinessClass.objects.get(code="broadband")
    )
    PersonSkill.objects.create(person_id=hall.other_clerk.id, business_class=BusinessClass.objects.get(code="help"))
    seat = hall.seat("3", clerk=hall.other_clerk)
    assert hall.call(seat, clerk=hall.other_clerk).number == "C001"


def test_a_double_press_gets_the_first_answer_and_calls_one_ticket(hall):
    hall.issue()
    hall.issue()
    seat = hall.seat()

    first = hall.call(seat, request_key="press-0001")
    assert hall.call(seat, request_key="press-0001") == first
    assert Fact.objects.filter(kind="ticket.called").count() == 1
    refused("request.key_reused", hall.issue, request_key="press-0001")
    refused("session.busy", hall.call, seat, request_key="press-0002")


def test_a_retried_finish_gets_the_first_answer(hall, now):
    hall.issue()
    called = hall.call(hall.seat())
    step = {"hall": hall.ids.hall, "ticket": called.id, "actor": hall.clerk}
    started = serving.start_handling(**step, now=now, request_key="start-0001")
    assert serving.start_handling(**step, now=now, request_key="start-0001") == started

    done = serving.finish(**step, now=now + MINUTE, request_key="done-00001")
    again = serving.finish(**step, now=now + 2 * MINUTE, request_key="done-00001")
    assert again == done
    refused("ticket.moved_on", serving.finish, **step, now=now + 2 * MINUTE, request_key="done-00002")


def test_one_ticket_is_issued_for_a_double_tap(hall):
    first = hall.issue(request_key="tap-00001")
    second = hall.issue(request_key="tap-00001")
    assert second == first
    assert Ticket.objects.count() == 1
    refused("request.key_reused", hall.issue, "install", request_key="tap-00001")


def test_a_closed_or_paused_counter_calls_nobody(hall, now):
    hall.issue()
    seat = hall.seat()
    sessions.pause(hall=hall.ids.hall, session=seat.id, reason="午餐", actor=hall.clerk, now=now)
    refused("session.paused", hall.call, seat)
    sessions.close_counter(hall=hall.ids.hall, session=seat.id, actor=hall.clerk, now=now)
    refused("session.closed", hall.call, seat)


def test_another_clerks_counter_cannot_be_used(hall):
    hall.issue()
    seat = hall.seat()
    refused("ticket.not_yours", hall.call, seat, clerk=hall.other_clerk)


def test_one_clerk_a_counter_and_one_counter_a_clerk(hall):
    hall.seat("3")
    assert hall.seat("3").id == CounterSession.objects.get().pk  # signing in again finds the same session
    refused("clerk.elsewhere", hall.seat, "4")
    refused("counter.taken", hall.seat, "3", clerk=hall.other_clerk)


def test_outside_the_opening_hours_no_number_is_given(hall, now):
    evening = now + dt.timedelta(hours=9)  # 19:00
    no = refused("queue.hall_closed", hall.issue, at=evening)
    assert no.params == {"opens": "01-06 08:30"}


@pytest.mark.parametrize(("place", "order"), [(Place.FIRST, "BAC"), (Place.LAST, "ACB"), (Place.AGE, "ABC")])
def test_a_transfer_enters_the_new_line_first_last_or_by_age_of_the_visit(hall, now, place, order):
    visits = [
        (hall.issue(business, at=now + 2 * n * MINUTE), "ABC"[n])
        for n, business in enumerate(("install", "fee", "install"))
    ]
    letters = {ticket.id: letter for ticket, letter in visits}
    moved = visits[1][0]

    moving.transfer_ticket(
        hall=hall.ids.hall, ticket=moved.id, place=place, queue=hall.ids.queues["C"], business=hall.ids.businesses["ask"],
        actor=hall.manager, now=now + 5 * MINUTE,
    )  # fmt: skip
    seat, called = hall.seat("4"), ""
    for _ in letters:
        ticket = hall.call(seat, at=now + 6 * MINUTE)
        called += letters[ticket.id]
        calling.mark_no_show(hall=hall.ids.hall, ticket=ticket.id, actor=hall.clerk, now=now + 6 * MINUTE)
    assert called == order


def test_a_ticket_sent_to_a_counter_is_called_there_and_nowhere_else(hall, now):
    ticket = hall.issue("fee")
    moving.transfer_ticket(
        hall=hall.ids.hall,
        ticket=ticket.id,
        place=Place.FIRST,
        counter=hall.ids.counters["6"],
        actor=hall.manager,
        now=now,
    )
    refused("queue.nobody_waits", hall.call, hall.seat("3"))
    seat = hall.seat("6", clerk=hall.other_clerk)
    called = hall.call(seat, clerk=hall.other_clerk)
    assert (called.id, called.rule) == (ticket.id, "directed")


def test_stepping_back_lets_two_go_first_and_touches_nobody_else(hall, now):
    first = hall.issue("fee")
    for n in range(1, 4):
        hall.issue("fee", at=now + n * MINUTE)
    moving.step_back(hall=hall.ids.hall, ticket=first.id, places=2, actor=hall.guide, now=now + 4 * MINUTE)
    assert hall.drain(hall.seat("3"), at=now + 5 * MINUTE) == ["A002", "A003", "A001", "A004"]


def test_a_clock_that_jumps_back_does_not_break_the_order(hall, now):
    hall.issue("fee")
    hall.issue("install", at=now - dt.timedelta(hours=1))  # the clock was set back
    hall.issue("fee", at=now - dt.timedelta(hours=1) + MINUTE)
    assert hall.drain(hall.seat("3", at=now - dt.timedelta(hours=1)), at=now) == ["A001", "C001", "A002"]
    assert all(fact.data["waited_s"] >= 0 for fact in Fact.objects.filter(kind="ticket.called"))
