"""Days of our own journal in the lake: one Parquet file per table, hall and business day, replaced as a whole.

    <root>/tables/<table>/month=2026-01/hall=H01/fill-<day>-<token>.parquet
    <root>/tables/<table>/month=2026-01/hall=H01/fill-<month>-<token>.parquet   days merged, see compacting.py
    <root>/fills/hall=H01/2026-01.json     which files count for each day of the month, and what they were made of
    <root>/fills/seen.json                 how far the journal has been looked at, for all halls …
    <root>/fills/hall=H01/seen.json        … and for one

A month's list is replaced by rename, so a day is the old one or the new one, whenever the writer is killed. What a day
was made of (number of facts, highest id) stands beside its files in the same list: the two cannot disagree.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import secrets
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq

from yingting.foundation.lake.changes import Changes, DayOfHall
from yingting.foundation.lake.locking import held
from yingting.foundation.lake.month_lists import MonthLists, days_of
from yingting.foundation.lake.parts import Part, hall_folder, part_folder, write_part
from yingting.indicators.fact_tables import FactTable
from yingting.kernel.durable import write_json

log = logging.getLogger(__name__)
FILL_PREFIX = "fill-"
REPLACED_KEPT_S = 300  # a reader that has just listed the replaced file may still open it


@dataclass(frozen=True, slots=True)
class DayState:
    """What a day's rows were made of. `fold` is the version of the rules that made them."""

    facts: int
    last_id: int
    fold: int


@dataclass(frozen=True, slots=True)
class Seen:
    """How far the journal has been looked at: no fact with an id up to `last_id` can still turn up; `at` tells when."""

    last_id: int
    fold: int
    at: dt.datetime


