import datetime as dt

import pytest

from yingting.domains.appointments.actions import booking
from yingting.domains.appointments.models import Booker, Booking, Slot
from yingting.domains.appointments.tests.conftest import OTHER, PHONE, refused
from yingting.foundation.journal.models import Fact

pytestmark = pytest.mark.django_db


@pytest.mark.req("APT-01")
def test_a_customer_books_a_free_time_and_the_place_is_gone(hall):
    at = hall.at(9)
    assert hall.free()[at] == 2  # half of four places are kept for walk-ins
    given = hall.book(at)
    assert (given.state, given.starts_at, given.ends_at - given.starts_at) == ("booked", at, dt.timedelta(minutes=30))
    assert hall.free()[at] == 1
    hall.book(at, phone=OTHER)
    assert at not in hall.free()
    assert refused(lambda: hall.book(at, phone="13700137000")) == "booking.full"
    assert Booking.objects.count() == 2


def test_the_journal_holds_neither_name_nor_number(hall):
    hall.book(hall.at(9), need="我要办 13912345678 的过户")
    text = str(list(Fact.objects.filter(kind__startswith="booking.").values_list("data", flat=True)))
    assert PHONE not in text
    assert "王客" not in text
    assert "13912345678" not in text
    assert (str(Booking.objects.get().phone), str(Booker.objects.get().phone)) == ("138****8000", "138****8000")


def test_a_retry_gets_the_first_answer_and_takes_no_second_place(hall):
    first = hall.book(hall.at(9), key="12345678")
    assert hall.book(hall.at(9), key="12345678") == first
    assert Slot.objects.get().taken == 1
    assert refused(lambda: hall.book(hall.at(10), key="12345678")) == "request.key_reused"
    assert refused(lambda: hall.book(hall.at(9), key="12345678", phone=OTHER)) == "request.key_reused"


def test_a_hold_takes_a_place_until_it_is_over(hall):
    at = hall.at(9)
    held = hall.hold(at, phone="", name="")
    assert (held.state, held.holds_until - hall.now, hall.free()[at]) == ("held", dt.timedelta(minutes=10), 1)
    hall.pass_(minutes=10)
    assert hall.free()[at] == 2
    hall.book(at)
    hall.book(at, phone=OTHER)  # both places: the hold gave its own back inside the transaction
    assert hall.row(held).state == "lapsed"

    def again():
        return booking.confirm(booking=held.id, name="王", phone="13700137000", actor=hall.own(held.id), now=hall.now)

    assert refused(again) == "booking.hold_over"


def test_a_hold_is_confirmed_with_name_and_number(hall):
    held = hall.hold(hall.at(9), phone="", name="")
    made = booking.confirm(
        booking=held.id,
        name="王客",
        phone="+86 138 0013 8000",
        need="换套餐",
        papers=("身份证",),
        actor=hall.own(held.id),
        now=hall.now,
    )
    row = hall.row(made)
    assert (row.state, row.phone.open(), row.need.open(), row.papers) == ("booked", PHONE, "换套餐", ["身份证"])
    assert Slot.objects.get().taken == 1
    assert refused(lambda: hall.book(hall.at(9))) == "booking.same_time"


def test_a_person_has_limits(hall):
    hall.book(hall.at(9))
    assert refused(lambda: hall.book(hall.at(10))) == "booking.day_limit"
    hall.book(hall.at(10, day=2))
    assert refused(lambda: hall.book(hall.at(10, day=3))) == "booking.open_limit"
    hall.book(hall.at(10, day=3), phone=OTHER)


def test_a_change_takes_the_new_place_and_gives_the_old_one_back(hall):
    given = hall.book(hall.at(9))
    hall.change(given, hall.at(11, day=2))
    assert (hall.free()[hall.at(9)], hall.free(2)[hall.at(11, day=2)]) == (2, 1)
    assert hall.row(given).starts_at == hall.at(11, day=2)


def test_a_refused_change_leaves_the_old_place(hall):
    given = hall.book(hall.at(9))
    for phone in (OTHER, "13700137000"):
        hall.book(hall.at(10), phone=phone)
    before = hall.row(given).version
    assert refused(lambda: hall.change(given, hall.at(10))) == "booking.full"
    assert (hall.row(given).starts_at, hall.row(given).version, hall.free()[hall.at(9)]) == (hall.at(9), before, 1)


def test_cancelling_gives_the_place_back_once(hall):
    given = hall.book(hall.at(9))
    hall.cancel(given)
    hall.cancel(given)
    assert hall.free()[hall.at(9)] == 2
    assert (hall.row(given).state, hall.row(given).cause) == ("cancelled", "cancelled")


def test_strangers_and_other_halls_reach_no_booking(hall):
    given = hall.book(hall.at(9))
    act = lambda actor: booking.cancel(booking=given.id, actor=actor, now=hall.now)  # noqa: E731
    assert refused(lambda: act(hall.customer())) == "booking.unknown"
    assert refused(lambda: act(hall.actor_of("2001"))) == "hall.unknown"
    assert hall.row(given).state == "booked"
