"""A customer and the account manager: asked, and only with the manager's word handed over (CUS-09); the guide's customer page."""

import datetime as dt

import pytest
from django.urls import reverse

from yingting.domains.floor.actions import handing_over
from yingting.domains.floor.jobs import look_after_the_lobby
from yingting.domains.floor.models import ManagerCall
from yingting.domains.queueing.models import Ticket, TicketCustomer
from yingting.domains.queueing.tests.screens import person, set_clock
from yingting.foundation.customers.models import Customer, ManagerTerm
from yingting.foundation.journal.models import Fact
from yingting.foundation.notify.models import Message
from yingting.foundation.people.models import Person, Role, RoleGrant
from yingting.foundation.people.shipped import ROLES
from yingting.foundation.sites.models import Hall, Unit
from yingting.kernel.refusals import Refusal

DAY = dt.date(2026, 1, 5)


@pytest.fixture
def manager(open_hall):
    """孙婷, account manager of the city."""
    unit = Unit.objects.get(code="GZ")
    row = Person.objects.create_user("3001", None, name="孙婷", unit=unit)
    role = Role.objects.get(key="account_manager") if "account_manager" in ROLES else None
    RoleGrant.objects.create(person=row, role=role, unit=unit)
    return row


@pytest.fixture
def vip(open_hall, manager, now):
    unit = Hall.objects.get(pk=open_hall.hall).unit_id
    row = Customer.objects.create(
        unit_id=unit, name="张三", phone="13900000001", level="gold", registered_at=now, last_seen_on=DAY
    )
    ManagerTerm.objects.create(customer=row, person=manager, since=now)
    return row


@pytest.fixture
def at_counter(hands, vip):
    """The VIP at counter 1."""
    hands.open("1")
    hands.issue(customer=vip.pk, known_by="card")
    return hands.call("1")


@pytest.fixture
def asked(open_hall, hands, at_counter):
    handing_over.ask_manager(hall=open_hall.hall, ticket=at_counter.id, actor=person("1001"), now=hands.now)
    return ManagerCall.objects.get()


def refused(code, do):
    before = Fact.objects.count()
    with pytest.raises(Refusal) as refusal:
        do()
    assert refusal.value.code == code
    assert Fact.objects.count() == before


@pytest.mark.req("CUS-09")
def test_a_customer_stays_with_the_first_asked_until_the_manager_accepts(client, asked, at_counter, manager, hands):
    assert Ticket.objects.get(pk=at_counter.id).session_id == hands.seats["1"][1].id
    assert Message.objects.filter(person=manager).count() == 1
    client.force_login(Person.objects.get(staff_no="1001"))
    address = reverse("floor:handover", args=[at_counter.id])
    assert "答复前由您继续接待" in client.get(address).content.decode()
    client.force_login(manager)
    page = client.get(reverse("floor:my-handovers")).content.decode()
    assert at_counter.number in page
    assert client.post(reverse("floor:my-handovers"), {"call": asked.pk, "answer": "accepted"}).status_code == 302
    asked.refresh_from_db()
    assert asked.answer == "accepted"
    assert Ticket.objects.get(pk=at_counter.id).session_id == hands.seats["1"][1].id, (
        "the clerk leads the customer there"
    )
    client.force_login(Person.objects.get(staff_no="1001"))
    assert "孙婷 接手" in client.get(address).content.decode()
    facts = Fact.objects.filter(kind__startswith="manager.").order_by("id").values_list("kind", "data__answer")
    assert list(facts) == [("manager.asked", None), ("manager.answered", "accepted")]


