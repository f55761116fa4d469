"""Weak items: important and short come first, doubt is said, and what cannot be judged is not judged."""

import dataclasses

import numpy as np
import pytest

from yingting.indicators.declaring import BetterIs
from yingting.indicators.fairness import Fairness
from yingting.indicators.shortcomings import Basis, Finding, Importance, Item, derived_importance, judge_items

ENTERED = Importance(0.5, Basis.ENTERED)
WAIT = Item("wait", 400, 0.7, 0.4, 0.02, 0.8, BetterIs.HIGHER, ENTERED)


def _findings(*items):
    return [(one.item.key, one.finding) for one in judge_items(items, Fairness())]


def test_the_gap_is_told_in_units_of_spread_with_its_interval():
    (one,) = judge_items([WAIT], Fairness())
    assert one.finding is Finding.SHORTCOMING
    assert (one.short, one.weight) == (pytest.approx(0.25), pytest.approx(0.125))
    assert (one.low, one.high) == (pytest.approx(0.25 - 1.959964 / 20), pytest.approx(0.25 + 1.959964 / 20))


@pytest.mark.req("SAT-06")
def test_shortcomings_come_first_by_weight_then_the_suspected_then_the_rest():
    change = dataclasses.replace
    assert _findings(
        change(WAIT, key="reached", value=0.9),
        change(WAIT, key="doubtful", error=0.08, value=0.78),
        WAIT,
        change(WAIT, key="heavier", importance=Importance(0.9, Basis.ENTERED)),
        change(WAIT, key="slow", value=12.0, target=10.0, spread=4.0, better_is=BetterIs.LOWER),
        change(WAIT, key="unloved", importance=Importance(0.0, Basis.DERIVED, 0.0, 0.2, 90)),
        change(WAIT, key="perhaps", importance=Importance(0.2, Basis.DERIVED, 0.0, 0.4, 90)),
    ) == [
        ("slow", Finding.SHORTCOMING),
        ("heavier", Finding.SHORTCOMING),
        ("wait", Finding.SHORTCOMING),
        ("perhaps", Finding.SUSPECTED),
        ("doubtful", Finding.SUSPECTED),
        ("reached", Finding.REACHED),
        ("unloved", Finding.NOT_IMPORTANT),
    ]


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({"n": 29}, Finding.TOO_FEW_CASES),
        ({"value": None}, Finding.TOO_FEW_CASES),
        ({"target": None}, Finding.NO_TARGET),
        ({"spread": None}, Finding.NO_SPREAD),
        ({"spread": 0.0}, Finding.NO_SPREAD),
        ({"error": None}, Finding.NO_SPREAD),
        ({"importance": None}, Finding.NO_IMPORTANCE),
    ],
)
def test_what_is_missing_is_said_instead_of_a_judgement(change, finding):
    (one,) = judge_items([dataclasses.replace(WAIT, **change)], Fairness())
    assert (one.finding, one.weight) == (finding, 0.0)


def test_importance_is_the_rank_correlation_with_overall_satisfaction():
    random = np.random.default_rng(5)
    overall = random.integers(1, 11, 300)
    close = np.clip(overall + random.integers(-1, 2, 300), 1, 10)
    found = derived_importance(close, overall, Fairness())
    assert found.basis is Basis.DERIVED
    assert (found.n, found.is_sure, found.value > 0.9) == (300, True, True)
    chance = derived_importance(random.permutation(overall), overall, Fairness())
    assert (chance.is_sure, chance.value < 0.2) == (False, True)
    against = derived_importance(-overall, overall, Fairness())
    assert (against.value, against.high) == (0.0, 0.0)


def test_importance_is_not_derived_from_few_answers_or_from_answers_that_are_all_the_same():
    assert derived_importance(range(29), range(29), Fairness()) is None
    assert derived_importance([5] * 40, range(40), Fairness()) is None
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        derived_importance([1, 2], [1], Fairness())
