"""The fact tables of cases. Each row has the hall and the business day of the case's registration, whenever it happened.

A case of a unit without a hall stands under the unit's path (see foundation/lake/offices.py).
"""

from __future__ import annotations

import pyarrow as pa

from yingting.indicators.fact_tables import FactTable

PREFIXES = ("case.", "clock.", "handover.", "promise.", "consult.", "finding.")  # facts that change a day's rows
FOLD_VERSION = 1  # another number makes every day be filled anew

_INSTANT = pa.timestamp("us", tz="UTC")
# What every row tells of its case, so that all of them can be split alike.
_OF_CASE = [
    ("hall", pa.string()),
    ("business_day", pa.date32()),
    ("case", pa.string()),  # its number
    ("case_kind", pa.string()),
    ("process", pa.string()),
    ("case_channel", pa.string()),
    ("category", pa.string()),
    ("severity", pa.string()),
    ("cycle", pa.int32()),
]

CASES = FactTable(
    name="cases",
    key="round",
    schema=pa.schema(
        [
            *_OF_CASE,
            ("round", pa.string()),
            ("clerk", pa.string()),  # who was asked first, by staff number
            ("owner", pa.string()),  # who holds it, or held it last
            ("is_outside", pa.bool_()),  # came by a channel from outside the operator
            ("is_complaint", pa.bool_()),  # a complaint or an appeal
            ("outcome", pa.string()),  # open, closed (by the gate), elsewhere, withdrawn, out_of_scope, merged
            ("result", pa.string()),
            ("verification", pa.string()),
            ("received_at", _INSTANT),
            ("opened_at", _INSTANT),  # of this round: the registration, or the reopening
            ("accepted_at", _INSTANT),
            ("answered_at", _INSTANT),
            ("closed_at", _INSTANT),
            ("late_at", _INSTANT),  # when the first of its limits and promises ran over
            ("is_last", pa.bool_()),  # no later round
            # From the receipt to the last close: on the last round of a case that has ended, where the moment is known.
            ("natural_s", pa.float64()),
            ("working_s", pa.float64()),
            ("handovers", pa.int32()),  # passed on, accepted or declined, and named by a superior; in this round
            ("is_escalated", pa.bool_()),  # a level above its own was told
            ("is_repeat", pa.bool_()),  # the same customer and category a while before
            ("became_complaint", pa.bool_()),  # a grumble from which a complaint grew
        ]
    ),
)
STEPS = FactTable(
    name="case_steps",
    key="stay",
    schema=pa.schema(
        [
            *_OF_CASE,
            ("stay", pa.string()),
            ("n", pa.int32()),
            ("step", pa.string()),
            ("role", pa.string()),
            ("clerk", pa.string()),  # who owned it
            ("entered_at", _INSTANT),
            ("left_at", _INSTANT),
            ("due_at", _INSTANT),
            ("natural_s", pa.float64()),  # of a stay that has ended
            ("working_s", pa.float64()),
            ("is_late", pa.bool_()),  # left after it was due; null: had no limit, or goes on within it
        ]
    ),
)
CLOCKS = FactTable(
    name="case_clocks",
    key="clock",
    schema=pa.schema(
        [
            *_OF_CASE,
            ("clock", pa.string()),
            ("code", pa.string()),
            ("sort", pa.string()),  # rule, step, promise
            ("is_legal", pa.bool_()),
            ("is_answer", pa.bool_()),  # ends when the answer has reached the customer
            ("started_at", _INSTANT),
            ("due_at", _INSTANT),
            ("stopped_at", _INSTANT),
            ("breached_at", _INSTANT),
            ("breach_s", pa.float64()),
            ("is_kept", pa.bool_()),  # null: runs, and is not over yet
            ("clerk", pa.string()),  # who held the case when it stopped or ran over
        ]
    ),
)
CALLS = FactTable(
    name="case_calls",
    key="call",
    schema=pa.schema(
        [
            *_OF_CASE,
            ("call", pa.string()),
            ("at", _INSTANT),
            ("band", pa.string()),
            ("call_outcome", pa.string()),
            ("reached", pa.bool_()),
            ("solved", pa.string()),  # yes, partly, no
            ("satisfied", pa.int32()),
            ("clerk", pa.string()),  # who called
        ]
    ),
)
PROMISES = FactTable(
    name="case_promises",
    key="promise",
    schema=pa.schema(
        [
            *_OF_CASE,
            ("promise", pa.string()),
            ("made_at", _INSTANT),
            ("due_at", _INSTANT),
            ("is_kept", pa.bool_()),  # null: neither kept nor run over yet
            ("clerk", pa.string()),  # who promised
        ]
    ),
)
TABLES = (CASES, STEPS, CLOCKS, CALLS, PROMISES)
