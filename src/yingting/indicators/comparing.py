"""Fair comparison of units: intervals, ranges of ranks, and who cannot be told apart.

    evidence = [share_of("H01", kept=3437, n=7772, peers=("city/busy", "city")), …]
    table = compare(evidence, BetterIs.HIGHER, Fairness(), lambda hall: 0.8)

A league table of raw values ranks chance: small units stand at both ends. So each unit is first shrunk towards its peers
(shrinking.py), then ranked a few thousand times with values drawn from what is believed of it. The range that the ranks
fill is what may be said (Goldstein & Spiegelhalter 1996; Marshall & Spiegelhalter 1998, BMJ 316, 1701-1705).
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from yingting.indicators.beta import Floats
from yingting.indicators.declaring import BetterIs
from yingting.indicators.fairness import Fairness
from yingting.indicators.shrinking import Beliefs, Group, group_of, share_group, shrink_means, shrink_shares

EVERYONE = ""
MOST_DRAWN = 1_000_000  # values in all; of many units each is drawn less often, but not under FEWEST_DRAWS times
FEWEST_DRAWS = 500
Ranks = NDArray[np.int32]
TargetOf = Callable[[str], float | None]


class Verdict(StrEnum):
    """What may be said of a unit against a mean or a target."""

    BETTER = "better"
    WORSE = "worse"
    CANNOT_TELL = "cannot_tell"


class Why(StrEnum):
    """Why a unit is not rated."""

    TOO_FEW_CASES = "too_few_cases"
    NO_SPREAD = "no_spread"  # a mean without any sight of how its cases scatter


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one unit in one period.

    value     the share (0…1) or the mean; None without cases
    cases     how many independent cases n is worth: n itself, or fewer where cases of one day resemble each other
    variance  of one case about the mean, for means (None: unknown); shares have none, theirs follows from the value
    peers     names of its peer groups, narrow to wide; all units together are the widest group of everyone
    """

    unit: str
    n: int
    value: float | None
    cases: float
    is_share: bool
    variance: float | None = None
    peers: tuple[str, ...] = ()

    @property
    def groups(self) -> tuple[str, ...]:
        """All groups that it stands in, narrow to wide."""
        return (*self.peers, EVERYONE)

    def __post_init__(self) -> None:
        """Refuse what cannot be: a share outside 0…1, cases without a value, a negative variance."""
        if self.n < 0 or self.cases < 0 or (self.value is None) != (self.n == 0):
            raise ValueError(f"{self.unit}: {self.n} cases with the value {self.value}")
        if self.value is not None and not (math.isfinite(self.value) and (not self.is_share or 0 <= self.value <= 1)):
            raise ValueError(f"{self.unit}: {self.value} is no {'share' if self.is_share else 'number'}")
        if self.variance is not None and not 0 <= self.variance < math.inf:
            raise ValueError(f"{self.unit}: {self.variance} is no variance")


def share_of(unit: str, kept: int, n: int, peers: tuple[str, ...] = ()) -> Evidence:
    """Return the evidence of a share: `kept` of n independent cases."""
    return Evidence(unit, n, kept / n if n else None, n, is_share=True, peers=peers)


def mean_of(unit: str, n: int, total: float, squares: float, peers: tuple[str, ...] = ()) -> Evidence:
    """Return the evidence of a mean: n independent cases, their sum and their sum of squares.

    >>> mean_of("H01", 3, 6.0, 14.0).variance  # of 1, 2, 3
    1.0
    """
    if n == 0:
        return Evidence(unit, 0, None, 0, is_share=False, peers=peers)
    variance = max(squares - total**2 / n, 0.0) / (n - 1) if n > 1 else None
    return Evidence(unit, n, total / n, n, is_share=False, variance=variance, peers=peers)


@dataclass(frozen=True, slots=True)
class NotRated:
    """A unit that is listed apart, without value and rank."""

    unit: str
    n: int
    why: Why


