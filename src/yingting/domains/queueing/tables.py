"""The typed fact tables of the queue, and how facts become their rows. Pure: Arrow schemas and Ibis expressions.

visits  one row per visit: a ticket from issue to the end, whoever issued it (our own kiosk or another machine)
stints  one row per handling of a visit at a counter

Two sources feed them: the logs of other queue machines (`visits_from_log`) and our own journal. The fold of the
journal's facts (`ticket.issued`, `ticket.called`, …) into the same rows belongs into this module, below.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from yingting.foundation.lake.log_shape import FieldKind, LogField, LogShape
from yingting.indicators.fact_tables import FactTable

INSTANT = pa.timestamp("us", tz="UTC")

VISITS = FactTable(
    name="visits",
    key="visit",
    schema=pa.schema(
        [
            ("source", pa.string()),  # which machine or mapping the row comes from; "yingting" for our own
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
            ("way_s", pa.float64()),  # call to start
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

TABLES = (VISITS, STINTS)


def visits_from_log(log: ir.Table) -> ir.Table:
    """Fold the typed rows of a foreign log into visits.

    `log` has one row per ticket with the fields of `TICKET_LOG`; every instant
    is there twice: UTC, and with the suffix `_local` as the hall's wall time. A machine's own seconds (`wait_s`,
    `handling_s`) win over the difference of its times. An outcome that the log does not tell follows from what
    happened: served if called or finished, abandoned if left, else open.
    """
    outcome = ibis.coalesce(log.outcome, _outcome_by_times(log))
    served = outcome == "served"
    called = ibis.ifelse(outcome.isin(["abandoned"]), ibis.null("timestamp('UTC')"), log.called_at)
    wait = ibis.coalesce(log.wait_s, _seconds(log.issued_at, called))
    start = ibis.coalesce(log.started_at, ibis.null("timestamp('UTC')"))
    derived = log.select(
        source=log.source,
        hall=log.hall,
        business_day=log.issued_at_local.date(),
        visit=_visit_id(log),
        ticket=log.ticket,
        queue=log.queue,
        business=log.business,
        priority_class=log.priority_class,
        kind=log.kind,
        outcome=outcome,
        issued_at=log.issued_at,
        called_at=called,
        started_at=start,
        finished_at=log.finished_at,
        left_at=log.left_at,
        wait_s=wait,
        wait_last_s=wait,
        way_s=_not_negative(_seconds(called, start)),
        handling_s=ibis.ifelse(
            served, ibis.coalesce(log.handling_s, _seconds(start, log.finished_at)), ibis.null("float64")
        ),
        counter=log.counter,
        clerk=log.clerk,
        transfers=ibis.coalesce(log.transfers, ibis.literal(0)),
        quoted_low_min=log.quoted_low_min,
        quoted_high_min=log.quoted_high_min,
        rating=log.rating,
        issue_minute_local=log.issued_at_local.hour() * 60 + log.issued_at_local.minute(),
        weekday=log.issued_at_local.day_of_week.index(),
        precision_s=log.precision_s,
        abandonment_recorded=log.abandonment_recorded,
    )
    return _as_declared(derived, VISITS)


def stints_from_visits(visits: ir.Table) -> ir.Table:
    """One stint per served visit of a log that knows one handling per ticket."""
    served = visits.filter(visits.outcome == "served")
    rows = served.mutate(stint=served.visit + ibis.literal("-1"))
    return _as_declared(rows, STINTS)


def _outcome_by_times(log: ir.Table) -> ir.StringValue:
    happened = log.called_at.notnull() | log.started_at.notnull() | log.finished_at.notnull()
    return ibis.cases((happened, "served"), (log.left_at.notnull(), "abandoned"), else_="open")


def _visit_id(log: ir.Table) -> ir.StringValue:
    """Make an id of hall, day, queue, ticket and issue time: the same ticket in two files is the same visit."""
    parts = [log.hall, ibis.coalesce(log.queue, ""), ibis.coalesce(log.ticket, ""), log.issued_at_local.cast("string")]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined + ibis.literal("\x1f") + part
    return joined.hexdigest("md5").substr(0, 24)  # 96 bits: no two of 10⁹ visits share an id by chance


def _seconds(start: ir.TimestampValue, end: ir.TimestampValue) -> ir.FloatingValue:
    return end.delta(start, unit="microsecond") / 1_000_000


def _not_negative(value: ir.FloatingValue) -> ir.FloatingValue:
    # A log whose call clock and counter clock differ by a second tells no way time at all.
    return ibis.ifelse(value < 0, ibis.null("float64"), value)


def _as_declared(rows: ir.Table, table: FactTable) -> ir.Table:
    wanted = ibis.Schema.from_pyarrow(table.schema)
    return rows.select(**{name: rows[name].cast(kind) for name, kind in wanted.items()})


TICKET_LOG = LogShape(
    name="tickets",
    fields=(
        LogField("hall", FieldKind.TEXT, is_required=True),
        LogField("ticket", FieldKind.TEXT, is_required=True),
        LogField("issued_at", FieldKind.INSTANT, is_required=True),
        LogField("called_at", FieldKind.INSTANT),
        LogField("started_at", FieldKind.INSTANT),
        LogField("finished_at", FieldKind.INSTANT),
        LogField("left_at", FieldKind.INSTANT),
        LogField("queue", FieldKind.TEXT),
        LogField("business", FieldKind.TEXT),
        LogField("priority_class", FieldKind.TEXT),
        LogField("kind", FieldKind.CHOICE, choices=("single", "combined")),
        LogField("outcome", FieldKind.CHOICE, choices=("served", "abandoned", "no_show", "open")),
        LogField("counter", FieldKind.TEXT),
        LogField("clerk", FieldKind.TEXT),
        LogField("transfers", FieldKind.WHOLE),
        LogField("rating", FieldKind.WHOLE),
        LogField("quoted_low_min", FieldKind.NUMBER),
        LogField("quoted_high_min", FieldKind.NUMBER),
        LogField("wait_s", FieldKind.SECONDS),
        LogField("handling_s", FieldKind.SECONDS),
    ),
    anchor="issued_at",
    chains=(("issued_at", "called_at", "started_at", "finished_at"), ("issued_at", "left_at")),
    main=(VISITS, visits_from_log),
    derived=((STINTS, stints_from_visits),),
)
