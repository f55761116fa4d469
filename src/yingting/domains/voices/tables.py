"""The fact tables of voices. Each row has the place and the business day of what it is about, whenever something came of it."""

from __future__ import annotations

import pyarrow as pa

from yingting.indicators.fact_tables import FactTable

# Facts that change a day's rows: those of voices, and what the case of a suggestion tells of its clock and its actions.
PREFIXES = ("suggestion.", "consultation.", "order.", "clock.breached", "remedy.set")
FOLD_VERSION = 1  # another number makes every day be filled anew

_INSTANT = pa.timestamp("us", tz="UTC")
_PLACE = [("hall", pa.string()), ("business_day", pa.date32())]

SUGGESTIONS = FactTable(
    name="suggestions",
    key="suggestion",
    schema=pa.schema(
        [
            *_PLACE,
            ("suggestion", pa.string()),  # the number of its case
            ("idea", pa.string()),  # which kind of suggestion
            ("clerk", pa.string()),  # who made it, by staff number; null: without name
            ("is_joined", pa.bool_()),  # went into an earlier one
            ("votes", pa.int32()),
            ("judgement", pa.string()),  # adopted, partly, not; "": not answered yet
            ("judged_at", _INSTANT),
            ("is_in_time", pa.bool_()),  # null: not answered yet, and still within its limit
            ("is_acted", pa.bool_()),  # something is done because of it
            ("is_measured", pa.bool_()),  # an indicator was compared before and after, with cases enough on both sides
        ]
    ),
)
CONSULTED = FactTable(
    name="consulted",
    key="invitation",
    schema=pa.schema(
        [
            *_PLACE,
            ("invitation", pa.string()),
            ("rule_kind", pa.string()),  # "": a measure in words
            ("is_front", pa.bool_()),
            ("is_finished", pa.bool_()),  # the consultation has ended with a summary
            ("stance", pa.string()),  # agree, change, against; "": nothing said
        ]
    ),
)
RECEIPTS = FactTable(
    name="order_receipts",
    key="receipt",
    schema=pa.schema(
        [
            *_PLACE,
            ("receipt", pa.string()),
            ("is_rule", pa.bool_()),  # a version of a rule; else an order in words
            ("clerk", pa.string()),
            ("confirmed_at", _INSTANT),
            ("is_in_time", pa.bool_()),  # null: not confirmed yet, and still within the time
        ]
    ),
)
CHECKS = FactTable(
    name="compliance_checks",
    key="check",
    schema=pa.schema(
        [
            *_PLACE,
            ("check", pa.string()),
            ("is_rule", pa.bool_()),
            ("by_indicator", pa.bool_()),
            ("complied", pa.bool_()),
        ]
    ),
)
TABLES = (SUGGESTIONS, CONSULTED, RECEIPTS, CHECKS)
