"""The pages of personal data: who gets in, what they show, and what stays out of caches."""

import pytest
from django.urls import reverse

from yingting.foundation.privacy.disclosing import Why
from yingting.foundation.privacy.models import Disclosure, ErasureRun, Hold
from yingting.foundation.privacy.revealing import Subject, reveal
from yingting.kernel.ids import new_id
from yingting.planning.cast import PASSWORD

FRAGMENT = {"HTTP_HX_REQUEST": "true"}
WHY = {"reason": "callback", "note": "回访投诉处理结果"}


@pytest.fixture
def as_(client):
    def as_(staff_no):
        assert client.login(username=staff_no, password=PASSWORD)
        return client

    return as_


@pytest.fixture
def address(client_of_hall):
    return reverse("privacy:value", args=["tests.client", client_of_hall.pk, "phone"])


def pages(record):
    unknown = new_id()
    return [
        ("GET", "/personal-data/records/"), ("POST", "/personal-data/records/export/"), ("GET", "/personal-data/retention/"),
        ("POST", f"/personal-data/retention/hold/tests.client/{record}/"),
        ("POST", f"/personal-data/retention/holds/{unknown}/release/"), ("GET", "/personal-data/person/"),
        ("POST", "/personal-data/person/"), ("POST", "/personal-data/person/erase/"),
    ]  # fmt: skip


def test_a_visitor_is_sent_to_sign_in(client, client_of_hall, address):
    for method, page in [*pages(client_of_hall.pk), ("GET", address), ("POST", address)]:
        response = client.generic(method, page)
        assert (response.status_code, response["Location"].split("?")[0]) == (302, "/sign-in/"), page
    assert Disclosure.objects.count() == 0


