"""What the watch knows of halls: their watches, the limits, and the values of the days. The one place that asks the lake."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from yingting.foundation.alerting.rules import Against, DayValue, Limit, Watch, looks_back_days
from yingting.foundation.alerting.rules_in_force import ALERTS
from yingting.foundation.lake.asking import Question, ask
from yingting.foundation.lake.declared import declared
from yingting.foundation.lake.targets import Standard, in_own_unit, standards
from yingting.foundation.rulebook.reading import in_force_by_path
from yingting.foundation.sites.models import Hall
from yingting.indicators.declaring import AnyIndicator, BetterIs

Key = tuple[str, str]  # hall's code, indicator's key


@dataclass(frozen=True, slots=True)
class Watched:
    """One watch in one hall, with what it needs to be judged."""

    hall: Hall
    watch: Watch
    indicator: AnyIndicator
    limit: Limit
    values: tuple[DayValue, ...]


def watched(halls: Sequence[Hall], through: dt.date) -> list[Watched]:
    """Return what is watched in these halls, with the values of the days up to and with `through`."""
    rules = in_force_by_path(ALERTS, paths={hall.unit.path for hall in halls}, day=through)
    known, judged = declared(), standards([hall.code for hall in halls], through)
    wanted: list[tuple[Hall, Watch, AnyIndicator, Limit]] = []
    for hall in halls:
        for watch in rules[hall.unit.path].watches:
            if watch.indicator not in known:
                continue  # its domain is not installed here
            indicator = known[watch.indicator][0]
            limit = limit_of(watch, indicator, judged.of(indicator, hall.code))
            if limit is not None:
                wanted.append((hall, watch, indicator, limit))
    values = _values([(hall.code, watch) for hall, watch, _indicator, _limit in wanted], through)
    return [
        Watched(hall, watch, indicator, limit, values[hall.code, watch.indicator])
        for hall, watch, indicator, limit in wanted
    ]


def limit_of(watch: Watch, indicator: AnyIndicator, standard: Standard) -> Limit | None:
    """Return what a hall's value is held against; None where nothing is set, or the indicator has no better side."""
    if indicator.better_is is None:
        return None
    by = {
        Against.TARGET: standard.target,
        Against.CHALLENGE: standard.challenge,
        Against.VALUE: in_own_unit(indicator, watch.value),
    }
    value = by[watch.against]
    if value is None:
        return None
    return Limit(value, indicator.better_is is BetterIs.LOWER, watch.minimum or standard.minimum_sample or 1)


def _values(pairs: Iterable[tuple[str, Watch]], through: dt.date) -> Mapping[Key, tuple[DayValue, ...]]:
    """Ask once for all halls and indicators. The watch's own smallest sample is the judge's business, so all is rated here."""
    halls, keys, watches = set(), set(), []
    for hall, watch in pairs:
        halls.add(hall)
        keys.add(watch.indicator)
        watches.append(watch)
    found: dict[Key, list[DayValue]] = defaultdict(list)
    if watches:
        question = Question(
            tuple(sorted(keys)), tuple(sorted(halls)), through - dt.timedelta(days=looks_back_days(watches)), through,
            by=("hall", "business_day"), minimum_sample=dict.fromkeys(keys, 1),
        )  # fmt: skip
        for readings in ask(question):
            hall, day = readings.group
            for key, reading in readings.by_key.items():
                found[hall, key].append(DayValue(day, reading.value, reading.n))
    return defaultdict(tuple, {key: tuple(sorted(days, key=lambda one: one.day)) for key, days in found.items()})