@dataclass(frozen=True, slots=True)
class PeerGroup:
    """A peer group as it was used: its mean, the standard deviation between its units, and how many they are."""

    name: str
    units: int
    mean: float
    spread: float


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a rated unit stands.

    raw, shrunk, low, high  in the indicator's unit; low…high holds the true value at the settings' level
    own                     weight of its own cases in `shrunk`, 0…1; the rest is its peers'
    rank_low, rank_high     best and worst plausible rank among all rated units, 1 is best
    group                   the peer group that was used, None when there are too few units for any
    is_wider                its narrowest group was too small, a wider one (or none) was used
    against_group, _target  what may be said; None without a group, without a target
    band                    1 is best: a band holds those who cannot be told apart from its first unit
    """

    unit: str
    n: int
    raw: float
    shrunk: float
    low: float
    high: float
    own: float
    rank_low: int
    rank_high: int
    group: str | None
    is_wider: bool
    against_group: Verdict | None
    against_target: Verdict | None
    band: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """All units of a comparison: the rated ones from best to worst by shrunk value, the others by name."""

    standings: tuple[Standing, ...]
    not_rated: tuple[NotRated, ...]
    groups: Mapping[str, PeerGroup]

    @property
    def bands(self) -> tuple[tuple[str, ...], ...]:
        """The units of each band, best first."""
        count = max((one.band for one in self.standings), default=0)
        return tuple(tuple(one.unit for one in self.standings if one.band == band) for band in range(1, count + 1))


def no_target(_unit: str) -> float | None:
    """Nobody has a target."""
    return None


def compare(
    evidence: Iterable[Evidence], better_is: BetterIs, fairness: Fairness, target_of: TargetOf = no_target
) -> Comparison:
    """Compare units by one indicator; the order of the input does not matter. `target_of` gives each unit's own target.

    Raises ValueError for a unit given twice or shares mixed with means. Memory: about 30 bytes × units × draws.
    """
    rated, not_rated = _parted(evidence, fairness)
    if not rated:
        return Comparison((), not_rated, {})
    believed = _believed(rated, fairness)
    standings = _standings(rated, believed, better_is, fairness, target_of)
    named = {name: _peer_group(name, group, rated) for name, group in believed.groups.items()}
    return Comparison(standings, not_rated, named)


def against_targets(
    evidence: Iterable[Evidence], better_is: BetterIs, fairness: Fairness, target_of: TargetOf
) -> dict[str, Verdict | None]:
    """Say of each unit that can be rated how it stands against its target, as `compare` does; nobody is ranked.

    A target is set for what customers meet, so it is the value as measured that is held against it, where the comparison
    itself allows for the mix of cases.
    """
    rated, _not_rated = _parted(evidence, fairness)
    if not rated:
        return {}
    found = _believed(rated, fairness)
    return {
        one.unit: verdict(float(low), float(high), target_of(one.unit), better_is)
        for one, low, high in zip(rated, found.low, found.high, strict=True)
    }


def draws_of(units: int, fairness: Fairness) -> int:
    """Return how often the ranks are drawn: as the rule says, less often for a whole province, where a range of ranks spans
    hundreds and a hundredth of chance more or less moves it by little.

    >>> [draws_of(units, Fairness()) for units in (500, 1000, 2000, 4000)], draws_of(4000, Fairness(draws=300))
    ([2000, 1000, 500, 500], 300)
    """
    return min(fairness.draws, max(FEWEST_DRAWS, MOST_DRAWN // units))


def seed_of(seed: int, parts: Iterable[object]) -> int:
    """Return a seed that follows from the input, so that the same question always gives the same answer."""
    text = "\n".join(map(repr, (seed, *parts)))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


@dataclass(frozen=True, slots=True)
class _Believed:
    """What is believed of the rated units, with their intervals; `used` names each one's group, `groups` what is known of it."""

    used: Sequence[str | None]
    groups: Mapping[str, Group]
    beliefs: Beliefs
    low: Floats
    high: Floats


