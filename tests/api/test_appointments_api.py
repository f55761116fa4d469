"""Appointments over the API: the same actions, rights and refusals as at the desk; a retry is one deed."""

import uuid

import pytest

from tests.api.test_api import ask
from yingting.domains.appointments.models import Booking, Slot
from yingting.domains.queueing.tests.screens import set_clock
from yingting.foundation.people.access import digest
from yingting.foundation.people.models import ApiToken, Person, Role

PHONE = "13800138000"
KEY = {"HTTP_IDEMPOTENCY_KEY": "booking-0001"}


@pytest.fixture
def tokens(cast, now):
    set_clock(cast.hall, now)
    made = {}
    for staff_no in ("1001", "1201", "2001", "9001"):
        made[staff_no] = f"token-{staff_no}"
        person = Person.objects.get(staff_no=staff_no)
        ApiToken.objects.create(person=person, name="t", digest=digest(made[staff_no]), created_at=now)
    return made


@pytest.fixture
def at(cast):
    return f"/api/v1/halls/{cast.hall}/appointments"


def wish(cast, starts_at, **more):
    return {"business": str(cast.businesses["open"]), "starts_at": starts_at, "name": "王客", "phone": PHONE, **more}


def free(cast, at, token, day="2026-01-06"):
    return ask("GET", f"{at}/free?business={cast.businesses['open']}&day={day}", token).json()


@pytest.mark.req("APT-01", "APT-02")
def test_a_booking_is_made_once_for_a_key_looked_at_changed_and_cancelled(tokens, cast, at):
    found = free(cast, at, tokens["1001"])
    assert (found["last_day"], found["papers"][0], len(found["slots"])) == ("2026-01-12", "本人身份证原件", 19)
    first, second = (slot["starts_at"] for slot in found["slots"][:2])
    body = wish(cast, first, need="换号", papers=["本人身份证原件"])
    made = ask("POST", at, tokens["1001"], body, **KEY)
    again = ask("POST", at, tokens["1001"], body, **KEY)
    other = ask("POST", at, tokens["1001"], wish(cast, second), **KEY)
    assert (made.status_code, again.json()) == (201, made.json())
    assert other.json()["code"] == "request.key_reused"
    assert Booking.objects.count() == 1
    where = f"{at}/{made.json()['id']}"
    told = ask("GET", where, tokens["1201"]).json()
    shown = (told["name"], told["phone"], told["channel"], told["papers"], told["touched"])
    assert shown == ("王**", "138****8000", "api", ["本人身份证原件"], "")
    moved = ask("POST", f"{where}/change", tokens["1001"], {"starts_at": second, "version": told["version"]}).json()
    assert (moved["starts_at"], moved["version"]) == (second, 2)
    stale = ask("POST", f"{where}/change", tokens["1001"], {"starts_at": first, "version": 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "booking.changed_meanwhile")
    for _twice in range(2):
        assert ask("POST", f"{where}/cancel", tokens["1001"], {}).json()["state"] == "cancelled"
    assert set(Slot.objects.values_list("taken", flat=True)) == {0}


def test_what_is_full_or_not_offered_is_refused_with_a_code(tokens, cast, at):
    first = free(cast, at, tokens["1001"])["slots"][0]["starts_at"]
    codes = []
    for n in range(3):
        codes.append(ask("POST", at, tokens["1001"], wish(cast, first, phone=f"1380013800{n}")).json().get("code"))
    assert codes == [None, None, "booking.full"]
    for starts_at, code in (("2026-01-06T01:07:00Z", "booking.no_slot"), ("9999-12-31T23:59:59Z", "booking.no_slot")):
        assert ask("POST", at, tokens["1001"], wish(cast, starts_at)).json()["code"] == code
    assert ask("POST", at, tokens["1001"], wish(cast, first, phone="x")).json()["code"] == "customer.phone_form"


def test_a_booking_is_reached_only_through_its_hall_and_with_the_right(tokens, cast, at):
    first = free(cast, at, tokens["1001"])["slots"][0]["starts_at"]
    made = ask("POST", at, tokens["1001"], wish(cast, first)).json()["id"]
    there = f"/api/v1/halls/{cast.other_hall}/appointments/{made}"
    answer = ask("POST", f"{there}/cancel", tokens["9001"], {})
    assert (answer.status_code, answer.json()["code"]) == (404, "booking.unknown")
    assert ask("GET", f"{at}/{uuid.uuid4()}", tokens["1001"]).json()["code"] == "booking.unknown"
    role = Role.objects.get(key="clerk")
    role.permissions = [one for one in role.permissions if one != "appointments.book"]
    role.save()
    from yingting.web import api as web_api

    web_api._actors.clear()
    for method, path in (("GET", f"{at}/{made}"), ("POST", f"{at}/{made}/cancel"), ("POST", at)):
        answer = ask(method, path, tokens["1001"], wish(cast, first) if path == at else {})
        assert (answer.status_code, answer.json()["code"]) == (403, "access.refused")
    assert Booking.objects.get().state == "booked"
