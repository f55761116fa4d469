"""Read an inspected file into batches of text rows, each with the line number it had in the file."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import python_calamine
from numpy.typing import NDArray

from yingting.foundation.lake.inspecting import FileKind, LogFile
from yingting.kernel.refusals import Refusal, declare
from yingting.kernel.words import gettext_noop as _

HEADER_ONLY = declare("lake.header_only", _("The file has a heading line but no rows below it."), status=422)
NO_HEADER = declare("lake.no_header", _("Line %(line)s should name the columns, but it is empty."), status=422)
BROKEN_TABLE = declare(
    "lake.broken_table", _("The table cannot be read: near line %(line)s the quotation marks or columns do not fit."),
    status=422,
)  # fmt: skip
NO_SHEET = declare("lake.no_sheet", _("The workbook has no sheet “%(sheet)s”. It has: %(sheets)s."), status=422)
BROKEN_WORKBOOK = declare(
    "lake.broken_workbook", _("The workbook cannot be opened: it is damaged or protected by a password."), status=422
)

BLOCK_BYTES = 16 << 20
BLOCK_ROWS = 100_000
DELIMITERS = "\t,;|"


@dataclass(frozen=True, slots=True)
class Malformed:
    """A line that has not as many columns as the heading."""

    line: int
    text: str
    columns: int
    expected: int


@dataclass(slots=True)
class RowReader:
    """The rows of one file. `columns` are the headings; `malformed` is complete once `batches` has run out.

    A batch has an int64 column `line` and text columns c0, c1, … in the order of `columns`.
    """

    file: LogFile
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int = 1
    columns: tuple[str, ...] = ()
    malformed: list[Malformed] = field(default_factory=list)

    def open(self) -> None:
        """Read the headings. Raises Refusal for a file without headings or rows."""
        if self.file.kind is FileKind.WORKBOOK:
            first = next(self._workbook_rows(start=self.header_row - 1), [])
            headings = [_cell_text(cell) or "" for cell in first]
        else:
            headings = self._text_headings()
        while headings and not headings[-1].strip():
            headings.pop()
        if not headings:
            raise Refusal(NO_HEADER, line=self.header_row)
        self.columns = tuple(name.strip() for name in headings)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows; refuses a file that has headings only."""
        rows = self._workbook_batches() if self.file.kind is FileKind.WORKBOOK else self._text_batches()
        seen = False
        for batch in rows:
            seen = seen or batch.num_rows > 0
            yield batch
        if not seen and not self.malformed:
            raise Refusal(HEADER_ONLY)

    # ------------------------------------------------------------------------------------------ text

    def _text_headings(self) -> list[str]:
        with self.file.open() as stream, io.TextIOWrapper(stream, self.file.encoding, newline="") as text:
            for _skip in range(self.header_row - 1):
                text.readline()
            line = text.readline()
        if self.delimiter is None:
            self.delimiter = max(DELIMITERS, key=line.count)
        return next(csv.reader([line.rstrip("\r\n")], delimiter=self.delimiter), [])

    def _text_batches(self) -> Iterator[pa.RecordBatch]:
        skipped: set[int] = set()
        breaks: list[tuple[int, int]] = []

        def on_invalid(row: Any) -> str:
            number = int(row.number)
            skipped.add(number)
            if row.text.strip(' \t\r\n,;|"'):
                self.malformed.append(Malformed(number, row.text[:200], row.actual_columns, row.expected_columns))
            return "skip"

        names = [f"c{place}" for place in range(len(self.columns))]
        with self.file.arrow_stream() as stream:
            try:
                reader = pa_csv.open_csv(
                    stream,
                    # One thread: only then does the reader know the row number of a malformed line.
                    pa_csv.ReadOptions(
                        use_threads=False, block_size=BLOCK_BYTES, column_names=names, skip_rows=self.header_row
                    ),
                    pa_csv.ParseOptions(
                        delimiter=self.delimiter,
                        newlines_in_values=self.file.has_quotes,
                        ignore_empty_lines=False,
                        invalid_row_handler=on_invalid,
                    ),
                    pa_csv.ConvertOptions(
                        column_types={name: pa.string() for name in names}, strings_can_be_null=False
                    ),
                )
                yield from _numbered(reader, self.header_row + 1, skipped, breaks, self.file.has_quotes)
            except pa.ArrowInvalid as error:
                if "Empty CSV" in str(error):
                    return
                raise Refusal(BROKEN_TABLE, line=self.header_row + 1) from error
        for place, bad in enumerate(self.malformed):
            above = sum(count for row, count in breaks if row < bad.line)
            self.malformed[place] = replace(bad, line=bad.line + above)

    # -------------------------------------------------------------------------------------- workbooks

    def _workbook_rows(self, start: int) -> Iterator[list[Any]]:
        try:
            with self.file.open() as stream:
                book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(stream.read()))
            names = book.sheet_names
            if self.sheet is not None and self.sheet not in names:
                raise Refusal(NO_SHEET, sheet=self.sheet, sheets=", ".join(names))
            sheet = book.get_sheet_by_name(self.sheet) if self.sheet else book.get_sheet_by_index(0)
            top = sheet.start[0] if sheet.start else 0
        except python_calamine.CalamineError as error:
            raise Refusal(BROKEN_WORKBOOK) from error
        for place, row in enumerate(sheet.iter_rows(), start=top):
            if place >= start:
                yield row

    def _workbook_batches(self) -> Iterator[pa.RecordBatch]:
        rows: list[list[str | None]] = []
        lines: list[int] = []
        for line, row in enumerate(self._workbook_rows(start=self.header_row), start=self.header_row + 1):
            texts = [_cell_text(cell) for cell in row]
            if not any(texts):
                continue
            if any(texts[len(self.columns) :]):
                self.malformed.append(Malformed(line, " | ".join(filter(None, texts)), len(texts), len(self.columns)))
                continue
            lines.append(line)
            rows.append([*texts, *[None] * len(self.columns)][: len(self.columns)])
            if len(rows) >= BLOCK_ROWS:
                yield _batch(lines, rows, len(self.columns))
                rows, lines = [], []
        if rows:
            yield _batch(lines, rows, len(self.columns))


