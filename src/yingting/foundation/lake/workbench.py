"""One import's workbench: an in-process DuckDB that types, checks and folds the rows of one file.

Everything stays columnar: a batch of text rows comes in, typed rows and a list of bad ones come out. No thread and no
network beyond this process; DuckDB may spill into the scratch folder when memory is short.
"""

# ruff: noqa: S608 - SQL is put together from declared names, and from texts of the mapping only through literal()

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import ibis
import pyarrow as pa
import pyarrow.compute as pc

from yingting.foundation.lake.bad_rows import SHOWN_CHARACTERS, BadRow
from yingting.foundation.lake.log_shape import FieldKind, LogShape
from yingting.foundation.lake.mapping import Mapping
from yingting.foundation.lake.typed_rows import SQL_TYPES, FieldSql, literal

KEPT_BAD_ROWS = 100_000
SLICE_ROWS = 30_000
MEMORY = "512MB"  # of DuckDB; beyond it spills into the scratch folder
MIDNIGHT_HOURS = 12  # a step back of more than half a day is a new day, a smaller one is an error


class Workbench:
    """Types, checks and folds the rows of one file. Use as a context manager."""

    def __init__(self, shape: LogShape, mapping: Mapping, fields: tuple[FieldSql, ...], scratch: Path) -> None:
        self.shape, self.mapping, self.fields = shape, mapping, fields
        self.con = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": MEMORY,
                "temp_directory": str(scratch / "spill"),
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "preserve_insertion_order": "false",
            },
        )
        self.con.execute("SET TimeZone = 'UTC'")
        self.con.execute("SET enable_progress_bar = false")
        self.rows = self.dropped = self.folded = 0
        typed = ", ".join(f"{one.field.name} {SQL_TYPES[one.field.kind]}" for one in fields)
        self.con.execute(f"CREATE TABLE typed (line BIGINT, is_unread BOOLEAN, {typed})")
        self.con.execute("CREATE TABLE bad (line BIGINT, col VARCHAR, value VARCHAR, reason VARCHAR, detail VARCHAR)")

    def __enter__(self) -> Workbench:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.con.close()

    # ------------------------------------------------------------------------------- rows, batch by batch

    def take(self, batch: pa.RecordBatch, columns: tuple[str, ...]) -> None:
        """Type one batch of text rows; rows that the mapping drops, and blank ones, are left out."""
        # Arrow trims every kind of white space (also the ideographic one) many times faster than SQL does.
        texts = [pc.utf8_trim_whitespace(column) for column in batch.columns[1:]]
        batch = pa.RecordBatch.from_arrays([batch.column(0), *texts], batch.schema.names)
        # DuckDB reads one record batch with one thread, so a large batch is handed over in slices.
        slices = pa.Table.from_batches([batch]).to_batches(max_chunksize=SLICE_ROWS)
        self.con.register("batch", pa.Table.from_batches(slices))
        blank = " AND ".join(f"coalesce(c{place}, '') = ''" for place in range(len(columns)))
        drop = self._drop(columns)
        if self.mapping.drop:
            self.dropped += self._scalar(f"SELECT count(*) FROM batch WHERE NOT ({blank}) AND ({drop})")
        raws = ", ".join(f"{one.raw} AS r_{one.field.name}" for one in self.fields)
        values = ", ".join(f"{one.value} AS v_{one.field.name}" for one in self.fields)
        # The raw text must be computed before the values that are read from it, and these before what judges them.
        read = f"SELECT *, {values} FROM (SELECT line, {raws} FROM batch WHERE NOT ({blank}) AND NOT ({drop}))"
        wrong = " OR ".join(f"coalesce({condition}, false)" for one in self.fields for _reason, condition in one.bad)
        picked = ", ".join(self._picked(one) for one in self.fields)
        self.rows += self._scalar(f"INSERT INTO typed SELECT line, {wrong or 'false'}, {picked} FROM ({read})")
        first, last = batch.column(0)[0].as_py(), batch.column(0)[-1].as_py()
        if self._scalar(f"SELECT count(*) FROM typed WHERE is_unread AND line BETWEEN {first} AND {last}"):
            self._note_unread(f"({read})")
        self.con.unregister("batch")

    def _note_unread(self, read: str) -> None:
        """Name every field that could not be read; only for a batch that has such."""
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE read AS SELECT * FROM {read}")
        for one in self.fields:
            for reason, condition in one.bad:
                self._note(one.column, f"r_{one.field.name}", reason, "''", "read", condition)
        self.con.execute("DROP TABLE read")

    def note_malformed(self, bad: Iterable[BadRow]) -> None:
        """Add bad rows found by the reader."""
        found = list(bad)
        if not found:
            return
        self.rows += len(found)
        names = {"line": "line", "col": "column", "value": "value", "reason": "reason", "detail": "detail"}
        self.con.register(
            "malformed", pa.table({col: [getattr(one, at) for one in found] for col, at in names.items()})
        )
        self.con.execute("INSERT INTO bad SELECT * FROM malformed")
        self.con.unregister("malformed")

    def _drop(self, columns: tuple[str, ...]) -> str:
        tests = ["false"]
        for drop in self.mapping.drop:
            if drop.column in columns:
                wanted = ", ".join(literal(value) for value in drop.values)
                tests.append(f"coalesce(c{columns.index(drop.column)} IN ({wanted}), false)")
        return " OR ".join(tests)

    def _picked(self, one: FieldSql) -> str:
        value = f"v_{one.field.name}"
        if not one.only:
            return value
        return f"CASE WHEN v_outcome IN ({', '.join(literal(code) for code in one.only)}) THEN {value} END"

    # ------------------------------------------------------------------------------- checks on the whole

    def check(self, now: dt.datetime) -> None:
        """Move times over midnight where the mapping explains it, then check order and plausibility of the times."""
        if self.mapping.checks.midnight:
            self._move_over_midnight()
        self._check_order()
        self._check_days(now)

    def _move_over_midnight(self) -> None:
        """Times whose date stands in a column of its own belong to the next day once they jump back half a day."""
        for chain in self.shape.chains:
            for place, name in enumerate(chain[1:], start=1):
                source = self.mapping.fields.get(name)
                if source is None or source.date is None:
                    continue
                before = _latest(chain[:place])
                self.con.execute(
                    f"UPDATE typed SET {name} = {name} + INTERVAL 1 DAY "
                    f"WHERE {name} < {before} - INTERVAL {MIDNIGHT_HOURS} HOUR"
                )

    def _check_order(self) -> None:
        slack = f"to_seconds({self.mapping.checks.slack_s})"
        longest = f"to_seconds({self.mapping.checks.longest_hours * 3600})"
        for chain in self.shape.chains:
            for place, name in enumerate(chain[1:], start=1):
                before = _latest(chain[:place])
                detail = f"strftime({before}, '%Y-%m-%d %H:%M:%S')"
                column, text = self._column(name), f"strftime({name}, '%Y-%m-%d %H:%M:%S')"
                self._note(column, text, "backwards", detail, "typed", f"{name} < {before} - {slack}")
                self._note(column, text, "too_far_apart", detail, "typed", f"{name} > {before} + {longest}")

    def _check_days(self, now: dt.datetime) -> None:
        """Refuse times in the future, too long ago, or on days that are cut off from the bulk of the file."""
        anchor = self.shape.anchor
        column, text = self._column(anchor), f"strftime({anchor}, '%Y-%m-%d %H:%M')"
        # Two hours of grace: a clock that is a little fast is no reason to refuse a log.
        latest = now.astimezone(ZoneInfo(self.mapping.zone)).replace(tzinfo=None) + dt.timedelta(hours=2)
        self._note(column, text, "in_future", "''", "typed", f"{anchor} > TIMESTAMP '{latest:%Y-%m-%d %H:%M:%S}'")
        earliest = self.mapping.checks.earliest or _years_before(now.date(), 10)
        self._note(column, text, "too_old", f"'{earliest}'", "typed", f"{anchor} < TIMESTAMP '{earliest}'")
        plausible = f"{anchor} BETWEEN TIMESTAMP '{earliest}' AND TIMESTAMP '{latest:%Y-%m-%d %H:%M:%S}'"
        days = self.con.execute(
            f"SELECT {anchor}::DATE AS day, count(*) FROM typed WHERE {plausible} GROUP BY 1 ORDER BY 1"
        ).fetchall()
        for first, last, distance in cut_off_spans(days, self.mapping.checks.largest_gap_days):
            where = f"{anchor}::DATE BETWEEN DATE '{first}' AND DATE '{last}'"
            self._note(column, text, "cut_off", f"'{distance}'", "typed", where)

    def _column(self, name: str) -> str:
        return next(one.column for one in self.fields if one.field.name == name)

    def _note(self, column: str, value: str, reason: str, detail: str, table: str, condition: str) -> None:
        shown = f"left(coalesce({value}, ''), {SHOWN_CHARACTERS})"
        self.con.execute(
            f"INSERT INTO bad SELECT line, {literal(column)}, {shown}, {literal(reason)}, {detail} "
            f"FROM {table} WHERE {condition}"
        )

    def bad_rows(self) -> tuple[BadRow, ...]:
        """Return the bad rows by line: each reason, at most 100,000."""
        found = self.con.execute(f"SELECT * FROM bad ORDER BY ALL LIMIT {KEPT_BAD_ROWS}").fetchall()
        return tuple(BadRow(*row) for row in found)

    def bad_count(self) -> int:
        """Count the rows with at least one reason against them."""
        return self._scalar("SELECT count(DISTINCT line) FROM bad")

    def halls(self) -> tuple[str, ...]:
        """Return the halls named in the file, in order."""
        rows = self.con.execute("SELECT DISTINCT hall FROM typed WHERE hall IS NOT NULL ORDER BY 1").fetchall()
        return tuple(row[0] for row in rows)

    # ------------------------------------------------------------------------------------------- the fold

    def fold(self, source: str) -> None:
        """Make the tables new_<fact table> of the good rows, without the ones repeated inside the file."""
        instants = [one.field.name for one in self.fields if one.field.kind is FieldKind.INSTANT]
        utc = ", ".join(f"{self._to_utc(name)} AS {name}, {name} AS {name}_local" for name in instants)
        rest = ", ".join(one.field.name for one in self.fields if one.field.name not in instants)
        self.con.execute(
            f"CREATE VIEW log AS SELECT line, {literal(source)} AS source, {rest}, {utc}, "
            f"{self.mapping.precision_s} AS precision_s, {self.mapping.abandonment_recorded} AS abandonment_recorded "
            "FROM typed WHERE line NOT IN (SELECT line FROM bad)"
        )
        backend = ibis.duckdb.from_connection(self.con)
        table, fold = self.shape.main
        rows = ibis.to_sql(fold(backend.table("log")), dialect="duckdb")
        name = f"new_{table.name}"
        self.con.execute(f"CREATE TABLE {name} AS {rows}")
        self.con.execute("DROP VIEW log")
        self.con.execute("DROP TABLE typed")
        self.folded = self.count()
        if self._scalar(f"SELECT count(DISTINCT {table.key}) FROM {name}") < self.folded:
            once = f"SELECT * FROM {name} QUALIFY row_number() OVER (PARTITION BY {table.key}) = 1"
            self.con.execute(f"CREATE OR REPLACE TABLE {name} AS {once}")

    def leave_out_known(self, files: list[str]) -> None:
        """Leave out rows whose key is already in the given Parquet files of the main table."""
        table, _fold = self.shape.main
        if files:
            self.con.execute(
                f"DELETE FROM new_{table.name} WHERE {table.key} IN "
                f"(SELECT {table.key} FROM read_parquet(?, hive_partitioning = false))",
                [files],
            )

    def count(self) -> int:
        """Count the new rows of the main table."""
        return self._scalar(f"SELECT count(*) FROM new_{self.shape.main[0].name}")

    def derive(self) -> None:
        """Make the tables that follow from the main one."""
        backend = ibis.duckdb.from_connection(self.con)
        main = backend.table(f"new_{self.shape.main[0].name}")
        for table, fold in self.shape.derived:
            self.con.execute(f"CREATE TABLE new_{table.name} AS {ibis.to_sql(fold(main), dialect='duckdb')}")

    def _to_utc(self, name: str) -> str:
        offset = self._fixed_offset()
        if offset is None:
            return f"timezone({literal(self.mapping.zone)}, {name})"
        return f"timezone('UTC', {name} - to_seconds({offset}))"

    def _fixed_offset(self) -> int | None:
        """Return the zone's offset in seconds if it is the same over the whole file: then UTC is mere arithmetic."""
        anchor = self.shape.anchor
        ((low, high),) = self.con.execute(
            f"SELECT min({anchor}), max({anchor}) FROM typed WHERE line NOT IN (SELECT line FROM bad)"
        ).fetchall()
        if low is None:
            return 0
        zone, first, last = ZoneInfo(self.mapping.zone), low - dt.timedelta(days=2), high + dt.timedelta(days=2)
        offsets = {
            (first + dt.timedelta(days=step)).replace(tzinfo=zone).utcoffset()
            for step in range((last - first).days + 2)
        }
        return int(offsets.pop().total_seconds()) if len(offsets) == 1 else None

    def _scalar(self, query: str) -> int:
        ((value,),) = self.con.execute(query).fetchall()
        return int(value or 0)


