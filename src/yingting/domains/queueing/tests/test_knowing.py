"""Known customers: the link of a ticket to a file, and the class that the number takes by it."""

import datetime as dt
from uuid import uuid4

import pytest

from yingting.domains.queueing.actions import issuing, knowing
from yingting.domains.queueing.facade import links_of, visits_of_customer
from yingting.domains.queueing.models import Ticket, TicketCustomer
from yingting.domains.queueing.queries.customer_classes import CUSTOMER_CLASSES
from yingting.domains.queueing.queries.green_channel import GREEN_CHANNEL, Entitlement, GreenChannel
from yingting.domains.queueing.rules.knowing import By, ClassRow, CustomerClasses, class_of_known, customer_link_id
from yingting.domains.queueing.tests.screens import person
from yingting.foundation.customers.models import Customer
from yingting.foundation.journal.models import Fact
from yingting.foundation.journal.recording import facts_of
from yingting.foundation.people.access import actor_for_device
from yingting.foundation.sites.models import Device, Unit, UnitLevel
from yingting.kernel.refusals import Refusal

DAY = dt.date(2026, 1, 5)


@pytest.fixture
def know(hands):
    def one(ticket, customer, how="counter", who="1001"):
        return knowing.know_customer(ticket=ticket, customer=customer, how=how, actor=person(who), now=hands.now)

    return one


@pytest.fixture
def refuses():
    """A refusal says its code and writes nothing."""

    def check(code, do):
        before = (Fact.objects.count(), list(TicketCustomer.objects.order_by("pk").values()), Ticket.objects.count())
        with pytest.raises(Refusal) as refused:
            do()
        assert refused.value.code == code
        assert before == (
            Fact.objects.count(),
            list(TicketCustomer.objects.order_by("pk").values()),
            Ticket.objects.count(),
        )

    return check


def test_a_number_and_its_link_are_written_together(hands, known):
    customer = known(level="gold")
    issued = hands.issue(customer=customer.pk, known_by="phone")
    link = TicketCustomer.objects.get()
    assert (link.ticket_id, link.customer_id, link.how, link.level) == (issued.id, customer.pk, "phone", "gold")
    [fact] = facts_of(customer_link_id(issued.id))
    assert (fact["kind"], fact["version"]) == ("ticket.customer_known", 1)
    assert fact["data"] == {
        "ticket": str(issued.id), "customer": str(customer.pk), "how": "phone", "segment": "", "level": "gold",
    }  # fmt: skip
    customer.refresh_from_db()
    assert customer.last_seen_on == DAY


def test_a_walk_in_has_no_link_and_no_fact_of_one(hands):
    hands.issue()
    assert not TicketCustomer.objects.exists()
    assert not Fact.objects.filter(kind="ticket.customer_known").exists()


@pytest.mark.req("CUS-02")
def test_the_class_of_a_known_customer_is_called_before_who_came_earlier(hands, known):
    first = hands.issue()
    vip = hands.issue(customer=known(level="gold").pk, known_by="phone")
    assert Ticket.objects.get(pk=vip.id).priority.code == "vip"
    plain = hands.issue(customer=known(level="silver", phone="13900000002").pk, known_by="phone")
    assert Ticket.objects.get(pk=plain.id).priority.code == "normal"
    hands.open("1")
    called = hands.call("1")
    assert called.id == vip.id
    assert called.rule == "head_start"
    hands.serve("1", vip.id)
    assert hands.call("1").id == first.id


@pytest.mark.req("CUS-08")
def test_a_need_leads_to_the_care_lane_and_stays_before_vip(hands, known):
    hands.issue(customer=known(level="gold").pk, known_by="phone")
    old = hands.issue(customer=known(level="gold", tags=["elderly"], phone="13900000003").pk, known_by="card")
    assert Ticket.objects.get(pk=old.id).priority.code == "care"
    hands.open("1")
    assert hands.call("1").id == old.id


@pytest.mark.req("CUS-24")
def test_a_segment_with_entitlement_gets_the_green_channel_and_no_paper_is_asked_for(hands, known, open_hall, actor_of):
    kiosk = actor_for_device(Device.objects.create(hall_id=open_hall.hall, kind="kiosk", name="取号机"))
    wish = {"hall": open_hall.hall, "business": open_hall.businesses["fee"], "now": hands.now, "actor": kiosk}
    big = known(segment="big")
    issued = issuing.issue_ticket(**wish, customer=big.pk, known_by="card")
    assert Ticket.objects.get(pk=issued.id).priority.code == "green"


def test_the_entitlement_counts_while_it_is_in_force_and_then_the_class_of_the_row(publish, hands, known):
    gone = Entitlement("star", "星级", shows="贵宾卡", until=DAY - dt.timedelta(days=1))
    publish(GREEN_CHANNEL, GreenChannel((gone,)))
    issued = hands.issue(customer=known(segment="big").pk, known_by="phone")
    assert Ticket.objects.get(pk=issued.id).priority.code == "vip"


