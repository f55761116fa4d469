"""Measure the items of a baseline, each hall and all together, without leaving out small samples."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from yingting.foundation.lake.asking import ask
from yingting.foundation.lake.baselines.contracts import TOGETHER, Item, Kept, Part
from yingting.foundation.lake.declared import declared
from yingting.foundation.lake.question import Question, splits_of
from yingting.indicators.days import Day, error_of
from yingting.indicators.declaring import Merge, Reading

Values = dict[str, dict[Item, Kept]]
Place = tuple[str, str]  # a hall or TOGETHER, and an indicator
Measured = tuple[float | None, int, float | None]  # value, n, mean square
Days = dict[Place, list[Day]]
_CASES: Mapping[Part, Mapping[str, tuple[Any, ...]]] = {
    Part.SINGLE: {"kind": ("single",)}, Part.COMBINED: {"kind": ("combined",)},
    Part.BUSY: {"is_busy": (True,)}, Part.IDLE: {"is_busy": (False,)},
}  # fmt: skip


def parts_of(key: str) -> tuple[Part, ...]:
    """Return the parts into which an indicator's cases can be cut."""
    have = set(splits_of(key))
    return tuple(part for part in Part if set(_CASES.get(part, ())) <= have)


def measure_items(items: Collection[Item], halls: Collection[str], first: dt.date, last: dt.date) -> Values:
    """Return what was measured, by place (halls and TOGETHER) and item; a place without rows has no value and n = 0."""
    found: Values = {place: {item: Kept(None, 0) for item in items} for place in (TOGETHER, *halls)}
    for part in sorted({item.part for item in items}):
        keys = tuple(item.key for item in items if item.part is part)
        values, days = _cases_of(keys, part, halls, first, last)
        for (place, key), reading in values.items():
            found[place][Item(key, part)] = _kept(reading, days.get((place, key), []))
    return found


def _question(
    keys: tuple[str, ...], halls: Collection[str], first: dt.date, last: dt.date, by: tuple[str, ...],
    where: Mapping[str, tuple[Any, ...]],
) -> Question:  # fmt: skip
    return Question(keys, tuple(halls), first, last, by, where, minimum_sample=dict.fromkeys(keys, 0), spread=True)


def _kept(part: Measured, days: Sequence[Day]) -> Kept:
    value, n, square = part
    spread = None if square is None or value is None else max(square - value * value, 0.0) ** 0.5
    return Kept(value, n, spread, len(days), error_of(days) if len(days) > 1 else None)


def _measured(reading: Reading) -> Measured:
    value, spread = reading.value, reading.spread
    return value, reading.n, None if spread is None or value is None else spread * spread + value * value


def _cases_of(
    keys: tuple[str, ...], part: Part, halls: Collection[str], first: dt.date, last: dt.date
) -> tuple[dict[Place, Measured], Days]:
    where = _CASES.get(part, {})
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


def _add_day(days: Days, hall: str, key: str, whole: Measured) -> None:
    value, n, _square = whole
    if value is not None and n:
        for place in (hall, TOGETHER):
            days[place, key].append(Day(n, value))