def cut_off_spans(days: list[tuple[dt.date, int]], largest_gap: int) -> list[tuple[dt.date, dt.date, int]]:
    """Return the spans of days that lie more than `largest_gap` days from the bulk: (first, last, days of distance).

    `days` holds (day, rows) in order. The bulk is the span with most rows.

    >>> d = dt.date
    >>> cut_off_spans([(d(2012, 2, 9), 3), (d(2020, 1, 2), 900), (d(2020, 1, 3), 800)], 366)
    [(datetime.date(2012, 2, 9), datetime.date(2012, 2, 9), 2884)]
    """
    spans: list[list[tuple[dt.date, int]]] = []
    for day, count in days:
        if spans and (day - spans[-1][-1][0]).days <= largest_gap:
            spans[-1].append((day, count))
        else:
            spans.append([(day, count)])
    if len(spans) < 2:
        return []
    bulk = max(spans, key=lambda span: sum(count for _day, count in span))
    out = []
    for span in spans:
        if span is not bulk:
            distance = max((bulk[0][0] - span[-1][0]).days, (span[0][0] - bulk[-1][0]).days)
            out.append((span[0][0], span[-1][0], distance))
    return out


def _latest(names: tuple[str, ...]) -> str:
    """SQL of the last instant of a chain that is known, read backwards from its end."""
    return names[0] if len(names) == 1 else f"coalesce({', '.join(reversed(names))})"


def _years_before(day: dt.date, years: int) -> dt.date:
    return dt.date(day.year - years, day.month, min(day.day, 28))
