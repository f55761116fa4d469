"""How long self-service equipment worked, from the register's history."""

from __future__ import annotations

import datetime as dt

import pytest

from yingting.domains.queueing.queries.setup import fresh_setup
from yingting.foundation.catalogue.models import Equipment
from yingting.foundation.editing.catalogue.actions import EQUIPMENT
from yingting.foundation.editing.changing import change, create
from yingting.foundation.sites.models import Hall
from yingting.reporting.uptime import open_spans, uptimes

pytestmark = pytest.mark.django_db


@pytest.mark.req("SLF-02")
def test_open_minutes_count_as_working_between_changes_of_state(cast, actor_of, now):
    """Open 8:30 to 18:00. Broken on Monday from 10:00, mended at 15:00; a new one stands there since 12:00."""
    manager, hall = actor_of("1301"), Hall.objects.get(pk=cast.hall)
    old = Equipment.objects.get(hall=hall, kind="payment")
    broken = {"state": "broken", "state_reason": "卡纸"}
    change(EQUIPMENT, old.pk, values=broken, actor=manager, now=now)
    change(EQUIPMENT, old.pk, values={"name": "缴费机一号"}, actor=manager, now=now + dt.timedelta(hours=1))
    mended = {"state": "working", "state_reason": ""}
    change(EQUIPMENT, old.pk, values=mended, actor=manager, now=now + dt.timedelta(hours=5))
    values = {"hall": hall, "kind": "card", "name": "售卡机", "state": "working"}
    new = create(EQUIPMENT, values=values, actor=manager, now=now + dt.timedelta(hours=2))
    setup, day = fresh_setup(cast.hall), now.date()
    opened = open_spans(setup.hours, setup.timezone, day, day, now + dt.timedelta(days=1))
    found = uptimes(Equipment.objects.filter(hall=hall), opened)
    assert (found[old.pk].open_min, found[old.pk].working_min) == (570, 270)
    assert (found[new.pk].open_min, found[new.pk].working_min) == (360, 360)
    untouched = Equipment.objects.get(hall=hall, kind="printer")
    assert found[untouched.pk].share == 1.0


def test_the_running_day_counts_up_to_now_and_a_closed_day_not_at_all(cast, now):
    setup, day = fresh_setup(cast.hall), now.date()
    assert open_spans(setup.hours, setup.timezone, day, day, now) == [(now - dt.timedelta(minutes=90), now)]
    assert open_spans(setup.hours, setup.timezone, day, day, now - dt.timedelta(hours=3)) == []


@pytest.mark.req("SLF-01", "SLF-02")
def test_the_hall_card_shows_the_share_of_each_device(client, cast, actor_of):
    from yingting.foundation.people.models import Person

    Equipment.objects.filter(hall=cast.hall, kind="payment").update(state="off")
    client.force_login(Person.objects.get(staff_no="1301"))
    page = client.get("/halls/H01/card/").content.decode()
    assert "100.0%" in page
    assert "0.0%</td>" in page
