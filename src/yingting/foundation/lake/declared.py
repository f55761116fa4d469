"""Sets of indicators: those that are measured on the same rows, under the same terms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import ibis.expr.types as ir

from yingting.foundation.lake.registry import INDICATOR_SETS, brought
from yingting.foundation.rulebook.kinds import Kind
from yingting.indicators.declaring import AnyIndicator, Merge
from yingting.indicators.fact_tables import FactTable

ALWAYS = ("hall", "business_day", "group", "month", "weekday")  # by these all rows can be split
Opener = Callable[[FactTable], ir.Table]
# the engine, all rows asked for, halls, first day, last day → what adds the column to some of these rows
Marker = Callable[[Any, ir.Table, Collection[str], dt.date, dt.date], Callable[[ir.Table], ir.Table]]
# halls, first day, last day, columns to split by, groups of halls → (key, group, value, n)
Answer = Callable[
    [Collection[str], dt.date, dt.date, tuple[str, ...], Mapping[str, str]],
    Iterable[tuple[str, tuple[Any, ...], float | None, int]],
]


def _no_terms(_limits: Any) -> None:
    """Definitions without switches."""


@dataclass(frozen=True, slots=True)
class IndicatorSet:
    """Indicators on one kind of rows.

    rows      what the rows are called, as in the indicators' `table`
    open      makes the rows from fact tables that are cut to halls and period; they have `hall` and `business_day`
    terms     the switches of the definitions, from the rule of `limits` in force for a hall (None where there is none)
    detail    the columns, besides hall and day, that the roll-up keeps apart
    splits    further columns by which the rows may be split; these are read from the rows
    marks     columns by which the rows may be split too, marked by rules of the halls only when somebody asks for them
    listed    the columns of a row that a list of rows shows; the first names what the row is about
    worst     the column whose highest values a list shows first
    answer    for rows that are no fact table (costs that people enter): gives key, group, value and n of halls over days,
              split by some of `splits` ("group" by the names that each hall has); it stands for `open`
    version   rises when a definition changes its meaning under its old key: the roll-ups are made anew
    title     what the indicators tell of, an English msgid
    """

    rows: str
    indicators: tuple[AnyIndicator, ...]
    tables: tuple[FactTable, ...] = ()
    open: Callable[[Opener], ir.Table] | None = None
    terms: Callable[[Any], Any] = _no_terms
    limits: Kind[Any] | None = None
    detail: tuple[str, ...] = ()
    splits: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    worst: str = ""
    version: int = 1
    answer: Answer | None = None
    marks: Mapping[str, Marker] = field(default_factory=dict)
    title: str = ""

    @property
    def can_split(self) -> tuple[str, ...]:
        """Return the columns by which the indicators may be split and filtered."""
        return self.splits if self.answer else (*ALWAYS, *self.detail, *self.splits, *self.marks)

    @property
    def rolls_up(self) -> bool:
        """Are there roll-ups of these rows?"""
        return self.answer is None and any(one.merge is not Merge.NONE for one in self.indicators)


def indicator_sets() -> tuple[IndicatorSet, ...]:
    """Return every set, in the order in which they were brought."""
    return brought(INDICATOR_SETS)


def declared() -> Mapping[str, tuple[AnyIndicator, IndicatorSet]]:
    """Return every indicator by its key, with its set."""
    sets = indicator_sets()
    if _known.get("sets") is not sets:  # made once: what is brought is known when the apps are ready
        _known.update(sets=sets, by_key={one.key: (one, found) for found in sets for one in found.indicators})
    by_key: Mapping[str, tuple[AnyIndicator, IndicatorSet]] = _known["by_key"]
    return by_key


_known: dict[str, Any] = {}