def _parted(evidence: Iterable[Evidence], fairness: Fairness) -> tuple[list[Evidence], tuple[NotRated, ...]]:
    """Return the units that can be rated, and the others with the reason."""
    given = sorted(evidence, key=lambda one: one.unit)
    _require_one_kind(given)
    has_spread = any(one.is_share or one.variance is not None for one in given)
    why = {one.unit: _why_not(one, has_spread, fairness) for one in given}
    not_rated = tuple(NotRated(one.unit, one.n, reason) for one in given if (reason := why[one.unit]) is not None)
    return [one for one in given if why[one.unit] is None], not_rated


def _believed(rated: Sequence[Evidence], fairness: Fairness) -> _Believed:
    variances = _case_variances(rated, fairness)
    used = _groups_used(rated, fairness)
    groups = {name: _estimate(name, rated, variances) for name in sorted({name for name in used if name is not None})}
    beliefs = _beliefs(rated, variances, used, groups)
    low, high = beliefs.quantile((1 - fairness.level) / 2), beliefs.quantile((1 + fairness.level) / 2)
    # The mean of a belief that leans on 0 or 1 may lie outside its own quantiles: the interval reaches out to it.
    return _Believed(used, groups, beliefs, np.minimum(low, beliefs.mean), np.maximum(high, beliefs.mean))


def _require_one_kind(given: Sequence[Evidence]) -> None:
    twice = [unit for unit, count in Counter(one.unit for one in given).items() if count > 1]
    if twice:
        raise ValueError(f"given twice: {', '.join(twice)}")
    if len({one.is_share for one in given}) > 1:
        raise ValueError("shares and means cannot be compared with each other")


def _why_not(one: Evidence, has_spread: bool, fairness: Fairness) -> Why | None:
    if one.n < fairness.least_cases or one.cases <= 0:
        return Why.TOO_FEW_CASES
    return None if has_spread else Why.NO_SPREAD


def _case_variances(rated: Sequence[Evidence], fairness: Fairness) -> Floats:
    """Return the variance of one case per unit, moderated: a unit's own spread rests on few cases at times.

    (d₀ s₀² + (n − 1)s²) / (d₀ + n − 1), s₀² the pooled variance (Smyth 2004, Stat. Appl. Genet. Mol. Biol. 3, 3).
    """
    if rated[0].is_share:
        return np.zeros(len(rated))
    freedom = np.array([max(one.cases - 1, 0) if one.variance is not None else 0 for one in rated])
    own = np.array([one.variance or 0.0 for one in rated])
    pooled = freedom @ own / freedom.sum() if freedom.any() else 0.0
    d0 = fairness.pooled_cases
    found: Floats = (d0 * pooled + freedom * own) / (d0 + freedom)
    return found


def _groups_used(rated: Sequence[Evidence], fairness: Fairness) -> list[str | None]:
    sizes = Counter(name for one in rated for name in set(one.groups))
    return [next((name for name in one.groups if sizes[name] >= fairness.least_units), None) for one in rated]


def _values(rated: Sequence[Evidence]) -> Floats:
    return np.array([one.value for one in rated], dtype=np.float64)


def _cases(rated: Sequence[Evidence]) -> Floats:
    return np.array([one.cases for one in rated], dtype=np.float64)


def _estimate(name: str, rated: Sequence[Evidence], variances: Floats) -> Group:
    inside = np.array([name in one.groups for one in rated])
    y, cases = _values(rated)[inside], _cases(rated)[inside]
    return share_group(y, cases) if rated[0].is_share else group_of(y, variances[inside] / cases)


def _peer_group(name: str, group: Group, rated: Sequence[Evidence]) -> PeerGroup:
    units = sum(name in one.groups for one in rated)
    return PeerGroup(name, units, group.mean, math.sqrt(group.between))


