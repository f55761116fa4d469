"""Rows of a small table file (CSV, TSV, XLSX) by the names of its columns, each with its line and what is wrong with its shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from yingting.foundation.lake.inspecting import Limits, inspect
from yingting.foundation.lake.reading import RowReader
from yingting.kernel.refusals import Refusal, declare
from yingting.kernel.words import gettext_noop as _

NO_COLUMN = declare(
    "file.no_column", _("The file has no column for “%(column)s”. Its columns: %(columns)s."), status=422
)
TOO_MANY = declare("file.too_many", _("The file has more than %(limit)s rows. Split it."), status=422)
MALFORMED = declare("file.malformed", _("The line has %(columns)s columns, the heading has %(expected)s."), status=422)


def named_rows(
    path: Path, columns: Mapping[str, Sequence[str]], required: Sequence[str], *, limits: Limits, most_rows: int
) -> Iterator[tuple[int, dict[str, str], Refusal | None]]:
    """Yield line, cells by field, and what is wrong with the line's shape. `columns` are the headings by which a field is known.

    Raises Refusal lake.* for what is no table, file.no_column, file.too_many.
    """
    reader = RowReader(inspect(path, limits))
    reader.open()
    places = _places(reader.columns, columns, required)
    rows = 0
    for batch in reader.batches():
        for row in batch.to_pylist():
            cells = {field: (row[f"c{place}"] or "").strip() for field, place in places.items()}
            if not any(cells.values()):
                continue
            rows += 1
            if rows > most_rows:
                raise Refusal(TOO_MANY, limit=most_rows)
            yield row["line"], cells, None
    for odd in reader.malformed:
        yield odd.line, {"": odd.text}, Refusal(MALFORMED, columns=odd.columns, expected=odd.expected)


def _places(headed: Sequence[str], columns: Mapping[str, Sequence[str]], required: Sequence[str]) -> dict[str, int]:
    headings = {name.strip().lower(): place for place, name in reversed(list(enumerate(headed)))}
    places = {field: headings[name] for field, names in columns.items() for name in reversed(names) if name in headings}
    for field in required:
        if field not in places:
            raise Refusal(NO_COLUMN, column=field, columns=", ".join(headed)[:200])
    return places
