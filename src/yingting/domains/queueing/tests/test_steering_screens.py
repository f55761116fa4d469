"""Steering, reports and verification on the screens: who may do what, and what a refused step leaves behind."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from yingting.domains.queueing.actions import complaints, steering
from yingting.domains.queueing.actions.modes import start_forced_mode
from yingting.domains.queueing.models import SteeringComplaint, Ticket
from yingting.domains.queueing.queries.sheets import DESIGNATED, DesignatedHalls, DesignatedRow
from yingting.domains.queueing.tests.screens import pair, person
from yingting.foundation.editing.changing import change
from yingting.foundation.editing.rulebook.actions import publish_rule
from yingting.foundation.editing.sites.actions import HALLS
from yingting.foundation.journal.models import Fact
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Hall, Unit
from yingting.planning.cast import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def forced(hands):
    start_forced_mode(hall=hands.cast.hall, reason="高峰", actor=person("1201"), now=hands.now)
    return hands


def sign_in(client, staff_no):
    client.force_login(Person.objects.get(staff_no=staff_no))


def kinds(*wanted):
    return list(Fact.objects.filter(kind__in=wanted).order_by("id").values_list("kind", flat=True))


def test_the_kiosk_answers_restricted_business_with_an_offer_and_takes_either_answer(client, forced):
    fee = forced.cast.businesses["fee"]
    pair(client, forced.cast.hall, "kiosk")
    offered = client.post("/kiosk/issue/", {"business": fee, "key": "k" * 32})
    page = offered.content.decode()
    assert (offered.status_code, "data-offer" in page, "我要到柜台办理" in page) == (409, True, True)
    offer = offered.context["offer"]
    for _twice in range(2):
        assert client.post("/kiosk/accept/", {"business": fee, "offer": offer}).status_code == 200
    assert kinds("steering.offered", "steering.accepted") == ["steering.offered", "steering.accepted"]
    assert not Ticket.objects.exists()
    insists = {"business": fee, "key": "m" * 32, "insists": "要用现金"}
    assert client.post("/kiosk/issue/", insists).status_code == 200
    assert list(Ticket.objects.values_list("number", flat=True)) == ["A001"]
    assert kinds("steering.insisted") == ["steering.insisted"]


def test_the_kiosk_shows_the_offer_in_the_readers_language(client, forced):
    pair(client, forced.cast.hall, "kiosk")
    page = client.post("/kiosk/issue/?lang=en", {"business": forced.cast.businesses["fee"], "key": "k" * 32})
    told = page.content.decode()
    assert "Self-service terminal (about 1 minute)" in told
    assert "the self-service area" in told


def test_the_kiosk_names_the_nearest_hall_for_risk_business(client, hands):
    publish_rule(
        DESIGNATED, unit=Unit.objects.get(code="GD").pk, rule=DesignatedHalls(rows=(DesignatedRow("sim", ("H02",)),)),
        valid_from=hands.now.date(), actor=person("9901"), now=hands.now,
    )  # fmt: skip
    pair(client, hands.cast.hall, "kiosk")
    assert "本厅不办，点此看最近的营业厅" in client.get("/kiosk/").content.decode()
    answer = client.post("/kiosk/issue/", {"business": hands.cast.businesses["sim"], "key": "k" * 32})
    assert answer.status_code == 409
    assert "体育西营业厅" in answer.content.decode()
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("address", ["/kiosk/H01/accept/", "/kiosk/H01/forced/"])
@pytest.mark.parametrize(("staff_no", "status"), [(None, 302), ("2001", 404), ("1001", 403)])
def test_nobody_else_accepts_or_reports_at_the_kiosk(client, forced, address, staff_no, status):
    fee = forced.cast.businesses["fee"]
    offer = steering.offer_other_channel(
        hall=forced.cast.hall, business=fee, channel="kiosk", actor=person("1101"), now=forced.now
    )
    if staff_no:
        sign_in(client, staff_no)
    assert client.post(address, {"business": fee, "offer": offer}).status_code == status
    assert kinds("steering.accepted", "finding.forced_to_kiosk") == []


def test_a_kiosk_takes_five_reports_a_minute_and_no_more(client, forced):
    pair(client, forced.cast.hall, "kiosk")
    answers = [client.post("/kiosk/forced/").status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
    assert SteeringComplaint.objects.count() == 5


def test_a_customer_reports_once_from_the_phone(client, hands):
    issued = hands.issue()
    address = f"/t/{issued.secret}/forced/"
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 302
    again = client.post(address)
    assert (again.status_code, "您的反映已经转给厅经理了" in again.content.decode()) == (409, True)
    assert client.post("/t/nosuchsecret/forced/").status_code == 404
    assert list(SteeringComplaint.objects.values_list("ticket__number", "channel", "state")) == [
        ("A001", "phone", "open")
    ]


@pytest.mark.parametrize(
    ("staff_no", "status"), [(None, 302), ("2001", 404), ("1001", 403), ("9001", 403), ("1201", 302)]
)
def test_the_management_of_the_hall_takes_care_of_a_report(client, hands, staff_no, status):
    row = complaints.report_forced_to_kiosk(hall=hands.cast.hall, channel="kiosk", actor=person("1101"), now=hands.now)
    if staff_no:
        sign_in(client, staff_no)
    answer = client.post(f"/floor/H01/complaints/{row.id}/", {"reason": "已道歉"})
    assert answer.status_code == status
    assert SteeringComplaint.objects.get().state == ("acknowledged" if staff_no == "1201" else "open")


@pytest.mark.parametrize(("staff_no", "status"), [(None, 302), ("1301", 403), ("2001", 403), ("9901", 200)])
def test_the_check_of_the_list_is_for_who_keeps_the_catalogue(client, hands, staff_no, status):
    if staff_no:
        sign_in(client, staff_no)
    assert client.get("/settings/divertible/").status_code == status


# ------------------------------------------------------------------------------------------------ the counter
@pytest.fixture
def at_counter(client, hands):
    hands.open("3")
    issued = hands.issue("transfer")
    hands.call("3")
    hands.start("3", issued.id)
    sign_in(client, "1001")
    seat = hands.seats["3"][1].id

    def press(verb, **fields):
        return client.post(f"/counter/{seat}/{verb}/", {"ticket": issued.id, **fields}, headers={"HX-Request": "true"})

    return press


def state():
    return Ticket.objects.values_list("state", "needs_verification").get()


@pytest.mark.req("QUE-38")
def test_a_second_person_confirms_with_the_own_password(at_counter):
    assert at_counter("finish").status_code == 409
    about = {"how": "second_person", "staff_no": "1201"}
    assert at_counter("verify", **about, password="wrong").status_code == 422
    assert at_counter("verify", how="second_person", staff_no="1001", password=PASSWORD).status_code == 422
    assert at_counter("verify", how="second_person", staff_no="2001", password=PASSWORD).status_code == 422
    assert at_counter("verify", how="identity_again").status_code == 422
    assert at_counter("verify", how="nonsense").status_code == 409
    assert state() == ("serving", "second_person")
    assert at_counter("verify", **about, password=PASSWORD).status_code == 200
    assert at_counter("finish").status_code == 200
    assert state() == ("finished", "")


def test_guessing_the_second_persons_password_is_slowed_down(at_counter):
    about = {"how": "second_person", "staff_no": "1201"}
    assert [at_counter("verify", **about, password=str(n)).status_code for n in range(11)] == [422] * 10 + [429]
    assert at_counter("verify", **about, password=PASSWORD).status_code == 429
    assert at_counter("verify", how="second_person", staff_no="1301", password=PASSWORD).status_code == 200


# ------------------------------------------------------------------------------------------------ where a hall stands
@pytest.mark.parametrize(("values", "field"), [
    ({"latitude": 23.1}, "longitude"), ({"longitude": 113.3}, "latitude"),
    ({"latitude": 91.0, "longitude": 113.3}, "latitude"), ({"latitude": 23.1, "longitude": -181.0}, "longitude"),
])  # fmt: skip
def test_a_hall_has_both_coordinates_on_earth_or_none(hands, values, field):
    row = Hall.objects.get(code="H01")
    with pytest.raises(ValidationError) as wrong:
        change(HALLS, row.pk, values=values, actor=person("1301"), now=hands.now)
    assert list(wrong.value.error_dict) == [field]
    right = {"latitude": 23.1367, "longitude": 113.32}
    change(HALLS, row.pk, values=right, actor=person("1301"), now=hands.now + dt.timedelta(seconds=1))
    row.refresh_from_db()
    assert (row.latitude, row.longitude) == (23.1367, 113.32)
