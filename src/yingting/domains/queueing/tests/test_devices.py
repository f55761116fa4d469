"""Pairing through the page, and what an unpaired or revoked device sees."""

import datetime as dt

import pytest

from yingting.domains.queueing.tests.screens import new_code, pair, person
from yingting.foundation.people.pairing import revoke_device
from yingting.foundation.sites.models import Device
from yingting.kernel.clocks import system_now


def test_the_right_code_makes_this_browser_the_kiosk(client, open_hall):
    _, code = new_code(open_hall.hall, "kiosk")
    answer = client.post("/device/", {"code": code.lower()})
    assert answer.status_code == 200
    cookie = answer.cookies["yingting_kiosk"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert client.get("/kiosk/").status_code == 200
    assert client.get("/board/").status_code == 403


@pytest.mark.parametrize("code", ["", "ABCDEFGH", "'; --"])
def test_a_wrong_code_is_said_and_pairs_nothing(client, open_hall, code):
    device, _ = new_code(open_hall.hall, "kiosk")
    answer = client.post("/device/", {"code": code})
    assert answer.status_code == 422
    assert not {"yingting_kiosk", "yingting_board"} & set(answer.cookies)
    assert Device.objects.get(pk=device.pk).token_digest is None


def test_an_expired_code_pairs_nothing(client, open_hall):
    device, code = new_code(open_hall.hall, "kiosk")
    Device.objects.filter(pk=device.pk).update(pairing_until=system_now() - dt.timedelta(seconds=1))
    assert client.post("/device/", {"code": code}).status_code == 422
    assert Device.objects.get(pk=device.pk).token_digest is None


def test_ten_wrong_codes_close_the_page_for_this_address_only(client, open_hall):
    _, code = new_code(open_hall.hall, "kiosk")
    assert [client.post("/device/", {"code": "WRONG222"}).status_code for _ in range(11)] == [422] * 10 + [429]
    assert client.post("/device/", {"code": code}).status_code == 429
    assert client.post("/device/", {"code": code}, REMOTE_ADDR="10.0.0.9").status_code == 200


def test_a_revoked_device_sees_a_calm_page_and_can_do_nothing(client, open_hall):
    device = pair(client, open_hall.hall, "kiosk")
    assert client.get("/kiosk/").status_code == 200
    revoke_device(device=device.pk, actor=person("9901"), now=system_now())
    answer = client.get("/kiosk/")
    assert answer.status_code == 403
    assert "这台设备还没有配对" in answer.content.decode()
    fragment = client.get("/kiosk/pulse/", headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment.headers["HX-Refresh"]) == (403, "true")
    assert client.post("/kiosk/issue/", {"business": open_hall.businesses["fee"], "key": "k" * 32}).status_code == 403


def test_a_forged_cookie_is_nothing(client, open_hall):
    pair(client, open_hall.hall, "kiosk")
    client.cookies["yingting_kiosk"] = "forged:abc:def"
    assert client.get("/kiosk/").status_code == 403


def test_a_visit_is_a_heartbeat_and_renews_the_cookie(client, open_hall):
    device = pair(client, open_hall.hall, "board")
    assert Device.objects.get(pk=device.pk).last_seen_at is None
    assert "yingting_board" in client.get("/board/").cookies
    seen = Device.objects.get(pk=device.pk).last_seen_at
    assert seen is not None
    assert "yingting_board" not in client.get("/board/now/").cookies
    assert Device.objects.get(pk=device.pk).last_seen_at == seen
