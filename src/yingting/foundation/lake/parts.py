"""The Parquet files that the lake is made of."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq

from yingting.kernel.durable import sync


@dataclass(frozen=True, slots=True)
class Part:
    """One Parquet file: its table, month (first day of it), hall, path under the root, rows, columns.

    A table gets new columns at its end, so the number tells which ones a file has; None: written before it was noted.
    """

    table: str
    month: dt.date
    hall: str
    path: str
    rows: int
    columns: int | None = None


def hall_folder(hall: str) -> str:
    """Return the name of a hall's folder: whatever the code is, it stays one plain name.

    >>> hall_folder("../x")
    'hall=..%2Fx'
    """
    return f"hall={quote(hall, safe='')}"


def part_folder(table: str, month: dt.date, hall: str) -> Path:
    """Return the folder, under the root, of a table's files of a hall and month."""
    return Path("tables") / table / f"month={month:%Y-%m}" / hall_folder(hall)


def write_part(root: Path, target: Path, rows: pa.Table) -> None:
    """Write a file that is there whole or not at all; it counts only once a list or a record names it."""
    (root / target).parent.mkdir(parents=True, exist_ok=True)
    draft = root / target.with_suffix(".draft")
    # Measured: a dictionary of waits or instants, hardly two alike, makes a file a fifth larger and a quarter slower to read.
    texts = [name for name, kind in zip(rows.schema.names, rows.schema.types, strict=True) if pa.types.is_string(kind)]
    pq.write_table(rows, draft, compression="zstd", use_dictionary=texts)
    sync(draft)
    draft.rename(root / target)
    sync((root / target).parent)
