"""The fact table of selling: one row for each visit served, with what became of its combined recommendation."""

from __future__ import annotations

import pyarrow as pa

from yingting.indicators.fact_tables import FactTable

PREFIXES = ("ticket.", "recommendation.")  # facts that change a day's rows
FOLD_VERSION = 2  # another number makes every day be filled anew

RECOMMENDATIONS = FactTable(
    name="recommendations",
    key="visit",
    schema=pa.schema(
        [
            ("hall", pa.string()),
            ("business_day", pa.date32()),
            ("visit", pa.string()),
            ("ticket", pa.string()),  # the visible number
            ("clerk", pa.string()),  # who finished the visit, by staff number
            ("ended_at", pa.timestamp("us", tz="UTC")),
            ("stand", pa.string()),  # required, optional, exempt: only required visits count for the rate
            ("is_full", pa.bool_()),
            ("is_late", pa.bool_()),  # made up after the grace
            ("entries", pa.int32()),  # 0: no record; 2 and more: corrected
            ("offered", pa.int32()),  # parts
            ("accepted", pa.int32()),
            (
                "consent",
                pa.string(),
            ),  # how the customer stood to offers: unknown, given, not_asked, withdrawn, left_alone
        ]
    ),
)
