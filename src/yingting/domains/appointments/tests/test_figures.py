"""The rows that a day of appointments puts into the lake."""

import pytest

from yingting.domains.appointments import jobs
from yingting.domains.appointments.evidence import SHELF
from yingting.domains.appointments.models import OfferedDay
from yingting.domains.appointments.queries.figures import booking_rows, slot_rows
from yingting.domains.appointments.tests.conftest import OTHER, TODAY
from yingting.foundation.journal.models import Fact

pytestmark = pytest.mark.django_db


def test_a_day_is_told_by_its_bookings_and_its_slots(hall):
    given = hall.book(hall.at(15, day=0))
    hall.cancel(hall.book(hall.at(9), phone=OTHER))
    hall.hold(hall.at(16, day=0), phone="", name="")
    assert (jobs.write_places_down(), jobs.write_places_down()) == (38, 0)  # two halls of nineteen half hours
    rows = booking_rows(hall.cast.hall, "H01", TODAY)
    assert [(row["booking"], row["state"], row["booked_visit"]) for row in rows] == [(str(given.id), "booked", None)]
    slots = slot_rows(hall.cast.hall, "H01", TODAY)
    assert (len(slots), sum(row["offered"] for row in slots), sum(row["taken"] for row in slots)) == (19, 38, 2)


def test_what_was_offered_stays_when_the_rules_change_within_the_day(hall):
    jobs.write_places_down()
    hall.book(hall.at(15, day=0))
    hall.places(slot_min=60)
    assert sum(row["offered"] for row in slot_rows(hall.cast.hall, "H01", TODAY)) == 38
    assert OfferedDay.objects.count() == 2


def test_a_booking_that_goes_to_another_day_leaves_a_fact_on_the_day_that_it_left(hall):
    given = hall.book(hall.at(9))
    hall.change(given, hall.at(9, day=3))
    days = dict(
        Fact.objects.filter(kind__in=("booking.changed", "booking.day_left")).values_list("kind", "business_day")
    )
    assert days == {"booking.changed": hall.at(9, day=3).date(), "booking.day_left": hall.at(9).date()}
    fold = SHELF.fold({hall.cast.hall: "H01"})
    facts = list(Fact.objects.filter(business_day=hall.at(9).date()).values("kind", "business_day", "data"))
    rows = fold.rows(hall.cast.hall, facts)
    assert [len(list(some)) for some in rows.values()] == [0, 0]
