"""What the watch knows of halls: their watches, the limits, and the values. The one place that asks the lake."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from yingting.foundation.alerting.rules import Against, DayValue, Limit, LiveValue, Span, Watch, looks_back_days
from yingting.foundation.alerting.rules_in_force import ALERTS
from yingting.foundation.lake.asking import ask
from yingting.foundation.lake.declared import declared
from yingting.foundation.lake.question import Question
from yingting.foundation.lake.targets import Standard, in_own_unit, standards
from yingting.foundation.rulebook.reading import in_force_by_path
from yingting.foundation.sites.models import Hall
from yingting.indicators.declaring import AnyIndicator, BetterIs

Key = tuple[str, str]  # hall's code, indicator's key


@dataclass(frozen=True, slots=True)
class Watched:
    """One watch in one hall, with what it is judged by."""

    hall: Hall
    watch: Watch
    indicator: AnyIndicator
    limit: Limit


@dataclass(frozen=True, slots=True)
class Running:
    """A hall whose business day is open. `as_of` is the hall's time up to which the lake knows it, `now` the hall's time now."""

    hall: Hall
    day: dt.date
    as_of: dt.datetime
    now: dt.datetime


def watched(halls: Sequence[Hall], through: dt.date) -> list[tuple[Watched, tuple[DayValue, ...]]]:
    """Return what is watched day by day in these halls, with the values of the days up to and with `through`."""
    wanted = _watches(halls, through, (Span.DAYS,))
    values = _of_days([(one.hall.code, one.watch) for one in wanted], through)
    return [(one, values[one.hall.code, one.indicator.key]) for one in wanted]


def watched_now(running: Sequence[Running]) -> list[tuple[Watched, LiveValue]]:
    """Return what is watched on the running day of these halls, with the values as the lake knows them."""
    by_day: dict[dt.date, list[Running]] = defaultdict(list)
    for one in running:
        by_day[one.day].append(one)
    found = []
    for day, some in by_day.items():
        as_of = {one.hall.pk: one.as_of for one in some}
        wanted = _watches([one.hall for one in some], day, (Span.MINUTES, Span.TODAY))
        stretches: dict[tuple[int, dt.datetime | None], list[Watched]] = defaultdict(list)
        for each in wanted:
            is_cut = each.watch.span is Span.MINUTES
            stretches[each.watch.last_min if is_cut else 0, as_of[each.hall.pk] if is_cut else None].append(each)
        for (minutes, until), together in stretches.items():
            values = _of_stretch(together, day, minutes, until)
            found += [
                (each, LiveValue(as_of[each.hall.pk], *values.get((each.hall.code, each.indicator.key), (None, 0))))
                for each in together
            ]
    return found


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


def _watches(halls: Sequence[Hall], day: dt.date, spans: Collection[Span]) -> list[Watched]:
    """Return the watches of these spans that are in force in halls, where there is something to hold the value against."""
    rules = in_force_by_path(ALERTS, paths={hall.unit.path for hall in halls}, day=day)
    if not any(watch.span in spans for rule in rules.values() for watch in rule.watches):
        return []
    known, judged = declared(), standards([hall.code for hall in halls], day)
    wanted = []
    for hall in halls:
        for watch in rules[hall.unit.path].watches:
            if watch.span not in spans or watch.indicator not in known:
                continue  # an unknown one: its domain is not installed here
            indicator = known[watch.indicator][0]
            limit = limit_of(watch, indicator, judged.of(indicator, hall.code))
            if limit is not None:
                wanted.append(Watched(hall, watch, indicator, limit))
    return wanted


def _of_stretch(
    wanted: Iterable[Watched], day: dt.date, minutes: int, until: dt.datetime | None
) -> Mapping[Key, tuple[float | None, int]]:
    """Ask once for the running day of halls that are known up to the same instant; `until` None: so far."""
    asked = [(one.hall.code, one.indicator.key) for one in wanted]
    keys = {key for _hall, key in asked}
    question = Question(
        tuple(sorted(keys)), tuple(sorted({hall for hall, _key in asked})), day, day, by=("hall",),
        minimum_sample=dict.fromkeys(keys, 1),
        during=None if until is None else (until - dt.timedelta(minutes=minutes), until),
    )  # fmt: skip
    return {
        (readings.group[0], key): (reading.value, reading.n)
        for readings in ask(question)
        for key, reading in readings.by_key.items()
    }


def _of_days(pairs: Iterable[tuple[str, Watch]], through: dt.date) -> Mapping[Key, tuple[DayValue, ...]]:
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