def _beliefs(
    rated: Sequence[Evidence], variances: Floats, used: Sequence[str | None], estimated: Mapping[str, Group]
) -> Beliefs:
    y, cases, is_share = _values(rated), _cases(rated), rated[0].is_share
    mean, variance, own = np.empty_like(y), np.empty_like(y), np.empty_like(y)
    for name in set(used):
        at = np.array([one == name for one in used])
        group = estimated[name] if name is not None else None
        errors = variances[at] / cases[at]
        part = shrink_shares(y[at], cases[at], group) if is_share else shrink_means(y[at], errors, group)
        mean[at], variance[at], own[at] = part.mean, part.variance, part.own
    return Beliefs(mean, variance, own, is_share)


def _standings(
    rated: Sequence[Evidence], believed: _Believed, better_is: BetterIs, fairness: Fairness, target_of: TargetOf
) -> tuple[Standing, ...]:
    beliefs, low, high = believed.beliefs, believed.low, believed.high
    random = np.random.default_rng(seed_of(fairness.seed, rated))
    drawn = beliefs.draw(random, draws_of(len(rated), fairness))
    if better_is is BetterIs.HIGHER:
        drawn = -drawn  # from here on the least is the best
    best, worst = rank_ranges(drawn, fairness.rank_level)
    sign = -1 if better_is is BetterIs.HIGHER else 1
    order = sorted(range(len(rated)), key=lambda at: (sign * beliefs.mean[at], rated[at].unit))
    bands = dict(zip(order, bands_of(drawn[order], fairness.apart), strict=True))

    def standing(at: int) -> Standing:
        one, name = rated[at], believed.used[at]
        interval = float(low[at]), float(high[at])
        mean = believed.groups[name].mean if name is not None else None
        return Standing(
            one.unit, one.n, float(one.value or 0.0), float(beliefs.mean[at]), *interval, float(beliefs.own[at]),
            int(best[at]), int(worst[at]), name, name != one.groups[0],
            verdict(*interval, mean, better_is), verdict(*interval, target_of(one.unit), better_is), bands[at],
        )  # fmt: skip

    return tuple(standing(at) for at in order)


def verdict(low: float, high: float, mark: float | None, better_is: BetterIs) -> Verdict | None:
    """Say what an interval allows against a mark: better or worse only when the mark lies outside; None without a mark.

    >>> verdict(0.5, 0.7, 0.4, BetterIs.HIGHER), verdict(0.5, 0.7, 0.4, BetterIs.LOWER), verdict(0.5, 0.7, 0.5, BetterIs.LOWER)
    (<Verdict.BETTER: 'better'>, <Verdict.WORSE: 'worse'>, <Verdict.CANNOT_TELL: 'cannot_tell'>)
    """
    if mark is None:
        return None
    if low <= mark <= high:
        return Verdict.CANNOT_TELL
    return Verdict.BETTER if (low > mark) == (better_is is BetterIs.HIGHER) else Verdict.WORSE


def rank_ranges(drawn: Floats, level: float) -> tuple[Ranks, Ranks]:
    """Return the best and the worst plausible rank of each unit; drawn: units × draws, the least value is the best."""
    units, draws = drawn.shape
    ranks = np.empty((units, draws), dtype=np.int32)
    np.put_along_axis(ranks, drawn.argsort(axis=0), np.arange(1, units + 1, dtype=np.int32)[:, None], axis=0)
    ranks.sort(axis=1)
    cut = math.floor((1 - level) / 2 * draws)
    return ranks[:, cut], ranks[:, draws - 1 - cut]


def bands_of(ordered: Floats, apart: float) -> list[int]:
    """Return the band of each unit; ordered: units × draws, from the best unit to the worst, the least value is the best.

    A band begins with its best unit and ends before the first unit that is worse than it with at least the probability
    `apart`. Bands part the list readably; neighbours on either side of a border may still not be told apart.
    """
    bands: list[int] = []
    first, band = 0, 0
    for at in range(len(ordered)):
        if at == 0 or float((ordered[first] < ordered[at]).mean()) >= apart:
            first, band = at, band + 1
        bands.append(band)
    return bands
