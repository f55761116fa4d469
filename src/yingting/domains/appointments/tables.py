"""The fact tables of appointments: a row for each booking on its day, and one for each slot that was offered."""

from __future__ import annotations

import pyarrow as pa

from yingting.indicators.fact_tables import FactTable

PREFIXES = ("booking.", "slots.")  # facts that change a day's rows
FOLD_VERSION = 1  # another number makes every day be filled anew

_INSTANT = pa.timestamp("us", tz="UTC")
BOOKINGS = FactTable(
    name="bookings",
    key="booking",
    schema=pa.schema(
        [
            ("hall", pa.string()),
            ("business_day", pa.date32()),  # for which it is, or was when it ended
            ("booking", pa.string()),
            ("booked_visit", pa.string()),  # the visit that it became; null: none
            ("channel", pa.string()),  # by which it was made: phone_page, counter, hotline, api
            ("state", pa.string()),  # booked, arrived, served, left, missed, cancelled
            ("cause", pa.string()),  # why it ended without a visit; "" for none
            ("arrival", pa.string()),  # on_time, early, late; "": has not arrived
            ("made_at", _INSTANT),
            ("starts_at", _INSTANT),
            ("arrived_at", _INSTANT),
        ]
    ),
)
SLOTS = FactTable(
    name="booking_slots",
    key="slot",
    schema=pa.schema(
        [
            ("hall", pa.string()),
            ("business_day", pa.date32()),
            ("slot", pa.string()),
            ("place_group", pa.string()),  # code of the rule's row
            ("starts_at", _INSTANT),
            ("offered", pa.int32()),  # places
            ("taken", pa.int32()),
        ]
    ),
)
TABLES = (BOOKINGS, SLOTS)
