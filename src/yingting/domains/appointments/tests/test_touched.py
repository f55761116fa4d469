"""Hours, holidays and places change after bookings were made: every touched booking is found, offered another time, escalated."""

import datetime as dt

import pytest

from yingting.domains.appointments import jobs
from yingting.domains.appointments.actions import touching
from yingting.domains.appointments.models import Booking
from yingting.domains.appointments.queries.slots import hall_places
from yingting.domains.appointments.queries.touched import offers_for, touched_now
from yingting.domains.appointments.rules.shapes import GroupHours, PlaceGroup
from yingting.domains.appointments.tests.conftest import OTHER, TODAY, refused
from yingting.foundation.calendars.rules_of_time import DATES, DatedHours, DateState, OwnDates
from yingting.foundation.notify.models import Message
from yingting.foundation.sites.models import OpeningException, OpeningSpan
from yingting.kernel.weekdays import Weekday

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + dt.timedelta(days=1)


def close(hall, day=TOMORROW, opens=None, closes=None):
    OpeningException.objects.create(hall_id=hall.cast.hall, on=day, opens=opens, closes=closes, reason="停电")


def whys(hall):
    return {row.pk: row.touched_why for row in Booking.objects.filter(state="booked")}


@pytest.mark.req("APT-01")
def test_a_day_that_closes_touches_every_booking_on_it_and_no_other(hall):
    one, two = hall.book(hall.at(9)), hall.book(hall.at(15), phone=OTHER)
    other = hall.book(hall.at(9, day=2), phone=OTHER)
    assert jobs.compare_bookings() == 0
    close(hall)
    assert jobs.compare_bookings() == 3  # two marked; one begins within a day, so it is escalated at once
    assert whys(hall) == {one.id: "closed", two.id: "closed", other.id: ""}
    assert jobs.compare_bookings() == 0
    people = set(Message.objects.filter(kind="bookings.touched").values_list("person__staff_no", flat=True))
    assert people == {"1201", "1301"}


def test_the_customer_is_offered_the_nearest_free_times_and_moves_with_one_press(hall):
    given = hall.book(hall.at(9, day=3))
    close(hall, TODAY + dt.timedelta(days=3))
    jobs.compare_bookings()
    offers = [slot.starts_at for slot in offers_for(hall.row(given), hall.now)]
    assert offers == [hall.at(9, day=2), hall.at(8, 30, day=4), hall.at(9, day=4)]
    hall.change(given, offers[1])
    row = hall.row(given)
    assert (row.touched_why, row.starts_at, row.touched_at) == ("", offers[1], None)


def test_a_touched_booking_is_never_the_customers_fault(hall):
    given = hall.book(hall.at(9))
    close(hall)
    jobs.compare_bookings()
    hall.stand_at(hall.at(8, 50))
    hall.cancel(given)
    assert (hall.row(given).cause, hall.row(given).counts) == ("hall_closed", False)


def test_a_touched_booking_nobody_answered_is_a_no_show_of_the_hall(hall):
    given = hall.book(hall.at(9))
    close(hall)
    jobs.compare_bookings()
    hall.stand_at(hall.at(9, 31))
    jobs.look_after_bookings()
    assert (hall.row(given).state, hall.row(given).cause, hall.row(given).counts) == ("missed", "hall_closed", False)


def test_shorter_hours_touch_only_what_lies_outside(hall):
    one, two = hall.book(hall.at(9)), hall.book(hall.at(17, 30), phone=OTHER)
    OpeningSpan.objects.filter(hall=hall.cast.hall).update(closes=dt.time(17))
    jobs.compare_bookings()
    assert whys(hall) == {one.id: "", two.id: "closed"}


def test_fewer_places_keep_those_who_booked_first(hall):
    one = hall.book(hall.at(9))
    hall.pass_(minutes=1)
    two = hall.book(hall.at(9), phone=OTHER)
    hall.places(places=2)
    jobs.compare_bookings()
    assert whys(hall) == {one.id: "", two.id: "over"}
    assert refused(lambda: hall.book(hall.at(9), phone="13700137000")) == "booking.full"
    touching.keep(booking=two.id, actor=hall.actor_of("1201"), now=hall.now)
    assert jobs.compare_bookings() == 0
    assert (whys(hall)[two.id], hall.row(two).is_kept) == ("", True)


