"""The Parquet files that the lake is made of."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import quote


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
