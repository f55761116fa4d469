"""Case mix: the textbook's standardisation, what has no peers, and that a share stays a share."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yingting.indicators.case_mix import Expected, Scale, Stratum, adjusted, expectations
from yingting.indicators.comparing import Evidence, mean_of, share_of

# Both halls handle each kind equally fast; hall B only has more of the slow kind.
SAME = (
    Stratum("A", "card", 90, 100.0),
    Stratum("A", "line", 10, 500.0),
    Stratum("B", "card", 10, 100.0),
    Stratum("B", "line", 90, 500.0),
)


def test_halls_that_differ_in_their_mix_only_are_equal_when_adjusted():
    mixes = expectations(SAME, least_others=10)
    assert (mixes["A"].observed, mixes["A"].expected, mixes["A"].overall) == (140.0, 140.0, 300.0)
    for unit, total in (("A", 14_000.0), ("B", 46_000.0)):
        evidence = mean_of(unit, 100, total, total**2)
        assert adjusted(evidence, mixes[unit], Scale.RATIO).value == pytest.approx(300.0)
        assert adjusted(evidence, mixes[unit], Scale.DIFFERENCE).value == pytest.approx(300.0)


def test_the_error_is_carried_by_the_same_factor():
    mix = Expected("A", observed=150.0, expected=100.0, overall=200.0, compared=100, left_out=0)
    evidence = Evidence("A", 100, 150.0, 100, is_share=False, variance=25.0)
    found = adjusted(evidence, mix, Scale.RATIO)
    assert (found.value, found.variance) == (300.0, 100.0)
    found = adjusted(evidence, mix, Scale.DIFFERENCE)
    assert (found.value, found.variance) == (250.0, 25.0)


def test_kinds_that_nobody_else_has_are_left_out_and_counted():
    rows = [*SAME, Stratum("B", "estate", 40, 9000.0)]
    mix = expectations(rows, least_others=10)["B"]
    assert (mix.observed, mix.expected, mix.compared, mix.left_out) == (460.0, 460.0, 100, 40)
    lone = expectations([Stratum("A", "x", 50, 1.0)], least_others=1)["A"]
    assert lone == Expected("A", None, None, None, 0, 50)
    nothing = adjusted(share_of("A", 50, 50), lone, Scale.ODDS)
    assert (nothing.n, nothing.value) == (0, None)


def test_a_share_that_is_as_expected_becomes_the_share_of_all():
    mix = Expected("A", observed=0.6, expected=0.6, overall=0.8, compared=100, left_out=0)
    found = adjusted(share_of("A", 60, 100), mix, Scale.ODDS)
    assert found.value == pytest.approx(0.8)
    # Same odds ratio, so the same squared error of the log odds: 1/(n p (1 − p)).
    assert 1 / (found.cases * 0.8 * 0.2) == pytest.approx(1 / (100 * 0.6 * 0.4))


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 200), st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_an_adjusted_share_stays_between_none_and_all_and_turns_about(kept, expected, overall):
    mix = Expected("A", kept / 200, expected, overall, 200, 0)
    missed = Expected("A", 1 - kept / 200, 1 - expected, 1 - overall, 200, 0)
    found = adjusted(share_of("A", kept, 200), mix, Scale.ODDS)
    other = adjusted(share_of("A", 200 - kept, 200), missed, Scale.ODDS)
    assert 0 <= found.value <= 1
    assert found.value == pytest.approx(1 - other.value, abs=1e-9)
    assert found.cases == pytest.approx(other.cases)


def test_kinds_that_are_all_or_none_for_everybody_tell_no_hall_from_another():
    rows = [
        Stratum("A", "x", 50, 1.0),
        Stratum("B", "x", 50, 1.0),
        Stratum("B", "y", 50, 0.5),
        Stratum("C", "y", 50, 0.1),
    ]
    mixes = expectations(rows, least_others=10)
    assert adjusted(share_of("A", 50, 50), mixes["A"], Scale.ODDS).value is None
    everybody = expectations(rows[:2], least_others=10)
    assert adjusted(share_of("A", 50, 50), everybody["A"], Scale.ODDS) == share_of("A", 50, 50)


def test_a_scale_that_does_not_fit_is_refused():
    mix = Expected("A", 0.5, 0.0, 0.5, 10, 0)
    for evidence, scale in ((share_of("A", 5, 10), Scale.RATIO), (mean_of("A", 10, 5.0, 5.0), Scale.ODDS)):
        with pytest.raises(ValueError, match="does not fit A"):
            adjusted(evidence, mix, scale)
    with pytest.raises(ValueError, match=r"ratio to 0\.0"):
        adjusted(mean_of("A", 10, 5.0, 5.0), mix, Scale.RATIO)
