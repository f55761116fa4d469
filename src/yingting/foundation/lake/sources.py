"""Where the rows of a question come from, and what they are judged by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import Any

import ibis.expr.types as ir

from yingting.foundation.lake.declared import IndicatorSet, Marker
from yingting.foundation.lake.engine import reading_engine
from yingting.foundation.lake.opening import open_rows
from yingting.foundation.lake.shelves import lake_with, shelves
from yingting.foundation.lake.store import Lake
from yingting.foundation.lake.terms import Span, as_shipped, spans
from yingting.indicators.fact_tables import FactTable


class Source:
    """The installation's lake and the rules in force, unless something else is given.

    lake      a lake by itself: its halls are not known here, so all are judged as shipped
    switches  switches of the definitions that are given by hand and hold for every hall and day, by name
    marks     columns that are marked otherwise than their set says
    """

    def __init__(
        self,
        lake: Lake | None = None,
        switches: Mapping[str, Any] | None = None,
        marks: Mapping[str, Marker] | None = None,
    ) -> None:
        self.lake, self.switches, self.marks = lake, switches or {}, marks or {}
        self._engine: Any = None
        self._opened: dict[tuple[Any, ...], ir.Table] = {}

    @contextmanager
    def engine(self) -> Iterator[Any]:
        """Give the engine that reads: the one that is kept open, else one for this look."""
        if self._engine is not None:
            yield self._engine
            return
        with reading_engine() as engine:
            yield engine

    @contextmanager
    def kept_open(self) -> Iterator[Any]:
        """Read with one engine as long as this lasts, and look for the files of the same rows only once."""
        with reading_engine() as engine:
            self._engine = engine
            try:
                yield engine
            finally:
                self._engine = None
                self._opened.clear()

    def rows(
        self, engine: Any, found: IndicatorSet, halls: Collection[str], first: dt.date | None, last: dt.date | None
    ) -> ir.Table:
        """Return the rows of a set, cut to halls and days (both included)."""
        place = (found.rows, tuple(halls), first, last)
        if place in self._opened:
            return self._opened[place]
        rows = open_rows(engine, found, halls, first, last, self._lake_with)
        if engine is self._engine:
            self._opened[place] = rows
        return rows

    def spans(self, found: IndicatorSet, halls: Collection[str], first: dt.date, last: dt.date) -> tuple[Span, ...]:
        """Return what the halls are judged by from one day to another; each day of a hall is there once."""
        cut = spans(found, halls, first, last) if self.lake is None else (as_shipped(found, halls, first, last),)
        return tuple(replace(span, terms=self._switched(span.terms)) for span in cut)

    def has(self, found: IndicatorSet) -> bool:
        """Can the set be answered? A lake by itself holds what is imported: no entries, and no other shelf."""
        if self.lake is None:
            return True
        imported = {table.name for shelf in shelves() if not shelf.name for table in shelf.tables}
        return found.answer is None and {table.name for table in found.tables} <= imported

    def rolls_up(self, found: IndicatorSet) -> bool:
        """May the roll-ups answer? They know the installation's own lake, and the rules as they are in force."""
        return self.lake is None and not self._given(found.terms(found.limits.shipped if found.limits else None))

    def mark(self, found: IndicatorSet, name: str) -> Marker:
        """Return what marks a column of the set."""
        return self.marks.get(name, found.marks[name])

    def _lake_with(self, table: FactTable) -> Lake:
        return self.lake or lake_with(table)

    def _given(self, terms: Any) -> dict[str, Any]:
        names = {one.name for one in fields(terms)} if terms is not None else set()
        return {name: value for name, value in self.switches.items() if name in names}

    def _switched(self, terms: Any) -> Any:
        given = self._given(terms)
        return replace(terms, **given) if given else terms


OWN = Source()