@pytest.mark.req("CUS-09")
def test_a_manager_may_decline_and_the_clerk_may_ask_again_or_take_it_back(
    asked, at_counter, manager, hands, open_hall
):
    from yingting.foundation.people.access import actor_for_person

    again = {"hall": open_hall.hall, "ticket": at_counter.id, "actor": person("1001"), "now": hands.now}
    refused("floor.manager_asked", lambda: handing_over.ask_manager(**again))
    handing_over.answer_handover(call=asked.pk, is_accepted=False, actor=actor_for_person(manager), now=hands.now)
    answer = {"call": asked.pk, "is_accepted": True, "actor": actor_for_person(manager), "now": hands.now}
    refused("floor.manager_answered", lambda: handing_over.answer_handover(**answer))
    handing_over.ask_manager(**again)
    call = ManagerCall.objects.get(answered_at__isnull=True)
    back = {"hall": open_hall.hall, "call": call.pk, "now": hands.now}
    refused("access.refused", lambda: handing_over.withdraw_handover(**back, actor=person("1101")))
    handing_over.withdraw_handover(**back, actor=person("1001"))
    assert sorted(ManagerCall.objects.values_list("answer", flat=True)) == ["declined", "withdrawn"]


def test_who_has_no_manager_or_is_unknown_cannot_be_handed_over(hands, open_hall, vip):
    hands.open("1")
    hands.issue()
    called = hands.call("1")
    ask = {"hall": open_hall.hall, "actor": person("1001"), "now": hands.now}
    refused("floor.manager_none", lambda: handing_over.ask_manager(**ask, ticket=called.id))
    refused("ticket.not_yours", lambda: handing_over.ask_manager(**ask, ticket=vip.pk))
    refused("access.refused", lambda: handing_over.ask_manager(**ask | {"actor": person("1101")}, ticket=called.id))


def test_nobody_else_answers_for_the_manager(client, asked, hands):
    refused(
        "floor.manager_call_unknown",
        lambda: handing_over.answer_handover(call=asked.pk, is_accepted=True, actor=person("1201"), now=hands.now),
    )
    client.force_login(Person.objects.get(staff_no="1201"))
    assert client.post(reverse("floor:my-handovers"), {"call": asked.pk, "answer": "accepted"}).status_code == 404


def test_the_panel_is_for_the_clerk_at_whose_counter_the_ticket_is(client, asked, at_counter):
    addresses = [
        ("get", reverse("floor:handover", args=[at_counter.id])),
        ("post", reverse("floor:ask-manager", args=[at_counter.id])),
        ("post", reverse("floor:withdraw-handover", args=[at_counter.id, asked.pk])),
    ]
    for method, address in addresses:
        client.logout()
        assert getattr(client, method)(address).status_code == 302
        for staff_no, status in (("2001", 404), ("1101", 403), ("1201", 403)):
            client.force_login(Person.objects.get(staff_no=staff_no))
            assert getattr(client, method)(address).status_code == status, (address, staff_no)
    asked.refresh_from_db()
    assert asked.answer == ""


def test_what_no_manager_answered_ends_with_the_day(asked, open_hall, now):
    set_clock(open_hall.hall, now + dt.timedelta(days=1))
    look_after_the_lobby()
    asked.refresh_from_db()
    assert asked.answer == "unanswered"


# ------------------------------------------------------------------------------------------------ the guide
@pytest.mark.req("CUS-25")
def test_the_guide_finds_a_customer_by_number_and_sees_class_and_needs_only(client, hands, vip, open_hall):
    issued = hands.issue()
    client.force_login(Person.objects.get(staff_no="1101"))
    address = reverse("floor:guide-customer", args=["H01", issued.id])
    missing = client.post(address, {"phone": "13911111111"})
    assert missing.status_code == 404
    assert "没有档案登记这个号码" in missing.content.decode()
    assert client.post(address, {"phone": "13900000001"}).status_code == 302
    page = client.get(address).content.decode()
    assert "星级客户" in page
    for hidden in ("张", "139****"):
        assert hidden not in page
    assert Ticket.objects.get(pk=issued.id).priority.code == "vip"
    assert TicketCustomer.objects.get().how == "guide"
    client.post(address, {"declined": "1"})
    assert TicketCustomer.objects.get().how == "declined"


def test_a_guard_has_no_way_to_customers(client, hands, open_hall):
    issued = hands.issue()
    guard = Person.objects.create_user("1401", None, name="保安", unit=Hall.objects.get(pk=open_hall.hall).unit)
    RoleGrant.objects.create(person=guard, role=Role.objects.get(key="guard"), unit=guard.unit)
    client.force_login(guard)
    assert client.get(reverse("floor:guide-customer", args=["H01", issued.id])).status_code == 403
