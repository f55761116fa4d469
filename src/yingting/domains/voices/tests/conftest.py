"""What the tests of voices share: refusals that change nothing, more people of the front line."""

import datetime as dt

import pytest

from yingting.foundation.journal.models import Fact
from yingting.foundation.people.models import Person, Role, RoleGrant
from yingting.foundation.sites.models import Unit
from yingting.kernel.refusals import Refusal


def id_of(staff_no):
    return Person.objects.get(staff_no=staff_no).pk


def later(now, **span):
    return now + dt.timedelta(**span)


def refused(code, act, **arguments):
    """The step is refused with this code, and no fact is written."""
    facts = Fact.objects.count()
    with pytest.raises(Refusal) as told:
        act(**arguments)
    assert told.value.code == code
    assert Fact.objects.count() == facts


@pytest.fixture
def clerks(cast):
    """Two more clerks, of the halls H01 and H02: with 1001 and 1101 there are four people of the front line."""
    for staff_no, name, code in (("1011", "许兰", "H01"), ("2011", "高远", "H02")):
        unit = Unit.objects.get(code=code)
        person = Person.objects.create_user(staff_no, None, name=name, unit=unit)
        RoleGrant.objects.create(person=person, role=Role.objects.get(key="clerk"), unit=unit)
    return cast
