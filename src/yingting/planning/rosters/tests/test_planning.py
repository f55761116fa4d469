"""A week planned from the hall's visits and its staff."""

import pytest

from yingting.domains.shifts.facade import roster_of
from yingting.planning.rosters.figures import opened
from yingting.planning.rosters.tests.conftest import MONDAY

pytestmark = pytest.mark.django_db


def test_a_week_is_planned_from_the_visits(cast, past, plan_week):
    import time

    past()
    at = time.time()
    run = plan_week()
    print(time.time() - at, run.state, run.answer[:600])
    draft = roster_of(cast.hall, MONDAY, "draft")
    f = opened(draft.figures)
    print(f.cost, f.bound, f.is_optimal, f.seconds, f.costs, f.notes, f.need.customers, f.need.posts)
    print(f.need.counts.sum(axis=(1, 2)) / 2, f.need.opens_min)
    print(f.need.counts[1])
    for c in draft.cells[:14]:
        print(c)
    assert 0
