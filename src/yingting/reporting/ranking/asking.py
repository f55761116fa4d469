"""From the lake to evidence: the days of each unit, its peers, and its case mix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yingting.foundation.lake.asking import ask_columns
from yingting.foundation.lake.question import Question, splits_of
from yingting.indicators.case_mix import Scale, Stratum, adjusted, expectations
from yingting.indicators.comparing import (
    Comparison,
    Evidence,
    TargetOf,
    against_targets,
    compare,
    mean_of,
    no_target,
)
from yingting.indicators.days import DaySums, means_by_day, shares_by_day, sums_of_columns
from yingting.indicators.declaring import AnyIndicator, BetterIs, Unit
from yingting.indicators.fairness import Fairness, peer_groups
from yingting.reporting.periods import Period

VISITS = "queueing.tickets"
_SCALES = {Unit.SHARE: Scale.ODDS, Unit.SCORE: Scale.DIFFERENCE}
Column = Literal["hall", "clerk", "group"]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which halls and days are looked at; the caller has checked the right to see them. `groups` says what each hall belongs
    to where not halls are compared but what is above them.
    """

    halls: tuple[str, ...]
    period: Period
    groups: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FairTable:
    """A comparison, the details whose mix it allows for (() for none), and what was measured of each unit before that."""

    table: Comparison
    mix: tuple[str, ...]
    measured: Mapping[str, Evidence]


def may_compare_clerks(key: str) -> bool:
    """Do the indicator's rows tell who served?"""
    return "clerk" in splits_of(key)


def comparison(
    indicator: AnyIndicator, column: Column, scope: Scope, fairness: Fairness,
    hall_types: Mapping[str, str], target_of: TargetOf = no_target, *, as_measured: bool = False,
) -> FairTable:  # fmt: skip
    """Compare the halls, their clerks, or the units above them, by one indicator; others than halls are each other's peers.

    The mix of cases is allowed for as the indicator says, unless the values are wanted as measured. A target is always held
    against the value as measured.
    """
    peers = peers_of(scope, hall_types, fairness) if column == "hall" else {}
    measured = evidence_of(indicator, column, scope, fairness, peers)
    mix = () if as_measured else indicator.case_mix.by
    better_is = indicator.better_is or BetterIs.HIGHER
    told = {one.unit: one for one in measured}
    if not mix:
        return FairTable(compare(measured, better_is, fairness, target_of), (), told)
    table = compare(_adjusted(indicator, mix, column, scope, fairness, measured), better_is, fairness)
    against = against_targets(measured, better_is, fairness, target_of)
    standings = tuple(replace(one, against_target=against.get(one.unit)) for one in table.standings)
    return FairTable(replace(table, standings=standings), mix, told)


def peers_of(scope: Scope, hall_types: Mapping[str, str], fairness: Fairness) -> dict[str, tuple[str, ...]]:
    """Return the peer groups of each hall, by its type and its visits on the days on which it had any."""
    sums = _sums_by_day(_columns(VISITS, ("hall", "business_day"), scope), "hall")
    traffic = {hall: one.n / one.days for hall, one in sums.items()}
    return {hall: peer_groups(hall_types.get(hall, ""), traffic.get(hall), fairness.traffic) for hall in scope.halls}


def evidence_of(
    indicator: AnyIndicator, column: Column, scope: Scope, fairness: Fairness, peers: Mapping[str, tuple[str, ...]]
) -> tuple[Evidence, ...]:
    """Return the evidence of each unit that has cases: from its days, or from single cases where there is one day only."""
    rows = _columns(indicator.key, (column, "business_day"), scope)
    sums = _sums_by_day(rows, column)
    if indicator.unit is Unit.SHARE:
        return shares_by_day(sums, peers, fairness)
    if any(one.days > 1 for one in sums.values()):
        return means_by_day(sums, peers)
    return tuple(_of_cases(row[column], row, peers.get(row[column], ())) for row in rows.to_pylist())


def _columns(key: str, by: tuple[str, ...], scope: Scope) -> pa.Table:
    """Return what was measured of units that have a name, wherever there were cases."""
    period = scope.period
    rows = ask_columns(
        Question((key,), scope.halls, period.first, period.last, by=by, groups=scope.groups, spread=True)
    )
    is_told = pc.and_(pc.is_valid(rows[by[0]]), pc.and_(pc.is_valid(rows["v0"]), pc.greater(rows["n0"], 0)))
    return rows.filter(is_told)


def _sums_by_day(rows: pa.Table, column: str) -> dict[str, DaySums]:
    n, values = (rows[name].to_numpy().astype(np.float64) for name in ("n0", "v0"))
    return sums_of_columns(rows[column].to_numpy(), n, values)


def _of_cases(unit: str, row: Mapping[str, Any], peers: tuple[str, ...]) -> Evidence:
    n, value, square = row["n0"], row["v0"], row["q0"]
    if square is None:
        return Evidence(unit, n, value, n, is_share=False, peers=peers)
    return mean_of(unit, n, n * value, n * square, peers)


def _adjusted(
    indicator: AnyIndicator, mix: tuple[str, ...], column: Column, scope: Scope, fairness: Fairness,
    evidence: tuple[Evidence, ...],
) -> tuple[Evidence, ...]:  # fmt: skip
    rows = _columns(indicator.key, (column, *mix), scope)
    units, *details, n, values = (rows[name].to_pylist() for name in (column, *mix, "n0", "v0"))
    kinds = ("/".join(map(str, some)) for some in zip(*details, strict=True))
    strata = [Stratum(*row) for row in zip(units, kinds, n, values, strict=True)]
    mixes = expectations(strata, fairness.least_cases)
    scale = _SCALES.get(indicator.unit, Scale.RATIO)
    return tuple(adjusted(one, mixes[one.unit], scale) for one in evidence if one.unit in mixes)
