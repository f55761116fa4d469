"""Is care given alike to new and old customers (CUS-22)? Shares by group, and a test of whether they differ by more than chance."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

LEAST_EXPECTED = 5.0  # of each kind in every group; with fewer the test says nothing (Cochran 1954)
ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class Group:
    """Customers of one tenure or segment: how many, how much care came due and is decided, how much of it was given."""

    code: str
    title: str
    heads: int
    due: int
    given: int

    @property
    def share(self) -> float | None:
        """Given of what was due."""
        return self.given / self.due if self.due else None

    @property
    def per_head(self) -> float | None:
        """Acts of care given a customer."""
        return self.given / self.heads if self.heads else None


@dataclass(frozen=True, slots=True)
class Balance:
    """The groups, and the test: chi-square, degrees of freedom, p; None where the numbers are too small for it."""

    groups: tuple[Group, ...]
    chi_square: float | None
    freedom: int
    p: float | None

    @property
    def tells(self) -> str:
        """What may be said: "alike" (no difference shown), "uneven", or "" (too few)."""
        return "" if self.p is None else "uneven" if self.p < ALPHA else "alike"


def balance_of(groups: Iterable[Group]) -> Balance:
    """Test whether the share of due care that was given is the same in all groups (Pearson's chi-square).

    >>> told = balance_of([Group("new", "", 50, 40, 30), Group("long", "", 90, 80, 20)])
    >>> round(told.chi_square, 3), told.freedom, told.tells  # by hand: 27.429
    (27.429, 1, 'uneven')
    >>> balance_of([Group("new", "", 5, 4, 3), Group("long", "", 9, 8, 2)]).p is None
    True
    """
    every = tuple(one for one in groups if one.heads or one.due)
    tested = [one for one in every if one.due]
    due, given = sum(one.due for one in tested), sum(one.given for one in tested)
    freedom = len(tested) - 1
    if freedom < 1 or not 0 < given < due:
        return Balance(every, None, max(freedom, 0), None)
    square = 0.0
    for one in tested:
        for seen, part in ((one.given, given / due), (one.due - one.given, 1 - given / due)):
            expected = one.due * part
            if expected < LEAST_EXPECTED:
                return Balance(every, None, freedom, None)
            square += (seen - expected) ** 2 / expected
    return Balance(every, square, freedom, chi_square_beyond(square, freedom))


def chi_square_beyond(value: float, freedom: int) -> float:
    """Return how probable a chi-square of at least this value is.

    >>> round(chi_square_beyond(3.841459, 1), 4), round(chi_square_beyond(5.991465, 2), 4), round(chi_square_beyond(7.814728, 3), 4)
    (0.05, 0.05, 0.05)
    """
    half = value / 2
    if freedom % 2:
        # Q(k + 1/2) from erfc by the recurrence Q(a + 1, x) = Q(a, x) + x^a e^-x / Gamma(a + 1).
        found, at = math.erfc(math.sqrt(half)), 0.5
    else:
        found, at = math.exp(-half), 1.0
    while at < freedom / 2:
        found += math.exp(at * math.log(half) - half - math.lgamma(at + 1)) if half else 0.0
        at += 1
    return found
