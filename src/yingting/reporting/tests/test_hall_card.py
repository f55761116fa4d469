"""The hall card: who sees it, and its figures."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from yingting.domains.queueing.actions.issuing import issue_ticket
from yingting.domains.queueing.actions.moving import leave
from yingting.domains.queueing.queries.crowding import waiting_peaks
from yingting.foundation.catalogue.models import Equipment
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Hall, Zone
from yingting.kernel.clocks import system_now
from yingting.reporting.facilities.evidence import SHELF
from yingting.reporting.hall_card import hall_card

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_lake(settings, tmp_path):
    settings.LAKE_DIR = tmp_path / "lake"


def card(cast, now):
    SHELF.fill(system_now() + dt.timedelta(seconds=3))
    return hall_card(Hall.objects.select_related("unit").get(pk=cast.hall), now.date())


@pytest.mark.req("FAC-10")
def test_seats_stand_against_the_most_who_waited_at_once(cast, now, actor_of):
    guide, minute = actor_of("1101"), dt.timedelta(minutes=1)
    tickets = [
        issue_ticket(hall=cast.hall, business=cast.businesses["fee"], actor=guide, now=now + n * minute)
        for n in range(4)
    ]
    leave(hall=cast.hall, ticket=tickets[0].id, actor=guide, now=now + 2.5 * minute)
    later = now + 10 * minute
    assert waiting_peaks(cast.hall, first=now.date(), last=now.date(), now=later) == {now.date(): 3}
    Hall.objects.filter(pk=cast.hall).update(seats=2)
    seats = card(cast, later).seats
    assert (seats.seats, seats.highest, seats.typical, seats.days, seats.missing) == (2, 3, 3, 1, 1)
    Hall.objects.filter(pk=cast.hall).update(seats=None)
    assert card(cast, later).seats.missing == 0


@pytest.mark.req("FAC-04")
def test_areas_are_added_up_by_function_and_an_unknown_size_is_not_a_zero(cast, now):
    Zone.objects.filter(hall=cast.hall).update(is_active=False)
    for name, function, size in (("A", "handling", 60), ("B", "handling", 20), ("C", "experience", None)):
        Zone.objects.create(hall_id=cast.hall, name=name, function=function, area_m2=size)
    found = card(cast, now)
    assert {len(area.zones): area.area_m2 for area in found.areas} == {2: Decimal(80), 1: None}
    assert found.total_m2 == Decimal(80)


@pytest.mark.req("ORG-02")
def test_vendors_people_stand_in_the_same_list(cast, now):
    Person.objects.filter(staff_no="1001").update(vendor="某手机厂商")
    found = card(cast, now)
    assert found.vendors == 1
    assert {person.staff_no for person in found.people} >= {"1001", "1201"}


@pytest.mark.req("SLF-02")
def test_broken_equipment_and_smart_clients_are_counted(cast, now):
    Equipment.objects.create(hall_id=cast.hall, kind="payment", name="缴费机", state="broken", state_reason="卡纸")
    Equipment.objects.create(hall_id=cast.hall, kind="smart_client", name="平板 2")
    found = card(cast, now)
    assert (found.broken, found.smart_clients, len(found.equipment)) == (1, 2, 6)


@pytest.mark.parametrize(("who", "status", "people"), [("1301", 200, True), ("9001", 200, False), ("2001", 404, None)])
def test_who_reads_reports_sees_the_card_and_who_runs_the_hall_its_people(client, cast, who, status, people):
    assert client.get("/halls/H01/card/").status_code == 302
    client.force_login(Person.objects.get(staff_no=who))
    answer = client.get("/halls/H01/card/")
    assert answer.status_code == status
    if people is not None:
        assert ("王芳" in answer.content.decode()) is people
