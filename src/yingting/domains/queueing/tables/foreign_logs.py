"""Fold the logs of other queue machines into visits and stints. Pure: Ibis expressions."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from yingting.domains.queueing.tables.declared import STINTS, VISITS
from yingting.foundation.lake.log_shape import FieldKind, LogField, LogShape
from yingting.indicators.fact_tables import FactTable


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
        rating_asked=ibis.null("boolean"),
        customer=log.customer,
        quoted_by=ibis.null("int32"),
        segment=ibis.null("string"),
        level=ibis.null("string"),
        known_by=ibis.null("string"),
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
        LogField("customer", FieldKind.PSEUDONYM),
    ),
    anchor="issued_at",
    chains=(("issued_at", "called_at", "started_at", "finished_at"), ("issued_at", "left_at")),
    main=(VISITS, visits_from_log),
    derived=((STINTS, stints_from_visits),),
)
