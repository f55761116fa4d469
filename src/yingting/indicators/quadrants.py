"""Sales against quality (PRF-32): which halls sell well at the cost of service, and which cannot be placed.

Each axis is a comparison of its own (comparing.py). A hall is on the good side of an axis when its whole interval is
beyond the median of its peer group (the one that its quality was compared in), on the bad side likewise; else the axis cannot say,
and so cannot the quadrant.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from yingting.indicators.comparing import EVERYONE, Comparison, Standing, Verdict, verdict
from yingting.indicators.correlating import Correlation, spearman
from yingting.indicators.declaring import BetterIs
from yingting.indicators.fairness import Fairness


class Quadrant(StrEnum):
    """Where a hall lies, sales first."""

    BOTH_GOOD = "both_good"
    SALES_ONLY = "sales_only"
    QUALITY_ONLY = "quality_only"
    BOTH_WEAK = "both_weak"
    CANNOT_SAY = "cannot_say"


_QUADRANTS = {
    (Verdict.BETTER, Verdict.BETTER): Quadrant.BOTH_GOOD,
    (Verdict.BETTER, Verdict.WORSE): Quadrant.SALES_ONLY,
    (Verdict.WORSE, Verdict.BETTER): Quadrant.QUALITY_ONLY,
    (Verdict.WORSE, Verdict.WORSE): Quadrant.BOTH_WEAK,
}


@dataclass(frozen=True, slots=True)
class Place:
    """One hall: its standing on each axis, on which side of its peers' median each lies, and the quadrant."""

    unit: str
    sales: Standing
    quality: Standing
    sales_side: Verdict
    quality_side: Verdict
    quadrant: Quadrant


@dataclass(frozen=True, slots=True)
class Scatter:
    """All halls that are rated on both axes, the medians by peer group (sales, quality), and the rank correlation.

    The correlation is of good with good: positive when halls that sell better also serve better.
    """

    places: tuple[Place, ...]
    medians: dict[str, tuple[float, float]]
    correlation: Correlation


def scatter(
    sales: Comparison, quality: Comparison, better_is: tuple[BetterIs, BetterIs], fairness: Fairness
) -> Scatter:
    """Place every hall that is rated on both axes; `better_is` gives the good direction of sales and of quality."""
    other = {one.unit: one for one in quality.standings}
    both = sorted(((one, other[one.unit]) for one in sales.standings if one.unit in other), key=lambda two: two[0].unit)
    members: dict[str, list[tuple[Standing, Standing]]] = defaultdict(list)
    for pair in both:
        members[_group(pair)].append(pair)
    medians = {
        name: (median(one.shrunk for one, _ in some), median(two.shrunk for _, two in some))
        for name, some in members.items()
    }
    places = tuple(_place(pair, medians[_group(pair)], better_is) for pair in both)
    signs = [1 if one is BetterIs.HIGHER else -1 for one in better_is]
    pairs = [(signs[0] * one.shrunk, signs[1] * two.shrunk) for one, two in both]
    return Scatter(places, medians, spearman(pairs, fairness))


def _group(pair: tuple[Standing, Standing]) -> str:
    return pair[1].group or EVERYONE


def _place(
    pair: tuple[Standing, Standing], medians: tuple[float, float], better_is: tuple[BetterIs, BetterIs]
) -> Place:
    sides = [
        verdict(one.low, one.high, mark, direction) or Verdict.CANNOT_TELL
        for one, mark, direction in zip(pair, medians, better_is, strict=True)
    ]
    quadrant = _QUADRANTS.get((sides[0], sides[1]), Quadrant.CANNOT_SAY)
    return Place(pair[0].unit, *pair, sides[0], sides[1], quadrant)