@pytest.mark.req("SEC-01")
@pytest.mark.parametrize("staff_no", ["1001", "1301", "2001", "9001"])
def test_pages_of_audit_and_retention_need_their_right(as_, client_of_hall, staff_no):
    client = as_(staff_no)
    got = {page: client.generic(method, page).status_code for method, page in pages(client_of_hall.pk)}
    hold, release = (page for page in got if "/retention/hold" in page)
    assert got.pop(release) == 404
    assert got.pop(hold) == (404 if staff_no == "2001" else 403)
    assert set(got.values()) == {403}
    assert (Hold.objects.count(), ErasureRun.objects.count(), Disclosure.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize(
    ("staff_no", "on_get", "on_post"), [("1001", 200, 403), ("2001", 404, 404), ("1301", 200, 200)]
)
def test_a_value_is_seen_masked_and_revealed_by_those_who_may(as_, address, staff_no, on_get, on_post):
    client = as_(staff_no)
    page = client.get(address)
    assert page.status_code == on_get
    assert "12345678" not in page.content.decode().replace(" ", "")
    assert ("138****5678" in page.content.decode()) is (on_get == 200)
    assert ("reason" in page.content.decode()) is (staff_no == "1301")
    answer = client.post(address, WHY)
    assert answer.status_code == on_post
    assert ("138 1234 5678" in answer.content.decode()) is (on_post == 200)
    assert Disclosure.objects.count() == (on_post == 200)


def test_a_revealed_value_is_not_stored_and_hides_itself_again(as_, address):
    client = as_("1301")
    page = client.post(address, WHY)
    assert "no-store" in page["Cache-Control"]
    assert page["Refresh"] == f"30; url={address}"
    fragment = client.post(address, WHY, **FRAGMENT)
    text = fragment.content.decode()
    assert "no-store" in fragment["Cache-Control"]
    assert ('hx-trigger="load delay:30s"' in text, 'hx-history="false"' in text, "<html" in text) == (True, True, False)
    assert "Refresh" not in fragment
    closed = client.get(address, **FRAGMENT).content.decode()
    assert ("138****5678" in closed, "<form" in closed) == (True, False)
    assert "<form" in client.get(address + "?why", **FRAGMENT).content.decode()


def test_a_reveal_without_a_reason_says_what_is_missing(as_, address):
    client = as_("1301")
    assert client.post(address, {**WHY, "reason": ""}, **FRAGMENT).status_code == 422
    answer = client.post(address, {**WHY, "note": ""}, **FRAGMENT)
    assert (answer.status_code, answer["HX-Retarget"], "简要说明" in answer.content.decode()) == (422, "#notice", True)
    assert Disclosure.objects.count() == 0


def test_a_post_without_its_token_is_refused(client_of_hall, address, cast):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert strict.login(username="1301", password=PASSWORD)
    assert strict.post(address, WHY).status_code == 403
    assert Disclosure.objects.count() == 0


@pytest.fixture
def revealed(client_of_hall, actor_of, now):
    for staff_no, note in (("1301", "回访，另一号码13900139000"), ("9001", "抽查")):
        reveal(
            actor=actor_of(staff_no), subject=Subject("tests.client", client_of_hall.pk), field="phone",
            why=Why("callback", note), now=now,
        )  # fmt: skip
    return client_of_hall


def test_auditors_find_reveals_by_person_time_record_and_reason(as_, revealed):
    client = as_("9901")

    def shown(**asked):
        return [line.who for line in client.get("/personal-data/records/", asked).context["lines"]]

    assert sorted(shown()) == ["1301", "9001"]
    assert shown(person="1301") == ["1301"]
    assert len(shown(record=str(revealed.pk))) == 2
    assert shown(record=str(new_id())) == []
    assert (len(shown(first="2026-01-05", last="2026-01-05")), shown(last="2026-01-04"), shown(first="2026-01-06")) == (
        2,
        [],
        [],
    )
    assert (len(shown(reason="callback")), shown(reason="audit"), shown(way="export")) == (2, [], [])
    text = client.get("/personal-data/records/").content.decode()
    assert ("回访，另一号码139****9000" in text, "13900139000" in text, "回访或联系客户" in text) == (True, False, True)


def test_an_auditor_sees_only_the_records_in_their_care(as_, revealed, cast):
    from yingting.foundation.people.models import RoleGrant
    from yingting.foundation.people.shipped import shipped_roles
    from yingting.foundation.sites.models import Unit

    officer = shipped_roles()["privacy_officer"]
    for staff_no, unit in (("2001", "H02"), ("1301", "H01")):
        RoleGrant.objects.create(person_id=cast.people[staff_no], role=officer, unit=Unit.objects.get(code=unit))
    assert as_("2001").get("/personal-data/records/").context["lines"] == []
    assert len(as_("1301").get("/personal-data/records/").context["lines"]) == 2


def test_taking_the_list_out_is_written_down_too(as_, revealed):
    client = as_("9901")
    answer = client.post("/personal-data/records/export/?person=1301", {**WHY, "form": "csv"})
    rows = answer.content.decode("utf-8-sig").splitlines()
    assert (len(rows), "1301" in rows[1], "139****9000" in rows[1]) == (2, True, True)
    assert "no-store" in answer["Cache-Control"]
    row = Disclosure.objects.get(way="export")
    assert (row.kind, row.rows, row.question, row.by_label) == ("privacy.disclosure", 1, {"person": "1301"}, "9901")
    assert client.post("/personal-data/records/export/", {"form": "csv"}).status_code == 422


def test_a_hold_is_placed_shown_and_released_on_its_page(as_, client_of_hall):
    client = as_("9901")
    client.post(f"/personal-data/retention/hold/tests.client/{client_of_hall.pk}/", {"reason": "诉讼"})
    page = client.get("/personal-data/retention/").content.decode()
    assert str(client_of_hall.pk) in page
    client.post(f"/personal-data/retention/holds/{Hold.objects.get().pk}/release/")
    assert str(client_of_hall.pk) not in client.get("/personal-data/retention/").content.decode()


def test_a_customer_who_asks_is_found_and_erased_without_the_number_in_an_address(as_, clients, client_of_hall):
    client = as_("9901")
    found = client.post("/personal-data/person/", {"kind": "phone", "value": "138-1234-5678"})
    text = found.content.decode()
    assert ("138****5678" in text, "K-1" in text, "no-store" in found["Cache-Control"]) == (True, True, True)
    none = client.post("/personal-data/person/", {"kind": "phone", "value": "13900139000"}).content.decode()
    assert "K-1" not in none
    assert client.post("/personal-data/person/", {"kind": "phone", "value": ""}).status_code == 422
    for chosen, status in ([], 422), (["tests.client x"], 404), ([f"tests.client {new_id()}"], 404):
        assert (
            client.post("/personal-data/person/erase/", {"chosen": chosen, "reason": "本人要求"}).status_code == status
        )
    assert clients.objects.get().phone.open() == "138 1234 5678"
    done = client.post(
        "/personal-data/person/erase/", {"chosen": [f"tests.client {client_of_hall.pk}"], "reason": "本人来厅"}
    )
    assert done["Location"] == "/personal-data/retention/"
    assert bool(clients.objects.get().phone) is False
    assert "本人来厅" in client.get("/personal-data/retention/").content.decode()
