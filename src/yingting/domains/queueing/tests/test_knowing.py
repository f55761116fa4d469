"""Known customers: the link of a ticket to a file, and the class that the number takes by it."""

import datetime as dt

import pytest

from yingting.domains.queueing.actions import knowing
from yingting.domains.queueing.facade import links_of, visits_of_customer
from yingting.domains.queueing.models import Ticket, TicketCustomer
from yingting.domains.queueing.queries.customer_classes import CUSTOMER_CLASSES
from yingting.domains.queueing.rules.knowing import By, ClassRow, CustomerClasses, class_of_known, customer_link_id
from yingting.domains.queueing.tests.screens import person, set_clock
from yingting.foundation.customers.models import Customer, Tag
from yingting.foundation.journal.models import Fact
from yingting.foundation.journal.recording import facts_of
from yingting.foundation.people.access import actor_for_device
from yingting.foundation.sites.models import Device, Hall

DAY = dt.date(2026, 1, 5)


@pytest.fixture
def known(open_hall, now):
    """Open a file in the hall of the cast (or at another unit)."""

    def one(*, level="", segment="", tags=(), phone="13900000001", unit=None, name="张三"):
        unit = unit or Hall.objects.get(pk=open_hall.hall).unit_id
        row = Customer.objects.create(
            unit_id=unit, name=name, phone=phone, level=level, segment=segment, registered_at=now, last_seen_on=DAY - dt.timedelta(9)
        )
        for code in tags:
            Tag.objects.create(customer=row, code=code, since=now)
        return row

    return one


@pytest.fixture
def know(hands):
    def one(ticket, customer, how="counter", who="1001"):
        return knowing.know_customer(ticket=ticket, customer=customer, how=how, actor=person(who), now=hands.now)

    return one


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
