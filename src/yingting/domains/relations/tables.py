"""The fact tables of relations. Each row has the place and the business day of what it is about, whenever something came of it."""

from __future__ import annotations

import pyarrow as pa

from yingting.indicators.fact_tables import FactTable

# Facts that change a day's rows. A day's visits are folded anew when a customer became known or the day was closed.
PREFIXES = ("ticket.customer_known", "day.closed", "frequent.", "teaching.", "entitlement.", "care.", "lead.")
FOLD_VERSION = 1  # another number makes every day be filled anew

_PLACE = [("hall", pa.string()), ("business_day", pa.date32())]

KNOWN_VISITS = FactTable(
    name="known_visits",
    key="visit",
    schema=pa.schema(
        [
            *_PLACE,
            ("visit", pa.string()),
            (
                "customer",
                pa.string(),
            ),  # the file's id, as it was known then: merged files are told apart by who reads it
            ("business", pa.string()),  # class/type
            ("is_peak", pa.bool_()),  # at a usually busy moment, by the hall's calendar in force that day
            ("is_remote", pa.bool_()),  # a number taken on one's own phone, or a booking
        ]
    ),
)
FREQUENTS = FactTable(
    name="frequent_visitors",
    key="listing",
    schema=pa.schema(
        [
            *_PLACE,  # where the customer came most, the day on which the rule found it
            ("listing", pa.string()),
            ("visitor_class", pa.string()),  # payment, routine, other
            ("is_peak", pa.bool_()),
            ("visits", pa.int32()),
            ("is_taught", pa.bool_()),
            ("visits_before", pa.int32()),  # null: the months after are not over yet
            ("visits_after", pa.int32()),
            ("remote_before", pa.int32()),
            ("remote_after", pa.int32()),
        ]
    ),
)
CARES = FactTable(
    name="tenure_care",
    key="care",
    schema=pa.schema(
        [
            *_PLACE,
            ("care", pa.string()),
            ("care_action", pa.string()),
            ("tenure", pa.string()),
            ("segment", pa.string()),
            ("is_given", pa.bool_()),  # in time; null: not yet, and still within it; left out with a reason: not given
        ]
    ),
)
GRANTS = FactTable(
    name="entitlements",
    key="entitlement",
    schema=pa.schema(
        [
            *_PLACE,
            ("entitlement", pa.string()),
            ("benefit", pa.string()),
            ("is_used", pa.bool_()),  # null: still open
        ]
    ),
)
STEPS = FactTable(
    name="lead_steps",
    key="step",
    schema=pa.schema(
        [
            *_PLACE,  # the unit and the day for which the contact was promised
            ("step", pa.string()),
            ("interest", pa.string()),
            ("is_in_time", pa.bool_()),  # null: not done yet, and the day has not passed
        ]
    ),
)
TABLES = (KNOWN_VISITS, FREQUENTS, CARES, GRANTS, STEPS)
