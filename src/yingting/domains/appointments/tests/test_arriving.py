"""A booked customer arrives: early, in time, late, too late; what the counter finds; how the booking ends."""

import datetime as dt

import pytest

from yingting.domains.appointments.actions import booking as making
from yingting.domains.appointments.actions.arriving import check_in
from yingting.domains.appointments.models import Booking
from yingting.domains.appointments.queries.arriving import expected_today, todays_booking
from yingting.domains.appointments.reactions import follow_visits
from yingting.domains.appointments.rules.public import number_of
from yingting.domains.appointments.tests.conftest import OTHER, PHONE, refused
from yingting.domains.floor.queries.work import ticket_file
from yingting.domains.queueing.actions import calling, days, moving, serving, sessions
from yingting.domains.queueing.models import ExpectedBooking, Ticket
from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.foundation.customers.models import Customer
from yingting.foundation.journal.models import Fact
from yingting.foundation.sites.models import Hall

pytestmark = pytest.mark.django_db


class Door:
    """Somebody has booked eleven o'clock today; it is ten."""

    def __init__(self, hall):
        self.hall = hall
        self.at = hall.at(11, day=0)
        self.given = hall.book(self.at, need="换一张 5G 卡", papers=("本人身份证原件",))

    @property
    def setup(self):
        return fresh_setup(self.hall.cast.hall)

    def come(self, minutes=0, *, who="1101", how="guide", booking=None, **more):
        """Come so many minutes after the booked time."""
        self.hall.stand_at(self.at + dt.timedelta(minutes=minutes))
        actor = self.hall.actor_of(who) if who else self.hall.own(booking or self.given.id)
        return check_in(booking=booking or self.given.id, how=how, actor=actor, now=self.hall.now, **more)


@pytest.fixture
def door(hall):
    hall.places(days_ahead=7)
    return Door(hall)


@pytest.mark.req("APT-01")
@pytest.mark.parametrize(
    ("minutes", "kind", "rank"),
    [(-40, "early", 0), (-10, "on_time", 0), (5, "on_time", 0), (20, "late", 20)],
)
def test_the_place_in_line_follows_from_the_arrival(door, minutes, kind, rank):
    came = door.come(minutes)
    ticket = Ticket.objects.get(booking=door.given.id)
    row = Booking.objects.get(pk=door.given.id)
    assert (came.kind.value, came.minutes, came.ticket.number) == (kind, minutes, "Y001")
    assert ticket.rank_at == door.at + dt.timedelta(minutes=rank)
    assert (row.state, row.ticket, row.arrival, row.arrived_at) == ("arrived", ticket.pk, kind, door.hall.now)
    assert Fact.objects.get(kind="booking.arrived").data == {
        "ticket": str(ticket.pk), "how": "guide", "kind": kind, "minutes": minutes,
    }  # fmt: skip


def test_who_comes_too_late_gets_no_place_and_keeps_the_booking_as_it_was(door):
    assert refused(lambda: door.come(31)) == "booking.over"
    assert not Ticket.objects.exists()
    assert Booking.objects.get(pk=door.given.id).state == "booked"


def test_another_day_is_refused_with_the_day(door):
    given = door.hall.book(door.hall.at(11, day=1), phone=OTHER)
    assert refused(lambda: door.come(0, booking=given.id)) == "booking.other_day"
    assert not Ticket.objects.exists()


def test_arriving_twice_is_arriving_once(door):
    first, again = door.come(-5), door.come(3)
    assert (again.ticket.id, again.kind, again.minutes) == (first.ticket.id, first.kind, first.minutes)
    assert Ticket.objects.count() == 1


def test_the_customer_may_come_with_the_link_and_a_stranger_may_not(door):
    other = door.hall.book(door.at, phone=OTHER, name="李客")
    assert (
        refused(lambda: check_in(booking=door.given.id, how="phone", actor=door.hall.own(other.id), now=door.at))
        == "booking.unknown"
    )
    assert refused(lambda: door.come(0, who="1002")) in ("access.refused", "hall.unknown")
    assert door.come(0, who=None, how="phone").ticket.number == "Y001"


@pytest.mark.req("APT-02")
def test_need_and_papers_of_the_booking_are_the_pre_acceptance_at_the_counter(door):
    came = door.come()
    file = ticket_file(came.ticket.id)
    [(number, answers, _by)] = file.forms
    assert (number, [(english, value) for _label, english, value in answers]) == (
        "P001", [("Need told when booking", "换一张 5G 卡")],
    )  # fmt: skip
    assert [(name, has) for name, _english, has in file.papers] == [("本人身份证原件", True), ("代办须双方证件", False)]
    assert "换一张" not in str(list(Fact.objects.values_list("data", flat=True)))


def test_who_told_nothing_at_booking_brings_an_empty_file(door):
    given = door.hall.book(door.hall.at(11, 30, day=0), phone=OTHER)
    came = door.come(20, booking=given.id)
    assert ticket_file(came.ticket.id).is_empty


@pytest.mark.req("APT-01")
def test_the_queue_expects_who_has_booked_until_they_come(door):
    row = ExpectedBooking.objects.get()
    assert (row.pk, row.rank_at, row.state) == (door.given.id, door.at, "expected")
    moved = door.hall.at(14, day=0)
    door.hall.change(door.given, moved)
    assert ExpectedBooking.objects.get().rank_at == moved
    door.hall.cancel(door.given)
    assert not ExpectedBooking.objects.exists()