def _numbered(
    reader: Any, first_row: int, skipped: set[int], breaks: list[tuple[int, int]], may_break: bool
) -> Iterator[pa.RecordBatch]:
    """Put the line number before each row. A row may span lines: `breaks` collects (row number, inner breaks)."""
    row_number = first_row
    for batch in reader:
        if skipped and max(skipped) >= row_number:
            numbers: list[int] = []
            while len(numbers) < batch.num_rows:
                if row_number not in skipped:
                    numbers.append(row_number)
                row_number += 1
            rows: list[int] | range = numbers
        else:
            rows = range(row_number, row_number + batch.num_rows)
            row_number += batch.num_rows
        lines = np.arange(rows.start, rows.stop) if isinstance(rows, range) else np.asarray(rows, dtype=np.int64)
        if may_break:
            lines = _lines(batch, lines, breaks)
        yield pa.RecordBatch.from_arrays([pa.array(lines), *batch.columns], ["line", *batch.schema.names])


def _lines(batch: pa.RecordBatch, rows: NDArray[np.int64], breaks: list[tuple[int, int]]) -> NDArray[np.int64]:
    """Shift row numbers by the line breaks inside quoted cells of the rows above."""
    before = sum(count for _row, count in breaks)
    inner = np.zeros(len(rows), dtype=np.int64)
    for column in batch.columns:
        inner += pc.count_substring(column, "\n").to_numpy(zero_copy_only=False)
    breaks.extend((int(rows[place]), int(inner[place])) for place in np.flatnonzero(inner))
    shifted: NDArray[np.int64] = rows + before + np.cumsum(inner) - inner
    return shifted


def _batch(lines: Sequence[int], rows: Sequence[Sequence[str | None]], width: int) -> pa.RecordBatch:
    columns = [pa.array([row[place] for row in rows], pa.string()) for place in range(width)]
    names = ["line", *(f"c{place}" for place in range(width))]
    return pa.RecordBatch.from_arrays([pa.array(lines, pa.int64()), *columns], names)


def _cell_text(cell: Any) -> str | None:
    """Write a cell as the text that a CSV export would hold."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, dt.datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, dt.time):
        return cell.strftime("%H:%M:%S")
    if isinstance(cell, dt.timedelta):
        seconds = round(cell.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip() or None
