"""From the lake to evidence: the days of each unit, its peers, and its case mix."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from yingting.foundation.lake.asking import Question, ask, splits_of
from yingting.indicators.case_mix import Scale, Stratum, adjusted, expectations
from yingting.indicators.comparing import Comparison, Evidence, TargetOf, compare, mean_of, no_target
from yingting.indicators.days import Day, means_by_day, shares_by_day
from yingting.indicators.declaring import AnyIndicator, BetterIs, Reading, Unit
from yingting.indicators.fairness import Fairness, peer_groups

MIX = ("business", "kind")
VISITS = "queueing.tickets"
_SCALES = {Unit.SHARE: Scale.ODDS, Unit.SCORE: Scale.DIFFERENCE}
Column = Literal["hall", "clerk", "group"]
Days = dict[str, list[tuple[dt.date, Reading]]]


@dataclass(frozen=True, slots=True)
class Period:
    """Which halls and days are looked at; the caller has checked the right to see them. `groups` says what each hall belongs
    to where not halls are compared but what is above them.
    """

    halls: tuple[str, ...]
    first: dt.date
    last: dt.date
    groups: Mapping[str, str] = field(default_factory=dict)


def may_adjust(key: str) -> bool:
    """Do the indicator's rows tell the case mix?"""
    return set(MIX) <= set(splits_of(key))


def may_compare_clerks(key: str) -> bool:
    """Do the indicator's rows tell who served?"""
    return "clerk" in splits_of(key)


def comparison(
    indicator: AnyIndicator, column: Column, period: Period, fairness: Fairness,
    hall_types: Mapping[str, str], target_of: TargetOf = no_target, is_adjusted: bool = False,
) -> Comparison:  # fmt: skip
    """Compare the halls, their clerks, or the units above them, by one indicator; others than halls are each other's peers."""
    peers = peers_of(period, hall_types, fairness) if column == "hall" else {}
    evidence = evidence_of(indicator, column, period, fairness, peers)
    if is_adjusted:
        evidence = _adjusted(indicator, column, period, fairness, evidence)
    return compare(evidence, indicator.better_is or BetterIs.HIGHER, fairness, target_of)


def peers_of(period: Period, hall_types: Mapping[str, str], fairness: Fairness) -> dict[str, tuple[str, ...]]:
    """Return the peer groups of each hall, by its type and its visits on the days on which it had any."""
    days = _by_day(VISITS, "hall", period)
    traffic = {hall: sum(one.n for _day, one in some) / len(some) for hall, some in days.items()}
    return {hall: peer_groups(hall_types.get(hall, ""), traffic.get(hall), fairness.traffic) for hall in period.halls}


def evidence_of(
    indicator: AnyIndicator, column: Column, period: Period, fairness: Fairness, peers: Mapping[str, tuple[str, ...]]
) -> tuple[Evidence, ...]:
    """Return the evidence of each unit that has cases: from its days, or from single cases where there is one day only."""
    days = _by_day(indicator.key, column, period)
    told = {unit: [Day(one.n, one.value) for _day, one in some if one.value is not None] for unit, some in days.items()}
    if indicator.unit is Unit.SHARE:
        return shares_by_day(told, peers, fairness)
    if any(len(some) > 1 for some in told.values()):
        return means_by_day(told, peers)
    return tuple(_of_cases(unit, one, peers.get(unit, ())) for unit, ((_day, one), *_) in days.items())


def _of_cases(unit: str, one: Reading, peers: tuple[str, ...]) -> Evidence:
    if one.value is None or one.spread is None:
        return Evidence(unit, one.n if one.value is not None else 0, one.value, one.n, is_share=False, peers=peers)
    return mean_of(unit, one.n, one.n * one.value, one.n * (one.spread**2 + one.value**2), peers)


def _by_day(key: str, column: Column, period: Period) -> Days:
    question = Question(
        (key,), period.halls, period.first, period.last, by=(column, "business_day"), groups=period.groups,
        minimum_sample={key: 1},
    )  # fmt: skip
    found: Days = defaultdict(list)
    for readings in ask(question):
        unit, day = readings.group
        if unit and readings[key].n:
            found[unit].append((day, readings[key]))
    return found


def _adjusted(
    indicator: AnyIndicator, column: Column, period: Period, fairness: Fairness, evidence: tuple[Evidence, ...]
) -> tuple[Evidence, ...]:
    key = indicator.key
    question = Question((key,), period.halls, period.first, period.last, by=(column, *MIX), minimum_sample={key: 1})
    strata = [
        Stratum(readings.group[0], "/".join(str(one) for one in readings.group[1:]), one.n, one.value)
        for readings in ask(question)
        if readings.group[0] and (one := readings[key]).value is not None
    ]
    mixes = expectations(strata, fairness.least_cases)
    scale = _SCALES.get(indicator.unit, Scale.RATIO)
    return tuple(adjusted(one, mixes[one.unit], scale) for one in evidence if one.unit in mixes)
