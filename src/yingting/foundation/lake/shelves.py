"""The shelves of the lake: each holds the tables of one fold. Domains bring them; the lake knows no domain."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from yingting.foundation.lake.filling import DayFold, FillOutcome, fill, is_fresh
from yingting.foundation.lake.offices import place_codes
from yingting.foundation.lake.place import lake_folder
from yingting.foundation.lake.registry import SHELVES, brought
from yingting.foundation.lake.store import Lake
from yingting.indicators.fact_tables import FactTable


@dataclass(frozen=True, slots=True)
class Shelf:
    """Tables that one fold fills, in a folder of the lake; `name` "" is the lake's own, the one that imports go to.

    `fold` gets the halls' ids with their codes (units without a hall: with their paths, see offices.py).
    """

    name: str
    tables: tuple[FactTable, ...]
    fold: Callable[[Mapping[UUID, str]], DayFold]

    def lake(self) -> Lake:
        """Return the store of this shelf in this installation."""
        return Lake(lake_folder() / self.name if self.name else lake_folder())

    def fill(
        self,
        now: dt.datetime,
        *,
        codes: Collection[str] | None = None,
        older_than_s: float | None = None,
        thorough: bool = False,
        budget_s: float | None = None,
    ) -> FillOutcome:
        """Fold the days of halls (None: all) that have new facts. `now` is the system's time, not a hall's.

        The worker does it every minute, and once a night with `thorough`, which counts every day again. A reader gives
        the halls in view and `older_than_s`: what was filled more lately than that is left alone.
        """
        lake = self.lake()
        if older_than_s is not None and is_fresh(lake, codes, now, older_than_s):
            return FillOutcome()
        halls = place_codes(codes)
        return fill(
            lake, self.fold(halls), halls, now, only_these=codes is not None, thorough=thorough, budget_s=budget_s
        )


def shelves() -> tuple[Shelf, ...]:
    """Return every shelf, in the order of declaration."""
    return brought(SHELVES)


def lake_with(table: FactTable) -> Lake:
    """Return the store that holds the table. KeyError when no shelf has it."""
    for shelf in shelves():
        if table in shelf.tables:
            return shelf.lake()
    raise KeyError(table.name)