def test_a_class_that_the_hall_does_not_have_is_passed_over(publish, hands, known):
    publish(
        CUSTOMER_CLASSES, CustomerClasses((ClassRow(By.LEVEL, "gold", "crown"), ClassRow(By.SEGMENT, "public", "vip")))
    )
    issued = hands.issue(customer=known(level="gold", segment="public").pk, known_by="phone")
    assert Ticket.objects.get(pk=issued.id).priority.code == "vip"


def test_the_care_button_of_a_walk_in_stays_stronger_than_the_class(hands, known):
    issued = hands.issue(customer=known(level="gold").pk, known_by="phone", care=True)
    assert Ticket.objects.get(pk=issued.id).priority.code == "care"


def test_a_file_out_of_reach_is_as_unknown_as_none_and_no_number_is_written(hands, known, refuses):
    province = Unit.objects.get(code="GD")
    city = Unit.objects.create(
        code="SZ", parent=province, level=UnitLevel.CITY, path="GD/SZ/", name="深圳", name_en="Shenzhen"
    )
    other = known(unit=city.pk)
    refuses("customer.unknown", lambda: hands.issue(customer=other.pk, known_by="phone"))
    refuses("customer.unknown", lambda: hands.issue(customer=uuid4(), known_by="phone"))
    assert not Ticket.objects.exists()


def test_one_link_a_ticket_corrected_by_staff_with_a_new_fact(hands, known, know, refuses, open_hall):
    wrong, right = known(), known(phone="13900000009", segment="public")
    issued = hands.issue(customer=wrong.pk, known_by="phone")
    link = know(issued.id, right.pk)
    assert (link.version, link.customer, link.segment) == (2, right.pk, "public")
    assert know(issued.id, right.pk).version == 2, "the same again changes nothing"
    assert TicketCustomer.objects.count() == 1
    assert [fact["data"]["customer"] for fact in facts_of(customer_link_id(issued.id))] == [
        str(wrong.pk),
        str(right.pk),
    ]
    kiosk = actor_for_device(Device.objects.create(hall_id=open_hall.hall, kind="kiosk", name="取号机"))
    again = {"ticket": issued.id, "customer": wrong.pk, "how": "phone", "actor": kiosk, "now": hands.now}
    refuses("ticket.known_already", lambda: knowing.know_customer(**again))
    refuses("access.refused", lambda: know(issued.id, wrong.pk, who="9001"))
    refuses("hall.unknown", lambda: know(issued.id, wrong.pk, who="2001"))
    assert TicketCustomer.objects.get().customer_id == right.pk


def test_the_journal_says_who_the_customer_is_now(hands, known, know):
    issued = hands.issue(customer=known().pk, known_by="phone")
    know(issued.id, None, "declined")
    last = facts_of(customer_link_id(issued.id))[-1]
    row = TicketCustomer.objects.get()
    assert (last["version"], last["data"]["how"], last["data"]["customer"]) == (row.version, row.how, None)
    assert row.customer_id is None


def test_a_waiting_number_that_becomes_known_moves_up_and_never_back(hands, known, know):
    first, later = hands.issue(), hands.issue()
    know(later.id, known(level="gold").pk, "guide", who="1101")
    assert Ticket.objects.get(pk=later.id).priority.code == "vip"
    know(later.id, known(phone="13900000004").pk, "guide", who="1101")
    assert Ticket.objects.get(pk=later.id).priority.code == "vip"
    hands.open("1")
    assert hands.call("1").id == later.id
    assert links_of([first.id, later.id]).keys() == {later.id}


def test_the_visits_of_a_customer_latest_first(hands, known, know):
    customer = known()
    hands.open("1")
    hands.issue(customer=customer.pk, known_by="phone")
    called = hands.call("1")
    hands.serve("1", called.id)
    second = hands.issue(customer=customer.pk, known_by="card")
    hands.issue(customer=known(phone="13900000005").pk, known_by="card")
    latest, earlier = visits_of_customer([customer.pk])
    assert (latest.ticket, latest.state, latest.handled_min, latest.how) == (second.id, "waiting", None, "card")
    assert (earlier.ticket, earlier.state, earlier.how) == (called.id, "finished", "phone")
    assert earlier.handled_min >= 0
    assert visits_of_customer([customer.pk], since=DAY + dt.timedelta(days=1)) == ()


def test_a_merged_file_leads_to_the_one_that_is_kept(hands, known, know):
    kept, gone = known(level="gold"), known(phone="13900000006")
    Customer.objects.filter(pk=gone.pk).update(state="merged", merged_into=kept)
    issued = hands.issue(customer=gone.pk, known_by="booking")
    assert TicketCustomer.objects.get(ticket=issued.id).customer_id == kept.pk


def test_rows_are_pure():
    assert (
        class_of_known(
            [ClassRow(By.LEVEL, "", "vip")], segment="", level="", tags=[], classes={"vip": uuid4()}, green={}, care=[]
        )
        is None
    )