def test_who_has_come_is_expected_no_more(door):
    door.come()
    assert ExpectedBooking.objects.get().state == "came"


def test_a_hold_is_not_expected(door):
    door.hall.hold(door.hall.at(15, day=0), phone=OTHER)
    assert ExpectedBooking.objects.count() == 1


def test_a_known_customer_s_ticket_names_the_file(door):
    from yingting.domains.queueing.models import TicketCustomer

    unit = Hall.objects.get(pk=door.hall.cast.hall).unit
    customer = Customer.objects.create(
        unit=unit, name="王客", phone=PHONE, last_seen_on=door.at.date(), registered_at=door.hall.now
    )
    Booking.objects.filter(pk=door.given.id).update(customer=customer)
    came = door.come()
    link = TicketCustomer.objects.get(ticket=came.ticket.id)
    assert (link.customer_id, link.how) == (customer.pk, "booking")


# ---------------------------------------------------------------------------------------------- found at the kiosk
def test_a_booking_is_found_by_link_number_and_telephone_number(door):
    found = {text: todays_booking(door.setup, text, now=door.hall.now) for text in (
        f"http://hall/b/{door.given.secret}/", number_of(door.given.id), "138 0013 8000",
    )}  # fmt: skip
    assert set(found.values()) == {door.given.id}


@pytest.mark.parametrize("text", ["", "hello", "13800138001", "00000000", "https://hall/b/notasecretatall/"])
def test_whatever_is_not_found_gets_the_same_answer(door, text):
    assert refused(lambda: todays_booking(door.setup, text, now=door.hall.now)) == "booking.unknown"


def test_a_booking_of_another_hall_or_day_is_not_found(door):
    given = door.hall.book(door.hall.at(11, day=1), phone=OTHER)
    assert refused(lambda: todays_booking(door.setup, OTHER, now=door.hall.now)) == "booking.unknown"
    assert (
        refused(lambda: todays_booking(fresh_setup(door.hall.cast.other_hall), PHONE, now=door.hall.now))
        == "booking.unknown"
    )
    assert todays_booking(door.setup, OTHER, now=door.hall.at(8, day=1)) == given.id


def test_the_floor_sees_who_is_expected_and_never_a_name(door):
    [one] = expected_today(door.setup, now=door.hall.now)
    assert (one.id, one.starts_at, one.has_need, one.arrival.kind.value) == (door.given.id, door.at, True, "early")
    assert "王客" not in repr(one)
    door.come()
    assert expected_today(door.setup, now=door.hall.now) == []


# ---------------------------------------------------------------------------------------------- how it ends
class Counter:
    def __init__(self, door):
        self.door = door
        self.clerk = door.hall.actor_of("1001")
        cast = door.hall.cast
        self.seat = sessions.open_counter(
            hall=cast.hall, counter=cast.counters["3"], actor=self.clerk, now=door.hall.now
        )

    def call(self):
        return calling.call_next(
            hall=self.door.hall.cast.hall,
            session=self.seat.id,
            counter=self.seat.counter,
            actor=self.clerk,
            now=self.door.hall.now,
        )

    def do(self, verb, ticket, **more):
        return verb(hall=self.door.hall.cast.hall, ticket=ticket, actor=self.clerk, now=self.door.hall.now, **more)


def test_a_booking_is_served_when_its_visit_is_finished(door):
    came, counter = door.come(), Counter(door)
    assert follow_visits() == 0
    assert counter.call().rule == "booked"
    counter.do(serving.start_handling, came.ticket.id)
    assert follow_visits() == 0
    counter.do(serving.finish, came.ticket.id)
    assert follow_visits() == 1
    row = Booking.objects.get(pk=door.given.id)
    assert (row.state, row.ended_at) == ("served", Ticket.objects.get(booking=row.pk).ended_at)
    assert follow_visits() == 0


def test_who_arrived_and_left_is_no_no_show(door):
    came = door.come()
    moving.leave(hall=door.hall.cast.hall, ticket=came.ticket.id, actor=door.hall.actor_of("1101"), now=door.hall.now)
    assert follow_visits() == 1
    row = Booking.objects.get(pk=door.given.id)
    assert (row.state, row.counts) == ("left", False)


def test_a_called_customer_who_does_not_answer_may_return_until_the_day_ends(door):
    came, counter = door.come(), Counter(door)
    counter.call()
    counter.do(calling.mark_no_show, came.ticket.id)
    assert follow_visits() == 0
    counter.do(calling.return_ticket, came.ticket.id)
    assert follow_visits() == 0
    days.close_day(hall=door.hall.cast.hall, day=door.at.date(), actor=door.hall.actor_of("1201"), now=door.hall.now)
    assert follow_visits() == 1
    assert Booking.objects.get(pk=door.given.id).state == "left"


def test_a_held_place_cannot_arrive(door):
    held = door.hall.hold(door.hall.at(11, 30, day=0), phone=OTHER)
    assert (
        refused(lambda: check_in(booking=held.id, how="guide", actor=door.hall.actor_of("1101"), now=door.at))
        == "booking.ended"
    )
    making.cancel(booking=door.given.id, actor=door.hall.own(door.given.id), now=door.hall.now)
    assert refused(lambda: door.come()) == "booking.ended"
    assert not Ticket.objects.exists()
