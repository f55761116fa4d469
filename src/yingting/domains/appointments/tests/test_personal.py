"""Retention and erasure: a booking is found by its number, and stays without the person."""

import datetime as dt

import pytest

from yingting.domains.appointments.actions.erasing import BOOKINGS
from yingting.domains.appointments.models import Booker, Booking
from yingting.domains.appointments.tests.conftest import OTHER, PHONE
from yingting.foundation.privacy.fields import search_keys
from yingting.foundation.privacy.holders import Due
from yingting.foundation.privacy.retention import Chosen, erase_on_request, erase_what_is_due
from yingting.foundation.privacy.rules import DataKind

pytestmark = pytest.mark.django_db


def found(phone=PHONE):
    return [kept.record for kept in BOOKINGS.find(DataKind.PHONE, search_keys(DataKind.PHONE, phone))]


def test_a_booking_is_found_by_its_number_and_its_time_runs_from_its_end(hall):
    given, other = hall.book(hall.at(9)), hall.book(hall.at(9), phone=OTHER)
    assert found("+86 138 0013 8000") == [given.id]
    (kept,) = BOOKINGS.kept([given.id])
    assert (kept.since, kept.label) == (None, "H01 2026-01-06 09:00")
    hall.cancel(given)
    due = [kept.record for kept in BOOKINGS.due(Due(hall.now + dt.timedelta(seconds=1), None, 10))]
    assert (due, other.id in due) == ([given.id], False)


def test_what_is_due_goes_and_the_booking_stays_without_the_person(hall):
    given = hall.book(hall.at(9), need="换号", papers=("身份证",))
    hall.cancel(given)
    before = hall.row(given)
    erase_what_is_due(now=hall.now + dt.timedelta(days=150))
    assert found() == [given.id]
    erase_what_is_due(now=hall.now + dt.timedelta(days=200))
    row = hall.row(given)
    assert (str(row.name), str(row.phone), str(row.need), row.phone_key, row.papers) == ("", "", "", "", [])
    assert (row.state, row.version, row.slot_id, row.booker_id) == (
        before.state,
        before.version,
        before.slot_id,
        before.booker_id,
    )
    assert (found(), Booker.objects.get().phone_key) == ([], "")


def test_who_asks_to_be_forgotten_gives_up_what_is_still_to_come(hall):
    one, two = hall.book(hall.at(9)), hall.book(hall.at(9, day=2))
    actor = hall.actor_of("9901")
    erase_on_request(chosen=[Chosen(BOOKINGS.kind, one.id)], reason="本人要求", actor=actor, now=hall.now)
    assert (hall.row(one).state, hall.free()[hall.at(9)], found()) == ("cancelled", 2, [two.id])
    assert Booker.objects.get().phone.open() == PHONE  # who has another booking is still known
    erase_on_request(chosen=[Chosen(BOOKINGS.kind, two.id)], reason="本人要求", actor=actor, now=hall.now)
    assert (found(), Booker.objects.get().phone.open(), Booking.objects.count()) == ([], "", 2)
