"""The lake's store: Parquet files parted by table, month and hall, and a record per import that makes them count.

    <root>/tables/<table>/month=2026-01/hall=H01/<import>-0.parquet
    <root>/imports/<import>.json      written last, by rename: files without a record do not exist for anybody
    <root>/fills/                     the same for the days of our own journal, see fills.py
    <root>/.staging/                  half-done work, swept away by a later import

So a killed process leaves nothing half-written, and the same import can be told by its record.
"""

# ruff: noqa: S608 - SQL is put together from declared names, and from texts of the mapping only through literal()

from __future__ import annotations

import calendar
import contextlib
import datetime as dt
import json
import secrets
import shutil
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir

from yingting.foundation.lake.changes import Changes, DayOfHall
from yingting.foundation.lake.engine import opened
from yingting.foundation.lake.fills import FILL_PREFIX, Fills
from yingting.foundation.lake.locking import held
from yingting.foundation.lake.parts import Part, hall_folder
from yingting.foundation.lake.typed_rows import literal
from yingting.indicators.fact_tables import FactTable
from yingting.kernel.durable import sync, write_json

SCRATCH_KEPT_S = 24 * 3600  # a scratch folder this old belongs to nobody alive


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """What one import brought. `id` fingerprints the file's bytes, the mapping and the hall."""

    id: str
    file: str
    mapping: str
    recorded_at: dt.datetime
    rows: int
    taken: int
    repeated: int
    bad: int
    dropped: int
    halls: tuple[str, ...]
    first_day: dt.date | None
    last_day: dt.date | None
    parts: tuple[Part, ...]


