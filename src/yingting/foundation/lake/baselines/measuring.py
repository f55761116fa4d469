"""Measure the items of a baseline, each hall and all together, without leaving out small samples."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from yingting.foundation.catalogue.calendar import CALENDAR, HourSpan
from yingting.foundation.lake.asking import Question, ask, merged, splits_of
from yingting.foundation.lake.baselines.contracts import TOGETHER, Item, Kept, Part
from yingting.foundation.lake.declared import declared
from yingting.foundation.rulebook.reading import in_force_by_path
from yingting.foundation.sites.models import Hall
from yingting.indicators.declaring import Merge, Reading

Values = dict[str, dict[Item, Kept]]
_HOURS = ("weekday", "half_hour")
_NEEDS = {Part.SINGLE: {"kind"}, Part.COMBINED: {"kind"}, Part.BUSY: set(_HOURS), Part.IDLE: set(_HOURS)}


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
            _by_hours(found, keys, part, halls, first, last)
            continue
        where: Mapping[str, tuple[Any, ...]] = {"kind": (part.value,)} if part else {}
        for by in ((), ("hall",)):
            for one in ask(_question(keys, halls, first, last, by, where)):
                for key in keys:
                    found[one.group[0] if by else TOGETHER][Item(key, part)] = _kept(one[key])
    return found


def _question(
    keys: tuple[str, ...], halls: Collection[str], first: dt.date, last: dt.date, by: tuple[str, ...],
    where: Mapping[str, tuple[Any, ...]],
) -> Question:  # fmt: skip
    return Question(keys, tuple(halls), first, last, by, where, minimum_sample=dict.fromkeys(keys, 0))


def _kept(reading: Reading) -> Kept:
    return Kept(reading.value, reading.n, reading.spread)


def _by_hours(
    found: Values, keys: tuple[str, ...], part: Part, halls: Collection[str], first: dt.date, last: dt.date
) -> None:
    """Put the values of busy hours, or of the others, by each hall's own calendar."""
    busy = _busy_hours(halls, last)
    known = declared()
    gathered: dict[tuple[str, str], list[tuple[float | None, int, float | None]]] = {}
    for one in ask(_question(keys, halls, first, last, ("hall", *_HOURS), {})):
        hall, weekday, half_hour = one.group
        if _is_in(busy[hall], weekday, half_hour) is (part is Part.BUSY):
            for key in keys:
                for place in (hall, TOGETHER):
                    gathered.setdefault((place, key), []).append(_part(one[key]))
    for (place, key), parts in gathered.items():
        value, n, square = merged(known[key][0], parts)
        spread = None if square is None or value is None else max(square - value * value, 0.0) ** 0.5
        found[place][Item(key, part)] = Kept(value, n, spread)


def _part(reading: Reading) -> tuple[float | None, int, float | None]:
    value, spread = reading.value, reading.spread
    return value, reading.n, None if spread is None or value is None else spread * spread + value * value


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
