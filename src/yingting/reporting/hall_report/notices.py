"""What the logs lack, said in words beside the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis.expr.types as ir

from yingting.kernel.words import gettext_noop as _
from yingting.reporting.hall_report.contracts import Notice


def coverage_query(visits: ir.Table) -> ir.Table:
    """Return one row per hall with what its rows cover."""
    return visits.group_by("hall").aggregate(
        tickets=visits.count(),
        first_day=visits.business_day.min(),
        last_day=visits.business_day.max(),
        days=visits.business_day.nunique(),
        open=visits.count(where=visits.outcome == "open"),
        precision_s=visits.precision_s.max(),
        blind=visits.count(where=~visits.abandonment_recorded),
        served=visits.count(where=visits.outcome == "served"),
        timed=visits.count(where=(visits.outcome == "served") & visits.handling_s.notnull()),
        kinds=visits.count(where=visits.kind.notnull()),
        counters=visits.count(where=visits.counter.notnull()),
        clerks=visits.count(where=visits.clerk.notnull()),
        transferred=visits.count(where=visits.transfers > 0),
    )


def notices_for(row: Mapping[str, Any]) -> tuple[Notice, ...]:
    """Return the notices that one row of the coverage query calls for."""
    found = []
    if row["blind"]:
        found.append(_blind(row))
    if row["precision_s"] and row["precision_s"] >= 60:
        sentence = _("The times are known only to ±%(minutes)s minutes; shares within a limit are rough.")
        found.append(Notice("coarse_times", sentence, {"minutes": round(row["precision_s"] / 60)}))
    found.extend(Notice(code, sentence) for code, column, sentence in _ABSENT if row["tickets"] and not row[column])
    if row["open"]:
        sentence = _(
            "Tickets that have not ended, or of which the log does not say so: %(count)s. They are counted as tickets only."
        )
        found.append(Notice("open_tickets", sentence, {"count": row["open"]}))
    return tuple(found)


_ABSENT = (
    ("no_service_times", "timed", _("The log has no service times.")),
    ("no_kinds", "kinds", _("The log does not tell single from combined business, so no service limit is judged.")),
    ("no_counters", "counters", _("The log names no counters.")),
    ("no_clerks", "clerks", _("The log names no clerks.")),
)


def _blind(row: Mapping[str, Any]) -> Notice:
    if row["blind"] == row["tickets"]:
        return Notice(
            "no_abandonment", _("The log does not record customers who left, so there is no abandonment rate.")
        )
    sentence = _("%(count)s tickets come from logs that do not record customers who left.")
    return Notice("some_abandonment", sentence, {"count": row["blind"]})
