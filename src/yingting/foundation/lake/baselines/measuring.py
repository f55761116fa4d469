"""Measure the items of a baseline, each hall and all together, without leaving out small samples."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from yingting.foundation.catalogue.calendar import CALENDAR, HourSpan
from yingting.foundation.lake.asking import Question, ask, merged, splits_of
from yingting.foundation.lake.baselines.contracts import TOGETHER, Item, Kept, Part
from yingting.foundation.lake.declared import declared
from yingting.foundation.rulebook.reading import in_force_by_path
from yingting.foundation.sites.models import Hall
from yingting.indicators.days import Day, error_of
from yingting.indicators.declaring import Merge, Reading

Values = dict[str, dict[Item, Kept]]
Place = tuple[str, str]  # a hall or TOGETHER, and an indicator
Measured = tuple[float | None, int, float | None]  # value, n, mean square
Days = dict[Place, list[Day]]
_NEEDS = {Part.SINGLE: {"kind"}, Part.COMBINED: {"kind"}, Part.BUSY: {"half_hour"}, Part.IDLE: {"half_hour"}}


def parts_of(key: str) -> tuple[Part, ...]:
    """Return the parts into which an indicator's cases can be cut. Hours of halls differ, so quantiles cannot be cut by them."""
    indicator, _set = declared()[key]
    have = set(splits_of(key))
    return tuple(
        part
        for part in Part
        if _NEEDS.get(part, set()) <= have and not (part in (Part.BUSY, Part.IDLE) and indicator.merge is Merge.NONE)
    )


def measure_items(items: Collection[Item], halls: Collection[str], first: dt.date, last: dt.date) -> Values:
    """Return what was measured, by place (halls and TOGETHER) and item; a place without rows has no value and n = 0."""
    found: Values = {place: {item: Kept(None, 0) for item in items} for place in (TOGETHER, *halls)}
    for part in sorted({item.part for item in items}):
        keys = tuple(item.key for item in items if item.part is part)
        if part in (Part.BUSY, Part.IDLE):
            values, days = _by_hours(keys, part, halls, first, last)
        else:
            values, days = _by_kind(keys, part, halls, first, last)
        for (place, key), reading in values.items():
            found[place][Item(key, part)] = _kept(reading, days.get((place, key), []))
    return found


def _question(
    keys: tuple[str, ...], halls: Collection[str], first: dt.date, last: dt.date, by: tuple[str, ...],
    where: Mapping[str, tuple[Any, ...]],
) -> Question:  # fmt: skip
    return Question(keys, tuple(halls), first, last, by, where, minimum_sample=dict.fromkeys(keys, 0))


def _kept(part: Measured, days: Sequence[Day]) -> Kept:
    value, n, square = part
    spread = None if square is None or value is None else max(square - value * value, 0.0) ** 0.5
    return Kept(value, n, spread, len(days), error_of(days) if len(days) > 1 else None)


def _measured(reading: Reading) -> Measured:
    value, spread = reading.value, reading.spread
    return value, reading.n, None if spread is None or value is None else spread * spread + value * value


def _by_kind(
    keys: tuple[str, ...], part: Part, halls: Collection[str], first: dt.date, last: dt.date
) -> tuple[dict[Place, Measured], Days]:
    where: Mapping[str, tuple[Any, ...]] = {"kind": (part.value,)} if part else {}
    values: dict[Place, Measured] = {}
    for by in ((), ("hall",)):
        for one in ask(_question(keys, halls, first, last, by, where)):
            for key in keys:
                values[one.group[0] if by else TOGETHER, key] = _measured(one[key])
    known, days = declared(), defaultdict[Place, list[Day]](list)
    means = tuple(key for key in keys if known[key][0].merge is Merge.MEAN)
    for one in ask(_question(means, halls, first, last, ("hall", "business_day"), where)) if means else ():
        for key in means:
            _add_day(days, one.group[0], key, _measured(one[key]))
    return values, days


def _by_hours(
    keys: tuple[str, ...], part: Part, halls: Collection[str], first: dt.date, last: dt.date
) -> tuple[dict[Place, Measured], Days]:
    """Return the values of busy hours, or of the others, by each hall's own calendar."""
    busy, known = _busy_hours(halls, last), declared()
    of_days: dict[tuple[str, dt.date, str], list[Measured]] = defaultdict(list)
    for one in ask(_question(keys, halls, first, last, ("hall", "business_day", "half_hour"), {})):
        hall, day, half_hour = one.group
        if _is_in(busy[hall], day.weekday(), half_hour) is (part is Part.BUSY):
            for key in keys:
                of_days[hall, day, key].append(_measured(one[key]))
    gathered, days = defaultdict[Place, list[Measured]](list), defaultdict[Place, list[Day]](list)
    for (hall, _day, key), parts in of_days.items():
        whole = merged(known[key][0], parts)
        for place in (hall, TOGETHER):
            gathered[place, key].append(whole)
        if known[key][0].merge is Merge.MEAN:
            _add_day(days, hall, key, whole)
    return {place: merged(known[place[1]][0], parts) for place, parts in gathered.items()}, days


def _add_day(days: Days, hall: str, key: str, whole: Measured) -> None:
    value, n, _square = whole
    if value is not None and n:
        for place in (hall, TOGETHER):
            days[place, key].append(Day(n, value))


def _busy_hours(halls: Collection[str], day: dt.date) -> dict[str, tuple[HourSpan, ...]]:
    paths = dict(Hall.objects.filter(code__in=halls).values_list("code", "unit__path"))
    rules = in_force_by_path(CALENDAR, paths=paths.values(), day=day)
    return {hall: rules[path].busy_hours for hall, path in paths.items()}


def _is_in(spans: Iterable[HourSpan], weekday: int, half_hour: int) -> bool:
    """Does the half hour (0 to 47) begin within the spans?"""
    starts = dt.time(half_hour // 2, half_hour % 2 * 30)
    return any(
        span.starts <= starts < span.ends and any(day.number == weekday for day in span.weekdays) for span in spans
    )
