"""The kiosk recognises who wants to be known: by number or card, without a name, and without telling outsiders anything."""

import re

import pytest

from yingting.domains.queueing.models import Ticket, TicketCustomer
from yingting.domains.queueing.queries.customer_classes import CUSTOMER_CLASSES
from yingting.domains.queueing.rules.knowing import CustomerClasses
from yingting.domains.queueing.tests.screens import pair, set_clock

KEY = "0123456789abcdef0123456789abcd{:02d}"


@pytest.fixture
def kiosk(client, open_hall):
    pair(client, open_hall.hall, "kiosk", name="取号机 1")
    return client


@pytest.fixture
def take(kiosk, open_hall):
    """Take a number, as somebody who typed this in."""

    def one(typed="", n=1, **fields):
        fields = {"business": open_hall.businesses["fee"], "key": KEY.format(n), "known": typed, **fields}
        answer = kiosk.post("/kiosk/issue/", fields)
        assert answer.status_code == 200, answer.content.decode()
        return answer.content.decode()

    return one


def _blank(page):
    """The page without what differs from number to number anyway."""
    return re.sub(
        r"[0-9a-f]{8}-[0-9a-f-]{27}|/t/[^/\"]+/|value=\"[^\"]+\"|A00\d|\d\d:\d\d|>\d+<|\d+–\d+|前面还有 \d+ 位",
        "",
        page,
    )


@pytest.mark.req("CUS-02", "CUS-25")
def test_who_types_the_number_of_a_file_gets_its_class_and_is_never_named(take, known):
    known(level="gold", name="欧阳娜娜")
    page = take("139 0000 0001")
    assert "已识别" in page
    assert "星级客户" in page
    assert "欧阳" not in page
    assert "139" not in page
    assert Ticket.objects.get().priority.code == "vip"
    assert TicketCustomer.objects.get().how == "phone"


def test_an_outsider_learns_nothing_known_without_class_and_unknown_look_alike(take, known):
    known(level="silver")
    pages = [_blank(take(typed, n)) for n, typed in enumerate(("", "13900000001", "13977777777", "no-such-card"))]
    assert len(set(pages)) == 1
    assert [row.how for row in TicketCustomer.objects.all()] == ["phone"]


def test_several_files_under_one_number_are_not_guessed_from(take, known):
    known(level="gold"), known(level="gold", name="李四")
    page = take("13900000001")
    assert "已识别" not in page
    assert Ticket.objects.get().priority.code == "normal"
    link = TicketCustomer.objects.get()
    assert (link.customer_id, link.how) == (None, "several")


def test_a_need_counts_by_the_card_and_not_by_a_number_that_others_know(take, known):
    row = known(tags=["elderly"])
    take("13900000001", 1)
    take(row.card, 2)
    assert [ticket.priority.code for ticket in Ticket.objects.order_by("id")] == ["normal", "care"]


def test_numbers_cannot_be_tried_out_and_whoever_tries_still_gets_a_number(take, known):
    known(level="gold")
    for n in range(12):
        take("13911111111", n)
    assert "已识别" not in take("13900000001", 12)
    assert Ticket.objects.count() == 13
    assert not TicketCustomer.objects.exists()


def test_a_retry_is_answered_as_the_first_time_also_past_the_limit(take, known):
    known(level="gold")
    first = take("13900000001", 0)
    for n in range(1, 13):
        take("13911111111", n)
    again = take("13900000001", 0)
    assert "已识别" in first
    assert "已识别" in again
    assert Ticket.objects.count() == 13


def test_a_hall_may_do_without(kiosk, take, known, publish, open_hall, now):
    assert "我是登记客户" in kiosk.get("/kiosk/").content.decode()
    publish(CUSTOMER_CLASSES, CustomerClasses(CUSTOMER_CLASSES.shipped.rows, at_kiosk=False))
    set_clock(open_hall.hall, now)
    known(level="gold")
    assert "我是登记客户" not in kiosk.get("/kiosk/").content.decode()
    assert "已识别" not in take("13900000001")
