"""Weak items of a quarter (SAT-06): important to customers and short of the target (importance × performance).

Importance-performance analysis (Martilla & James 1977, J. Marketing 41, 77-79) with its two known faults mended: what is
important is said with its interval, and what is short is said in units of spread, so that a share and a score compare.

    short   = (target − value) / spread, turned so that positive is short of the target
    weight  = importance × short, where both are above zero
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

from yingting.indicators.correlating import Correlation, spearman
from yingting.indicators.declaring import BetterIs
from yingting.indicators.fairness import Fairness


class Basis(StrEnum):
    """Where an importance comes from."""

    ENTERED = "entered"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class Importance:
    """How much an item weighs, 0…1: entered as a rule, or derived from n answers with its interval."""

    value: float
    basis: Basis
    low: float | None = None
    high: float | None = None
    n: int | None = None

    @property
    def is_sure(self) -> bool:
        """Is it more than nothing, beyond doubt?"""
        return self.value > 0 if self.low is None else self.low > 0


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the quarter: its value over n cases with its standard error, the spread of one case, what it should be."""

    key: str
    n: int
    value: float | None
    spread: float | None
    error: float | None
    target: float | None
    better_is: BetterIs
    importance: Importance | None


class Finding(StrEnum):
    """What is said of an item."""

    SHORTCOMING = "shortcoming"  # surely short, surely important
    SUSPECTED = "suspected"  # short or important only perhaps
    REACHED = "reached"
    NOT_IMPORTANT = "not_important"
    TOO_FEW_CASES = "too_few_cases"
    NO_TARGET = "no_target"
    NO_SPREAD = "no_spread"
    NO_IMPORTANCE = "no_importance"


@dataclass(frozen=True, slots=True)
class Judged:
    """An item with the finding and the numbers that are the reason for it; `short` in units of spread with its interval."""

    item: Item
    finding: Finding
    short: float | None = None
    low: float | None = None
    high: float | None = None
    weight: float = 0.0


def derived_importance(item: Sequence[float], overall: Sequence[float], fairness: Fairness) -> Importance | None:
    """Return the rank correlation of an item's scores with overall satisfaction, answer by answer.

    None when there are fewer answers than the settings ask for, or one of the two never changes. What goes against
    overall satisfaction has no importance, 0. Raises ValueError when the two are not of one length.
    """
    found: Correlation = spearman(zip(item, overall, strict=True), fairness)
    if found.n < fairness.least_cases or found.value is None or found.low is None or found.high is None:
        return None
    low, high = max(found.low, 0.0), max(found.high, 0.0)
    return Importance(max(found.value, 0.0), Basis.DERIVED, low, high, found.n)


def judge_items(items: Iterable[Item], fairness: Fairness) -> tuple[Judged, ...]:
    """Judge the items: shortcomings first by weight, then the suspected, then the others by key."""
    places = {finding: place for place, finding in enumerate(Finding)}
    judged = [_judged(item, fairness) for item in items]
    return tuple(sorted(judged, key=lambda one: (places[one.finding], -one.weight, one.item.key)))


def _judged(item: Item, fairness: Fairness) -> Judged:
    if item.n < fairness.least_cases or item.value is None:
        return Judged(item, Finding.TOO_FEW_CASES)
    if item.target is None:
        return Judged(item, Finding.NO_TARGET)
    if not item.spread or item.error is None:
        return Judged(item, Finding.NO_SPREAD)
    sign = 1 if item.better_is is BetterIs.HIGHER else -1
    short = sign * (item.target - item.value) / item.spread
    reach = NormalDist().inv_cdf((1 + fairness.level) / 2) * item.error / item.spread
    low, high = short - reach, short + reach
    if item.importance is None:
        return Judged(item, Finding.NO_IMPORTANCE, short, low, high)
    if short <= 0:
        return Judged(item, Finding.REACHED, short, low, high)
    if item.importance.value <= 0:
        return Judged(item, Finding.NOT_IMPORTANT, short, low, high)
    is_sure = low > 0 and item.importance.is_sure
    finding = Finding.SHORTCOMING if is_sure else Finding.SUSPECTED
    return Judged(item, finding, short, low, high, item.importance.value * short)
