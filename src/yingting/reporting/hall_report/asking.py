"""Ask the lake for a hall report: opens the tables, cut to halls and period, and computes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from yingting.domains.queueing.tables import STINTS, VISITS
from yingting.foundation.lake.engine import reading_engine
from yingting.foundation.lake.store import Lake
from yingting.kernel.refusals import Refusal, declare
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.hall_report.computing import compute
from yingting.reporting.hall_report.contracts import Definition, HallReport

VISIT_COLUMNS = (
    "hall", "business_day", "ticket", "queue", "kind", "outcome", "wait_s", "wait_last_s", "handling_s", "counter",
    "clerk", "transfers", "issue_minute_local", "weekday", "precision_s", "abandonment_recorded",
)  # fmt: skip
STINT_COLUMNS = ("hall", "kind", "outcome", "handling_s", "counter", "clerk")

BACKWARDS = declare("report.backwards", _("The period ends before it begins."), status=422)
NO_ROWS = declare(
    "report.no_rows", _("There are no tickets of these halls in this period. Import a log or choose another period."),
    status=404,
)  # fmt: skip


def hall_report(
    lake: Lake,
    halls: Collection[str] | None = None,
    first: dt.date | None = None,
    last: dt.date | None = None,
    definition: Definition | None = None,
) -> HallReport:
    """Make the report from the lake. `halls` None means every hall: callers for a person pass what it may see.

    Raises Refusal report.backwards, report.no_rows.
    """
    if first and last and last < first:
        raise Refusal(BACKWARDS)
    with reading_engine() as backend:
        # Kept in memory for the length of the report, and only what it reads: a dozen queries follow.
        stored_visits = lake.table(backend, VISITS, halls, first, last).select(*VISIT_COLUMNS)
        stored_stints = lake.table(backend, STINTS, halls, first, last).select(*STINT_COLUMNS)
        visits = backend.create_table("kept_visits", stored_visits, temp=True)
        stints = backend.create_table("kept_stints", stored_stints, temp=True)
        report = compute(visits, stints, definition or Definition())
    if not report.sections:
        raise Refusal(NO_ROWS)
    return report
