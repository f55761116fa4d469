"""What cases that ran by an edition of a process came to: counts, shares and medians, each with what chance leaves open."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from yingting.indicators.before_after import Sample, Verdict, difference, interval, verdict
from yingting.indicators.declaring import BetterIs

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Share:
    """A share: `kept` of `n`. Its interval is Wilson's."""

    kept: int
    n: int

    @property
    def value(self) -> float | None:
        """The share; None of nothing."""
        return self.kept / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float] | tuple[None, None]:
        """Where the true share lies, as far as so few cases can tell."""
        return interval(Sample(self.kept / self.n, self.n, is_share=True)) if self.n else (None, None)

    def against(self, earlier: Share, better_is: BetterIs) -> Verdict:
        """Say whether it is better than an earlier one (Newcombe's interval of the difference holds zero: nobody can tell)."""
        if not self.n or not earlier.n:
            return Verdict.NOT_RATED
        before, after = (Sample(one.kept / one.n, one.n, is_share=True) for one in (earlier, self))
        return verdict(difference(before, after), better_is)


@dataclass(frozen=True, slots=True)
class Median:
    """The median of n times in hours, with the order statistics that hold the true one (None: too few for any)."""

    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None

    def against(self, earlier: Median) -> Verdict:
        """Say whether it is shorter than an earlier one: only when their intervals lie apart."""
        if self.low is None or self.high is None or earlier.low is None or earlier.high is None:
            return Verdict.NOT_RATED if not self.n or not earlier.n else Verdict.CANNOT_TELL
        if self.high < earlier.low:
            return Verdict.BETTER
        return Verdict.WORSE if self.low > earlier.high else Verdict.CANNOT_TELL


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the cases of an edition came to. Times are natural hours, from the first channel to the close, and in each step."""

    cases: int = 0
    closed: int = 0
    time: Median = Median(0)
    timely: Share = Share(0, 0)
    reopened: Share = Share(0, 0)
    steps: Mapping[str, Median] | None = None


def median_of(hours: Iterable[float], level: float = LEVEL) -> Median:
    """Return the median with its interval by order statistics: the k-th smallest and the k-th largest, whatever the times'
    distribution (David & Nagaraja 2003, Order Statistics, 7.1). Five cases are too few for any.

    >>> median_of([1, 2, 3, 4, 5])
    Median(n=5, value=3, low=None, high=None)
    >>> median_of(range(1, 11))
    Median(n=10, value=5.5, low=2, high=9)
    """
    ordered = sorted(hours)
    if not ordered:
        return Median(0)
    k = _rank(len(ordered), level)
    low, high = (ordered[k - 1], ordered[-k]) if k else (None, None)
    return Median(len(ordered), median(ordered), low, high)


def _rank(n: int, level: float) -> int:
    """The greatest k for which the k-th smallest and largest hold the median at the level; 0 when there is none."""
    tail, term, k = 0.0, math.exp(-n * math.log(2)), 0
    if n > 1000:  # where the binomial is normal enough, and 2**-n no number any more
        return int((n - 1.96 * math.sqrt(n)) / 2)
    while 2 * (tail + term) <= 1 - level:
        tail += term
        k += 1
        term *= (n - k + 1) / k
    return k


def outcome_of(
    *, cases: int, hours: Sequence[float], timely: int, reopened: Share, steps: Mapping[str, Sequence[float]]
) -> Outcome:
    """Return what cases came to: `hours` of the closed ones, of which `timely` ran over no limit."""
    medians = {code: median_of(spent) for code, spent in steps.items()}
    return Outcome(cases, len(hours), median_of(hours), Share(timely, len(hours)), reopened, medians)


REOPENED_IS, TIMELY_IS = BetterIs.LOWER, BetterIs.HIGHER
