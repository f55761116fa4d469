"""How long equipment worked: from the settings page through the journal to the lake, and onto the hall card, all at the hall's time."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from yingting.domains.queueing.actions.days import close_day
from yingting.domains.queueing.actions.issuing import issue_ticket
from yingting.foundation.catalogue.models import Equipment
from yingting.foundation.editing.catalogue.actions import EQUIPMENT
from yingting.foundation.editing.changing import change, create
from yingting.foundation.journal.models import Fact
from yingting.foundation.lake.asking import ask, rows_behind
from yingting.foundation.lake.question import Question
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Hall
from yingting.kernel.clocks import system_now
from yingting.reporting.facilities.evidence import SHELF
from yingting.reporting.facilities.indicators import MOST_WAITING, REPAIR_TIME, SEATED, UPTIME
from yingting.reporting.hall_card import hall_card

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def day(settings, tmp_path, cast, actor_of, now):
    """Monday, open 8:30 to 18:00: the payment kiosk is out of order from 10:00 to 15:00, a new one stands there since 12:00."""
    settings.LAKE_DIR = tmp_path / "lake"
    manager, hall = actor_of("1301"), Hall.objects.get(pk=cast.hall)
    for n in range(3):
        issue_ticket(
            hall=hall.pk, business=cast.businesses["fee"], actor=actor_of("1101"), now=now + n * dt.timedelta(minutes=1)
        )
    old = Equipment.objects.get(hall=hall, kind="payment")
    values = {"state": "broken", "state_reason": "卡纸"}
    change(EQUIPMENT, old.pk, values=values, actor=manager, now=now)
    change(EQUIPMENT, old.pk, values={"name": "缴费机一号"}, actor=manager, now=now + HOUR)
    values = {"hall": hall, "kind": "card", "name": "售卡机", "state": "working"}
    create(EQUIPMENT, values=values, actor=manager, now=now + 2 * HOUR)
    values = {"state": "working", "state_reason": ""}
    change(EQUIPMENT, old.pk, values=values, actor=manager, now=now + 5 * HOUR)
    return now.date()


def filled(after=dt.timedelta(seconds=3)):
    return SHELF.fill(system_now() + after)


def asked(indicator, day, *by, code="H01"):
    question = Question((indicator.key,), (code,), day, day, by, minimum_sample={indicator.key: 1})
    return {one.group: (one[indicator.key].value, one[indicator.key].n) for one in ask(question)}


@pytest.mark.req("SLF-02", "FAC-06")
def test_open_minutes_count_as_working_between_changes_of_state(day, cast, actor_of, now):
    close_day(hall=cast.hall, day=day, actor=actor_of("1201"), now=now + 8.5 * HOUR)
    filled()
    by_device = {name: (value * n / 3600, n / 3600) for (name,), (value, n) in asked(UPTIME, day, "device").items()}
    assert by_device == {
        "缴费机一号": (pytest.approx(4.5), 9.5), "售卡机": (pytest.approx(6), 6), "业务办理机 1": (pytest.approx(9.5), 9.5),
        "清单打印机 1": (pytest.approx(9.5), 9.5), "平板 1": (pytest.approx(9.5), 9.5),
    }  # fmt: skip
    assert asked(UPTIME, day)[()] == (pytest.approx(1 - 5 / 44), 44 * 3600)
    assert asked(UPTIME, day, "device_kind")[("payment",)] == (pytest.approx(4.5 / 9.5), 9.5 * 3600)
    assert asked(REPAIR_TIME, day)[()] == (5 * 3600, 1)
    _columns, rows, count = rows_behind(Question((REPAIR_TIME.key,), ("H01",), day, day), 9)
    assert (count, rows[0]["reason"], rows[0]["repair_s"]) == (1, "卡纸", 5 * 3600)


def test_the_running_day_counts_up_to_the_last_number(day, cast, actor_of, now):
    filled()
    assert asked(UPTIME, day, "device")[("业务办理机 1",)] == (1, 92 * 60)
    issue_ticket(hall=cast.hall, business=cast.businesses["fee"], actor=actor_of("1101"), now=now + 2 * HOUR)
    filled()
    assert asked(UPTIME, day, "device")[("业务办理机 1",)] == (1, 3.5 * 3600)
    assert filled().written == 0


@pytest.mark.req("FAC-10")
def test_seats_stand_against_the_most_who_waited_at_once(day, cast):
    Hall.objects.filter(pk=cast.hall).update(seats=2)
    filled()
    assert asked(MOST_WAITING, day)[()] == (3, 1)
    assert asked(SEATED, day)[()] == (pytest.approx(2 / 3), 1)


def test_a_day_without_numbers_has_repairs_and_no_uptime(settings, tmp_path, cast, actor_of, now):
    settings.LAKE_DIR = tmp_path / "lake"
    printer = Equipment.objects.get(hall=cast.hall, kind="printer")
    for n, state in enumerate(("broken", "working")):
        values = {"state": state, "state_reason": "卡纸"}
        change(EQUIPMENT, printer.pk, values=values, actor=actor_of("1301"), now=now + n * HOUR)
    filled()
    assert asked(UPTIME, now.date())[()] == (None, 0)
    assert asked(REPAIR_TIME, now.date())[()] == (3600, 1)


def test_only_changes_of_equipment_belong_to_a_business_day(day, cast):
    days = set(Fact.objects.filter(kind="reference.changed").values_list("data__model", "business_day"))
    assert ("catalogue.equipment", day) in days
    assert {day for model, day in days if model != "catalogue.equipment"} <= {None}


@pytest.mark.req("SLF-01", "SLF-02")
def test_the_hall_card_shows_the_share_of_each_device(day, cast, actor_of, now):
    close_day(hall=cast.hall, day=day, actor=actor_of("1201"), now=now + 8.5 * HOUR)
    filled()
    found = hall_card(Hall.objects.select_related("unit").get(pk=cast.hall), day)
    worked = {item.name: one and round(one, 4) for item, one in found.equipment}
    assert (worked["缴费机一号"], worked["售卡机"], worked["平板 1"]) == (0.4737, 1, 1)
    assert (found.seats.highest, found.seats.typical, found.seats.days) == (3, 3, 1)


def test_the_settings_page_writes_at_the_halls_time_and_not_at_the_systems(client, cast, now):
    """A demo hall lives in another month than the machine it runs on."""
    Hall.objects.filter(pk=cast.hall).update(clock_anchor_real=now, clock_anchor_hall=now, clock_speed=0)
    client.force_login(Person.objects.get(staff_no="1301"))
    printer = Equipment.objects.get(hall=cast.hall, kind="printer")
    address = reverse("catalogue:equipment-item", args=["H01", printer.pk])
    form = client.get(address).context["form"]
    posted = {name: value for name, value in form.initial.items() if value is not None} | {
        "state": "broken", "state_reason": "缺纸", "read": client.get(address).context["read"], "business_types": [],
    }  # fmt: skip
    assert client.post(address, posted).status_code == 302
    client.post(reverse("catalogue:equipment-retire", args=["H01", printer.pk]))
    facts = Fact.objects.filter(subject=printer.pk).values_list("occurred_at", "business_day")
    assert list(facts) == [(now, now.date())] * 2
