"""Ask the lake for the report on channels: the counter's handlings and the ways besides, as one table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import duckdb
import ibis
import ibis.expr.types as ir

from yingting.domains.queueing.tables import STINTS
from yingting.foundation.lake.store import Lake
from yingting.indicators.measuring import Readings, measure
from yingting.kernel.refusals import Refusal
from yingting.reporting.channels.contracts import ChannelReport, ChannelRow
from yingting.reporting.channels.indicators import DONE, INDICATORS, ChannelTerms
from yingting.reporting.channels.tables import WAYS
from yingting.reporting.hall_report.asking import BACKWARDS, NO_ROWS

_COLUMNS = ("hall", "business_day", "business", "channel", "answer", "is_done")


def channel_report(
    lake: Lake,
    ways: Lake,
    targets: Mapping[str, float],
    first: dt.date | None = None,
    last: dt.date | None = None,
) -> ChannelReport:
    """Make the report of the halls that `targets` has a share for, from the lake of visits and that of ways.

    Raises Refusal report.backwards, report.no_rows.
    """
    if first and last and last < first:
        raise Refusal(BACKWARDS)
    con = duckdb.connect(config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"})
    try:
        con.execute("SET TimeZone = 'UTC'")
        backend = ibis.duckdb.from_connection(con)
        halls = tuple(targets)
        stints = lake.table(backend, STINTS, halls, first, last)
        rows = _business(stints, ways.table(backend, WAYS, halls, first, last))
        return _report(backend.create_table("channel_business", rows, temp=True), targets)
    finally:
        con.close()


def _business(stints: ir.Table, ways: ir.Table) -> ir.Table:
    """One row for each business done at a counter and for each way besides."""
    served = stints.filter(stints.outcome == "served")
    at_counters = served.mutate(
        channel=ibis.literal("counter"), answer=ibis.null("string"), is_done=ibis.literal(True)
    )  # fmt: skip
    return at_counters.select(*_COLUMNS).union(ways.select(*_COLUMNS))


def _report(rows: ir.Table, targets: Mapping[str, float]) -> ChannelReport:
    by_hall, by_day = _rows(rows, ("hall",), targets), _rows(rows, ("business_day",), targets)
    if not by_day:
        raise Refusal(NO_ROWS)
    (total,) = _rows(rows, (), targets)
    days = [row.day for row in by_day if row.day is not None]
    return ChannelReport(min(days), max(days), total, by_hall, by_day)


def _rows(rows: ir.Table, by: Sequence[str], targets: Mapping[str, float]) -> tuple[ChannelRow, ...]:
    done: dict[tuple[object, ...], dict[str, int]] = {}
    for one in measure((DONE,), rows, ChannelTerms(), (*by, "channel")):
        done.setdefault(one.group[:-1], {})[one.group[-1]] = one[DONE.key].n
    return tuple(
        _row(one, by, done.get(one.group, {}), targets) for one in measure(INDICATORS, rows, ChannelTerms(), by)
    )


def _row(readings: Readings, by: Sequence[str], done: Mapping[str, int], targets: Mapping[str, float]) -> ChannelRow:
    group = dict(zip(by, readings.group, strict=True))
    hall = group.get("hall", "")
    asked = {targets[hall]} if hall else {*targets.values()}
    return ChannelRow(hall, group.get("business_day"), done, readings, asked.pop() if len(asked) == 1 else None)
