"""Announced waits on real queues: learnt on earlier days, held on later ones. The figures stand in `benchmarks/twin_announcement.py`."""

import numpy as np
import pytest

from yingting.twin.announcing import made_from, measure
from yingting.twin.tests.real import bank, halls

pytestmark = [pytest.mark.slow]


def or_skip(found):
    if found is None:
        pytest.skip("the shared real data is not here: set YINGTING_SHARED to its folder")
    return found


@pytest.mark.req("QUE-01")
@pytest.mark.parametrize("who", ["everybody", "who waited"])
def test_february_falls_into_what_january_tells(who):
    january, february = or_skip(bank("january")), or_skip(bank("february"))
    if who == "who waited":
        january, february = (month.part(month.wait_s > 0) for month in (january, february))
    figures = measure(made_from(january, opens_s=7 * 3600.0, slots=17), february)
    assert figures.customers > 13_000
    assert 0.85 <= figures.coverage <= 0.95
    assert figures.width_min < 3.2
    queue_length = [january.wait_s[np.minimum(january.ahead, 25) == people] for people in range(26)]
    table = np.array([waits.mean() if len(waits) else january.wait_s.mean() for waits in queue_length])
    error = np.sqrt(np.mean(np.square(table[np.minimum(february.ahead, 25).astype(int)] - february.wait_s)))
    assert figures.rmse_s < error


@pytest.mark.req("QUE-01")
def test_the_last_days_of_real_halls_fall_into_what_the_first_days_tell():
    """Six halls with ten days each: over all of them together, and none far below (its last days are two or three)."""
    held = customers = 0
    for office, sample in or_skip(halls()).items():
        told = sample.told()
        days = np.unique(told.day)
        if len(days) < 10:
            continue
        figures = measure(
            made_from(told.part(told.day <= days[6]), opens_s=8 * 3600.0, slots=10), told.part(told.day > days[6])
        )
        assert figures.coverage > 0.75, office
        held += figures.coverage * figures.customers
        customers += figures.customers
    assert customers > 7_000
    assert held / customers >= 0.85
