"""What a typed fact table is: columns, the key that must not repeat, and how it is laid out on disk."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class FactTable:
    """A typed fact table.

    `key` is the one column that names a row for ever; `hall` and `day` name the columns by which the lake parts the
    table (hall, month). Instants are UTC microseconds, `*_s` seconds as float64, local fields say so in their names.
    """

    name: str
    schema: pa.Schema
    key: str
    hall: str = "hall"
    day: str = "business_day"