def test_a_closed_door_keeps_nobody(hall):
    given = hall.book(hall.at(9))
    close(hall)
    jobs.compare_bookings()

    def act(who):
        return touching.keep(booking=given.id, actor=hall.actor_of(who), now=hall.now)

    assert refused(lambda: act("1201")) == "booking.door_closed"
    assert refused(lambda: act("1001")) == "access.refused"


def test_what_was_taken_back_touches_nobody_any_more(hall):
    given = hall.book(hall.at(9))
    close(hall)
    jobs.compare_bookings()
    OpeningException.objects.all().delete()
    assert jobs.compare_bookings() == 1
    assert hall.row(given).touched_why == ""


def test_a_rule_from_a_later_day_touches_what_is_booked_from_it_on(hall):
    one, two = hall.book(hall.at(9, day=2)), hall.book(hall.at(9, day=3), phone=OTHER)
    narrow = PlaceGroup("all", "全部业务", "", ("pay",))
    hall.places(since=TODAY + dt.timedelta(days=3), groups=(narrow,))
    jobs.compare_bookings()
    assert whys(hall) == {one.id: "", two.id: "not_offered"}


def test_taking_no_more_bookings_does_not_take_back_those_made(hall):
    hall.book(hall.at(9))
    hall.places(is_on=False)
    assert jobs.compare_bookings() == 0


def test_dividing_the_day_anew_touches_nobody_and_books_nothing_twice(hall):
    one, two = hall.book(hall.at(9)), hall.book(hall.at(9), phone=OTHER)
    hall.places(slot_min=20, places=4)  # 08:30, 08:50, 09:10, …: the two sit in 08:50 and 09:10
    assert jobs.compare_bookings() == 0
    assert whys(hall) == {one.id: "", two.id: ""}
    assert hall.at(8, 50) not in hall.free()
    assert hall.at(9, 10) not in hall.free()
    assert refused(lambda: hall.book(hall.at(9, 10), phone="13700137000")) == "booking.full"
    hall.book(hall.at(9, 30), phone="13700137000")


def test_a_holiday_of_the_calendar_closes_the_day_unless_the_hall_opens_it(hall):
    day = TODAY + dt.timedelta(days=2)
    hall.book(hall.at(9, day=2))
    hall.rule(DATES, DatedHours((OwnDates(day, "庆典"),)))
    assert hall.free(2) == {}
    assert set(touched_now(hall_places(hall.cast.hall), hall.now).values()) != set()
    close(hall, day, dt.time(9), dt.time(12))
    assert hall.at(9, day=2) in hall.free(2)
    assert hall.at(13, day=2) not in hall.free(2)
    assert touched_now(hall_places(hall.cast.hall), hall.now) == {}


def test_unanswered_is_escalated_a_day_after_or_a_day_before(hall):
    given = hall.book(hall.at(9, day=5))
    close(hall, TODAY + dt.timedelta(days=5))
    jobs.compare_bookings()
    assert hall.row(given).escalated_at is None
    hall.pass_(hours=24)
    jobs.compare_bookings()
    assert hall.row(given).escalated_at == hall.now
    touching.note_call(
        booking=given.id, about="touched", outcome="not_reached", actor=hall.actor_of("1001"), now=hall.now
    )
    assert hall.row(given).calls == 1


def test_on_a_make_up_workday_the_hours_of_a_monday_hold(hall):
    saturday = TODAY + dt.timedelta(days=5)
    mornings = GroupHours("all", (Weekday.MONDAY, Weekday.TUESDAY), dt.time(9), dt.time(10))
    hall.places(hours=(mornings,))
    assert hall.free(5) == {}
    hall.rule(DATES, DatedHours((OwnDates(saturday, "调休上班", state=DateState.WORKDAY),)))
    assert list(hall.free(5)) == [hall.at(9, day=5), hall.at(9, 30, day=5)]
