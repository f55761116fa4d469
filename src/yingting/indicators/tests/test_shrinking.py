"""Shrinkage against closed forms: equal errors, the limits of few and many cases, and what happens at the edges."""

import numpy as np
import pytest

from yingting.indicators.shrinking import (
    Group,
    between_variance,
    group_of,
    share_group,
    shrink_means,
    shrink_shares,
)


def _closed_form(y, v):
    """The maximum of A·L(A) for equal errors: the greater root of a quadratic in W = A + v."""
    k, s = len(y), float(((y - y.mean()) ** 2).sum())
    middle = (k - 1) * v + s
    return (middle + np.sqrt(middle**2 - 4 * (k - 3) * v * s)) / (2 * (k - 3)) - v


@pytest.mark.parametrize("v", [0.01, 1.0, 40.0])
def test_the_spread_between_units_has_a_closed_form_when_errors_are_equal(v):
    y = np.array([3.0, 7.0, 4.5, 9.0, 5.5, 1.0])
    assert between_variance(y, np.full(6, v)) == pytest.approx(_closed_form(y, v), rel=1e-5)


def test_equal_values_with_errors_leave_doubt_whether_the_units_are_equal():
    """The moment estimators would say 0 here; k = 9 and S = 0 give W = 8v/6, so a third of the error."""
    assert between_variance(np.full(9, 5.0), np.full(9, 6.0)) == pytest.approx(2.0, rel=1e-5)


def test_without_errors_the_spread_is_the_plain_variance():
    assert between_variance(np.array([1.0, 2.0, 3.0, 4.0]), np.zeros(4)) == pytest.approx(5 / 3)
    assert group_of(np.full(5, 2.0), np.zeros(5)) == Group(2.0, 0.0, 0.0)


def test_three_units_are_too_few_for_a_spread():
    with pytest.raises(ValueError, match="needs 4 units, not 3"):
        between_variance(np.ones(3), np.ones(3))


def test_a_mean_moves_towards_its_peers_by_the_share_of_its_error():
    group = Group(mean=10.0, between=4.0, error=0.5)
    found = shrink_means(np.array([20.0, 20.0, 20.0]), np.array([0.0, 4.0, 36.0]), group)
    assert found.mean == pytest.approx([20.0, 15.0, 11.0])
    assert found.own == pytest.approx([1.0, 0.5, 0.1])
    assert found.variance == pytest.approx([0.0, 2 + 0.25 * 0.5, 3.6 + 0.81 * 0.5])


def test_a_share_moves_towards_its_peers_by_the_cases_that_the_group_is_worth():
    """Variance 0.0025 at 0.8 is a beta distribution of 63 cases: 63 own cases weigh one half."""
    found = shrink_shares(np.array([0.4, 0.4]), np.array([63.0, 6300.0]), Group(0.8, 0.0025, 0.0))
    assert found.own == pytest.approx([0.5, 6300 / 6363])
    assert found.mean == pytest.approx([0.6, (63 * 0.8 + 6300 * 0.4) / 6363])
    assert found.variance[0] == pytest.approx(0.6 * 0.4 / 127)


def test_alone_a_share_has_jeffreys_prior_and_a_mean_has_nothing_added():
    share = shrink_shares(np.array([1.0]), np.array([10.0]), None)
    assert share.mean == pytest.approx([10.5 / 11])
    assert share.quantile(0.975)[0] < 1
    mean = shrink_means(np.array([7.0]), np.array([4.0]), None)
    assert mean.mean == pytest.approx([7.0])
    assert mean.quantile(0.975) == pytest.approx([7 + 1.959964 * 2])


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_group_that_is_all_or_nothing_still_leaves_doubt(share):
    y, cases = np.full(6, share), np.array([5.0, 10.0, 50.0, 100.0, 500.0, 1000.0])
    found = shrink_shares(y, cases, share_group(y, cases))
    width = found.quantile(0.975) - found.quantile(0.025)
    assert (np.diff(width) < 0).all()
    assert (width > 0).all()
    assert abs(found.mean - share).max() < 0.01
