"""The cast's hall with a roster of the week after next; Monday, 5 January 2026, is today."""

import datetime as dt

import pytest

from yingting.domains.shifts import facade
from yingting.domains.shifts.contracts import Cell
from yingting.foundation.journal.models import Fact
from yingting.kernel.refusals import Refusal

WEEK = dt.date(2026, 1, 19)


def day(n):
    return WEEK + dt.timedelta(days=n)


class Planner:
    """The hall manager plans: each verb as the cast's 陈刚 unless somebody else is named."""

    def __init__(self, cast, actor_of, now):
        self.cast, self.actor_of, self.now = cast, actor_of, now

    def may(self, who="1301"):
        return {"actor": self.actor_of(who), "now": self.now}

    def cell(self, staff_no, n, shift, *, lunch=None, is_locked=False, origin="solver"):
        return Cell(self.cast.people[staff_no], day(n), shift, lunch, is_locked, origin)

    def draft(self, *cells, expected=None, who="1301", first=WEEK):
        return facade.draft_roster(
            hall=self.cast.hall,
            first_day=first,
            cells=cells,
            figures='{"cost":1}',
            expected_version=expected,
            **self.may(who),
        )

    def set(self, roster, staff_no, n, shift, *, version, lunch=None, is_locked=True, who="1301"):
        return facade.set_cell(
            roster=roster, person=self.cast.people[staff_no], day=day(n), shift=shift, lunch_at_min=lunch, is_locked=is_locked,
            expected_version=version, **self.may(who),
        )  # fmt: skip

    def publish(self, roster, *, version, who="1301"):
        facade.publish_roster(roster=roster, expected_version=version, **self.may(who))

    def published(self, *cells):
        roster = self.draft(*cells)
        self.publish(roster, version=1)
        return roster

    def member(self, staff_no, first=WEEK, days=7):
        staff = facade.staff_of(self.cast.hall, first, days)
        return next(one for one in staff if one.staff_no == staff_no)


@pytest.fixture
def plan(cast, actor_of, now):
    return Planner(cast, actor_of, now)


@pytest.fixture
def refused():
    """Return a function that says by which code something is refused; no fact was written."""

    def call(do):
        before = Fact.objects.count()
        with pytest.raises(Refusal) as no:
            do()
        assert Fact.objects.count() == before
        return no.value.code

    return call
