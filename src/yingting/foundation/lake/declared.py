"""Sets of indicators: those that are measured on the same rows, under the same terms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir

from yingting.foundation.lake.registry import INDICATOR_SETS, brought
from yingting.foundation.rulebook.kinds import Kind
from yingting.indicators.declaring import AnyIndicator
from yingting.indicators.fact_tables import FactTable

Opener = Callable[[FactTable], ir.Table]


@dataclass(frozen=True, slots=True)
class IndicatorSet:
    """Indicators on one kind of rows.

    rows      what the rows are called, as in the indicators' `table`
    open      makes the rows from fact tables that are cut to halls and period; they have `hall` and `business_day`
    terms     the switches of the definitions, from the rule of `limits` in force for a hall (None where there is none)
    detail    the columns, besides hall and day, that the roll-up keeps apart
    splits    further columns by which the rows may be split; these are read from the rows
    listed    the columns of a row that a list of rows shows; the first names what the row is about
    worst     the column whose highest values a list shows first
    version   rises when a definition changes its meaning under its old key: the roll-ups are made anew
    """

    rows: str
    indicators: tuple[AnyIndicator, ...]
    tables: tuple[FactTable, ...]
    open: Callable[[Opener], ir.Table]
    terms: Callable[[Any], Any]
    limits: Kind[Any] | None = None
    detail: tuple[str, ...] = ()
    splits: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    worst: str = ""
    version: int = 1


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
