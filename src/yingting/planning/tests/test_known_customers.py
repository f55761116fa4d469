"""Whom the demo's halls know, and who has booked there: made up once, lived through the real actions."""

from __future__ import annotations

import datetime as dt

import pytest

from yingting.domains.appointments.models import Booking
from yingting.domains.queueing.models import TicketCustomer
from yingting.foundation.customers.models import Consent, Customer
from yingting.foundation.sites.models import Hall
from yingting.planning.known_people import COMPANIES, PEOPLE, has_known_people, make_known_people
from yingting.planning.living_hall import LivingHall
from yingting.planning.troupe import PARTS, hire_behind, players

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DAWN = dt.datetime(2026, 1, 5, 0, 27, tzinfo=dt.UTC)


@pytest.fixture
def hall(cast):
    """The full hall of the demo on the morning of a Monday, with the people whom it knows."""
    hire_behind()
    for part in PARTS:
        players(part, Hall.objects.get(code=part.hall_code))
    assert not has_known_people()
    assert make_known_people(DAWN, "Asia/Shanghai") == PEOPLE + len(COMPANIES)
    lived = LivingHall(PARTS[0], Hall.objects.get(code="H01"))
    lived.begin_day(dt.date(2026, 1, 5), DAWN)
    return lived


def test_known_customers_have_files_with_consents_needs_and_account_managers(cast, hall):
    files = Customer.objects.filter(source="demo")
    assert files.count() == PEOPLE + len(COMPANIES)
    assert {"public", "big", "industry", "important", "business"} == set(files.values_list("segment", flat=True))
    assert set(Consent.objects.values_list("purpose", flat=True)) >= {
        "service_notice",
        "care",
        "marketing",
        "special_needs",
    }
    assert files.filter(registered_at__gte=DAWN).count() == 0


def test_booked_customers_arrive_known_ones_let_themselves_be_known_and_a_restart_books_nobody_twice(cast, hall):
    booked = Booking.objects.filter(hall=cast.hall, customer__source="demo")
    before = booked.count()
    assert 8 <= before <= 14
    noon = DAWN + dt.timedelta(hours=3, minutes=30)
    hall.live_until(noon)
    came = booked.filter(ticket__isnull=False)
    assert came.count() >= 2
    links = TicketCustomer.objects.filter(hall=cast.hall)
    assert set(links.values_list("how", flat=True)) >= {"card", "booking"}
    assert links.filter(how="booking").count() == came.count()
    LivingHall(PARTS[0], Hall.objects.get(code="H01")).begin_day(dt.date(2026, 1, 5), noon)
    assert booked.count() == before
