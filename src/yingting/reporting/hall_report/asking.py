"""Ask the lake for a hall report: of the installation's own halls as they are judged, or of a lake by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from yingting.domains.queueing.evidence import ON_VISITS
from yingting.domains.queueing.queries.busy_times import busy_stretches, marked, set_calendars
from yingting.foundation.lake.place import own_lake
from yingting.foundation.lake.sources import Source
from yingting.foundation.lake.store import Lake
from yingting.foundation.lake.targets import Standards, standards
from yingting.foundation.lake.terms import Span
from yingting.kernel.refusals import Refusal, declare
from yingting.kernel.words import gettext_noop as _
from yingting.reporting.hall_report.computing import Scope, compute, coverage_of
from yingting.reporting.hall_report.contracts import Definition, HallReport

BACKWARDS = declare("report.backwards", _("The period ends before it begins."), status=422)
NO_ROWS = declare(
    "report.no_rows", _("There are no tickets of these halls in this period. Import a log or choose another period."),
    status=404,
)  # fmt: skip
AS_IN_FORCE = Definition()


def hall_report(
    lake: Lake | None = None,
    halls: Collection[str] | None = None,
    first: dt.date | None = None,
    last: dt.date | None = None,
    definition: Definition = AS_IN_FORCE,
) -> HallReport:
    """Make the report. Without a lake it is the installation's own: each hall is judged by its rules in force on each day.

    A lake by itself knows no rules; its halls are judged as shipped. `halls` None means every hall of the lake: callers
    for a person pass what it may see. Raises Refusal report.backwards, report.no_rows.
    """
    if first and last and last < first:
        raise Refusal(BACKWARDS)
    codes = tuple(sorted(halls if halls is not None else (lake or own_lake()).halls()))
    source = Source(lake, definition.switches)
    with source.kept_open() as engine:
        visits = source.rows(engine, ON_VISITS, codes, first, last)
        coverage = coverage_of(engine, visits)
        if not coverage:
            raise Refusal(NO_ROWS)
        first = first or min(row["first_day"] for row in coverage.values())
        last = last or max(row["last_day"] for row in coverage.values())
        stretches = busy_stretches(engine, visits, _calendars(lake, definition, codes, first, last))
        source.marks = {"is_busy": lambda *_rows: lambda rows: marked(engine, rows, stretches)}
        known = standards(codes, last) if lake is None else Standards({}, {})
        return compute(Scope(source, engine, codes, first, last, definition, known), coverage, stretches)


def _calendars(
    lake: Lake | None, definition: Definition, halls: tuple[str, ...], first: dt.date, last: dt.date
) -> tuple[Span, ...]:
    if lake is not None or definition.busy is not None:
        return (Span(first, last, halls, definition.busy),)
    return set_calendars(halls, first, last)
