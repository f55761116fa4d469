"""What the tests of customer files share: the cast, and customers of it."""

import datetime as dt
import itertools

import pytest

from yingting.foundation.customers.contracts import Particulars
from yingting.foundation.customers.keeping import register
from yingting.foundation.people.access import actor_for_person
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Unit

NOW = dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC)
DAY = dt.date(2026, 1, 5)
_numbers = itertools.count(13_800_000_001)


@pytest.fixture
def staff(cast):
    """Return the actor of a member of the cast by staff number."""
    return lambda number: actor_for_person(Person.objects.get(staff_no=number))


@pytest.fixture
def opened(staff):
    """Open a file of somebody new at a unit, as its duty manager does."""

    def make(name="张伟", unit="H01", now=NOW, actor="1301", is_another=False, **said):
        said.setdefault("phone", str(next(_numbers)))
        return register(
            said=Particulars(name=name, **said), unit=Unit.objects.get(code=unit), is_another=is_another,
            actor=staff(actor), now=now,
        )  # fmt: skip

    return make
