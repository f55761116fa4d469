"""Days of our own journal in the lake: one Parquet file per table, hall and business day, replaced as a whole.

    <root>/tables/<table>/month=2026-01/hall=H01/fill-<day>-<token>.parquet
    <root>/fills/hall=H01/2026-01.json     which files count for each day of the month, and what they were made of
    <root>/fills/seen.json                 how far the journal has been looked at, for all halls …
    <root>/fills/hall=H01/seen.json        … and for one

A month's list is replaced by rename, so a day is the old one or the new one, whenever the writer is killed. What a day
was made of (number of facts, highest id) stands beside its files in the same list: the two cannot disagree.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
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
from yingting.foundation.lake.durable import sync, write_json
from yingting.foundation.lake.parts import Part, hall_folder
from yingting.indicators.fact_tables import FactTable

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
        self.changes = Changes(root)

    def parts(
        self, table: str, halls: Collection[str] | None, first: dt.date | None, last: dt.date | None
    ) -> tuple[Part, ...]:
        """Return the files of a table that hold rows of these halls and days (None: no bound)."""
        found: list[Part] = []
        for hall in sorted(self.halls() if halls is None else halls):
            for path in sorted((self.folder / hall_folder(hall)).glob("????-??.json")):
                month = dt.date.fromisoformat(f"{path.stem}-01")
                if (first and month < first.replace(day=1)) or (last and month > last):
                    continue
                for text, day in self._days(path).items():
                    wanted = (not first or text >= first.isoformat()) and (not last or text <= last.isoformat())
                    found.extend(
                        Part(table, month, hall, one["path"], one["rows"], one.get("columns"))
                        for one in day["parts"]
                        if wanted and one["table"] == table
                    )
        return tuple(found)

    def halls(self) -> set[str]:
        """Return the halls that have a filled day."""
        return {unquote(path.parent.name.removeprefix("hall=")) for path in self.folder.glob("hall=*/????-??.json")}

    def days(self, tables: Collection[str]) -> set[DayOfHall]:
        """Return the filled days of halls that have rows in any of these tables."""
        return {
            (dt.date.fromisoformat(day), hall)
            for hall in self.halls()
            for path in (self.folder / hall_folder(hall)).glob("????-??.json")
            for day, found in self._days(path).items()
            if any(part["table"] in tables for part in found["parts"])
        }

    def state(self, hall: str, day: dt.date) -> DayState | None:
        """Return what a day's rows were made of, or None if it has none yet."""
        found = self._days(self._list_path(hall, day)).get(day.isoformat())
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
    def writing(self, hall: str) -> Iterator[None]:
        """Hold the only right to replace days of this hall."""
        folder = self.folder / hall_folder(hall)
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / ".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for left in folder.glob("????-??.*.draft"):  # by a killed writer: nobody else writes here now
                left.unlink()
            yield

    def replace(
        self, hall: str, day: dt.date, state: DayState, rows: Mapping[FactTable, Iterable[Mapping[str, Any]]]
    ) -> None:
        """Put a day's rows in the place of those that were there."""
        path = self._list_path(hall, day)
        days = self._days(path)
        self.changes.tell([(day, hall)])
        parts = [self._write(table, hall, day, list(some)) for table, some in rows.items()]
        for old in days.get(day.isoformat(), {"parts": []})["parts"]:
            if (self.root / old["path"]).exists():
                os.utime(self.root / old["path"])  # its time of grace begins now
        days[day.isoformat()] = {**asdict(state), "parts": parts}
        write_json(path, {"hall": hall, "days": dict(sorted(days.items()))})
        self.changes.tell([(day, hall)])
        named = {one["path"] for kept in days.values() for one in kept["parts"]}
        for table in rows:
            self._sweep(self.root / self._table_folder(table, hall, day), named)

    def mark_seen(self, hall: str | None, seen: Seen) -> None:
        """Remember how far the journal has been looked at."""
        write_json(self._seen_path(hall), asdict(seen))

    def _write(self, table: FactTable, hall: str, day: dt.date, rows: list[Mapping[str, Any]]) -> dict[str, Any]:
        folder = self._table_folder(table, hall, day)
        target = folder / f"{FILL_PREFIX}{day}-{secrets.token_hex(4)}.parquet"
        (self.root / folder).mkdir(parents=True, exist_ok=True)
        draft = self.root / target.with_suffix(".draft")
        pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), draft, compression="zstd")
        sync(draft)
        draft.rename(self.root / target)
        return {"table": table.name, "path": str(target), "rows": len(rows), "columns": len(table.schema)}

    def _sweep(self, folder: Path, named: set[str]) -> None:
        """Remove what was replaced a while ago, and what a killed writer left."""
        for path in folder.glob(f"{FILL_PREFIX}*"):
            if str(path.relative_to(self.root)) in named:
                continue
            if time.time() - path.stat().st_mtime > REPLACED_KEPT_S:
                path.unlink()

    def _table_folder(self, table: FactTable, hall: str, day: dt.date) -> Path:
        return Path("tables") / table.name / f"month={day:%Y-%m}" / hall_folder(hall)

    def _list_path(self, hall: str, day: dt.date) -> Path:
        return self.folder / hall_folder(hall) / f"{day:%Y-%m}.json"

    def _seen_path(self, hall: str | None) -> Path:
        return (self.folder / hall_folder(hall) if hall else self.folder) / "seen.json"

    @staticmethod
    def _days(path: Path) -> dict[str, Any]:
        try:
            days: dict[str, Any] = json.loads(path.read_text("utf-8"))["days"]
        except FileNotFoundError:
            return {}
        return days
