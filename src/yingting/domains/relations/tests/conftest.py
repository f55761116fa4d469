"""What the tests of relations share: customers with consents, visits of known customers, refusals that change nothing."""

import datetime as dt
import itertools

import pytest
from django.conf import settings

from yingting.domains.queueing.facts import TicketCustomerKnown
from yingting.domains.queueing.models import CounterSession, Handling, PriorityClass, Queue, Ticket, TicketCustomer
from yingting.foundation.catalogue.models import BusinessType
from yingting.foundation.customers.consents import give
from yingting.foundation.customers.contracts import Particulars
from yingting.foundation.customers.keeping import register, set_segment
from yingting.foundation.journal.models import Fact
from yingting.foundation.journal.recording import record
from yingting.foundation.people.models import Person, Role, RoleGrant
from yingting.foundation.sites.models import Counter, Hall, Unit
from yingting.kernel.actors import SYSTEM
from yingting.kernel.refusals import Refusal

NOW = dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC)
DAY = dt.date(2026, 1, 5)
_numbers = itertools.count(13_900_000_001)


def later(now=NOW, **span):
    return now + dt.timedelta(**span)


def refused(code, act, **arguments):
    """The step is refused with this code, and no fact is written."""
    facts = Fact.objects.count()
    with pytest.raises(Refusal) as told:
        act(**arguments)
    assert told.value.code == code
    assert Fact.objects.count() == facts


@pytest.fixture
def lake(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "LAKE_DIR", tmp_path / "lake")


@pytest.fixture
def opened(db, actor_of):
    """Open a file of somebody new; `agrees` names the purposes agreed to."""

    def make(name="张伟", unit="H01", now=NOW, agrees=("care", "service_notice"), segment="", **said):
        said.setdefault("phone", str(next(_numbers)))
        place = Unit.objects.get(code=unit)
        boss = actor_of("9001")
        row = register(said=Particulars(name=name, **said), unit=place, actor=boss, now=now)
        for purpose in agrees:
            give(customer=row.pk, purpose=purpose, how="counter", actor=boss, now=now)
        if segment:
            set_segment(customer=row.pk, code=segment, actor=boss, now=now)
        row.refresh_from_db()
        return row

    return make


@pytest.fixture
def manager(cast):
    """An account manager of the hall H01: 1601."""
    person = Person.objects.create_user("1601", None, name="许兰", unit=Unit.objects.get(code="H01"))
    RoleGrant.objects.create(person=person, role=Role.objects.get(key="account_manager"), unit=person.unit)
    return person


@pytest.fixture
def visited(cast):
    """Write a finished visit of a customer down, as the queue leaves it; its fact is in the journal."""
    count = itertools.count(1)
    care = PriorityClass.objects.get(is_default=True)
    clerk, counter = Person.objects.get(staff_no="1001"), Counter.objects.filter(hall=cast.hall).first()

    def make(
        customer, day, business="fee", hall="H01", at=dt.time(4), channel="kiosk", minutes=10, rating=None, how="phone"
    ):
        place = Hall.objects.get(code=hall)
        kind = BusinessType.objects.get(code=business)
        queue = Queue.objects.filter(hall=place).first()
        issued = dt.datetime.combine(day, at, dt.UTC)
        started, ended = issued + dt.timedelta(minutes=2), issued + dt.timedelta(minutes=minutes)
        ticket = Ticket.objects.create(
            hall=place, business_day=day, number=f"A{next(count):04}", channel=channel, queue=queue, business=kind,
            priority=care, tier=1, rank_at=issued, state="finished", issued_at=issued, queued_at=issued, changed_at=ended,
            first_called_at=started, called_at=started, started_at=started, ended_at=ended, expected_s=100, quoted_ahead=0,
            rating=rating,
        )  # fmt: skip
        link = TicketCustomer.objects.create(
            ticket=ticket, customer=customer, hall=place, business_day=day, how=how, at=issued, segment=customer.segment
        )
        session = CounterSession.objects.create(
            hall=place,
            business_day=day,
            counter=counter,
            clerk=clerk,
            state="closed",
            opened_at=issued,
            closed_at=ended,
            changed_at=ended,
        )
        Handling.objects.create(
            ticket=ticket, hall=place, session=session, counter=counter, clerk=clerk, businesses=[], kind="single", limit_min=3,
            started_at=started, ended_at=ended, outcome="done",
        )  # fmt: skip
        record(
            TicketCustomerKnown(ticket.pk, customer.pk, how, customer.segment, ""), subject=link.pk, version=1, hall=place.pk,
            business_day=day, actor=SYSTEM, now=issued,
        )  # fmt: skip
        return ticket

    return make
