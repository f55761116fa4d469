"""The customer at the counter: class and needs before the call, the mask after it, nothing on a board; found, registered, declined."""

import pytest
from django.urls import reverse

from yingting.domains.queueing.models import TicketCustomer
from yingting.domains.queueing.tests.screens import pair
from yingting.foundation.customers.models import Consent, Customer
from yingting.foundation.people.models import Person


@pytest.fixture
def counter(client, hands):
    hands.open("1")
    client.force_login(Person.objects.get(staff_no="1001"))
    return client


@pytest.fixture
def at(counter):
    """Ask for one of the pages of a ticket's customer, or send it something."""

    def one(name, ticket, sent=None):
        address = reverse(f"queueing:{name}", args=[ticket])
        return counter.get(address) if sent is None else counter.post(address, sent)

    return one


@pytest.mark.req("CUS-02", "CUS-08")
def test_before_the_call_the_counter_sees_class_and_needs_and_nobody(at, hands, known):
    customer = known(level="gold", tags=["hearing", "mornings"], name="欧阳娜娜")
    issued = hands.issue(customer=customer.pk, known_by="card")
    session = hands.seats["1"][1].id
    page = at("known-ahead", session).content.decode()
    assert "星级客户" in page
    assert "听力不便" in page
    assert "常上午来" not in page, "a preference that is not to be shown before the call"
    assert "欧阳" not in page
    assert issued.number not in page
    assert at("ticket-customer", issued.id).status_code == 403


def test_who_does_not_wait_for_this_counter_is_not_counted(at, hands, known):
    session = hands.seats["1"][1].id
    assert "waiting" not in at("known-ahead", session).content.decode()
    hands.issue(customer=known(level="gold").pk, known_by="phone")
    hands.call("1")
    assert "星级" not in at("known-ahead", session).content.decode()


@pytest.mark.req("CUS-25")
def test_after_the_call_the_panel_shows_the_mask_class_tags_and_consents(at, hands, known, now):
    customer = known(level="gold", segment="important", tags=["hearing"], name="欧阳娜娜")
    Consent.objects.create(customer=customer, purpose="marketing", notice=0, how="counter", given_at=now)
    hands.issue(customer=customer.pk, known_by="phone")
    called = hands.call("1")
    page = at("ticket-customer", called.id).content.decode()
    for shown in ("欧**", "139****0001", "金卡", "重要客户", "听力不便", "已同意营销推荐"):
        assert shown in page, shown
    assert "欧阳" not in page
    assert "13900000001" not in page
    Customer.objects.update(is_left_alone=True)
    page = at("ticket-customer", called.id).content.decode()
    assert "已要求不被打扰" in page
    assert "未同意营销推荐" in page


def test_nobody_but_the_clerk_at_whose_counter_the_ticket_is_sees_the_panel(client, at, hands, known):
    hands.issue(customer=known().pk, known_by="phone")
    called = hands.call("1")
    assert at("ticket-customer", called.id).status_code == 200
    for staff_no, status in (("1101", 403), ("1201", 403), ("2001", 404), ("9901", 403)):
        client.force_login(Person.objects.get(staff_no=staff_no))
        assert client.get(reverse("queueing:ticket-customer", args=[called.id])).status_code == status, staff_no


@pytest.mark.req("CUS-25")
def test_the_clerk_finds_a_file_by_the_whole_number_only(at, hands, known):
    customer = known()
    hands.issue()
    called = hands.call("1")
    assert "还不认识" in at("ticket-customer", called.id).content.decode()
    assert at("find-customer", called.id, {"phone": "1390000"}).status_code == 404
    assert at("find-customer", called.id, {"phone": ""}).status_code == 404
    assert not TicketCustomer.objects.exists()
    assert at("find-customer", called.id, {"phone": "139 0000 0001"}).status_code == 204
    link = TicketCustomer.objects.get()
    assert (link.customer_id, link.how, link.by.staff_no) == (customer.pk, "counter", "1001")


def test_of_several_files_the_clerk_asks_which_and_links_only_what_was_found(at, hands, known):
    first, second, other = known(), known(name="李四"), known(phone="13900000002", name="王五")
    hands.issue(known_by="several")
    called = hands.call("1")
    assert "请向客户询问" in at("ticket-customer", called.id).content.decode()
    at("find-customer", called.id, {"phone": "13900000001"})
    page = at("ticket-customer", called.id).content.decode()
    assert "张**" in page
    assert "李**" in page
    assert at("choose-customer", called.id, {"customer": other.pk}).status_code == 404
    assert "李**" in at("choose-customer", called.id, {"customer": second.pk}).content.decode()
    assert TicketCustomer.objects.get().customer_id == second.pk != first.pk


@pytest.mark.req("CUS-25")
def test_a_new_customer_is_registered_at_the_counter_with_segment_and_link(at, hands):
    hands.issue()
    called = hands.call("1")
    sent = {"name": "陈晨", "phone": "13900000007"}
    assert at("register-customer", called.id, sent).status_code == 204
    row = Customer.objects.get()
    assert (row.segment, row.source, str(row.phone)) == ("public", "hall", "139****0007")
    assert TicketCustomer.objects.get().customer_id == row.pk
    hands.serve("1", called.id)
    hands.issue()
    again = hands.call("1")
    answer = at("register-customer", again.id, sent)
    assert answer.status_code == 409
    assert Customer.objects.count() == 1
    assert at("register-customer", again.id, sent | {"name": "陈明", "is_another": "1"}).status_code == 204
    assert Customer.objects.count() == 2


def test_who_does_not_want_to_be_known_is_not_asked_again(at, hands):
    hands.issue()
    called = hands.call("1")
    assert at("decline-customer", called.id, {}).status_code == 204
    page = at("ticket-customer", called.id).content.decode()
    assert "不希望登记身份" in page
    assert 'id="decline-customer"' not in page


def test_a_board_shows_nothing_of_it(client, hands, open_hall, known):
    hands.open("1")
    customer = known(level="gold", segment="important", name="欧阳娜娜", tags=["hearing"])
    hands.issue(customer=customer.pk, known_by="phone")
    hands.issue(customer=customer.pk, known_by="card")
    hands.call("1")
    pair(client, open_hall.hall, "board", name="大屏")
    page = client.get("/board/").content.decode()
    assert "A001" in page or "号" in page
    for hidden in ("欧", "139", "金卡", "重要客户", "听力"):
        assert hidden not in page, hidden