class Fills:
    """The filled days of one lake. Reading needs no lock; `replace` runs inside `writing(hall)`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "fills"
        self.lists = MonthLists(self.folder)
        self.changes = Changes(root)

    def parts(
        self, table: str, halls: Collection[str] | None, first: dt.date | None, last: dt.date | None
    ) -> tuple[Part, ...]:
        """Return the files of a table that may hold rows of these halls and days (None: no bound)."""
        from_day, to_day = str(first or dt.date.min), str(last or dt.date.max)
        months = [month for month in self.months(table) if from_day[:7] <= f"{month:%Y-%m}" <= to_day[:7]]
        return tuple(
            Part(table, month, hall, one.path, one.rows, one.columns)
            for hall, month, one in self.lists.files(self._folders() if halls is None else halls, months)
            if one.table == table and one.last >= from_day and one.first <= to_day
        )

    def months(self, table: str) -> list[dt.date]:
        """Return the months (their first days) of which a table has files, in order."""
        folders = (self.root / "tables" / table).glob("month=????-??")
        return sorted(dt.date.fromisoformat(f"{folder.name.removeprefix('month=')}-01") for folder in folders)

    def tables(self) -> list[str]:
        """Return the names of the tables that have files, in order."""
        return sorted(folder.name for folder in (self.root / "tables").glob("*"))

    def halls(self) -> set[str]:
        """Return the halls that have a filled day."""
        return {unquote(path.parent.name.removeprefix("hall=")) for path in self.folder.glob("hall=*/????-??.json")}

    def days(self, tables: Collection[str]) -> set[DayOfHall]:
        """Return the filled days of halls that have rows in any of these tables."""
        return {
            (dt.date.fromisoformat(day), hall)
            for hall in self.halls()
            for path in (self.folder / hall_folder(hall)).glob("????-??.json")
            for day, found in days_of(path).items()
            if any(part["table"] in tables for part in found["parts"])
        }

    def _folders(self) -> set[str]:
        """Return the halls that have a folder, be it an empty one: far faster than looking into each."""
        return {unquote(path.name.removeprefix("hall=")) for path in self.folder.glob("hall=*")}

    def state(self, hall: str, day: dt.date) -> DayState | None:
        """Return what a day's rows were made of, or None if it has none yet."""
        found = days_of(self.lists.path(hall, day)).get(day.isoformat())
        return None if found is None else DayState(found["facts"], found["last_id"], found["fold"])

    def seen(self, hall: str | None) -> Seen | None:
        """Return how far the journal has been looked at for a hall, or (None) for all halls."""
        try:
            raw = json.loads(self._seen_path(hall).read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return Seen(raw["last_id"], raw["fold"], dt.datetime.fromisoformat(raw["at"]))

    # ------------------------------------------------------------------------------------------- writing

    @contextmanager
    def writing(self, hall: str, wait_s: float | None = None) -> Iterator[bool]:
        """Hold the only right to replace days of this hall; False when it could not be had within `wait_s` seconds."""
        folder = self.folder / hall_folder(hall)
        with held(folder / ".lock", wait_s) as is_ours:
            # What is left is a killed writer's: nobody else writes here now.
            for left in folder.glob("????-??.*.draft") if is_ours else ():
                left.unlink()
            yield is_ours

    def replace(
        self, hall: str, day: dt.date, state: DayState, rows: Mapping[FactTable, Iterable[Mapping[str, Any]]]
    ) -> None:
        """Put a day's rows in the place of those that were there."""
        self.changes.tell([(day, hall)])
        days = days_of(self.lists.path(hall, day))
        old = days.pop(day.isoformat(), {"parts": []})
        month = day.replace(day=1)
        for part in old["parts"]:
            self._take_out(hall, month, days, day, part)
        parts = []
        for table, some in rows.items():
            found = pa.Table.from_pylist(list(some), schema=table.schema)
            parts.append(
                {
                    "table": table.name,
                    "path": self.write(table.name, hall, month, f"{day}", found),
                    "rows": len(found),
                    "columns": len(table.schema),
                }
            )
        days[day.isoformat()] = {**asdict(state), "parts": parts}
        self.put_list(hall, month, days)
        self.changes.tell([(day, hall)])

    def put_list(self, hall: str, month: dt.date, days: dict[str, Any]) -> None:
        """Make another list count, and sweep what neither it nor a reader needs. Inside `writing(hall)`."""
        path = self.lists.path(hall, month)
        named = _paths(days)
        for left in _paths(days_of(path)) - named:
            if (self.root / left).exists():
                os.utime(self.root / left)  # its time of grace begins now
        write_json(path, {"hall": hall, "days": dict(sorted(days.items()))})
        self.sweep(hall, month, named)

    def write(self, table: str, hall: str, month: dt.date, name: str, rows: pa.Table) -> str:
        """Write rows as a file that no list names yet; return its path under the root."""
        target = part_folder(table, month, hall) / f"{FILL_PREFIX}{name}-{secrets.token_hex(4)}.parquet"
        write_part(self.root, target, rows)
        return str(target)

    def sweep(self, hall: str, month: dt.date, named: Collection[str]) -> None:
        """Remove what was replaced a while ago, and what a killed writer left."""
        for table in self.tables():
            for path in (self.root / part_folder(table, month, hall)).glob(f"{FILL_PREFIX}*"):
                is_named = str(path.relative_to(self.root)) in named
                if not is_named and time.time() - path.stat().st_mtime > REPLACED_KEPT_S:
                    path.unlink()

    def _take_out(self, hall: str, month: dt.date, days: dict[str, Any], day: dt.date, part: dict[str, Any]) -> None:
        """Let the other days of a merged file name a file without this day. Rows in a merged file lie in order of days."""
        sharing = {other: one for other, what in days.items() for one in what["parts"] if one["path"] == part["path"]}
        if not sharing:
            return
        start = sum(one["rows"] for other, one in sharing.items() if other < day.isoformat())
        end = start + part["rows"]
        path = self.root / part["path"]
        rows = pq.read_table(path, partitioning=None) if path.exists() else None
        if rows is None or len(rows) != part["rows"] + sum(one["rows"] for one in sharing.values()):
            log.error("%s is damaged: its days are forgotten, and a thorough fill makes them anew", path)
            for other in sharing:
                del days[other]
            return
        kept = pa.concat_tables([rows.slice(0, start), rows.slice(end)])
        without = self.write(part["table"], hall, month, f"{month:%Y-%m}", kept)
        for one in sharing.values():
            one["path"] = without

    def mark_seen(self, hall: str | None, seen: Seen) -> None:
        """Remember how far the journal has been looked at."""
        write_json(self._seen_path(hall), asdict(seen))

    def _seen_path(self, hall: str | None) -> Path:
        return (self.folder / hall_folder(hall) if hall else self.folder) / "seen.json"


def _paths(days: Mapping[str, Any]) -> set[str]:
    return {part["path"] for day in days.values() for part in day["parts"]}
