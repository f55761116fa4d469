"""Who may open the kiosk and the board of a hall: anonymous, other hall, without the permission, allowed."""

import pytest

from yingting.foundation.people.models import Person

KIOSK_GETS = ("/kiosk/H01/", "/kiosk/H01/pulse/")
BOARD_GETS = ("/board/H01/", "/board/H01/now/")


def sign_in(client, staff_no):
    client.force_login(Person.objects.get(staff_no=staff_no))


@pytest.mark.parametrize("address", [*KIOSK_GETS, *BOARD_GETS])
def test_anonymous_visitors_are_asked_to_sign_in(client, open_hall, address):
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/sign-in/?next={address}")


@pytest.mark.parametrize("address", ["/kiosk/", "/kiosk/pulse/", "/board/", "/board/now/"])
@pytest.mark.parametrize("staff_no", [None, "1101"])
def test_without_a_paired_device_there_is_no_hall_to_show(client, open_hall, address, staff_no):
    if staff_no:
        sign_in(client, staff_no)
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("address", [*KIOSK_GETS, *BOARD_GETS, "/kiosk/NOWHERE/"])
def test_another_hall_does_not_even_exist(client, open_hall, address):
    sign_in(client, "2001")
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("staff_no", "kiosk", "board"),
    [("1001", 403, 200), ("1101", 200, 200), ("1201", 200, 200), ("9001", 403, 200), ("9901", 200, 200)],
)
def test_the_kiosk_asks_for_issuing_and_the_board_for_viewing(client, open_hall, staff_no, kiosk, board):
    sign_in(client, staff_no)
    assert [client.get(address).status_code for address in KIOSK_GETS] == [kiosk] * 2
    assert [client.get(address).status_code for address in BOARD_GETS] == [board] * 2


@pytest.mark.parametrize("address", ["/kiosk/H01/issue/", "/kiosk/H01/cancel/"])
@pytest.mark.parametrize(("staff_no", "status"), [(None, 302), ("2001", 404), ("1001", 403)])
def test_nobody_else_issues_or_cancels_here(client, hands, address, staff_no, status):
    from yingting.domains.queueing.models import Ticket

    waiting = hands.issue()
    if staff_no:
        sign_in(client, staff_no)
    fields = {"business": hands.cast.businesses["fee"], "key": "k" * 32, "secret": waiting.secret}
    assert client.post(address, fields).status_code == status
    assert list(Ticket.objects.values_list("number", "state")) == [("A001", "waiting")]


@pytest.mark.parametrize("address", ["/kiosk/H01/issue/", "/kiosk/H01/cancel/"])
def test_steps_are_posts(client, open_hall, address):
    sign_in(client, "1101")
    assert client.get(address).status_code == 405
