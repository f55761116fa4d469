import datetime as dt

import pytest

from yingting.domains.queueing.tests.screens import Hands, set_clock
from yingting.foundation.customers.models import Customer, Tag
from yingting.foundation.editing.rulebook.actions import publish_rule
from yingting.foundation.sites.models import Hall, Unit


@pytest.fixture
def open_hall(cast, now):
    """The cast on a Monday at ten: the hall is open, its clock runs."""
    set_clock(cast.hall, now)
    return cast


@pytest.fixture
def hands(open_hall):
    return Hands(open_hall)


@pytest.fixture
def print_at_once(monkeypatch):
    """Print in the request's own thread, so that the test sees the end of it."""
    from yingting.domains.queueing.printing.sending import print_slip
    from yingting.domains.queueing.views import kiosk

    monkeypatch.setattr(kiosk, "print_soon", print_slip)


@pytest.fixture
def known(open_hall, now):
    """Open a file in the hall of the cast (or at another unit)."""

    def one(*, level="", segment="", tags=(), phone="13900000001", unit=None, name="张三"):
        unit = unit or Hall.objects.get(pk=open_hall.hall).unit_id
        row = Customer.objects.create(
            unit_id=unit,
            name=name,
            phone=phone,
            level=level,
            segment=segment,
            registered_at=now,
            last_seen_on=now.date() - dt.timedelta(9),
        )
        for code in tags:
            Tag.objects.create(customer=row, code=code, since=now)
        return row

    return one


@pytest.fixture
def publish(open_hall, actor_of, now):
    """Publish a rule for the whole province, from today on."""

    def one(kind, rule):
        unit = Unit.objects.get(code="GD").pk
        publish_rule(kind, unit=unit, rule=rule, valid_from=now.date(), actor=actor_of("9901"), now=now, reason="test")
        set_clock(open_hall.hall, now)

    return one
