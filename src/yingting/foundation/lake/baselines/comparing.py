"""Compare a baseline with a later period, and with what their peers did meanwhile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from yingting.foundation.lake.baselines.contracts import TOGETHER, Item, Kept, KeptStandard, Snapshot
from yingting.foundation.lake.baselines.measuring import measure_items
from yingting.foundation.lake.declared import declared
from yingting.foundation.lake.targets import standards
from yingting.indicators.before_after import Difference, Sample, Verdict, beside_peers, difference, verdict
from yingting.indicators.declaring import AnyIndicator, Merge, Unit

Stretch = tuple[dt.date, dt.date]  # first and last day


@dataclass(frozen=True, slots=True)
class Change:
    """A value before and after. `difference` is None where one of them is not rated."""

    before: Kept
    after: Kept
    difference: Difference | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Effect:
    """How much more the halls of the measure moved than their peers."""

    difference: Difference
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Row:
    """An item at a place: its change, that of its peers, and the difference of both.

    `peers` is None for single halls and where there are no peers, `effect` also where one of the four values is not rated.
    """

    place: str
    item: Item
    indicator: AnyIndicator
    standard: KeptStandard
    change: Change
    peers: Change | None = None
    effect: Effect | None = None


def compare(snapshot: Snapshot, first: dt.date, last: dt.date) -> tuple[Row, ...]:
    """Return all rows: all halls together, then each hall. Both periods are judged by the standards kept with the baseline."""
    after = measure_items(snapshot.items, snapshot.halls, first, last)
    peers_after = measure_items(snapshot.items, snapshot.peers, first, last)[TOGETHER] if snapshot.peer_values else None
    known = declared()
    rows = []
    for place in snapshot.places:
        for at, item in enumerate(snapshot.items):
            if item.key not in known:  # a baseline outlives an indicator
                continue
            indicator, standard = known[item.key][0], snapshot.standards[place][at]
            change = _change(indicator, standard, snapshot.values[place][at], after[place][item])
            peers = effect = None
            if place == TOGETHER and peers_after is not None:
                peers = _change(indicator, standard, snapshot.peer_values[at], peers_after[item])
                effect = _effect(indicator, change, peers)
            rows.append(Row(place, item, indicator, standard, change, peers, effect))
    return tuple(rows)


def compared(key: str, places: Collection[str], before: Stretch, after: Stretch) -> Change:
    """Return how an indicator moved between two stretches of days, over all the places together; below the minimum sample that
    holds for them it is not rated.
    """
    indicator, item = declared()[key][0], Item(key)
    least = standards(places, after[0]).common(indicator, places).minimum_sample
    was, now = (measure_items([item], places, *days)[TOGETHER][item] for days in (before, after))
    return _change(indicator, KeptStandard(None, None, least), was, now)


def _change(indicator: AnyIndicator, standard: KeptStandard, before: Kept, after: Kept) -> Change:
    if not _is_rated(before, standard) or not _is_rated(after, standard):
        return Change(before, after, None, Verdict.NOT_RATED)
    moved = _difference(indicator, before, after)
    return Change(before, after, moved, verdict(moved, indicator.better_is))


def _effect(indicator: AnyIndicator, change: Change, peers: Change) -> Effect | None:
    if change.difference is None or peers.difference is None:
        return None
    apart = beside_peers(change.difference, peers.difference)
    return Effect(apart, verdict(apart, indicator.better_is))


def _is_rated(kept: Kept, standard: KeptStandard) -> bool:
    least = standard.minimum_sample
    return kept.value is not None and (kept.n is None or least is None or kept.n >= least)


def _difference(indicator: AnyIndicator, before: Kept, after: Kept) -> Difference:
    if before.value is None or after.value is None:
        raise ValueError(indicator.key)
    if indicator.merge is not Merge.MEAN:  # quantiles, counts, largest values
        return Difference(after.value - before.value)
    is_share = indicator.unit is Unit.SHARE
    return difference(
        Sample(before.value, before.n, is_share, before.spread, before.days, before.error),
        Sample(after.value, after.n, is_share, after.spread, after.days, after.error),
    )
