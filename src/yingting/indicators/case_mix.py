"""Case mix: what a unit's value would be if its cases were mixed as everybody's are (indirect standardisation).

A hall that opens many lines has longer handling times than one that sells cards. Expected of a unit: E = Σₛ nₛ rₛ / Σₛ nₛ,
with rₛ the value of stratum s (business and kind) over all units. Its adjusted value starts from the value of all units
together, R, and moves as far as its own value O lies from E (Breslow & Day 1987, IARC Scientific Publications 82, ch. 2):

    ratio        R · O / E                                  times, counts: what is never negative
    difference   R + O − E                                  scores
    odds         odds(R) · odds(O) / odds(E), as a share    shares: stays in 0…1, and turns about when kept becomes missed

The error is carried along with E and R taken as known: they rest on many more cases than O. A stratum that hardly anybody
else has says nothing about its unit, good or bad: its cases are left out of O and E, and their number is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from yingting.indicators.comparing import Evidence


class Scale(StrEnum):
    """How observed and expected are held against each other."""

    RATIO = "ratio"
    DIFFERENCE = "difference"
    ODDS = "odds"


@dataclass(frozen=True, slots=True)
class Stratum:
    """One unit's cases of one kind: their number and their share or mean."""

    unit: str
    stratum: str
    n: int
    value: float


@dataclass(frozen=True, slots=True)
class Expected:
    """A unit against its case mix. `observed` and `expected` are None when no case of it can be compared.

    compared, left_out  cases in strata that others have too, and cases in strata that they have not
    """

    unit: str
    observed: float | None
    expected: float | None
    overall: float | None
    compared: int
    left_out: int


def expectations(strata: Iterable[Stratum], least_others: int) -> dict[str, Expected]:
    """Return what is expected of each unit; a stratum counts for a unit when others have at least `least_others` cases.

    >>> found = expectations([Stratum("A", "x", 100, 0.6), Stratum("B", "x", 300, 0.8), Stratum("B", "y", 50, 0.1)], 30)
    >>> found["A"].expected, found["B"].compared, found["B"].left_out
    (0.75, 300, 50)
    """
    rows = sorted((one for one in strata if one.n), key=lambda one: (one.stratum, one.unit))
    total: dict[str, int] = defaultdict(int)
    weight: dict[str, float] = defaultdict(float)
    of_unit: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        total[row.stratum] += row.n
        weight[row.stratum] += row.n * row.value
        of_unit[row.stratum, row.unit] += row.n
    shared = {key for key, n in of_unit.items() if total[key[0]] - n >= least_others}
    compared = [row for row in rows if (row.stratum, row.unit) in shared]
    cases = sum(row.n for row in compared)
    overall = sum(row.n * row.value for row in compared) / cases if cases else None
    by_unit: dict[str, list[Stratum]] = {row.unit: [] for row in rows}
    for row in compared:
        by_unit[row.unit].append(row)
    rates = {stratum: weight[stratum] / n for stratum, n in total.items()}
    everything: dict[str, int] = defaultdict(int)
    for (_stratum, unit), n in of_unit.items():
        everything[unit] += n
    return {unit: _expected(unit, some, rates, overall, everything[unit]) for unit, some in by_unit.items()}


def adjusted(evidence: Evidence, mix: Expected, scale: Scale) -> Evidence:
    """Return the evidence as if the unit had everybody's case mix; without comparable cases it has no cases left.

    Raises ValueError when the scale does not fit: odds are for shares, and ratios need an expected value above zero.
    """
    if (scale is Scale.ODDS) != evidence.is_share:
        raise ValueError(f"{scale} does not fit {evidence.unit}")
    if evidence.value is None or mix.observed is None or mix.expected is None or mix.overall is None:
        return _nothing(evidence)
    kept = evidence.cases * mix.compared / (mix.compared + mix.left_out)
    fresh = replace(evidence, n=mix.compared, cases=kept)
    if scale is Scale.DIFFERENCE:
        return replace(fresh, value=mix.overall + mix.observed - mix.expected)
    if scale is Scale.ODDS:
        return _by_odds(fresh, mix.observed, mix.expected, mix.overall)
    if mix.expected <= 0:
        raise ValueError(f"a ratio to {mix.expected} expected of {evidence.unit}")
    factor = mix.overall / mix.expected
    variance = None if evidence.variance is None else evidence.variance * factor**2
    return replace(fresh, value=mix.observed * factor, variance=variance)


def _expected(
    unit: str, compared: list[Stratum], rates: Mapping[str, float], overall: float | None, everything: int
) -> Expected:
    n = sum(row.n for row in compared)
    if not n:
        return Expected(unit, None, None, overall, 0, everything)
    observed = sum(row.n * row.value for row in compared) / n
    expected = sum(row.n * rates[row.stratum] for row in compared) / n
    return Expected(unit, observed, expected, overall, n, everything - n)


def _nothing(evidence: Evidence) -> Evidence:
    return replace(evidence, n=0, value=None, cases=0, variance=None)


def _by_odds(fresh: Evidence, observed: float, expected: float, overall: float) -> Evidence:
    """Multiply the odds by c = odds(R)/odds(E); the cases are then worth n(1 − p + cp)²/c (the delta method)."""
    if not 0 < overall < 1:
        return replace(fresh, value=observed)  # everybody has all or none: there is nothing to adjust
    if not 0 < expected < 1:
        return _nothing(fresh)  # its kinds are all or none for everybody: they tell no unit from another
    c = overall / (1 - overall) / (expected / (1 - expected))
    divisor = 1 - observed + c * observed
    return replace(fresh, value=c * observed / divisor, cases=fresh.cases * divisor**2 / c)
