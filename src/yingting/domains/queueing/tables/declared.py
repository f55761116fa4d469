"""The typed fact tables of the queue.

visits        one row per visit: a ticket from issue to the end, whoever issued it (our own kiosk or another machine)
stints        one row per handling of a visit at a counter
counter_time  one row per session of a clerk at a counter: how its time was spent
modes         one row per stretch of forced diversion
steerings     one row per answer to the offer of another channel in forced diversion

New columns are added at the end of a schema and may be null: rows that were written before them lack them.
"""

from __future__ import annotations

import pyarrow as pa

from yingting.indicators.fact_tables import FactTable

INSTANT = pa.timestamp("us", tz="UTC")

VISITS = FactTable(
    name="visits",
    key="visit",
    schema=pa.schema(
        [
            ("source", pa.string()),  # the mapping that the row was read with; "journal": our own
            ("hall", pa.string()),
            ("business_day", pa.date32()),  # the hall's local date at issue
            ("visit", pa.string()),  # unique for ever
            ("ticket", pa.string()),  # the visible number
            ("queue", pa.string()),
            ("business", pa.string()),
            ("priority_class", pa.string()),
            ("kind", pa.string()),  # single, combined, or null where the log does not say
            ("outcome", pa.string()),  # served, abandoned, no_show, open
            ("issued_at", INSTANT),
            ("called_at", INSTANT),  # first call
            ("started_at", INSTANT),
            ("finished_at", INSTANT),
            ("left_at", INSTANT),  # the customer left without service
            ("wait_s", pa.float64()),  # issue to first call
            ("wait_last_s", pa.float64()),  # last entry into a queue to last call; equals wait_s without a transfer
            ("way_s", pa.float64()),  # call to start, all calls that led to a start together
            ("handling_s", pa.float64()),  # start to finish, all stints together
            ("counter", pa.string()),  # of the last handling
            ("clerk", pa.string()),
            ("transfers", pa.int32()),
            ("quoted_low_min", pa.float64()),  # what the ticket promised
            ("quoted_high_min", pa.float64()),
            ("rating", pa.int32()),
            ("issue_minute_local", pa.int32()),  # minute of the local day, 0…1439
            ("weekday", pa.int32()),  # of the business day, Monday is 0
            ("precision_s", pa.int32()),  # how coarse the source's clock is; 0: exact to the second
            ("abandonment_recorded", pa.bool_()),  # false: the source does not know customers who left
            ("rating_asked", pa.bool_()),  # the clerk asked for a rating; null: the source does not say
            ("customer", pa.string()),  # a pseudonym that tells one customer's visits; null where nobody knows
            (
                "quoted_by",
                pa.int32(),
            ),  # version of the hall's wait model that made the promise; 0: none; null: nobody knows
            ("segment", pa.string()),  # of the customer at that visit, "" without one; null: nobody knows the customer
            ("level", pa.string()),  # as the segment
            ("known_by", pa.string()),  # how the customer became known: phone, card, counter, guide, booking
        ]
    ),
)

STINTS = FactTable(
    name="stints",
    key="stint",
    schema=pa.schema(
        [
            ("source", pa.string()),
            ("hall", pa.string()),
            ("business_day", pa.date32()),
            ("stint", pa.string()),
            ("visit", pa.string()),
            ("ticket", pa.string()),
            ("business", pa.string()),
            ("kind", pa.string()),
            ("counter", pa.string()),
            ("clerk", pa.string()),
            ("called_at", INSTANT),
            ("started_at", INSTANT),
            ("finished_at", INSTANT),
            ("wait_s", pa.float64()),  # of the visit, at its first call: the customer's wait before this counter
            ("handling_s", pa.float64()),
            ("outcome", pa.string()),  # of the visit
        ]
    ),
)

COUNTER_TIME = FactTable(
    name="counter_time",
    key="session",
    schema=pa.schema(
        [
            ("source", pa.string()),
            ("hall", pa.string()),
            ("business_day", pa.date32()),
            ("session", pa.string()),
            ("counter", pa.string()),
            ("clerk", pa.string()),
            ("opened_at", INSTANT),
            ("closed_at", INSTANT),  # null: still open; then the times reach to the day's last fact
            ("open_s", pa.float64()),  # = serving_s + way_s + paused_s + idle_s
            ("serving_s", pa.float64()),
            ("way_s", pa.float64()),  # called, and not there yet
            ("paused_s", pa.float64()),  # without a customer at hand
            ("idle_s", pa.float64()),
            ("idle_waiting_s", pa.float64()),  # of idle_s: while somebody waited
        ]
    ),
)

MODES = FactTable(
    name="modes",
    key="stretch",
    schema=pa.schema(
        [
            ("source", pa.string()),
            ("hall", pa.string()),
            ("business_day", pa.date32()),  # of the beginning
            ("stretch", pa.string()),
            ("started_at", INSTANT),
            ("ended_at", INSTANT),  # null: it goes on
            ("forced_s", pa.float64()),
            ("why", pa.string()),  # it ended: ended (by a person) or day_end
        ]
    ),
)

STEERINGS = FactTable(
    name="steerings",
    key="steering",
    schema=pa.schema(
        [
            ("source", pa.string()),
            ("hall", pa.string()),
            ("business_day", pa.date32()),
            ("steering", pa.string()),
            ("business", pa.string()),
            ("shown_at", pa.string()),  # kiosk, guide, …
            ("channel", pa.string()),  # the one that was offered
            ("answered_at", INSTANT),
            ("answer", pa.string()),  # accepted, insisted
        ]
    ),
)

TABLES = (VISITS, STINTS, COUNTER_TIME, MODES, STEERINGS)