class Lake:
    """The store under one folder. Reading needs no lock; writing goes through `writing()`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.fills = Fills(root)

    def records(self) -> tuple[ImportRecord, ...]:
        """Return all finished imports, oldest first."""
        found = [_record(json.loads(path.read_text("utf-8"))) for path in (self.root / "imports").glob("*.json")]
        return tuple(sorted(found, key=lambda record: (record.recorded_at, record.id)))

    def record(self, import_id: str) -> ImportRecord | None:
        """Return the finished import of that id, or None."""
        path = self._record_path(import_id)
        return _record(json.loads(path.read_text("utf-8"))) if path.exists() else None

    def parts(
        self,
        table: str,
        halls: Collection[str] | None = None,
        first: dt.date | None = None,
        last: dt.date | None = None,
    ) -> tuple[Part, ...]:
        """Return the parts of a table that may hold rows of these halls and days (None: no bound)."""
        from_month = first.replace(day=1) if first else dt.date.min
        imported = tuple(
            part
            for record in self.records()
            for part in record.parts
            if part.table == table
            and (halls is None or part.hall in halls)
            and part.month >= from_month
            and (last is None or part.month <= last)
        )
        return imported + self.fills.parts(table, halls, first, last)

    def halls(self) -> tuple[str, ...]:
        """Return the halls that have any rows."""
        imported = {part.hall for record in self.records() for part in record.parts}
        return tuple(sorted(imported | self.fills.halls()))

    @property
    def changes(self) -> Changes:
        """The log of days that have new rows."""
        return self.fills.changes

    def days(self, tables: Collection[FactTable]) -> set[DayOfHall]:
        """Return the days of halls that may have rows in any of these tables."""
        names = {table.name for table in tables}
        imported = {day for record in self.records() for day in _days_of(record, names)}
        return imported | self.fills.days(names)

    def absolute(self, parts: Collection[Part]) -> list[str]:
        """Return the paths of parts for a reader."""
        return [str(self.root / part.path) for part in parts]

    def table(
        self,
        backend: Any,
        table: FactTable,
        halls: Collection[str] | None = None,
        first: dt.date | None = None,
        last: dt.date | None = None,
    ) -> ir.Table:
        """Return a fact table as an Ibis table of the given DuckDB backend, cut to halls and days (both ends included).

        An empty lake gives an empty table of the declared schema. Columns that the files do not have yet are null.
        """
        parts = self.parts(table.name, halls, first, last)
        # A file holds one hall and one month at most: only days inside a month are left to be cut.
        days = [f"\"{table.day}\" >= DATE '{first}'"] if first is not None and first.day > 1 else []
        if last is not None and last.day < calendar.monthrange(last.year, last.month)[1]:
            days.append(f"\"{table.day}\" <= DATE '{last}'")
        files, columns = self.absolute(parts), {part.columns for part in parts}

        def make(name: str) -> None:
            sql = _reading(backend, table, files, columns, days)
            backend.con.execute(f'CREATE OR REPLACE TEMP VIEW "{name}" AS {sql}')

        return opened(backend, table.name, (*days, *files), make)

    def pseudonym_key(self) -> str:
        """Return the key of this lake's pseudonyms, made when it is first asked for."""
        path = self.root / "pseudonyms.key"
        if not path.exists():
            self.root.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(f".{secrets.token_hex(4)}.draft")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_hex(32), "ascii")
            sync(draft)
            with contextlib.suppress(FileExistsError):  # two imports at once have one key
                path.hardlink_to(draft)
            draft.unlink()
        return path.read_text("ascii")

    # ------------------------------------------------------------------------------------------- writing

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the only right to write; sweep what a killed writer left."""
        with held(self.root / ".lock"):
            self._sweep()
            yield

    @contextmanager
    def scratch(self, import_id: str) -> Iterator[Path]:
        """Give a scratch folder on the lake's own disk (so that a rename is atomic) and remove it afterwards."""
        folder = self.root / ".staging" / f"{import_id}-{secrets.token_hex(4)}"
        folder.mkdir(parents=True, exist_ok=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            _remove_if_empty(self.root / ".staging", self.root)

    def write_table(
        self, con: duckdb.DuckDBPyConnection, table: FactTable, import_id: str, scratch: Path
    ) -> tuple[Part, ...]:
        """Write the relation new_<table> as parts. Call inside `writing()`; nothing counts before `finish()`."""
        month = f"date_trunc('month', {table.day})::DATE"
        groups = con.execute(f"SELECT {month}, {table.hall}, count(*) FROM new_{table.name} GROUP BY ALL").fetchall()
        parts = []
        # One part after the other: a writer per part at once would hold a buffer per column of every part.
        for place, (first, hall, rows) in enumerate(sorted(groups)):
            draft = scratch / f"{table.name}-{place}.parquet"
            con.execute(
                f"COPY (SELECT * FROM new_{table.name} WHERE {table.hall} = $hall "
                f"AND {table.day} >= $first AND {table.day} < $first::DATE + INTERVAL 1 MONTH) "
                f"TO '{_quoted(draft)}' (FORMAT parquet, COMPRESSION zstd)",
                {"hall": hall, "first": first},
            )
            name = f"{import_id}-{place}.parquet"
            target = Path("tables") / table.name / f"month={first:%Y-%m}" / hall_folder(hall) / name
            (self.root / target).parent.mkdir(parents=True, exist_ok=True)
            sync(draft)
            draft.rename(self.root / target)
            parts.append(Part(table.name, first, hall, str(target), rows, len(table.schema)))
        return tuple(parts)

    def finish(self, record: ImportRecord) -> None:
        """Make an import count: its record appears whole or not at all."""
        path = self._record_path(record.id)
        days = sorted(_days_of(record, {part.table for part in record.parts}))
        self.changes.tell(days)
        write_json(path, asdict(record))
        self.changes.tell(days)

    def _record_path(self, import_id: str) -> Path:
        return self.root / "imports" / f"{import_id}.json"

    def _sweep(self) -> None:
        """Remove parts that no record names and drafts of records: a writer was killed before it finished."""
        known = {part.path for record in self.records() for part in record.parts}
        for path in (self.root / "tables").rglob("*.parquet"):
            if str(path.relative_to(self.root)) not in known and not path.name.startswith(FILL_PREFIX):
                path.unlink()
        for path in (self.root / "imports").glob("*.draft"):
            path.unlink()
        for folder in (self.root / ".staging").glob("*"):
            # Scratch work needs no lock, so its owner may clear it away between the listing and this look.
            with contextlib.suppress(FileNotFoundError):
                if time.time() - folder.stat().st_mtime > SCRATCH_KEPT_S:
                    shutil.rmtree(folder, ignore_errors=True)


def _reading(backend: Any, table: FactTable, files: list[str], columns: set[int | None], days: list[str]) -> str:
    """Return the SQL that reads files; columns that they do not have yet are null, and so are all of an empty lake."""
    # Looking into every file first costs as much again as a scan of one column; files that are alike need it not.
    alike = columns == {len(table.schema)}
    listed = ", ".join(literal(file) for file in files)
    source = f"FROM read_parquet([{listed}], hive_partitioning = false, union_by_name = {not alike})" if files else ""
    known: list[str] = [] if alike or not files else backend.con.sql(f"SELECT * {source}").columns
    nulls = [
        f'NULL::{backend.compiler.type_mapper.to_string(kind)} AS "{name}"'
        for name, kind in ibis.Schema.from_pyarrow(table.schema).items()
        if not alike and name not in known
    ]
    chosen = ", ".join([*(["*"] if files else []), *nulls])
    return f"SELECT {chosen} {source} WHERE {' AND '.join([*days, str(bool(files))])}"


def _days_of(record: ImportRecord, tables: Collection[str]) -> set[DayOfHall]:
    """Return the days of halls on which an import may have put rows into these tables."""
    if record.first_day is None or record.last_day is None:
        return set()
    months = {(part.month, part.hall) for part in record.parts if part.table in tables}
    every = [record.first_day + dt.timedelta(days=n) for n in range((record.last_day - record.first_day).days + 1)]
    return {(day, hall) for day in every for month, hall in months if day.replace(day=1) == month}


def _record(raw: dict[str, Any]) -> ImportRecord:
    parts = tuple(Part(**{**part, "month": dt.date.fromisoformat(part["month"])}) for part in raw["parts"])
    days = {name: dt.date.fromisoformat(raw[name]) if raw[name] else None for name in ("first_day", "last_day")}
    recorded_at = dt.datetime.fromisoformat(raw["recorded_at"])
    return ImportRecord(**{**raw, **days, "recorded_at": recorded_at, "halls": tuple(raw["halls"]), "parts": parts})


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _remove_if_empty(folder: Path, *above: Path) -> None:
    for one in (folder, *above):
        try:
            one.rmdir()
        except OSError:
            return
